"""Slows down guessing: five tries a minute at one account, and after ten in a quarter of an hour a pause.

Tries at a password count under the name that was typed, whether anybody has it or not, so that it tells nobody which
names exist. A second, coarse count holds up whoever tries many names from one place; the place is known by a keyed hash
only, and for minutes. Both stand in the database, so that every web process shares them.
"""

import hashlib
from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.foundation.tries import Limit, forget_tries_at, give_back_try, take_try
from hscb_voice.staff.queries import tidy_email

TRIES_A_MINUTE, TRIES_A_WHILE = 5, 10
# A whole office may stand behind one address: only what goes wrong counts here.
FROM_ONE_PLACE = Limit(a_minute=30, a_while=100)
_QUESTIONS_FROM_ONE_PLACE = Limit(a_minute=60, a_while=300)
_AT_ONE_ACCOUNT = Limit(TRIES_A_MINUTE, TRIES_A_WHILE)
PASSWORD, CODE, RESET = "password", "code", "reset"


def may_try(connection: Connection, name: str, *, now: datetime, at: str = PASSWORD) -> bool:
    """Take one of a name's tries, before anything is checked, so that tries at the same moment all count.

    Args:
        connection: a writing connection; commit before checking.
        name: the email address as typed, or an account's id.
        now: when.
        at: what is tried: a password, a code of the second factor, or a reset.

    Returns:
        False when there have been too many; then nothing may be checked.
    """
    return take_try(connection, _digest(name, at), _AT_ONE_ACCOUNT, now=now)


def forget_tries(connection: Connection, name: str, *, at: str = PASSWORD) -> None:
    """Give a name all its tries back: what was typed was right."""
    forget_tries_at(connection, _digest(name, at))


def may_try_from(connection: Connection, place: str, *, now: datetime) -> bool:
    """Take one of a place's tries.

    Args:
        connection: a writing connection; commit before checking.
        place: a keyed hash of where the request comes from.
        now: when.

    Returns:
        False when too many tries from there went wrong; then nothing may be checked.
    """
    return take_try(connection, place, FROM_ONE_PLACE, now=now)


def may_ask_from(connection: Connection, place: str, *, now: datetime) -> bool:
    """Take one of a place's questions to a passkey: each leaves a row, and nobody shall fill the database with them.

    Args:
        connection: a writing connection.
        place: a keyed hash of where the request comes from.
        now: when.
    """
    return take_try(connection, _digest(place, "question"), _QUESTIONS_FROM_ONE_PLACE, now=now)


def was_right_from(connection: Connection, place: str) -> None:
    """Give a place its newest try back: what was typed was right."""
    give_back_try(connection, place)


def _digest(name: str, at: str) -> str:
    return hashlib.sha256(f"{at}|{tidy_email(name)}".encode()).hexdigest()
