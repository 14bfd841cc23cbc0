"""Sweeping: after an erasure, what the database's own files still hold of it is overwritten.

Deleting a row leaves its bytes in freed pages and in the write-ahead log, and with them the wrapped key of what was
erased. SQLite overwrites freed bytes by itself (`secure_delete`) and its log is emptied here. PostgreSQL leaves them in
its pages even after a plain VACUUM, so small tables are rewritten whole; rewriting a large one would keep answers
waiting, so it is cleared plainly, and rewritten when somebody asks for it. What PostgreSQL's own log and a machine's
backups hold is out of reach here: it becomes unreadable when the key that wrapped it is retired.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Base, Database, reachable
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.jobs import Write, enqueue
from hscb_voice.foundation.sealed_tables import sealed_tables
from hscb_voice.responses.erasing import last_unswept, mark_swept

SWEEP_JOB = "governance.sweep"
# Done by whichever room above holds copies of answers: what it made before the erasure is thrown away.
COPIES_JOB = "governance.copies"
EVERYTHING = "erasures"  # the subject of what is done for all erasures at once
_A_LITTLE_LATER = timedelta(minutes=1)
# A table of this size is rewritten in about a second, during which answers wait.
REWRITTEN_BELOW_BYTES = 64 * 1024 * 1024
_LOCK_PATIENCE = "1s"  # whoever waits for the table also keeps waiting whoever comes after
_LOCK_NOT_AVAILABLE = "55P03"  # how PostgreSQL says that a table is in use


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
        if until is not None:
            sweep(database)

        def write_down(writing: Connection) -> None:
            if until is not None:
                mark_swept(writing, until, clock.now())
            if last_unswept(writing) is not None:  # erased meanwhile, perhaps in this very transaction
                enqueue(writing, (SWEEP_JOB,), EVERYTHING, clock.now() + _A_LITTLE_LATER)

        return write_down

    return go


def sweep(database: Database, *, wholly: bool = False) -> None:
    """Overwrite what the database's files still hold of rows that are gone.

    Args:
        database: whose files.
        wholly: rewrite large tables too; answers wait meanwhile, so it is for a quiet hour.

    Raises:
        NotSweptError: the log or a table is in use; try again later.
        DatabaseUnreachableError: the database is down.
    """
    if database.is_sqlite:
        _empty_the_log(database)
    else:
        _rewrite_tables(database, wholly=wholly)


def tables_of_answers() -> list[str]:
    """Return every table in which something of an answer may stand: responses, what refers to them, what is sealed."""
    found = ["responses"]
    for table in Base.metadata.sorted_tables:
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.append(table.name)
    return found + [one.name for one in sealed_tables() if one.name not in found]


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


def _rewrite_tables(database: Database, *, wholly: bool) -> None:
    # A connection of its own: the others give up after some seconds, and this takes as long as it takes.
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT", poolclass=NullPool, hide_parameters=True)
    with reachable(), engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{_LOCK_PATIENCE}'"))
        for table in tables_of_answers():
            size = connection.execute(text("SELECT pg_total_relation_size(:name)"), {"name": table}).scalar_one()
            kind = "VACUUM FULL" if wholly or size < REWRITTEN_BELOW_BYTES else "VACUUM"
            try:
                connection.execute(text(f"{kind} {table}"))
            except OperationalError as fault:
                if getattr(fault.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                    raise
                message = "A table is in use and could not be cleared. It is tried again."
                raise NotSweptError(message) from fault
