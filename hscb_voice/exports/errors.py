"""What may go wrong when responses are taken elsewhere."""

from hscb_voice.foundation.errors import VoiceError


class ExportRefusedError(VoiceError):
    """The export cannot be made; the message says why, in plain words."""


class UnknownExportError(VoiceError):
    """There is no such export for this person, or its day is over."""
