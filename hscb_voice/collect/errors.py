"""Why something that was sent cannot be kept as it is. The page says it kindly; these only tell the cases apart."""

from hscb_voice.foundation.errors import VoiceError
from hscb_voice.questionnaires.errors import Reason


class StrangeSendingError(VoiceError):
    """What was sent does not belong to this form (its sitting, version or age): the form is shown again, filled in."""


class AnswersNeedMendingError(VoiceError):
    """Some answers cannot be kept as they are."""

    def __init__(self, troubles: dict[str, list[Reason]]) -> None:
        """Say which.

        Args:
            troubles: question key -> what is wrong, for the person who answered.
        """
        super().__init__("Some answers cannot be kept as they are.")
        self.troubles = troubles


class TooManyWrongCodesError(VoiceError):
    """So many wrong codes came from one place that the next one waits."""
