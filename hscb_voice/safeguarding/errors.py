"""What can go wrong when a concern is handled."""

from hscb_voice.foundation.errors import VoiceError


class UnknownConcernError(VoiceError):
    """There is no such concern for this reader."""


class ConcernMovedError(VoiceError):
    """Somebody else has handled the concern meanwhile; the message says how it stands now."""


class NobodyToCallError(VoiceError):
    """No active account may handle concerns, and no out-of-hours address is set: the call is tried again."""
