"""Letters to people about their own accounts: links that let them in, and word of what has changed.

They go only where mail is set up, in the transaction of the act they tell of. A letter never holds a password or a
code; a link in it opens once.
"""

from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.foundation.clock import LOCAL_ZONE, written_date
from hscb_voice.foundation.letters import post
from hscb_voice.foundation.mail import Letter
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.queries import Person

_NOT_YOU = (
    "If this was not you, tell your administrator at once, and choose a new password at\n{address}/staff/forgotten"
)


def letters_go(platform: Platform) -> bool:
    """Tell whether this installation sends letters at all."""
    return platform.mailer.is_set_up


def send_invitation(connection: Connection, platform: Platform, person: Person, link: str, until: datetime) -> None:
    """Invite somebody to choose a password.

    Args:
        connection: a writing connection.
        platform: seals the letter.
        person: whom.
        link: opens once.
        until: when it ends.
    """
    words = (
        f"You are invited to work on Voice, where {platform.settings.board_name} hears what children say.\n\n"
        f"Open this link to choose your password and set up a second step:\n{link}\n\n"
        f"It works once, until {_moment(until)}. If you did not expect this, you need do nothing."
    )
    _send(connection, platform, person, "Your invitation to Voice", words, until)


def send_reset(connection: Connection, platform: Platform, person: Person, link: str, until: datetime) -> None:
    """Let somebody choose another password; the arguments are those of `send_invitation`."""
    words = (
        "Somebody asked for a new password for your account on Voice.\n\n"
        f"Open this link to choose one:\n{link}\n\n"
        f"It works once, until {_moment(until)}. You will need your second step afterwards, as always.\n"
        "If you did not ask for it, you need do nothing: your password stays as it is."
    )
    _send(connection, platform, person, "A new password for Voice", words, until)


def tell_of_new_password(connection: Connection, platform: Platform, person: Person) -> None:
    """Tell somebody that their password has been changed."""
    words = "The password of your account on Voice has been changed, and your other sessions have ended."
    _tell(connection, platform, person, "Your password for Voice has been changed", words)


def tell_of_second_factor(connection: Connection, platform: Platform, person: Person, change: str) -> None:
    """Tell somebody that their second step has changed.

    Args:
        connection: a writing connection.
        platform: seals the letter.
        person: whom.
        change: what was done, as a sentence without its stop.
    """
    _tell(connection, platform, person, "Your second step for Voice has been changed", f"{change}.")


def tell_of_recovery_code(connection: Connection, platform: Platform, person: Person, *, left: int) -> None:
    """Tell somebody that a recovery code of theirs was used, and how many are left."""
    codes = "No recovery code is left" if left == 0 else f"{left} are left" if left > 1 else "One is left"
    words = f"A recovery code was used to sign in to your account on Voice. {codes}."
    _tell(connection, platform, person, "A recovery code was used for Voice", words)


def _tell(connection: Connection, platform: Platform, person: Person, subject: str, words: str) -> None:
    not_you = _NOT_YOU.format(address=platform.settings.public_address)
    _send(connection, platform, person, subject, f"{words}\n\n{not_you}", None)


def _send(
    connection: Connection, platform: Platform, person: Person, subject: str, words: str, until: datetime | None
) -> None:
    if letters_go(platform):
        letter = Letter(person.email, subject, f"Hello {person.name},\n\n{words}\n\n{platform.settings.board_name}\n")
        now = platform.clock.now()
        post(connection, platform.keys, letter, now, about=f"account {person.id}", until=until)


def _moment(moment: datetime) -> str:
    here = moment.astimezone(LOCAL_ZONE)
    return f"{here:%H:%M} on {written_date(here.date())}"
