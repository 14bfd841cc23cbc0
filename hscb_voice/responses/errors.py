"""What can go wrong when an answer is kept or read."""

from hscb_voice.foundation.errors import VoiceError


class AnotherAnswerError(VoiceError):
    """This sitting has already given another answer; the second one is kept for a person to look at."""


class UnknownResponseError(VoiceError):
    """There is no such response for this reader."""


class ErasedError(VoiceError):
    """The words of this response have been erased at somebody's wish."""


class TakenBackError(VoiceError):
    """This answer has been taken back: it is not kept again, whoever sends it."""


class TooManyAddedError(VoiceError):
    """More has been added to this answer than one answer takes."""
