"""What can go wrong while reading, in words for whoever reads."""

from hscb_voice.foundation.errors import VoiceError


class UnknownItemError(VoiceError):
    """There is nothing of that id to read for this reader."""


class NotUndoableError(VoiceError):
    """The last act cannot be taken back; the message says why."""


class NothingToDrawError(VoiceError):
    """No comment that a person has coded lies in these days."""


class BlindCodingError(VoiceError):
    """This comment of the sample cannot be coded or settled now; the message says why."""


class MeetingError(VoiceError):
    """This day can be no meeting; the message says why."""
