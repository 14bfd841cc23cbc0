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


class EndedLinkError(AccountError):
    """A link that let somebody in opens nothing any more."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This link has been used already, or its time is over.")


class UndeclaredRouteError(VoiceError):
    """A staff route does not say who may use it; the site must not start."""


class SignOnError(VoiceError):
    """What came back from the sign-in service is not its word for this sign-in. The message is for the log."""


class SignOnRefusedError(VoiceError):
    """The service knows the person, but they may not come in here. The message is for them."""


class SignOnUnavailableError(VoiceError):
    """The sign-in service does not answer, or not in a way that can be understood."""
