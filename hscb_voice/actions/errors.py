"""Why an action cannot be changed as asked."""

from hscb_voice.foundation.errors import VoiceError


class UnknownActionError(VoiceError):
    """There is no such action."""


class ActionRefusedError(VoiceError):
    """What was asked does not fit: a message for a person."""

    def __init__(self, message: str, field: str = "") -> None:
        """Keep what to say, and beside which field of a form."""
        super().__init__(message)
        self.field = field
