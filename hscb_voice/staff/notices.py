"""Letters to people about their own accounts: links that let them in, and word of what has changed.

They go only where mail is set up, in the transaction of the act they tell of. A letter never holds a password or a
code; a link in it opens once.
"""

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from hscb_voice.foundation.clock import LOCAL_ZONE, Clock, written_date
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.letters import post
from hscb_voice.foundation.mail import Letter, LetterSender
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.entry_links import INVITATION, RESET, NewLink
from hscb_voice.staff.queries import Person

_NOT_YOU = (
    "If this was not you, tell your administrator at once, and choose a new password at\n{address}/staff/forgotten"
)
_INVITED = (
    "You are invited to work on Voice, where {board} hears what children say.\n\n"
    "Open this link to choose your password and set up a second step:\n{address}\n\n"
    "It works once, until {until}. If you did not expect this, you need do nothing."
)
_ANEW = (
    "A new password was asked for your account on Voice.\n\n"
    "Open this link to choose one:\n{address}\n\n"
    "It works once, until {until}. You will need your second step afterwards, as always.\n"
    "If you did not ask for it, you need do nothing: your password stays as it is."
)
_LINKS = {INVITATION: ("Your invitation to Voice", _INVITED), RESET: ("A new password for Voice", _ANEW)}


class Office(Protocol):
    """What writing letters needs of an installation; a platform has it all."""

    @property
    def settings(self) -> Settings:
        """The installation's settings."""

    @property
    def keys(self) -> KeyRing:
        """Seal letters while they wait."""

    @property
    def clock(self) -> Clock:
        """Tells when a letter was posted."""

    @property
    def mailer(self) -> LetterSender:
        """Tells whether letters go at all."""


def letters_go(office: Office) -> bool:
    """Tell whether this installation sends letters at all."""
    return office.mailer.is_set_up


def send_link(connection: Connection, office: Office, link: NewLink) -> None:
    """Send somebody the link by which they choose a password, where letters go at all.

    Args:
        connection: a writing connection.
        office: seals the letter and knows the address.
        link: just made; it stands in this letter and nowhere else.
    """
    subject, words = _LINKS[link.kind]
    address = link.address(office.settings.public_address)
    told = words.format(board=office.settings.board_name, address=address, until=_moment(link.until))
    _send(connection, office, link.person, subject, told, link.until)


def tell_of_new_password(connection: Connection, office: Office, person: Person) -> None:
    """Tell somebody that their password has been changed."""
    words = "The password of your account on Voice has been changed, and your other sessions have ended."
    _tell(connection, office, person, "Your password for Voice has been changed", words)


def tell_of_second_factor(connection: Connection, office: Office, person: Person, change: str) -> None:
    """Tell somebody that their second step has changed.

    Args:
        connection: a writing connection.
        office: seals the letter.
        person: whom.
        change: what was done, as a sentence without its stop.
    """
    _tell(connection, office, person, "Your second step for Voice has been changed", f"{change}.")


def tell_of_recovery_code(connection: Connection, office: Office, person: Person, *, left: int) -> None:
    """Tell somebody that a recovery code of theirs was used, and how many are left."""
    codes = "No recovery code is left" if left == 0 else f"{left} are left" if left > 1 else "One is left"
    words = f"A recovery code was used to sign in to your account on Voice. {codes}."
    _tell(connection, office, person, "A recovery code was used for Voice", words)


def _tell(connection: Connection, office: Office, person: Person, subject: str, words: str) -> None:
    not_you = _NOT_YOU.format(address=office.settings.public_address)
    _send(connection, office, person, subject, f"{words}\n\n{not_you}", None)


def _send(
    connection: Connection, office: Office, person: Person, subject: str, words: str, until: datetime | None
) -> None:
    if letters_go(office):
        letter = Letter(person.email, subject, f"Hello {person.name},\n\n{words}\n\n{office.settings.board_name}\n")
        now = office.clock.now()
        post(connection, office.keys, letter, now, about=f"account {person.id}", until=until)


def _moment(moment: datetime) -> str:
    here = moment.astimezone(LOCAL_ZONE)
    return f"{here:%H:%M} on {written_date(here.date())}"
