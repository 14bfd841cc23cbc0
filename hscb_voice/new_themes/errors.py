"""What can go wrong with suggestions of new themes, in words for whoever decides."""

from collections.abc import Mapping

from hscb_voice.foundation.errors import VoiceError


class UnknownSuggestionError(VoiceError):
    """There is no such suggestion any more."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "This suggestion is there no more. Somebody has decided, or the comments were looked at again."
        )


class DecisionError(VoiceError):
    """A decision cannot be made so; the message says why, and `fields` which field of the form is meant."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        """Remember what is wrong.

        Args:
            message: what is wrong, in plain words.
            fields: name of a field -> what is wrong with it.
        """
        super().__init__(message)
        self.fields = dict(fields or {})
