"""What can be wrong with a definition or an answer."""

from hscb_voice.foundation.errors import VoiceError


class DefinitionError(VoiceError):
    """A definition file is wrong; the message names the file, the line and the key."""


class UnknownQuestionnaireError(VoiceError):
    """There is no questionnaire, or no published version, of that name."""


class AnswerError(VoiceError):
    """An answer does not fit its question; the message is for the person who can mend it."""

    def __init__(self, key: str, trouble: str) -> None:
        """Name the question and what is wrong."""
        super().__init__(f"{key}: {trouble}")
        self.key = key
        self.trouble = trouble
