"""F10: migrations go up, down, and up again with data in them, and make exactly the tables that the code speaks of."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DBAPIError

from hscb_voice.foundation.database import Base, Database
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.migrating import migrate, newest_revision, revision_of
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.responses.words import comments_of
from tests.support.answering import keep_answer, keep_second_answer

SCRIPTS = Path(__file__).parent.parent.parent / "migrations"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


def _revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in found][::-1]


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def _rows(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name in _tables(database)
        }


def _fill(platform: Platform) -> str:
    kept = keep_answer(platform, {"q2": ["scared"], "q2a": "I am scared of him.", "talk": "yes"})
    keep_second_answer(platform, {"q2a": "No."}, sitting_id=kept.response_id)
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    return kept.response_id


def test_revisions_follow_each_other_in_the_order_of_their_names() -> None:
    revisions = _revisions()
    assert revisions == sorted(revisions)
    assert revisions[-1] == newest_revision()


def test_the_migrated_tables_are_those_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        differences: list[Any] = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    assert differences == []


def test_each_step_down_can_be_taken_up_again_with_data_in_the_tables(platform: Platform) -> None:
    response_id = _fill(platform)
    database = platform.database
    before = _rows(database)
    for revision in reversed(_revisions()[:-1]):
        migrate(database, revision)
        assert revision_of(database) == revision
    left = _rows(database)
    assert {name: left[name] for name in ("responses", "comments", "second_answers")} == {
        name: before[name] for name in ("responses", "comments", "second_answers")
    }
    for revision in _revisions()[1:]:
        migrate(database, revision)
    after = _rows(database)
    assert set(after) == set(before)
    assert after["responses"] == before["responses"]
    with database.reading() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
    assert comment.text == "I am scared of him."
    # What goes with its tables comes back by screening again.
    assert after["concerns"] == 0
    keep_second_answer(platform, {"q2a": "Another."}, sitting_id=response_id)
    platform.jobs.run_for(response_id, [SCREEN_JOB])
    assert _rows(database)["concerns"] == before["concerns"]


def test_all_the_way_down_leaves_nothing_and_up_again_works(platform: Platform) -> None:
    _fill(platform)
    migrate(platform.database, "base")
    assert _tables(platform.database) == set()
    assert revision_of(platform.database) is None
    migrate(platform.database)
    assert _tables(platform.database) == set(Base.metadata.tables)
    assert revision_of(platform.database) == newest_revision()


def test_migrating_again_changes_nothing(platform: Platform) -> None:
    _fill(platform)
    before = _rows(platform.database)
    migrate(platform.database)
    assert _rows(platform.database) == before


def test_references_are_minded_again_after_migrating(platform: Platform) -> None:
    migrate(platform.database)
    response_id = _fill(platform)
    responses = Base.metadata.tables["responses"]
    with pytest.raises(DBAPIError), platform.database.writing() as connection:
        connection.execute(responses.delete().where(responses.c.id == response_id))


def test_an_empty_database_has_no_revision_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert revision_of(empty) is None
    empty.dispose()
    with pytest.raises(DatabaseUnreachableError, match="VOICE_DATABASE_URL"):
        revision_of(Database("postgresql+psycopg://voice@127.0.0.1:1/voice"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_filled_file_survives_being_copied_and_migrated(platform: Platform, tmp_path: Path) -> None:
    _fill(platform)
    before = _rows(platform.database)
    platform.database.dispose()
    copied = Database(f"sqlite:///{shutil.copy(str(platform.database.engine.url.database), tmp_path / 'copy.db')}")
    migrate(copied)
    assert _rows(copied) == before
    copied.dispose()
