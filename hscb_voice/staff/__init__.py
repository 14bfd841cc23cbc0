"""Who works here and what each may do: accounts, roles, sign-in, and the frame of every staff page."""

import sys

# Flask-Security would bring Authlib's client for signing in by social networks, which nobody does here, and with it a
# tenth of a web server's memory. It does without where that is not installed, and so it is told that it is not.
sys.modules["authlib.integrations.flask_client"] = None  # type: ignore[assignment]  # None means: not to be had
