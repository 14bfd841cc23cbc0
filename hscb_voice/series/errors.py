"""What cannot be done with a series."""

from hscb_voice.foundation.errors import VoiceError


class UnknownSeriesError(VoiceError):
    """There is no such series, or point of one, for this reader; another team's is unknown too."""


class SeriesError(VoiceError):
    """What was asked of a series cannot be done; the message is for the worker."""
