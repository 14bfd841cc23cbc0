"""Why a pack cannot be issued or found."""

from hscb_voice.foundation.errors import VoiceError


class UnknownPackError(VoiceError):
    """There is no such pack."""


class PackRefusedError(VoiceError):
    """What was asked for does not fit: a message for a person."""
