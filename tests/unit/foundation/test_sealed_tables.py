"""K1 to K3: every table that seals is known, words are bound to their place, and a destroyed key opens nothing."""

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, select, update

from hscb_voice.foundation.database import Base
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.sealed_tables import destroy_row_key, sealed_tables
from hscb_voice.responses.models import Comment, Response, SecondAnswer
from hscb_voice.responses.words import comments_of
from tests.support.installations import fill


def _wrapped(column: Column[object]) -> bool:
    return column.name.endswith("wrapped_key")


def test_k2_every_table_with_sealed_words_is_known_to_the_change_of_keys() -> None:
    """A sealed column stands in a table that has data keys, or in one that hangs on such a table."""
    known = {sealed.name for sealed in sealed_tables()}
    forgotten = []
    for table in Base.metadata.sorted_tables:
        above = {key.column.table.name for key in table.foreign_keys}
        for column in table.columns:
            is_sealed = isinstance(column.type, LargeBinary) and "sealed" in column.name
            if is_sealed and not ({table.name} | above) & known:
                forgotten.append(f"{table.name}.{column.name}")
    assert {"responses", "second_answers", "concern_notes", "letters"} <= known
    assert forgotten == []


def test_k2_every_wrapped_key_has_the_id_of_the_key_that_wraps_it_beside_it() -> None:
    known = {(sealed.name, sealed.wrapped_key.name) for sealed in sealed_tables()} | {
        ("registered_keys", "wrapped_key")
    }
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _wrapped(column)
    }
    assert found == known


def test_a_table_with_several_seals_and_one_without_an_id_are_told_apart() -> None:
    metadata = MetaData()
    wrapped, key_id = Column("totp_wrapped_key", LargeBinary), Column("totp_key_id", String)
    Table("accounts", metadata, Column("id", String, primary_key=True), wrapped, key_id)
    (sealed,) = sealed_tables(metadata)
    assert (sealed.name, sealed.wrapped_key, sealed.key_id) == ("accounts", wrapped, key_id)
    Table("loose", metadata, Column("wrapped_key", LargeBinary), Column("key_id", String))
    with pytest.raises(ValueError, match="loose has wrapped keys"):
        sealed_tables(metadata)


def test_k1_sealed_words_moved_to_another_row_column_or_table_do_not_open(platform: Platform) -> None:
    ids = fill(platform, 2)
    ring = platform.keys
    with platform.database.reading() as connection:
        rows = connection.execute(
            select(Response.id, Response.key_id, Response.wrapped_key).order_by(Response.id)
        ).all()
        sealed = connection.execute(select(Comment.sealed).where(Comment.response_id == ids[0])).scalar_one()
    keys = {row.id: WrappedKey(row.key_id, row.wrapped_key) for row in rows}
    own = ring.seal_of_row("responses", ids[0], keys[ids[0]])
    assert own.open(sealed, "q2a|0").startswith("I felt better")
    with pytest.raises(KeyMissingError):
        own.open(sealed, "q2a|1")
    with pytest.raises(KeyMissingError):
        ring.seal_of_row("responses", ids[1], keys[ids[1]]).open(sealed, "q2a|0")
    for table, row_id in (("second_answers", ids[0]), ("responses", ids[1])):
        with pytest.raises(KeyMissingError):
            ring.seal_of_row(table, row_id, keys[ids[0]])


def test_k1_each_row_has_a_key_of_its_own(platform: Platform) -> None:
    fill(platform)
    with platform.database.reading() as connection:
        rows = connection.execute(select(Response.id, Response.key_id, Response.wrapped_key)).all()
    keys = {platform.keys.unwrap("responses", row.id, WrappedKey(row.key_id, row.wrapped_key)) for row in rows}
    assert len(keys) == len(rows) > 1


def test_k3_once_a_rows_key_is_destroyed_nobody_opens_its_words(platform: Platform) -> None:
    ids = fill(platform, 3)
    with platform.database.reading() as connection:
        sealed = connection.execute(select(Comment.sealed).where(Comment.response_id == ids[1])).scalar_one()
    with platform.database.writing() as connection:
        assert destroy_row_key(connection, "responses", ids[1])
        assert not destroy_row_key(connection, "responses", "nobody")
    with platform.database.reading() as connection:
        kept = connection.execute(select(Comment.sealed).where(Comment.response_id == ids[1])).scalar_one()
        left = connection.execute(select(Response.wrapped_key).where(Response.id == ids[1])).scalar_one()
        said = {comment.response_id for comment in comments_of(connection, platform.keys, ids)}
    assert (kept, left) == (sealed, None)
    assert said == {ids[0], ids[2]}


def test_k3_a_row_that_cannot_be_without_a_key_goes_with_it(platform: Platform) -> None:
    fill(platform, 1)
    with platform.database.writing() as connection:
        second = connection.execute(select(SecondAnswer.id)).scalar_one()
        assert destroy_row_key(connection, SecondAnswer.__tablename__, second)
        assert connection.execute(select(SecondAnswer.id)).first() is None
    with pytest.raises(KeyError), platform.database.writing() as connection:
        destroy_row_key(connection, "tallies", "1")


def test_words_under_a_key_that_is_not_here_are_not_shown_as_anything_else(platform: Platform) -> None:
    ids = fill(platform, 1)
    with platform.database.writing() as connection:
        connection.execute(update(Response).values(key_id="2020-01"))
    with pytest.raises(KeyMissingError, match="“2020-01” is not here"), platform.database.reading() as connection:
        comments_of(connection, platform.keys, ids)
    assert isinstance(platform.keys, KeyRing)
