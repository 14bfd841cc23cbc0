"""Rows F1 and F2: web processes, and the database's own, are killed under load. Nobody is thanked for what is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.responses.models import Comment
from tests.faults.own_server import OwnServer, own_server
from tests.support.books import Books, opened_books
from tests.support.serving import real_site

pytestmark = pytest.mark.faults
CLIENTS = 8
LONGEST_WAIT_SECONDS = 10
KILLS, KILLS_OF_THE_DATABASE = 20, 5


def test_row_f1_web_processes_killed_twenty_times_under_eight_clients_lose_and_double_nothing(
    settings: Settings, platform: Platform
) -> None:
    with real_site(settings) as site:
        books = opened_books(platform, site)
        books.begin(CLIENTS)
        for kill in range(KILLS):
            time.sleep(0.3)
            # However slow the machine is, there must be work to kill: two more thanked for since the last kill.
            end = time.monotonic() + LONGEST_WAIT_SECONDS
            while len(books.thanked) < 2 * (kill + 1) and time.monotonic() < end:
                time.sleep(0.02)
            while not site.kill_workers():
                time.sleep(0.02)
        time.sleep(1)
        books.finish()
        faults = books.faults(platform)
    print(f"F1: {site.killed} processes killed, {len(books.thanked)} thanked, {books.retries} sent again, {faults}")  # noqa: T201 - the figures of the row
    assert faults == []
    assert site.killed >= KILLS
    assert len(books.thanked) >= 2 * KILLS
    assert books.retries > 0, "no client ever met a killed process"


def test_the_books_notice_one_lost_and_one_doubled_answer(settings: Settings, platform: Platform) -> None:
    with real_site(settings, workers=1) as site:
        books = opened_books(platform, site)
        books.begin(1)
        time.sleep(1)
        books.finish()
    assert books.faults(platform) == []
    sitting = next(iter(books.thanked))
    with platform.database.writing() as connection:
        connection.execute(delete(Comment).where(Comment.response_id == sitting))
    assert f"words lost: {sitting}" in books.faults(platform)
    gone = Books(books.site, books.version, thanked={**books.thanked, "never-kept": "apple-river-stone"})
    gone.words = {**books.words, "never-kept": ""}
    assert "lost: never-kept" in gone.faults(platform)
    del books.thanked[sitting]
    assert any(fault.startswith("responses: ") for fault in books.faults(platform)), "an answer too many is not noticed"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    """An installation on a PostgreSQL server of its own."""
    with own_server(tmp_path) as started:
        yield started


def test_row_f2_the_database_killed_five_times_under_load_loses_and_doubles_nothing(server: OwnServer) -> None:
    cluster, settings, platform = server.cluster, server.settings, server.platform
    with real_site(settings) as site:
        books = opened_books(platform, site)
        books.begin(CLIENTS)
        for _ in range(KILLS_OF_THE_DATABASE):
            time.sleep(1)
            cluster.kill()
            time.sleep(0.3)
            assert site.ask("GET", "/healthz").status == 200
            cluster.start()
        time.sleep(1)
        books.finish()
        platform.database.dispose()
        faults = books.faults(platform)
    print(f"F2: {KILLS_OF_THE_DATABASE} kills, {len(books.thanked)} thanked, {books.retries} sent again, {faults}")  # noqa: T201 - the figures of the row
    assert faults == []
    assert len(books.thanked) >= CLIENTS
    assert books.retries > 0


def test_the_database_under_test_writes_to_the_disk_as_a_real_one_does(server: OwnServer) -> None:
    database = Database(server.settings.database_url)
    with database.reading() as connection:
        shown = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("fsync", "full_page_writes")}
    database.dispose()
    assert shown == {"fsync": "on", "full_page_writes": "on"}
