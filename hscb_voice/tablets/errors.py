"""Why a tablet is not let in, or what it sent cannot be taken. Pages and the tablet each say it in their own words."""

from hscb_voice.foundation.errors import VoiceError


class UnknownTabletError(VoiceError):
    """There is no such tablet for whoever asks."""


class UnknownSetUpCodeError(VoiceError):
    """Nobody was given this code."""


class UsedSetUpCodeError(VoiceError):
    """The code has been used, or its time is over."""


class WeakPinError(VoiceError):
    """The PIN is too short, or would be guessed at once; the message says which."""


class NameTakenError(VoiceError):
    """Another tablet of the team has this name."""


class CannotOpenError(VoiceError):
    """A sealed answer cannot be opened: it was sealed for another key, or changed on the way."""


class CannotReadError(VoiceError):
    """An answer was opened, and what is in it is no answer of ours."""


class NoSealingKeyError(VoiceError):
    """There is no key pair yet for which a tablet could seal."""
