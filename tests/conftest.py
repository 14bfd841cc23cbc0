"""Fixtures for all tests: both engines, a platform that stands on one of them, and a clock that can be set."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from hscb_voice.factory import build_platform, create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from tests.support.engines import PostgresqlCluster

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlCluster]:
    """One PostgreSQL server for the whole run."""
    cluster = PostgresqlCluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "voice.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.dispose()
    return file


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: the test runs once an engine."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "voice.db")
        yield f"sqlite:///{file}"
    else:
        cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
        with cluster.copy("t_" + new_id().replace("-", "")) as url:
            yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation for tests."""
    make_key(tmp_path / "keys", "2026-01")
    env = {
        "VOICE_DATA": str(tmp_path),
        "VOICE_DATABASE_URL": database_url.replace("+psycopg", ""),
        "VOICE_SECRET_KEY": "a secret for tests that is long enough",
    }
    return Settings.from_env(env)


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at 10 o'clock on 22 November 2026."""
    return SetClock()


@pytest.fixture
def platform(settings: Settings, clock: SetClock) -> Iterator[Platform]:
    """A platform with all questionnaires published."""
    built = build_platform(settings, clock)
    with built.database.writing() as connection:
        for definition in all_definitions():
            publish(connection, definition, clock)
    yield built
    built.database.dispose()


@pytest.fixture
def app(platform: Platform, settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """The web application on that platform's database."""
    del platform
    application = create_app(replace(settings), clock)
    application.testing = True
    yield application
    application.extensions["voice"].database.dispose()
