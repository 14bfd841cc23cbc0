"""What can be wrong with a definition or an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hscb_voice.foundation.errors import VoiceError


class DefinitionError(VoiceError):
    """A definition file is wrong; the message names the file, the line and the key."""


class UnknownQuestionnaireError(VoiceError):
    """There is no questionnaire, or no published version, of that name."""


@dataclass(frozen=True)
class Reason:
    """Why an answer cannot be kept, in words that can be translated before their values are put in."""

    words: str  # English; a value's place is marked as %(name)s
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in English."""
        return self.words % self.values if self.values else self.words


class AnswerError(VoiceError):
    """An answer does not fit its question; the message is for the person who can mend it."""

    def __init__(self, key: str, reason: Reason) -> None:
        """Name the question and what is wrong."""
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason
