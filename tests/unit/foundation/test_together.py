"""Pieces of work that come at once share one commit; each hears only of its own, and of nothing before that commit."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import OperationalError

from hscb_voice.foundation import together
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.jobs import WorkerBeat

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
Work = Callable[[Connection], str]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


def _writing(name: str) -> Work:
    def write(connection: Connection) -> str:
        connection.execute(insert(WorkerBeat), {"name": name, "seen": NOON})
        return name

    return write


def _names(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(select(WorkerBeat.name)).scalars())


def _commits(database: Database) -> list[str]:
    seen: list[str] = []
    event.listen(database.engine, "commit", lambda _connection: seen.append("commit"))
    return seen


def _all_at_once(database: Database, works: list[Work]) -> list[Future[str]]:
    """Bring works while another piece is being done, so that they wait together."""
    is_begun, may_end = threading.Event(), threading.Event()

    def hold(_connection: Connection) -> str:
        is_begun.set()
        assert may_end.wait(5)
        return "held"

    with ThreadPoolExecutor(len(works) + 1) as pool:
        first = pool.submit(database.write_together, hold)
        assert is_begun.wait(5)
        told = [pool.submit(database.write_together, work) for work in works]
        if database.is_sqlite:
            while len(database._together._waiting) < len(works):
                time.sleep(0.001)
        may_end.set()
        first.result(5)
    return told


def test_what_comes_at_once_is_kept_and_each_hears_of_its_own(database: Database) -> None:
    names = [f"piece {number}" for number in range(6)]
    told = _all_at_once(database, [_writing(name) for name in names])
    assert [future.result() for future in told] == names
    assert _names(database) == set(names)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_waits_together_goes_to_the_disk_in_one_trip(database: Database) -> None:
    commits = _commits(database)
    _all_at_once(database, [_writing(f"piece {number}") for number in range(6)])
    assert len(commits) == 2  # the piece that was being done, and the six that came meanwhile


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_than_can_go_at_once_goes_in_turns(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "_MOST_AT_ONCE", 2)
    names = [f"piece {number}" for number in range(7)]
    told = _all_at_once(database, [_writing(name) for name in names])
    assert [future.result() for future in told] == names
    assert _names(database) == set(names)


def test_s1_one_that_fails_takes_none_of_the_others_with_it(database: Database) -> None:
    def fail(connection: Connection) -> str:
        connection.execute(insert(WorkerBeat), {"name": "half done", "seen": NOON})
        message = "stopped"
        raise RuntimeError(message)

    good, bad, better = _all_at_once(database, [_writing("good"), fail, _writing("better")])
    assert (good.result(), better.result()) == ("good", "better")
    with pytest.raises(RuntimeError, match="stopped"):
        bad.result()
    assert _names(database) == {"good", "better"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_s1_nobody_hears_of_what_could_not_be_committed(database: Database) -> None:
    said: list[str] = []

    def fail(_connection: Connection) -> None:
        if said:  # the piece that holds the others up is committed
            message = "the disk is gone"
            raise OperationalError(message, None, Exception(message))
        said.append("commit")

    event.listen(database.engine, "commit", fail)
    told = _all_at_once(database, [_writing("one"), _writing("two")])
    event.remove(database.engine, "commit", fail)
    assert _names(database) == set()
    assert [type(future.exception()) for future in told] == [DatabaseUnreachableError] * 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_s1_nobody_is_told_that_a_piece_is_done_when_the_thread_that_did_it_was_ended(database: Database) -> None:
    def end(_connection: Connection) -> str:
        raise SystemExit

    others = _all_at_once(database, [end, _writing("beside it")])
    kept = _names(database)
    for future in others:
        if future.exception() is None:
            assert future.result() in kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_waits_too_long_is_told_and_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "TURN_SECONDS", 0.05)
    is_begun, may_end = threading.Event(), threading.Event()

    def hold(_connection: Connection) -> str:
        is_begun.set()
        assert may_end.wait(5)
        return "held"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(database.write_together, hold)
        assert is_begun.wait(5)
        with pytest.raises(DatabaseUnreachableError, match="for too long"):
            database.write_together(_writing("too late"))
        may_end.set()
        assert first.result(5) == "held"
    assert _names(database) == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_d4_what_sqlite_has_given_up_by_itself_is_not_taken_for_kept(database: Database) -> None:
    """When the disk is full SQLite may end a transaction of its own accord; a block may have passed over the fault."""

    def give_up(connection: Connection) -> str:
        _writing("lost")(connection)
        connection.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]  # it is there
        return "as if nothing had been"

    with pytest.raises(DatabaseUnreachableError, match="gave up"):
        database.write_together(give_up)
    assert _names(database) == set()
