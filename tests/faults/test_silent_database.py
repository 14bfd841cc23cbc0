"""D2 and row F5 at the database's own door: whatever the other side does, every call ends within five seconds."""

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.watchdog import PATIENCE_SECONDS, unhurried
from tests.support.proxy import Mode, Proxy, proxy_before

pytestmark = pytest.mark.faults
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# The call itself, and what a machine takes to say so: the longer, the more other work waits for its processors.
IN_TIME = PATIENCE_SECONDS + 0.6 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
TROUBLES: tuple[Mode, ...] = ("refuse", "reset", "silent")


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    """A proxy before the test's PostgreSQL server."""
    with proxy_before(make_url(database_url).port or 0) as opened:
        yield opened


@pytest.fixture
def database(database_url: str, proxy: Proxy) -> Iterator[Database]:
    """The test's database, reached through the proxy."""
    opened = Database(make_url(database_url).set(port=proxy.port).render_as_string())
    yield opened
    opened.dispose()


def ask(database: Database) -> None:
    """Ask something on the door for reading."""
    with database.reading() as connection:
        connection.execute(text("SELECT 1"))


def ends_in_time(call: Callable[[], object]) -> float:
    """Make a call that cannot succeed, and return how long it took; it fails the test when it does not end at all."""
    took: list[float] = []

    def watched() -> None:
        begun = time.monotonic()
        with pytest.raises(DatabaseUnreachableError):
            call()
        took.append(time.monotonic() - begun)

    thread = threading.Thread(target=watched, daemon=True)
    thread.start()
    thread.join(4 * PATIENCE_SECONDS)
    assert took, "the call did not end, or did not say that the database is unreachable"
    assert took[0] <= IN_TIME
    return took[0]


@ON_POSTGRESQL
@pytest.mark.parametrize("trouble", TROUBLES)
def test_d2_no_new_connection_is_waited_for_longer(database: Database, proxy: Proxy, trouble: Mode) -> None:
    proxy.become(trouble)
    ends_in_time(lambda: ask(database))
    proxy.become("pass")
    ask(database)


@ON_POSTGRESQL
@pytest.mark.parametrize("trouble", TROUBLES)
def test_d2_a_resting_connection_that_died_is_noticed_in_time(database: Database, proxy: Proxy, trouble: Mode) -> None:
    ask(database)
    proxy.become(trouble)
    ends_in_time(lambda: ask(database))
    proxy.become("pass")
    ask(database)


@ON_POSTGRESQL
@pytest.mark.parametrize("trouble", ["reset", "silent"])
@pytest.mark.parametrize("is_session", [False, True], ids=["connection", "session"])
def test_d2_silence_within_a_transaction_ends_in_time(
    database: Database, proxy: Proxy, trouble: Mode, *, is_session: bool
) -> None:
    def work() -> None:
        door = database.session(writes=True) if is_session else database.writing()
        with door as way:
            way.execute(text("SELECT 1"))
            proxy.become(trouble)
            way.execute(text("SELECT 2"))

    ends_in_time(work)


@ON_POSTGRESQL
def test_d2_silence_at_the_commit_ends_in_time(database: Database, proxy: Proxy) -> None:
    def work() -> None:
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE looked_at (a int)"))
            proxy.become("silent")

    ends_in_time(work)
    proxy.become("pass")
    with database.reading() as connection:
        assert connection.execute(text("SELECT to_regclass('looked_at')")).scalar() is None


@ON_POSTGRESQL
def test_d2_after_the_silence_the_same_process_goes_on(database: Database, proxy: Proxy) -> None:
    threads = [threading.Thread(target=ask, args=(database,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    proxy.become("silent")
    ends_in_time(lambda: ask(database))
    proxy.become("pass")
    for _ in range(5):
        begun = time.monotonic()
        ask(database)
        assert time.monotonic() - begun < IN_TIME


@ON_POSTGRESQL
def test_row_f5_a_slow_line_is_slow_and_breaks_nothing(database: Database, proxy: Proxy) -> None:
    proxy.become("slow")
    ask(database)
    ask(database)


@ON_POSTGRESQL
def test_d2_the_server_ends_a_slow_call_and_the_connection_lives_on(database: Database) -> None:
    ended_by: list[object] = []

    def work() -> None:
        with database.reading() as connection:
            try:
                connection.execute(text("SELECT pg_sleep(30)"))
            except OperationalError as fault:
                ended_by.append(type(fault.orig))
                raise

    # The server has half a second before the watchdog would; a very busy machine may need a second try.
    while QueryCanceled not in ended_by and len(ended_by) < 3:
        ends_in_time(work)
    assert ended_by[-1] is QueryCanceled
    assert database.answers()


@ON_POSTGRESQL
def test_work_at_which_nobody_waits_may_take_longer(database: Database) -> None:
    with unhurried(30), database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(5.5)"))
    with database.reading() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "4500ms"


@ON_POSTGRESQL
def test_row_f3_no_setting_of_the_server_lets_a_commit_return_before_it_is_on_disk(
    database_url: str, database: Database
) -> None:
    address = make_url(database_url)
    direct = Database(database_url)
    with direct.writing() as connection:
        connection.execute(text(f'ALTER DATABASE "{address.database}" SET synchronous_commit = off'))
    direct.dispose()
    with database.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


@ON_SQLITE
def test_d2_a_file_that_another_process_keeps_locked_is_given_up_in_time(database_url: str) -> None:
    database = Database(database_url)
    ask(database)
    place = make_url(database_url).database
    assert place
    keeper = sqlite3.connect(place, isolation_level=None)
    keeper.execute("BEGIN IMMEDIATE")

    def write() -> None:
        with database.writing() as connection:
            connection.execute(text("SELECT 1"))

    with ThreadPoolExecutor(6) as pool:
        assert max(pool.map(ends_in_time, [write] * 6)) <= IN_TIME
    ask(database)  # readers are not kept waiting
    keeper.execute("ROLLBACK")
    write()
    keeper.close()
    database.dispose()


@ON_SQLITE
def test_d2_a_file_locked_for_everybody_is_given_up_in_time_by_a_new_process_too(database_url: str) -> None:
    place = make_url(database_url).database
    assert place
    keeper = sqlite3.connect(place, isolation_level=None)
    keeper.execute("PRAGMA locking_mode=EXCLUSIVE")
    keeper.execute("BEGIN EXCLUSIVE")
    keeper.execute("CREATE TABLE kept (a int)")
    database = Database(database_url)
    ends_in_time(lambda: ask(database))
    keeper.execute("ROLLBACK")
    keeper.close()
    ask(database)
    database.dispose()


@ON_POSTGRESQL
def test_d2_a_server_whose_name_is_looked_up_for_ever_is_given_up_in_time(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, is_asked = socket.getaddrinfo, threading.Event()

    def slow(*arguments: Any, **more: Any) -> Any:
        is_asked.set()
        time.sleep(3 * PATIENCE_SECONDS)
        return look_up(*arguments, **more)

    database = Database(make_url(database_url).set(host="database.example").render_as_string())
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    ends_in_time(lambda: ask(database))
    assert is_asked.is_set()
    database.dispose()
