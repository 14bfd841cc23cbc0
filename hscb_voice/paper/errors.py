"""What can go wrong with paper forms."""

from hscb_voice.foundation.errors import VoiceError


class UnknownFormError(VoiceError):
    """There is no such paper form: no such questionnaire, version, age or language."""
