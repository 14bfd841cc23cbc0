"""Why somebody reads, asked once and kept for the reading session: in their own signed cookie, and nowhere else."""

from flask import session

from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room.acts import Reader
from hscb_voice.reading_room.forms import READING_REASONS
from hscb_voice.staff.queries import Person

_REASON = "reading_reason"


def begin(reason: str) -> None:
    """Keep the reason for what is read from now on."""
    session[_REASON] = reason


def finish() -> None:
    """Forget the reason: the next time it is asked again."""
    session.pop(_REASON, None)


def reason_now() -> str:
    """Return the reason that was given, or nothing when reading has not begun."""
    reason = session.get(_REASON)
    return reason if reason in READING_REASONS else ""


def reader_of(person: Person, platform: Platform) -> Reader:
    """Return who reads now, and why.

    Args:
        person: who is signed in.
        platform: whose clock.
    """
    return Reader(person.id, reason_now(), platform.clock, person.teams)
