"""Holds up whoever tries code after code from one place. After a minute without wrong codes from there, all goes on.

While somebody goes on guessing, who shares the place with them waits too, if nobody has followed their code on this
machine before. A place is an address as the web server in front tells it: behind one that the settings do not know,
everybody is in one place (`hscb-voice check` tells).

Only wrong codes count, in the database, under a keyed hash of the place, for minutes. A code that was followed on this
machine before is never held up, so that a class with one link does not wait; and nothing is written for a right code.
"""

import hashlib
from datetime import datetime

import structlog
from sqlalchemy import Connection

from hscb_voice.collect.errors import TooManyWrongCodesError
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.tries import Limit, may_still_try, take_try

# Twenty in each of fifteen minutes: the longer limit never makes a right code wait longer than the shorter one does.
WRONG_CODES = Limit(a_minute=20, a_while=300)
WAIT_SECONDS = 60
_LOG = structlog.get_logger(__name__)


def refuse_guessing(connection: Connection, place: str, now: datetime) -> None:
    """Refuse to look up a code when too many wrong ones came from a place.

    Args:
        connection: a reading connection.
        place: a keyed hash of where the request comes from.
        now: when.

    Raises:
        TooManyWrongCodesError: the next one waits.
    """
    if not may_still_try(connection, _key(place), WRONG_CODES, now=now):
        message = "Too many wrong codes came from one place."
        raise TooManyWrongCodesError(message)


def count_wrong(platform: Platform, place: str) -> None:
    """Count a wrong code. Where it cannot be counted, nobody is refused for it.

    Args:
        platform: where tries are counted.
        place: a keyed hash of where the request comes from.
    """
    try:
        with platform.database.writing() as connection:
            take_try(connection, _key(place), WRONG_CODES, now=platform.clock.now())
    except DatabaseUnreachableError as fault:
        _LOG.warning("a wrong code was not counted", fault=type(fault).__name__)


def _key(place: str) -> str:
    return hashlib.sha256(f"form code|{place}".encode()).hexdigest()
