"""Slows down guessing at passwords: five tries a minute for one name, and after ten in a quarter of an hour a pause.

It counts under the name that was typed, whether anybody has it or not, so that it tells nobody which names exist. It
stands in the database, so that every web process shares it.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from hscb_voice.foundation.database import upsert
from hscb_voice.staff.models import SignInTries
from hscb_voice.staff.queries import tidy_email

A_MINUTE, TRIES_A_MINUTE = timedelta(minutes=1), 5
A_WHILE, TRIES_A_WHILE = timedelta(minutes=15), 10


def may_try(connection: Connection, name: str, *, now: datetime) -> bool:
    """Take one of a name's tries, before its password is looked at, so that tries at the same moment all count.

    Args:
        connection: a writing connection; commit before checking the password.
        name: the email address as typed.
        now: when.

    Returns:
        False when there have been too many; then nothing may be checked.
    """
    digest = _digest(name)
    connection.execute(delete(SignInTries).where(SignInTries.last_at < now - A_WHILE))
    fresh = upsert(connection, SignInTries).values(name_hash=digest, tries=[], last_at=now)
    connection.execute(fresh.on_conflict_do_nothing(index_elements=["name_hash"]))
    of_name = SignInTries.name_hash == digest
    kept = connection.execute(select(SignInTries.tries).where(of_name).with_for_update()).scalar_one()
    tries = [moment for moment in map(datetime.fromisoformat, kept) if moment > now - A_WHILE]
    if len(tries) >= TRIES_A_WHILE or sum(moment > now - A_MINUTE for moment in tries) >= TRIES_A_MINUTE:
        return False
    moments = [moment.isoformat() for moment in [*tries, now]]
    connection.execute(update(SignInTries).where(of_name).values(tries=moments, last_at=now))
    return True


def forget_tries(connection: Connection, name: str) -> None:
    """Give a name all its tries back: the password was right."""
    connection.execute(delete(SignInTries).where(SignInTries.name_hash == _digest(name)))


def _digest(name: str) -> str:
    return hashlib.sha256(tidy_email(name).encode()).hexdigest()
