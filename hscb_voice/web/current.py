"""The platform of the running application, for routes."""

from typing import cast

from flask import current_app

from hscb_voice.foundation.platform import Platform

EXTENSION = "voice"


def platform() -> Platform:
    """Return the platform that serves this request."""
    return cast("Platform", current_app.extensions[EXTENSION])
