"""Why a code may not lead anywhere, and what cannot be done with an invitation."""

from hscb_voice.foundation.errors import VoiceError


class CodeTakenError(VoiceError):
    """The code is open already, and leads somewhere else."""


class UnknownCodeError(VoiceError):
    """There is no such code, or it is no longer open."""


class ClosedCodeError(UnknownCodeError):
    """There was such a code, and it has been closed; `why` is used, expired or revoked."""

    def __init__(self, why: str) -> None:
        """Remember why."""
        super().__init__("This code does not lead anywhere any more.")
        self.why = why


class UnknownInvitationError(VoiceError):
    """There is no such invitation for this reader; another team's is unknown too."""


class InvitationError(VoiceError):
    """What was asked of an invitation cannot be done; the message is for the worker."""
