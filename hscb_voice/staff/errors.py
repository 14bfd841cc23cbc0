"""What can go wrong with accounts, in words for the person who reads them."""

from hscb_voice.foundation.errors import VoiceError


class AccountError(VoiceError):
    """What was asked of an account cannot be done."""


class WeakPasswordError(AccountError):
    """A password is too short or too easily guessed."""


class KnownAddressError(AccountError):
    """There is an account with this email address already."""


class UnknownPersonError(AccountError):
    """There is no such person."""


class UndeclaredRouteError(VoiceError):
    """A staff route does not say who may use it; the site must not start."""
