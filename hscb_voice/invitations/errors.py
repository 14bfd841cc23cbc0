"""Why a code may not lead anywhere."""

from hscb_voice.foundation.errors import VoiceError


class CodeTakenError(VoiceError):
    """The code is open already, and leads somewhere else."""


class UnknownCodeError(VoiceError):
    """There is no such code, or it is no longer open."""
