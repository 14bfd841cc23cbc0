"""gunicorn's settings and processes: what they promise, without a server where that is enough."""

import logging
import runpy
import socket
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from hscb_voice.foundation import logs
from hscb_voice.foundation.settings import Settings
from hscb_voice.operations import serving
from hscb_voice.operations.bounded_worker import BoundedWorker
from hscb_voice.operations.measuring import surface_of
from hscb_voice.running import gunicorn_command

CONFIGURATION = Path(__file__).parents[3] / "gunicorn.conf.py"
MARKER = "Rosalind Marker of 7 Quince Lane"


@pytest.fixture
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """What gunicorn reads."""
    monkeypatch.setenv("VOICE_DATA", str(tmp_path))
    monkeypatch.setenv("VOICE_SECRET_KEY", "a secret for tests that is long enough")
    return runpy.run_path(str(CONFIGURATION))


def test_no_log_of_addresses_is_kept_and_the_application_is_loaded_once(configuration: dict[str, Any]) -> None:
    assert configuration["accesslog"] is None
    assert configuration["logger_class"] is serving.WordlessLogger
    assert configuration["preload_app"] is True
    assert configuration["control_socket_disable"] is True


def test_processes_are_replaced_by_and_by_and_everything_has_an_end(configuration: dict[str, Any]) -> None:
    assert 0 < configuration["max_requests_jitter"] < configuration["max_requests"]
    assert 0 < configuration["graceful_timeout"] <= configuration["timeout"] <= 30
    assert configuration["worker_class"].endswith("BoundedWorker")


def test_the_command_serve_uses_the_same_settings() -> None:
    command = gunicorn_command("127.0.0.1:8123", 3)
    assert command[command.index("--config") + 1] == str(CONFIGURATION)
    assert command[-1] == "app:app"
    assert {"--bind", "--workers", "--chdir", "--config"} == {word for word in command if word.startswith("--")}


class _Line:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock


def test_w4_a_connection_that_holds_a_thread_for_too_long_is_shut() -> None:
    ours, theirs = socket.socketpair()
    worker = BoundedWorker.__new__(BoundedWorker)
    worker._since = {_Line(ours): 100.0}
    ours.settimeout(2)
    theirs.settimeout(2)
    assert worker.shut_the_overdue(100.0 + worker.longest_seconds - 1) == 0
    theirs.sendall(b"x")
    assert ours.recv(1) == b"x"
    assert worker.shut_the_overdue(100.0 + worker.longest_seconds + 1) == 1
    assert ours.recv(1) == b""
    assert theirs.recv(1) == b""


class _Worker(SimpleNamespace):
    def __init__(self, settings: Settings, nr: int) -> None:
        here = SimpleNamespace(settings=settings)
        application = SimpleNamespace(extensions={"voice": here})
        said: list[str] = []
        super().__init__(alive=True, nr=nr, said=said, app=SimpleNamespace(wsgi=lambda: application))
        self.log = SimpleNamespace(warning=lambda text, *values: said.append(text % values))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("limit", "nr", "stays"), [(1, 50, False), (1, 51, True), (0, 50, True), (100_000, 50, True)])
def test_a_process_that_has_grown_too_large_is_replaced(
    settings: Settings, limit: int, nr: int, *, stays: bool
) -> None:
    worker = _Worker(Settings(**{**vars(settings), "worker_memory": limit}), nr)
    serving.leave_when_large(worker, None, None, None)
    assert worker.alive is stays
    assert bool(worker.said) is not stays


def test_memory_is_told_in_megabytes() -> None:
    assert 10 < serving.memory_of(1_000_000_000) + 20 < 2000  # no such process: none
    assert serving.memory_of(1_000_000_000) == 0


@pytest.mark.parametrize(
    ("path", "surface"),
    [
        ("/staff/people", "staff"),
        ("/staffing", "respondents"),
        ("/f/city-2026", "respondents"),
        ("/static/css/staff.css", "files"),
        ("/readyz", "health"),
    ],
)
def test_what_is_counted_says_the_surface_and_never_the_address(path: str, surface: str) -> None:
    assert surface_of(path) == surface


@pytest.fixture(params=["json", "lines"])
def written(request: pytest.FixtureRequest) -> Any:
    """Everything that is logged."""
    stream = StringIO()
    logs.set_up_logs(request.param, stream)
    yield stream
    logs.set_up_logs()


def _fault() -> Exception:
    try:
        _break()
    except KeyError as fault:
        return fault
    raise AssertionError


def _break() -> None:
    try:
        int(MARKER)
    except ValueError as cause:
        raise KeyError(MARKER) from cause


def test_row_s7_what_a_library_was_given_is_not_logged(written: StringIO) -> None:
    library = logging.getLogger("some.library")
    library.warning("Invalid request from ip=%s", "203.0.113.9")
    library.warning(f"Invalid request line {MARKER}")
    library.error("Exception on %s [%d]", f"/f/{MARKER}", 17, exc_info=_fault())
    text = written.getvalue()
    assert "203.0.113.9" not in text
    assert "Marker" not in text
    assert "Quince" not in text
    assert "Invalid request from ip=…" in text
    assert "17" in text
    assert "KeyError" in text
    assert "test_serving.py" in text


def test_row_s7_a_fault_of_our_own_is_logged_without_its_words(written: StringIO) -> None:
    structlog.get_logger("x").error("it went wrong", exc_info=_fault())
    structlog.get_logger("x").warning("it went wrong again", exc_info=(KeyError, _fault(), None))
    text = written.getvalue()
    assert "Marker" not in text
    assert text.count("KeyError") == 2
    assert "ValueError" in text


def test_a_log_that_cannot_be_written_stops_nothing(written: StringIO) -> None:
    written.close()
    logging.getLogger("some.library").warning("hello %s", MARKER)
