"""What can go wrong with paper forms."""

from collections.abc import Mapping

from hscb_voice.foundation.errors import VoiceError


class UnknownFormError(VoiceError):
    """There is no such paper form: no such questionnaire, version, age or language."""


class UnknownPileError(VoiceError):
    """There is no such pile, or it is somebody else's."""


class NotAnAnswerError(VoiceError):
    """What was typed cannot be kept; question key -> what is wrong, under an empty key what concerns the whole form."""

    def __init__(self, troubles: Mapping[str, str]) -> None:
        """Remember what is wrong where."""
        super().__init__("; ".join(troubles.values()))
        self.troubles = dict(troubles)


class TypedAlreadyError(VoiceError):
    """A form with this number has been typed in this pile."""


class NotUndoneError(VoiceError):
    """A typed form cannot be undone any more; the message says why."""
