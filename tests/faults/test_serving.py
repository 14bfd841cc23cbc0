"""The real server under load: asked to reload, made to recycle, held up by slow senders; no request is lost."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.operations.bounded_worker import LONGEST_REQUEST_SECONDS
from hscb_voice.operations.metrics import registry_of
from hscb_voice.responses.models import Response
from tests.support.books import open_form
from tests.support.engines import free_port
from tests.support.serving import RealSite, environment_of, real_site
from tests.support.sittings import CHILD, version_of

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
CLIENTS = 8
PATIENCE = 60  # seconds; a machine that runs other tests beside may take half of them to start a server


def _answers(site: RealSite, platform: Platform, stop: threading.Event) -> Counter[int]:
    """Answer and ask, one request after the other, and never a second time: each must succeed at once."""
    version = version_of(platform, CHILD)
    seen: Counter[int] = Counter()
    while not stop.is_set():
        fields = {"sitting": new_id(), "version": str(version.id), "variant": "", "language": "en"}
        fields |= {"q2": "happy", "answered": "together"}
        seen[site.post(f"/f/{CHILD}", fields, seconds=PATIENCE).status] += 1
        seen[site.ask("GET", f"/f/{CHILD}", seconds=PATIENCE).status] += 1
    return seen


@contextlib.contextmanager
def _load(site: RealSite, platform: Platform) -> Iterator[list[Counter[int]]]:
    stop, seen = threading.Event(), list[Counter[int]]()
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(_answers, site, platform, stop) for _ in range(CLIENTS)]
        try:
            yield seen
        finally:
            stop.set()
        seen += [each.result() for each in running]


def _kept(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def _wait_for_others(site: RealSite, before: set[int]) -> None:
    """Wait until none of the web processes is there that were there before, and others are."""
    end = time.monotonic() + PATIENCE
    while (now := set(site.workers())) & before or not now:
        assert time.monotonic() < end, f"not replaced: {now & before}"
        time.sleep(0.2)


def test_a_reload_under_load_loses_no_request(settings: Settings, platform: Platform) -> None:
    open_form(platform)
    with real_site(settings) as site:
        with _load(site, platform) as seen:
            for _ in range(3):
                time.sleep(1.5)
                before = set(site.workers())
                site.process.send_signal(signal.SIGHUP)
                _wait_for_others(site, before)
        total = sum(seen, Counter())
    assert set(total) <= {200, 201, 303}, total
    assert total.total() >= 4 * CLIENTS
    assert _kept(platform) == total.total() // 2


def _activated(settings: Settings, listener: socket.socket) -> subprocess.Popen[bytes]:
    """Start the command of the service on a port that somebody else holds, as systemd's socket unit does."""
    told = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))"
    )
    launch = [sys.executable, "-c", f"{told}; os.execv(sys.argv[2], sys.argv[2:])", str(listener.fileno())]
    serve = [sys.executable, "-m", "hscb_voice", "serve", "--bind", "127.0.0.1:1"]  # not this one: the socket's
    with (settings.data_folder / "activated.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own server
            [*launch, *serve], pass_fds=(listener.fileno(),), env=environment_of(settings), stdout=log, stderr=log
        )


def test_a_restart_behind_systemds_socket_loses_no_request(settings: Settings, platform: Platform) -> None:
    open_form(platform)
    with socket.create_server(("127.0.0.1", free_port()), backlog=128) as listener:
        process = _activated(settings, listener)
        site = RealSite(listener.getsockname()[1], process, settings.data_folder / "activated.log")
        try:
            assert (
                site.ask("GET", "/healthz", seconds=PATIENCE).status == 200
            )  # waits in the socket until the server is there
            with _load(site, platform) as seen:
                for _ in range(2):
                    time.sleep(1.5)
                    process.terminate()
                    process.wait(PATIENCE)
                    process = _activated(settings, listener)
                time.sleep(6)
        finally:
            process.terminate()
            process.wait(PATIENCE)
    total = sum(seen, Counter())
    assert set(total) <= {200, 201, 303}, total
    assert total.total() >= 2 * CLIENTS
    assert _kept(platform) == total.total() // 2


def test_processes_that_have_grown_too_large_are_replaced_and_lose_no_request(
    settings: Settings, platform: Platform
) -> None:
    open_form(platform)
    with real_site(settings, environment={"VOICE_WORKER_MEMORY": "1"}) as site:
        before = set(site.workers())
        with _load(site, platform) as seen:
            time.sleep(5)
        assert not before & set(site.workers()), "nobody was replaced"
        total = sum(seen, Counter())
        assert set(total) <= {200, 201, 303}, total
        assert "is replaced" in site.log.read_text()
    assert _kept(platform) == total.total() // 2


def test_w4_slow_senders_cannot_hold_every_thread(settings: Settings, platform: Platform) -> None:
    open_form(platform)
    with real_site(settings) as site, contextlib.ExitStack() as lines:
        slow = [lines.enter_context(socket.create_connection(("127.0.0.1", site.port))) for _ in range(CLIENTS)]
        head = f"POST /f/{CHILD} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
        for number, line in enumerate(slow):
            line.sendall((head + ("\r\n" if number % 2 else "")).encode())  # half of them not even past the headers
        end = time.monotonic() + LONGEST_REQUEST_SECONDS + 8
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                for line in slow:
                    line.sendall(b"x")
            with contextlib.suppress(OSError):
                if site.ask("GET", "/healthz", seconds=2).status == 200:
                    break
        else:
            pytest.fail("the slow senders hold every thread for ever")
    assert _kept(platform) == 0


def test_w6_requests_of_every_process_are_counted_and_told_on_the_own_port_only(
    settings: Settings, platform: Platform, tmp_path: Path
) -> None:
    open_form(platform)
    measured = Settings(**{**vars(settings), "metrics_port": free_port(), "metrics_folder": tmp_path / "counts"})
    more = {"VOICE_METRICS_PORT": str(measured.metrics_port), "VOICE_METRICS_FOLDER": str(measured.metrics_folder)}
    with real_site(settings, environment=more) as site:
        sent = 0
        with ThreadPoolExecutor(CLIENTS) as pool:
            while sent < 2000 and len(list(measured.metrics_folder.glob("counter_*.db"))) < 2:
                assert set(pool.map(lambda _: site.ask("GET", f"/f/{CHILD}").status, range(40))) == {200}
                sent += 40
        assert site.ask("GET", "/f/no-such-code").status == 404
        for path in ("/metrics", "/staff/metrics", "/static/../metrics"):
            assert site.ask("GET", path).status == 404
        assert len(list(measured.metrics_folder.glob("counter_*.db"))) >= 2
        watching = build_platform(measured)
        try:
            registry = registry_of(watching)
            told = {(m.name, *sorted(m.labels.items())): m.value for f in registry.collect() for m in f.samples}
        finally:
            watching.database.dispose()
    asked = {
        status: told.get(("voice_requests_total", ("status", status), ("surface", "respondents")), 0)
        for status in ("200", "404")
    }
    assert asked["200"] == sent
    assert asked["404"] == 2  # the code that leads nowhere, and /metrics
    assert told["voice_answers_kept",] == 0
    assert told["voice_tablets_in_use",] == told["voice_tablet_answers_waiting",] == 0
    assert told["voice_database_up",] == 1
