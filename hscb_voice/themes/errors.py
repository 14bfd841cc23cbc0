"""What can go wrong when comments are coded or quoted."""

from hscb_voice.foundation.errors import VoiceError


class UnknownCommentError(VoiceError):
    """There is no such comment for this reader."""


class NotQuotableError(VoiceError):
    """These words may not be shown as a quote; the message says why."""


class CodingError(VoiceError):
    """A code does not fit the codebook or the comment."""


class RunError(VoiceError):
    """A run over all comments, or a switch to its version, is not possible now; the message says why."""


class LearningError(VoiceError):
    """What is learned from people cannot be changed so."""


class ChangedMeanwhileError(VoiceError):
    """What somebody decided on a page is not what stands there now; the message says what to look at again."""
