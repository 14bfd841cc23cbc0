"""What can keep an answer from being erased, held or handed out. Each message says what to do instead."""

from hscb_voice.foundation.errors import VoiceError


class NotNowError(VoiceError):
    """Something must be settled before this can be done."""


class OpenConcernError(NotNowError):
    """A concern on this response is not closed: it is never erased from under whoever looks after a child."""


class NotScreenedError(NotNowError):
    """Nobody knows yet whether this response holds a concern."""


class HeldError(NotNowError):
    """A person holds this response until a day."""


class RecordDecisionError(NotNowError):
    """There was a concern: a person must say whether its record is kept."""


class TooManyTriesError(NotNowError):
    """Too many wrong receipts from one place in a short time."""


class UnknownReceiptError(VoiceError):
    """No answer has these words."""


class LedgerError(VoiceError):
    """The file of erasures cannot be read or written."""


class NotReleasedError(NotNowError):
    """Nobody has released what is held about this answer."""


class PeriodError(VoiceError):
    """A period that is not possible."""
