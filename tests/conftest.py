"""Fixtures for all tests: both engines, a platform that stands on one of them, and a clock that can be set."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.questionnaires.service import publish
from tests.support.engines import TEMPLATE, PostgresqlCluster
from tests.support.once import once_a_run
from tests.support.sooner import compile_templates_once, hash_quickly, search_less_for_rubbish, spare_what_is_the_same

ENGINES, _PUBLISHED = ("sqlite", "postgresql"), "published_template"


def pytest_configure() -> None:
    """Prepare this process."""
    spare_what_is_the_same()


def pytest_collection_finish() -> None:
    """Begin to test."""
    search_less_for_rubbish()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    compile_templates_once(once_a_run(tmp_path_factory.mktemp("templates"), "templates", lambda _: None))


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash quickly, but where it matters that guessing takes its time."""
    if "faults" not in request.path.parts:
        hash_quickly(monkeypatch)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlCluster]:
    """One PostgreSQL server for the whole run."""
    cluster = PostgresqlCluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    return Path(shutil.copy(once_a_run(folder, "migrated", _migrate_in) / "voice.db", folder))


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: the test runs once an engine."""
    is_published = "platform" in request.fixturenames
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("migrated_file")
        shutil.copy(_published_file(file) if is_published else file, tmp_path / "voice.db")
        yield f"sqlite:///{tmp_path / 'voice.db'}"
    else:
        cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
        template = _published_in(cluster) if is_published else TEMPLATE
        with cluster.copy("t_" + new_id().replace("-", ""), template) as url:
            yield url


def _migrate_in(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'voice.db'}")
    migrate(database)
    database.dispose()


@cache
def _published_file(migrated: Path) -> Path:
    """Return a copy of a migrated file with all questionnaires published: publishing each time takes longer."""
    file = migrated.with_name("published.db")
    shutil.copy(migrated, file)
    _publish_all(f"sqlite:///{file}")
    return file


@cache
def _published_in(cluster: PostgresqlCluster) -> str:
    """Return the name of a database with all questionnaires published, to be copied."""
    cluster.make(_PUBLISHED)
    _publish_all(cluster.url(_PUBLISHED))
    return _PUBLISHED


def _publish_all(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        for definition in all_definitions():
            publish(connection, definition, SetClock())
    database.dispose()


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
    """A platform with all questionnaires published (its database comes with them)."""
    built = build_platform(settings, clock)
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
