"""What can go wrong with the record."""

from hscb_voice.foundation.errors import VoiceError


class NotNotableError(VoiceError):
    """What was to be noted does not fit the record: an act has a name, and everything has a length."""


class AnchorError(VoiceError):
    """The file of anchors cannot be read or written, or was changed."""
