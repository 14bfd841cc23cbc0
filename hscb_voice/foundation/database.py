"""The database: one engine, two ways in (reading, writing), the same code on SQLite and PostgreSQL.

It knows no table. Rooms declare theirs on `Base`; services take a connection or a session and never commit:
whoever opened the way in commits, so that an answer, its jobs and its figures stand or fall together.
"""

import contextlib
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import DateTime, TypeDecorator

from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.together import TURN_SECONDS, SharedWriting
from hscb_voice.foundation.watchdog import (
    PATIENCE_SECONDS,
    allowance,
    got_in_time,
    time_left,
    unhurried,
)

# Of one patience, so many seconds may go by in waiting for a free connection, when one's turn has come.
_FREE_SECONDS = 2
# The server is to end a slow call itself, a moment before the watchdog would shut the line.
_SERVER_IS_SOONER = 0.9
MOST_CONNECTIONS = 8
# A fault must not repeat what was to be kept, because faults are logged; and nobody waits for ever for a connection.
_CAUTION: dict[str, Any] = {
    "hide_parameters": True,
    "pool_size": 4,
    "max_overflow": MOST_CONNECTIONS - 4,
    "pool_timeout": _FREE_SECONDS,
}
_WRITES = "voice_writes"
# Between two looks whether another process has let go of the database's file.
_SHORTEST_WAIT, _LONGEST_WAIT = 0.001, 0.003
# So much of the patience is left for SQLite's own try, which gives the fault its name. `time_left` is never quite none.
_LAST_TRY_SECONDS = 0.2
ResultT = TypeVar("ResultT")
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of every room's tables."""

    metadata = MetaData(naming_convention=_NAMES)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on both engines, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the engine keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "A moment without a time zone was offered to the database."
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn what the engine kept into an aware moment."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_kept(connection: Connection, moment: datetime) -> datetime | str:
    """Return a moment as it is given to the driver itself, by statements that pass SQLAlchemy's own handling by.

    Args:
        connection: tells which engine.
        moment: aware.
    """
    if connection.dialect.name != "sqlite":
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Database:
    """One engine and its two doors."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet.

        Args:
            url: an SQLAlchemy address, `sqlite:///…` or `postgresql+psycopg://…`.
        """
        self.url = url
        # SQLite lets one writer in at a time and lets the others poll; inside a process they queue instead.
        self._turn = threading.Lock()
        self._together = SharedWriting()
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the embedded engine is in use."""
        return self.engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes; it commits when the block ends well.

        Yields:
            A Core connection. On SQLite the write lock is taken at once, so that two writers wait instead of failing.

        Raises:
            DatabaseUnreachableError: the database is down, or did not answer in time.
        """
        with reachable(), contextlib.ExitStack() as held:
            with got_in_time():
                held.enter_context(self._own_turn())
                opened = self.engine.connect().execution_options(**{_WRITES: True})
                connection = held.enter_context(opened)
                held.enter_context(connection.begin())
            yield connection
            self._refuse_what_has_ended(connection)

    def write_together(self, work: Callable[[Connection], ResultT]) -> ResultT:
        """Do a piece of work in a transaction that it may share with others that come at the same moment.

        Args:
            work: takes a writing connection. It may be begun more than once, each time in a new transaction, and by
                another thread; so it changes nothing but the database.

        Returns:
            What the work returned. When this returns, it has been committed.

        Raises:
            DatabaseUnreachableError: the database is down, or did not answer in time.
        """
        if self.is_sqlite:
            return self._together.do(self.writing, work)
        with self.writing() as connection:  # PostgreSQL lets many write at once, and joins their trips itself
            return work(connection)

    def _refuse_what_has_ended(self, connection: Connection) -> None:
        """Commit nothing where SQLite has given a transaction up by itself, as it may when the disk is full.

        A block that has passed over such a fault would otherwise end as if all of it had been kept.
        """
        raw: Any = connection.connection.driver_connection
        if self.is_sqlite and not raw.in_transaction:
            message = "The database gave up a transaction."
            raise DatabaseUnreachableError(message)

    @contextlib.contextmanager
    def _own_turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=TURN_SECONDS):
            message = "Other writers kept the database for too long."
            raise DatabaseUnreachableError(message)
        try:
            yield
        finally:
            self._turn.release()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads.

        Yields:
            A Core connection.

        Raises:
            DatabaseUnreachableError: the database is down, or did not answer in time.
        """
        with reachable(), contextlib.ExitStack() as held:
            with got_in_time():
                connection = held.enter_context(self.engine.connect())
                held.enter_context(connection.begin())
            yield connection

    @contextlib.contextmanager
    def session(self, *, writes: bool = False) -> Iterator[Session]:
        """Open an ORM session on one of the two doors.

        Args:
            writes: True to write and commit at the end of the block.

        Yields:
            A session bound to that transaction.

        Raises:
            DatabaseUnreachableError: the database is down, or did not answer in time.
        """
        door = self.writing() if writes else self.reading()
        with door as connection, Session(bind=connection, expire_on_commit=False) as session:
            yield session
            if writes:
                session.flush()

    def answers(self) -> bool:
        """Tell whether the database answers now."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseUnreachableError:
            return False
        return True

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def is_writing(connection: Connection) -> bool:
    """Tell whether a connection came by the door that writes, so that more can be written with it."""
    return bool(connection.get_execution_options().get(_WRITES))


def upsert(connection: Connection, table: Any) -> Any:  # noqa: ANN401 - the two dialects' Insert classes share no typed parent
    """Return the engine's own insert, which knows `on_conflict_do_nothing` and `on_conflict_do_update`.

    Args:
        connection: tells which engine.
        table: the table, or mapped class, to insert into.

    Returns:
        A dialect-specific insert statement.
    """
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


@contextlib.contextmanager
def taking_longer(connection: Connection, seconds: float) -> Iterator[None]:
    """Let each call take longer in a transaction that has begun: to PostgreSQL the time allowed must be said anew.

    Args:
        connection: whose transaction; what is allowed to it ends with it.
        seconds: how long one call may take.
    """
    with unhurried(seconds):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_milliseconds(seconds)}")
        yield


@contextlib.contextmanager
def joining_whole(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL join whole tables at once and not row by row: for queries that go through nearly all rows.

    The fence by team makes it believe that few rows are left after each table, and look each of them up in the next.

    Args:
        connection: whose transaction.
    """
    is_server = connection.dialect.name == "postgresql"
    if is_server:
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    yield
    if is_server:
        connection.exec_driver_sql("SET LOCAL enable_nestloop = on")


@contextlib.contextmanager
def reachable() -> Iterator[None]:
    """Give every way in which a database fails to answer one name: `DatabaseUnreachableError`."""
    try:
        yield
    except (OperationalError, NoConnectionFreeError) as fault:
        message = "The database did not answer. Is it running, and is VOICE_DATABASE_URL right?"
        raise DatabaseUnreachableError(message) from fault
    except DBAPIError as fault:
        if type(fault) is DatabaseError:  # SQLite's way to say that the file is broken, or is no database at all
            message = "The database's file cannot be read."
            raise DatabaseUnreachableError(message) from fault
        if fault.connection_invalidated:
            message = "The connection to the database broke."
            raise DatabaseUnreachableError(message) from fault
        raise


def _sqlite_engine(url: str) -> Engine:
    place = make_url(url).database
    if place and place != ":memory:":
        Path(place).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"check_same_thread": False}, **_CAUTION)

    @event.listens_for(engine, "do_connect")
    def _in_time(_dialect: Dialect, _record: object, _args: object, more: dict[str, Any]) -> None:
        more["timeout"] = time_left()

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection has no shared type
        raw.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        raw: Any = connection.connection.driver_connection
        if writes and _is_begun_soon(raw):
            return
        raw.execute(f"PRAGMA busy_timeout={int(time_left() * 1000)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _is_begun_soon(raw: Any) -> bool:  # noqa: ANN401 - a DB-API connection has no shared type
    """Begin to write as soon as another process has committed; False when it could not be begun so.

    SQLite's own way to wait sleeps longer and longer, up to a tenth of a second, while others come and go before it.
    """
    raw.execute("PRAGMA busy_timeout=0")
    while time_left() > _LAST_TRY_SECONDS:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                return False  # whatever it is, it is met again where it is given its name
            time.sleep(random.uniform(_SHORTEST_WAIT, _LONGEST_WAIT))  # noqa: S311 - so that two do not wait in step
        else:
            raw.execute(f"PRAGMA busy_timeout={int(allowance() * 1000)}")
            return True
    return False


def _postgresql_engine(url: str) -> Engine:
    from hscb_voice.foundation.watched_line import connect_in_time  # noqa: PLC0415 - brings the driver of PostgreSQL

    milliseconds = _milliseconds(PATIENCE_SECONDS)
    engine = create_engine(
        url,
        pool_pre_ping=True,
        **_CAUTION,
        connect_args={
            "connect_timeout": int(PATIENCE_SECONDS),
            "tcp_user_timeout": milliseconds,
            # Said here, so that no careless setting of the server can have an answer thanked for before it is on disk.
            # The fence by team makes PostgreSQL think every query dear, and compiling one takes longer than it does.
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} -c synchronous_commit=on"
            " -c jit=off",
            "application_name": "hscb-voice",
        },
    )

    @event.listens_for(engine, "do_connect")
    def _in_time(_dialect: Dialect, _record: object, args: Any, more: dict[str, Any]) -> Any:  # noqa: ANN401 - the driver's own
        return connect_in_time(*args, **more)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if allowance() != PATIENCE_SECONDS:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_milliseconds(allowance())}")

    return engine


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000 * _SERVER_IS_SOONER)
