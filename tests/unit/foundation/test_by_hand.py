"""Inserts by hand: each row once, in the caller's transaction, faults by their usual names, on both engines."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from hscb_voice.foundation.by_hand import ByHand
from hscb_voice.foundation.database import Database

SECRET = "words that must stand in no fault"


LEAVES = Table("leaves_by_hand", MetaData(), Column("id", Integer, primary_key=True), Column("words", Text))
ADD = ByHand("leaves_by_hand", ("id", "words"))
ADD_ONCE = ByHand("leaves_by_hand", ("id", "words"), "ON CONFLICT DO NOTHING RETURNING id")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with that table."""
    found = Database(database_url)
    LEAVES.create(found.engine)
    yield found
    LEAVES.drop(found.engine)
    found.dispose()


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(LEAVES)).scalar_one()


@pytest.mark.parametrize("rows", [0, 1, 2, 64, 65, 200])
def test_it_inserts_each_row_once_however_many_there_are(database: Database, rows: int) -> None:
    with database.writing() as connection:
        ADD.run(connection, [(number, f"leaf {number}") for number in range(rows)])
    with database.reading() as connection:
        assert _count(connection) == rows
        kept = connection.execute(select(LEAVES)).all()
        assert all(words == f"leaf {number}" for number, words in kept)


def test_it_tells_whether_a_row_was_inserted(database: Database) -> None:
    with database.writing() as connection:
        assert ADD_ONCE.first(connection, (1, "")) == (1,)
        assert ADD_ONCE.first(connection, (1, "another")) is None
    with database.reading() as connection:
        assert _count(connection) == 1


def test_what_it_inserts_goes_with_the_callers_transaction(database: Database) -> None:
    def write() -> None:
        with database.writing() as connection:
            ADD.run(connection, [(1, ""), (2, "")])
            assert ADD_ONCE.first(connection, (3, "")) == (3,)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    with database.reading() as connection:
        assert _count(connection) == 0


def test_a_fault_has_its_usual_name_and_says_no_words(database: Database) -> None:
    with pytest.raises(IntegrityError) as told, database.writing() as connection:
        ADD.run(connection, [(1, SECRET), (1, SECRET)])
    assert SECRET not in str(told.value)
    with database.reading() as connection:
        assert _count(connection) == 0
    with pytest.raises((OperationalError, ProgrammingError)), database.engine.connect() as connection:
        ByHand("no_such_table", ("id",)).run(connection, [(1,)])


def test_nothing_is_at_it_still_when_the_transaction_ends(database: Database) -> None:
    with database.writing() as connection:
        assert ADD_ONCE.first(connection, (1, "")) == (1,)
    with database.writing() as connection:
        connection.execute(text("DELETE FROM leaves_by_hand"))
