"""What can be wrong with a spreadsheet that somebody brings."""

from hscb_voice.foundation.errors import VoiceError


class FileRefusedError(VoiceError):
    """A whole file cannot be read; the message says why, and what to do instead."""


class CellRefusedError(VoiceError):
    """A cell cannot be taken for an answer; the message says why."""


class UnknownUploadError(VoiceError):
    """There is no such upload, or it is somebody else's."""


class NotNowUploadError(VoiceError):
    """An upload does not stand as it must for what is asked; the message says how it stands."""
