"""What was said: stored once, for good, with its jobs and its figures in one transaction."""
