"""What can go wrong when people edit the codebook."""

from collections.abc import Mapping

from hscb_voice.foundation.errors import VoiceError


class CodebookEditError(VoiceError):
    """A change of the draft cannot be made; the message says why, and `fields` which field of the form is meant."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        """Remember what is wrong.

        Args:
            message: what is wrong, in plain words.
            fields: name of a field -> what is wrong with it.
        """
        super().__init__(message)
        self.fields = dict(fields or {})


class DraftMovedError(VoiceError):
    """Somebody else has changed the draft meanwhile, so this change was not made."""


class UnknownVersionError(VoiceError):
    """There is no such version of the codebook."""
