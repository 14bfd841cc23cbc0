"""Filled installations for tests of keys and backups: every kind of sealed row, and how to open them all again."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Base
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_register import register_current
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.sealed_tables import sealed_tables
from hscb_voice.foundation.settings import Settings, database_address
from hscb_voice.opening import build_platform
from hscb_voice.responses.models import Response, SecondAnswer
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.responses.words import comments_of, second_answers_of
from tests.support import tablets
from tests.support.answering import keep_answer, keep_second_answer

WORDS = "I felt better after we talked about it, number {}."
OLD_KEY, NEW_KEY = "2026-01", "2027-01"


def register_keys(platform: Platform) -> None:
    """Enter the current key, as `hscb-voice migrate` does."""
    with platform.database.writing() as connection:
        register_current(connection, platform.keys, platform.clock.now())


def fill(platform: Platform, answers: int = 6) -> list[str]:
    """Keep answers with words, a second answer and a concern, and add a tablet.

    Args:
        platform: where; its current key is registered first.
        answers: how many.

    Returns:
        The responses' ids.
    """
    register_keys(platform)
    ids = []
    for number in range(answers):
        given: dict[str, Any] = {"q2": ["happy"], "q2a": WORDS.format(number)}
        if number == 0:
            given["talk"] = "yes"
        kept = keep_answer(platform, given, setting=Setting(team="North", service="Family support"))
        ids.append(kept.response_id)
    keep_second_answer(platform, {"q2a": "Something else."}, sitting_id=ids[-1])
    platform.jobs.run_for(ids[0], [SCREEN_JOB])
    tablets.add(platform, slugs=["my-story"])
    return ids


def opened_words(platform: Platform) -> dict[str, list[str]]:
    """Open everything that was said: response id -> its comments and second answers, in order."""
    with platform.database.reading() as connection:
        ids = list(connection.execute(select(Response.id).order_by(Response.id)).scalars())
        said = {response_id: list[str]() for response_id in ids}
        for comment in comments_of(connection, platform.keys, ids):
            said[comment.response_id].append(comment.text)
        for response_id in connection.execute(select(SecondAnswer.response_id).distinct()).scalars():
            said[response_id] += [
                str(each.answers) for each in second_answers_of(connection, platform.keys, response_id)
            ]
    return said


def key_ids_in_use(platform: Platform) -> set[str]:
    """Return the ids of the keys that wrap any row."""
    used: set[str] = set()
    with platform.database.reading() as connection:
        for sealed in sealed_tables():
            query = select(sealed.key_id).where(sealed.wrapped_key.is_not(None)).distinct()
            used |= set(connection.execute(query).scalars())
    return used


def every_row_opens(platform: Platform) -> bool:
    """Try every wrapped key; raises when one does not open."""
    with platform.database.reading() as connection:
        for sealed in sealed_tables():
            query = select(sealed.row_id, sealed.key_id, sealed.wrapped_key).where(sealed.wrapped_key.is_not(None))
            for row_id, key_id, wrapped in connection.execute(query):
                platform.keys.unwrap(sealed.name, str(row_id), WrappedKey(key_id, wrapped))
    return True


def counts(platform: Platform) -> dict[str, int]:
    """Count the rows of every table of the program."""
    with platform.database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


@contextlib.contextmanager
def opened(settings: Settings, place: str, clock: SetClock) -> Iterator[Platform]:
    """Open a platform on another database, with the same keys.

    Args:
        settings: of the installation that was backed up.
        place: a folder, or a PostgreSQL address.
        clock: tells the time.
    """
    url = database_address(place) if "://" in place else f"sqlite:///{Path(place) / 'voice.db'}"
    platform = build_platform(replace(settings, database_url=url), clock)
    try:
        yield platform
    finally:
        platform.database.dispose()


@contextlib.contextmanager
def empty_place(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Make an empty folder, or an empty PostgreSQL database, and yield what `--into` takes.

    Args:
        engine: sqlite or postgresql.
        request: gives the server.
        tmp_path: a folder for the test.
    """
    if engine == "sqlite":
        yield str(tmp_path / f"restored-{new_id()}")
        return
    with request.getfixturevalue("postgresql").copy("r_" + new_id().replace("-", ""), template="template0") as url:
        yield url


def add_key(settings: Settings, key_id: str = NEW_KEY) -> KeyRing:
    """Put a further key into an installation's folder and return a ring that has it."""
    make_key(settings.keys_folder, key_id)
    return KeyRing.from_folder(settings.keys_folder)
