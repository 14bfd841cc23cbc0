"""What may go wrong with API tokens."""

from hscb_voice.foundation.errors import VoiceError


class TokenRefusedError(VoiceError):
    """The token cannot be made; the message says why."""


class UnknownTokenError(VoiceError):
    """There is no such token."""
