"""What can go wrong when figures are asked for; the messages are for the person who asked."""

from hscb_voice.foundation.errors import VoiceError


class BoardError(VoiceError):
    """The Board's figures cannot be given as asked."""


class UnknownPeriodError(BoardError):
    """A period is not one that we know, or ends before it begins."""


class UnknownThemeError(BoardError):
    """There is no theme of that name, and never was."""


class NoSplitError(VoiceError):
    """A questionnaire cannot be split in the way that is asked for; the message says why, for a person."""
