"""The database: writers wait for each other, moments keep their zone, and trouble has one name."""

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from hscb_voice.foundation import database as database_module
from hscb_voice.foundation import watchdog
from hscb_voice.foundation.database import Database, upsert
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.jobs import Job, WorkerBeat

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


def _beat(database: Database, name: str, seen: datetime = NOON) -> None:
    with database.writing() as connection:
        connection.execute(insert(WorkerBeat), {"name": name, "seen": seen})


def _names(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(select(WorkerBeat.name)).scalars())


def test_a_block_that_ends_well_commits_and_one_that_fails_leaves_nothing(database: Database) -> None:
    _beat(database, "kept")

    def fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(WorkerBeat), {"name": "lost", "seen": NOON})
            message = "stopped"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        fail()
    assert _names(database) == {"kept"}


def test_a_session_that_writes_commits(database: Database) -> None:
    with database.session(writes=True) as session:
        session.add(WorkerBeat(name="kept", seen=NOON))
    with database.session() as session:
        session.add(WorkerBeat(name="not kept", seen=NOON))
    assert _names(database) == {"kept"}


def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    _beat(database, "here", NOON.astimezone(timezone(timedelta(hours=5))))
    with database.reading() as connection:
        seen = connection.execute(select(WorkerBeat.seen)).scalar_one()
    assert seen == NOON
    assert seen.utcoffset() == timedelta(0)


def test_a_moment_may_be_absent(database: Database) -> None:
    with database.writing() as connection:
        row = {"id": "1", "kind": "k", "subject_id": "s", "due": NOON, "attempts": 0, "trouble": ""}
        connection.execute(insert(Job), row)
        assert connection.execute(select(Job.leased_until)).scalar_one() is None


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        _beat(database, "naive", NOON.replace(tzinfo=None))


def test_many_writers_at_once_all_write_and_none_is_turned_away(database: Database) -> None:
    _beat(database, "counter", NOON)

    def add_a_second(_: int) -> None:
        with database.writing() as connection:
            # Read, then write: without the write lock from the start, one of two such writers would fail or be lost.
            query = select(WorkerBeat.seen).where(WorkerBeat.name == "counter").with_for_update()
            seen = connection.execute(query).scalar_one()
            connection.execute(update(WorkerBeat).values(seen=seen + timedelta(seconds=1)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_a_second, range(40)))
    with database.reading() as connection:
        assert connection.execute(select(WorkerBeat.seen)).scalar_one() == NOON + timedelta(seconds=40)


def test_two_processes_write_at_once(database: Database, database_url: str) -> None:
    """Another engine stands for another process: it has no share in this one's queue of writers."""
    other = Database(database_url)

    def write(number: int) -> None:
        _beat((database, other)[number % 2], f"worker {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    other.dispose()
    assert len(_names(database)) == 40


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    _beat(database, "before")
    writing, finished = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with database.writing() as connection:
            connection.execute(insert(WorkerBeat), {"name": "during", "seen": NOON})
            writing.set()
            finished.wait(10)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(write_slowly)
        assert writing.wait(10)
        assert _names(database) == {"before"}
        finished.set()
        slow.result()
    assert _names(database) == {"before", "during"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_writer_that_waits_too_long_is_told_that_the_database_did_not_answer(
    database_url: str, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    monkeypatch.setattr(database_module, "TURN_SECONDS", 0.5)
    monkeypatch.setattr(watchdog, "PATIENCE_SECONDS", 1)
    database = Database(database_url)
    holder = Database(database_url) if elsewhere else database
    assert _names(database) == set()  # so that it is not the opening of a connection that ends in time

    def write_in_another_thread() -> None:
        _beat(database, "late")

    with holder.writing(), ThreadPoolExecutor(1) as pool, pytest.raises(DatabaseUnreachableError):
        pool.submit(write_in_another_thread).result()
    _beat(database, "in time")
    assert _names(database) == {"in time"}


def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    statement = text("INSERT INTO comments (id, response_id, question, line, sealed) VALUES ('1', 'none', 'q', 0, :b)")
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(statement, {"b": b"x"})


def test_an_upsert_on_either_engine_keeps_the_first(database: Database) -> None:
    for seen in (NOON, NOON + timedelta(days=1)):
        with database.writing() as connection:
            statement = upsert(connection, WorkerBeat).on_conflict_do_nothing(index_elements=["name"])
            connection.execute(statement, {"name": "one", "seen": seen})
    with database.reading() as connection:
        assert connection.execute(select(WorkerBeat.seen)).scalar_one() == NOON


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_set_to_lose_nothing_and_to_leave_no_traces(database: Database) -> None:
    with database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
        assert 4000 < connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() <= 5000
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_it_answers_while_it_is_there(database: Database) -> None:
    assert database.answers()


def test_a_postgresql_that_is_not_there_is_named_as_unreachable() -> None:
    nobody = Database("postgresql+psycopg://voice@127.0.0.1:1/voice")
    assert not nobody.answers()
    with pytest.raises(DatabaseUnreachableError), nobody.writing():
        pass
    with pytest.raises(DatabaseUnreachableError), nobody.reading():
        pass


def test_a_sqlite_file_that_cannot_be_opened_is_named_as_unreachable(tmp_path: Path) -> None:
    (tmp_path / "voice.db").mkdir()
    assert not Database(f"sqlite:///{tmp_path / 'voice.db'}").answers()


def test_the_folder_of_the_embedded_database_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'voice.db'}")
    assert database.answers()
    assert database.is_sqlite
    database.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_cut_in_the_middle_is_named_as_unreachable_and_the_next_one_works(database: Database) -> None:
    def cut_own_connection() -> None:
        with database.writing() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with database.reading() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnreachableError):
        cut_own_connection()
    assert database.answers()


def test_a_fault_of_the_database_never_repeats_what_was_to_be_kept(database: Database) -> None:
    _beat(database, "once")
    with pytest.raises(IntegrityError) as fault, database.writing() as connection:
        connection.execute(insert(WorkerBeat), [{"name": "a secret", "seen": NOON}, {"name": "once", "seen": NOON}])
    assert "a secret" not in str(fault.value)


def test_when_every_connection_is_taken_the_database_is_named_as_unreachable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.05)
    with contextlib.ExitStack() as taken:
        for _ in range(database_module.MOST_CONNECTIONS):
            taken.enter_context(database.reading())
        assert not database.answers()
    assert database.answers()


def test_a_file_that_is_no_database_is_named_as_unreachable(tmp_path: Path) -> None:
    (tmp_path / "voice.db").write_text("these words are no database, whatever the name of the file says " * 20)
    assert not Database(f"sqlite:///{tmp_path / 'voice.db'}").answers()
