"""Rows F3 and F4, D4: what is thanked for is on the disk; a broken, full or read-only one loses nothing and says so."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from tests.faults.own_server import OwnServer, own_server
from tests.support.books import open_form, opened_books
from tests.support.disks import (
    TROUBLES,
    BreakableDisk,
    Call,
    breakable_disk,
    calls_of,
    strace_or_skip,
    unsynced_before,
    watching,
)
from tests.support.serving import RealSite, real_site
from tests.support.sittings import CHILD, version_of

pytestmark = pytest.mark.faults
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def disk() -> Iterator[BreakableDisk]:
    """A disk that can be broken."""
    with breakable_disk() as built:
        yield built


def send_some(site: RealSite, platform: Platform, number: int = 5) -> None:
    """Send some answers one after another, and see each thanked for."""
    for _ in range(number):
        body = {"version": version_of(platform, CHILD).id, "answers": {"q2": ["okay"], "answered": "together"}}
        assert site.ask("PUT", f"/f/{CHILD}/answers/{new_id()}", json.dumps(body)).status == 201


@ON_SQLITE
def test_row_f3_on_sqlite_every_answer_is_synced_to_the_disk_before_its_reply(
    settings: Settings, platform: Platform, tmp_path: Path
) -> None:
    record = tmp_path / "strace"
    before = watching(record)
    open_form(platform)
    with real_site(settings, workers=1, before=before) as site:
        send_some(site, platform)
    assert unsynced_before(calls_of(record), "voice.db-wal", "HTTP/1.1 201") == []


def test_row_f3_on_postgresql_every_answer_is_synced_to_the_disk_before_its_commit_is_told(
    server: OwnServer, tmp_path: Path
) -> None:
    strace_or_skip()
    record = tmp_path / "strace"
    open_form(server.platform)
    with real_site(server.settings, workers=1) as site:
        watcher = subprocess.Popen(watching(record, server.cluster.process), stderr=subprocess.DEVNULL)  # noqa: S603 - as above
        try:
            time.sleep(1)
            server.platform.database.dispose()
            send_some(site, server.platform)
        finally:
            watcher.terminate()
            watcher.wait()
    calls = [call for call in calls_of(record) if "pg_wal" in call.rest or "COMMIT" in call.rest]
    assert unsynced_before(calls, "pg_wal", "COMMIT") == []


def test_a_reply_before_the_sync_is_noticed() -> None:
    calls = [
        Call(1, "pwrite64", "5</data/voice.db-wal>, ...) = 10"),
        Call(1, "sendto", '7<socket>, "HTTP/1.1 201 CREATED"...) = 30'),
        Call(1, "fdatasync", "5</data/voice.db-wal>) = 0"),
    ]
    assert len(unsynced_before(calls, "-wal", "HTTP/1.1 201")) == 1
    calls[1], calls[2] = calls[2], calls[1]
    assert unsynced_before(calls, "-wal", "HTTP/1.1 201") == []


@ON_SQLITE
@pytest.mark.parametrize("trouble", TROUBLES)
def test_row_f4_d4_a_disk_that_cannot_be_written_to_loses_nothing_that_was_thanked_for(
    settings: Settings, platform: Platform, disk: BreakableDisk, trouble: str
) -> None:
    with real_site(settings, environment=disk.environment("voice.db")) as site:
        books = opened_books(platform, site)
        books.begin(4)
        for _ in range(3):
            time.sleep(0.7)
            with disk.suffering(TROUBLES[trouble]):
                time.sleep(0.3)
                check_kindness(site, platform)
                end = time.monotonic() + 10
                while not books.retries and time.monotonic() < end:  # a busy machine takes a while to meet the trouble
                    time.sleep(0.05)
        time.sleep(0.5)
        books.finish()
    faults = books.faults(platform)
    print(f"F4 {trouble}: {len(books.thanked)} thanked, {books.retries} sent again, {faults}")  # noqa: T201 - the figures of the row
    assert faults == []
    assert books.retries > 0
    assert len(books.thanked) > 4


def check_kindness(site: RealSite, platform: Platform) -> None:
    """See that a page's answer comes back whole, with when to try again, and that the form is still there."""
    sent = {
        "sitting": new_id(),
        "version": str(version_of(platform, CHILD).id),
        "q2a": "I said it.",
        "answered": "together",
    }
    reply = site.post(f"/f/{CHILD}", sent)
    assert reply.status == 503
    assert reply.headers["Retry-After"]
    assert "I said it." in reply.text
    assert site.ask("GET", f"/f/{CHILD}").status == 200
    assert site.ask("GET", "/healthz").status == 200


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OwnServer]:
    """An installation on a PostgreSQL server of its own; with `disk` as parameter, on a disk that can be broken."""
    disk = request.getfixturevalue("disk") if getattr(request, "param", "") == "disk" else None
    with own_server(tmp_path, disk) as started:
        yield started


@pytest.mark.parametrize("server", ["disk"], indirect=True)
@pytest.mark.parametrize("trouble", ["broken", "full"])
def test_row_f4_d4_a_disk_that_breaks_under_postgresql_loses_nothing_that_was_thanked_for(
    server: OwnServer, trouble: str
) -> None:
    assert server.disk
    with real_site(server.settings) as site:
        books = opened_books(server.platform, site)
        books.begin(4)
        time.sleep(1)
        with server.disk.suffering(TROUBLES[trouble]):
            end = time.monotonic() + 20
            while not books.retries and time.monotonic() < end:  # a busy machine takes a while to meet the trouble
                time.sleep(0.2)
            assert site.ask("GET", "/healthz").status == 200
        server.cluster.start()
        time.sleep(1)
        books.finish()
    server.platform.database.dispose()
    faults = books.faults(server.platform)
    print(f"F4 PostgreSQL {trouble}: {len(books.thanked)} thanked, {books.retries} sent again, {faults}")  # noqa: T201 - the figures of the row
    assert faults == []
    assert books.retries > 0
