"""Where “Leave this page” leads, as an administrator sets it for each service."""
