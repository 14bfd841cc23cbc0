"""Why a pack cannot be issued or found."""

from hscb_voice.foundation.errors import VoiceError


class UnknownPackError(VoiceError):
    """There is no such pack."""


class WordsTakenOutError(UnknownPackError):
    """It held words that have been taken back. A later pack has everything else that stood in it."""


class PackRefusedError(VoiceError):
    """What was asked for does not fit: a message for a person."""


class QuotesChangedError(VoiceError):
    """A quote was withdrawn, masked anew or erased while the pack's files were written."""
