"""Sweeping: after an erasure, what the database's own files still hold of it is overwritten.

Deleting a row leaves its bytes in freed pages and in the write-ahead log, and with them the wrapped key of what was
erased. SQLite overwrites freed bytes by itself (`secure_delete`) and its log is emptied here; PostgreSQL's dead rows
are cleared by rewriting the pages in which they stood.
"""

from collections.abc import Callable

from sqlalchemy import Connection, NullPool, create_engine, text

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database, reachable
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.jobs import Write
from hscb_voice.responses.erasing import last_unswept, mark_swept

SWEEP_JOB = "governance.sweep"
# Tables in which something of an answer may have stood.
SWEPT_TABLES = (
    "responses",
    "comments",
    "second_answers",
    "codings",
    "coded_themes",
    "quotes",
    "concerns",
    "concern_notes",
)


class NotSweptError(VoiceError):
    """Somebody was reading: the log could not be emptied now, and is emptied later."""


def prepare_sweep(connection: Connection, _subject: str, *, database: Database, clock: Clock) -> Callable[[], Write]:
    """See whether anything was erased since the last sweep; sweep once the connection has been given back.

    Args:
        connection: a reading connection.
        _subject: of the job; everything is meant.
        database: whose files.
        clock: tells when.

    Returns:
        What sweeps and returns what writes down that it has been done.
    """
    until = last_unswept(connection)

    def go() -> Write:
        if until is None:
            return lambda _writing: None
        sweep(database)
        return lambda writing: mark_swept(writing, until, clock.now())

    return go


def sweep(database: Database) -> None:
    """Overwrite what the database's files still hold of rows that are gone.

    Args:
        database: whose files.

    Raises:
        NotSweptError: the log is in use; try again later.
        DatabaseUnreachableError: the database is down.
    """
    if database.is_sqlite:
        _empty_the_log(database)
    else:
        _clear_dead_rows(database)


def _empty_the_log(database: Database) -> None:
    with reachable():
        raw = database.engine.raw_connection()
        try:
            busy, _, _ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()
    if busy:
        message = "The database's log is in use and could not be emptied. It is tried again."
        raise NotSweptError(message)


def _clear_dead_rows(database: Database) -> None:
    # A connection of its own: the others give up after some seconds, and this takes as long as it takes.
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with reachable(), engine.connect() as connection:
        connection.execute(text(f"VACUUM {', '.join(SWEPT_TABLES)}"))
