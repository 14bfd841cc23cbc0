"""Row S7: an address, a name and a sentence are planted in a real run, faults are provoked, and all traces searched.

The server, the worker and the metrics run as a council runs them. Afterwards no log, no database file, no write-ahead
log, no count and no error page may hold a marker.
"""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from prometheus_client import generate_latest
from sqlalchemy import text, update

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job, enqueue
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.opening import build_platform
from hscb_voice.operations.metrics import registry_of
from hscb_voice.responses.models import Comment
from tests.support.books import open_form
from tests.support.database_files import bytes_on_disk
from tests.support.engines import free_port
from tests.support.serving import RealSite, Reply, real_site, real_worker
from tests.support.sittings import CHILD, version_of

pytestmark = pytest.mark.faults

ADDRESS, BROWSER, NAME = "203.0.113.77", "Quincebrowser/7", "Rosalind Quincemarker"
SENTENCE = "The purple kettle sang to nobody before breakfast"
EMAIL, PASSWORD = "quince.marker@example.org", "a quince password of nobody"
MARKERS = (ADDRESS, BROWSER, "Quincemarker", "purple kettle", "purple%20kettle", "quince.marker", "quince password")
FORM = "application/x-www-form-urlencoded"


def found_in(blob: bytes) -> list[str]:
    """Return the markers in some bytes, however they are written."""
    forms = {m: {m.encode(), m.lower().encode(), m.encode("utf-16-le"), m.encode().hex().encode()} for m in MARKERS}
    return [marker for marker, ways in forms.items() if any(way in blob for way in ways)]


def _ask(site: RealSite, method: str, path: str, body: str = "", kind: str = "application/json") -> Reply:
    referer = f"https://x.example/{quote(SENTENCE)}"
    return site.ask(method, path, body, Content_Type=kind, X_Forwarded_For=ADDRESS, User_Agent=BROWSER, Referer=referer)


def _body(platform: Platform, words: str) -> str:
    answers = {"q2": ["okay"], "q2a": words, "answered": "together"}
    version = version_of(platform, CHILD).id
    return json.dumps({"version": version, "variant": None, "language": "en", "answers": answers})


def _send_answers(site: RealSite, platform: Platform) -> None:
    sitting, words = new_id(), f"{SENTENCE}. {NAME} knows."
    path = f"/f/{CHILD}/answers/{sitting}"
    assert _ask(site, "PUT", path, _body(platform, words)).status == 201
    assert _ask(site, "PUT", path, _body(platform, words + " Or not.")).status == 409


def _send_nonsense(site: RealSite) -> list[Reply]:
    """Send what is wrong in every way that comes to mind.

    Returns:
        The error pages. Those that hand a sender their own form back are searched for nothing: it is theirs.
    """
    own_forms = [
        _ask(site, "POST", "/staff/sign-in", f"email={EMAIL}&password={quote(PASSWORD)}", FORM),
        _ask(site, "POST", f"/f/{CHILD}", "q2a=" + quote(SENTENCE) * 2000, FORM),
        _ask(site, "GET", f"/staff/people/{quote(NAME)}?x={quote(EMAIL)}"),  # to the sign-in page, and back there
        _ask(site, "GET", f"/f/{quote(SENTENCE)}?{quote(NAME)}={quote(SENTENCE)}"),  # led on as if it were a code
    ]
    assert [page.status for page in own_forms] == [400, 413, 302, 303]
    pages = [
        _ask(site, "GET", f"/f/{quote(SENTENCE)}!?{quote(NAME)}={quote(SENTENCE)}"),
        _ask(site, "PUT", f"/f/{CHILD}/answers/{new_id()}", '{"answers": "' + SENTENCE),
        _ask(site, "PUT", f"/f/{CHILD}/answers/{quote(NAME)}", json.dumps({"answers": SENTENCE})),
        _ask(site, "PATCH", f"/f/{CHILD}?{quote(NAME)}", SENTENCE),
        site.ask("GET", "/", Host="quince.marker.example.org", X_Forwarded_For=ADDRESS),
    ]
    for line in (f"GET /{quote(SENTENCE)} {NAME}", f"GET / HTTP/1.1\r\n{NAME}", f"GET / HTTP/1.1\r\nX: {SENTENCE}\0y"):
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as raw:
            raw.sendall(f"{line}\r\nX-Forwarded-For: {ADDRESS}\r\n\r\n".encode())
            raw.recv(1000)
    return pages


def _keep_the_database(platform: Platform, held: threading.Event, stop: threading.Event) -> None:
    with platform.database.writing() as connection:
        if not platform.database.is_sqlite:
            connection.execute(text("LOCK TABLE responses IN ACCESS EXCLUSIVE MODE"))
        held.set()
        stop.wait(20)


def _send_while_the_database_is_kept(site: RealSite, platform: Platform) -> Reply:
    held, stop = threading.Event(), threading.Event()
    keeper = threading.Thread(target=_keep_the_database, args=(platform, held, stop))
    keeper.start()
    try:
        assert held.wait(5)
        return _ask(site, "PUT", f"/f/{CHILD}/answers/{new_id()}", _body(platform, SENTENCE))
    finally:
        stop.set()
        keeper.join()


def _break_the_reading(platform: Platform) -> None:
    """Spoil what is sealed, and have the worker read it again: it fails, with the words in its hands or not."""
    with platform.database.writing() as connection:
        response_id = connection.execute(update(Comment).values(sealed=b"0" * 60).returning(Comment.response_id)).all()
        enqueue(connection, ("themes.read",), response_id[0][0], platform.clock.now())


def _wait_for(platform: Platform, condition: str) -> None:
    end = time.monotonic() + 120  # a worker on a busy machine takes half a minute to start
    while time.monotonic() < end:
        with platform.database.reading() as connection:
            if connection.execute(text(f"SELECT count(*) FROM jobs WHERE {condition}")).scalar_one():  # noqa: S608 - our own words
                return
        time.sleep(0.3)
    pytest.fail(f"no job with {condition}")


@pytest.fixture
def measured(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of an installation that is measured, behind one web server."""
    more = {"metrics_port": free_port(), "metrics_folder": tmp_path / "counts", "trusted_proxies": 1}
    return Settings(**{**vars(settings), **more})


@pytest.fixture
def metrics(measured: Settings) -> Iterator[Platform]:
    """What answers Prometheus."""
    built = build_platform(measured)
    yield built
    built.database.dispose()


def test_row_s7_planted_markers_are_nowhere_after_a_run_with_faults(
    measured: Settings, platform: Platform, metrics: Platform, request: pytest.FixtureRequest
) -> None:
    open_form(platform)
    environment = {
        "VOICE_METRICS_PORT": str(measured.metrics_port),
        "VOICE_METRICS_FOLDER": str(measured.metrics_folder),
        "VOICE_TRUSTED_PROXIES": "1",
        "VOICE_LOGS": "json",
    }
    with real_site(measured, environment=environment) as site, real_worker(measured):
        _send_answers(site, platform)
        pages = _send_nonsense(site)
        away = _send_while_the_database_is_kept(site, platform)
        _break_the_reading(platform)
        _wait_for(platform, f"{Job.kind.key} = 'themes.read' AND attempts > 0 AND trouble <> ''")
        told = generate_latest(registry_of(metrics))
        statuses = {page.status for page in pages}
    logs = {file.name: file.read_bytes() for file in measured.data_folder.glob("*.log")}
    cluster = None if platform.database.is_sqlite else request.getfixturevalue("postgresql")
    traces = {
        **logs,
        "database": bytes_on_disk(platform.database, cluster),
        "metrics": told,
        "counts": b"".join(file.read_bytes() for file in measured.metrics_folder.iterdir()),
        "error pages": b"".join(page.body + str(page.headers).encode() for page in pages),
    }
    assert {name: found for name, trace in traces.items() if (found := found_in(trace))} == {}
    # The search itself was worth something: faults happened, were logged and counted, and a marker would be found.
    assert away.status == 503
    assert statuses >= {400, 404}, statuses
    assert any(b"job failed" in log for log in logs.values())
    assert any(b'"library": "gunicorn.error"' in log for log in logs.values())
    assert b'voice_requests_total{status="413",surface="respondents"}' in told
    assert all(found_in(b"x" + way + b"y") for way in (NAME.encode(), SENTENCE.encode("utf-16-le"), ADDRESS.encode()))
