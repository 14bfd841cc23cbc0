"""What tests write beside concerns."""

from hscb_voice.foundation.platform import Platform
from hscb_voice.safeguarding.history import Written


def written(platform: Platform, text: str) -> Written:
    """Return a note, with the keys that seal it."""
    return Written(text, platform.keys)
