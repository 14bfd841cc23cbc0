"""The record of who did what: chained, complete, and refused to whoever would change it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hscb_voice.audit import queries
from hscb_voice.audit.chain import Entry
from hscb_voice.audit.errors import NotNotableError
from hscb_voice.audit.queries import EntryFilter, entries, verify
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.platform import Platform


def _write(platform: Platform, n: int) -> None:
    for number in range(n):
        with platform.database.writing() as connection:
            note(connection, f"person-{number % 2}", "signed in", f"account {number}", now=platform.clock.now())


def _meddle(database: Database, statement: str) -> None:
    """Change the record as somebody could who owns the database and has taken its guards away."""
    with database.writing() as connection:
        if database.is_sqlite:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_entries_no_{name}"))
        else:
            connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        connection.execute(text(statement))


def test_an_untouched_record_is_sound_and_read_newest_first(platform: Platform, clock: SetClock) -> None:
    _write(platform, 3)
    clock.pass_time(timedelta(hours=1, microseconds=7))
    with platform.database.writing() as connection:
        newest = note(connection, "person-1", "read a comment", "response x", reason="themes", now=clock.now())
    with platform.database.reading() as connection:
        found, total = entries(connection, page=1, size=2)
        report = verify(connection)
    assert (total, [e.number for e in found]) == (4, [4, 3])
    assert found[0] == newest
    assert (report.is_sound, report.entries, report.head) == (True, 4, newest.entry_hash)


def test_an_empty_record_is_sound(platform: Platform) -> None:
    with platform.database.reading() as connection:
        assert verify(connection).is_sound


def test_entries_can_be_found_by_who_act_and_subject(platform: Platform) -> None:
    _write(platform, 4)
    with platform.database.reading() as connection:
        found, total = entries(connection, EntryFilter(who="person-1", act="signed in", subject="account 3"))
    assert (total, found[0].subject) == (1, "account 3")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET who = 'somebody else' WHERE number = 2",
        "DELETE FROM audit_entries WHERE number = 2",
        "DELETE FROM audit_entries",
    ],
)
def test_l1_the_database_refuses_to_change_or_remove_an_entry(platform: Platform, statement: str) -> None:
    _write(platform, 3)
    with pytest.raises(DBAPIError, match="only ever added to"), platform.database.writing() as connection:
        connection.execute(text(statement))


def test_l1_the_database_refuses_to_replace_or_empty_the_record(platform: Platform) -> None:
    _write(platform, 2)
    replacing = "INSERT OR REPLACE INTO audit_entries SELECT number, at, 'x', act, subject, reason, previous_hash, "
    replacing += "entry_hash FROM audit_entries WHERE number = 1"
    statement = replacing if platform.database.is_sqlite else "TRUNCATE audit_entries"
    with pytest.raises(DBAPIError, match="only ever added to"), platform.database.writing() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "first_bad", "trouble"),
    [
        ("UPDATE audit_entries SET who = 'somebody else' WHERE number = 3", 3, "changed"),
        ("UPDATE audit_entries SET reason = 'none' WHERE number = 1", 1, "changed"),
        ("DELETE FROM audit_entries WHERE number = 2", 2, "missing"),
        ("DELETE FROM audit_entries WHERE number = 5", 5, "newest entries are missing"),
        ("UPDATE audit_entries SET number = number + 10 WHERE number = 4", 4, "missing"),
        ("UPDATE audit_entries SET number = number - 1 WHERE number > 0", 1, "missing"),
        ("UPDATE audit_entries SET previous_hash = entry_hash WHERE number = 4", 4, "does not follow"),
        ("UPDATE audit_head SET number = 4", 6, "missing"),
    ],
)
def test_l2_verify_names_the_first_entry_that_is_not_as_it_was_written(
    platform: Platform, statement: str, first_bad: int, trouble: str
) -> None:
    _write(platform, 5)
    if "number - 1" in statement and not platform.database.is_sqlite:
        statement = "UPDATE audit_entries SET number = number - 100 WHERE number > 0"
    _meddle(platform.database, statement)
    with platform.database.reading() as connection:
        report = verify(connection)
    assert not report.is_sound
    assert report.first_bad == first_bad
    assert trouble in report.trouble


def test_l1_an_act_that_fails_leaves_no_entry(platform: Platform, clock: SetClock) -> None:
    def act(connection: Connection) -> None:
        note(connection, "person-1", "signed in", "account 1", now=clock.now())
        message = "the act went wrong after it was noted"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError), platform.database.writing() as connection:
        act(connection)
    with platform.database.reading() as connection:
        assert entries(connection) == ([], 0)


def test_l2_acts_at_the_same_time_make_one_chain(platform: Platform) -> None:
    def act(number: int) -> None:
        with platform.database.writing() as connection:
            note(connection, f"person-{number}", "signed in", "account", now=platform.clock.now())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))
    with platform.database.reading() as connection:
        report = verify(connection)
    assert (report.is_sound, report.entries) == (True, 40)


@pytest.mark.parametrize(
    ("who", "act", "subject"), [("", "signed in", "x"), ("x", "", "x"), ("x", "signed in", "s" * 121)]
)
def test_it_refuses_an_entry_without_an_act_or_too_long(
    platform: Platform, clock: SetClock, who: str, act: str, subject: str
) -> None:
    with pytest.raises(NotNotableError), platform.database.writing() as connection:
        note(connection, who, act, subject, now=clock.now())


@pytest.mark.parametrize("batch", [2, 1000])
def test_what_is_written_while_the_record_is_checked_is_no_fault(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """On PostgreSQL each question sees what others have committed meanwhile."""
    _write(platform, 3)
    monkeypatch.setattr(queries, "_BATCH", batch)
    in_order = queries._in_order
    came: list[bool] = []

    def in_order_while_others_write(*arguments: Any) -> Iterator[Entry]:
        yield from in_order(*arguments)
        if not came:
            came.append(True)
            _write(platform, 1)

    monkeypatch.setattr(queries, "_in_order", in_order_while_others_write)
    with platform.database.reading() as connection:
        report = verify(connection)
    assert report.is_sound
    assert report.entries in {3, 4}
