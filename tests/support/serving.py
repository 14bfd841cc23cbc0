"""The real site on loopback: gunicorn with its own settings and processes, which a test may kill."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from hscb_voice.foundation.settings import Settings
from hscb_voice.running import gunicorn_command
from tests.support.engines import free_port

_START_SECONDS = 90
_HOUSE = Path(__file__).parents[2]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class RealSite:
    """A gunicorn that this test started."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    killed: int = field(default=0)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        *,
        seconds: float = 20,
        port: int = 0,
        **headers: str,
    ) -> Reply:
        """Send one request.

        Args:
            method: such as "GET".
            path: with its query.
            body: as sent.
            seconds: how long each wait may last.
            port: another port, of a proxy before the site.
            **headers: underscores for hyphens.

        Returns:
            What came back.

        Raises:
            OSError: nothing came back.
            http.client.HTTPException: half of something came back.
        """
        line = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=seconds)
        try:
            line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = line.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            line.close()

    def post(self, path: str, fields: Mapping[str, str], *, seconds: float = 20, port: int = 0) -> Reply:
        """Send a form as a page does."""
        return self.ask("POST", path, urlencode(fields), seconds=seconds, port=port, **FORM)

    def workers(self) -> list[int]:
        """Return the ids of the web processes, which are the children of ours."""
        return children_of(self.process.pid)

    def kill_workers(self) -> int:
        """Kill every web process at once, with no chance to finish anything; return how many there were."""
        found = self.workers()
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.killed += len(found)
        return len(found)


def children_of(process: int) -> list[int]:
    """Return the ids of a process's children."""
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def environment_of(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment of an installation, for a process of its own."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VOICE_")},
        "VOICE_DATA": str(settings.data_folder),
        "VOICE_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "VOICE_SECRET_KEY": settings.secret_key,
        "VOICE_KEYS": str(settings.keys_folder),
        **more,
    }


@contextlib.contextmanager
def real_site(
    settings: Settings, *, workers: int = 2, before: tuple[str, ...] = (), environment: Mapping[str, str] | None = None
) -> Iterator[RealSite]:
    """Serve an installation by gunicorn, as a council does.

    Args:
        settings: of the installation, its database ready.
        workers: web processes.
        before: a program, with its arguments, that runs the server.
        environment: further variables.

    Yields:
        The running site.
    """
    port = free_port()
    log = settings.data_folder / f"gunicorn-{port}.log"
    command = [*before, *gunicorn_command(f"127.0.0.1:{port}", workers)]
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own server
            command, cwd=_HOUSE, env=environment_of(settings, **(environment or {})), stdout=out, stderr=out
        )
    site = RealSite(port, process, log)
    try:
        _wait_for(site)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            for child in site.workers():
                os.kill(child, signal.SIGKILL)
            process.kill()
            process.wait()


@contextlib.contextmanager
def real_worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run the worker of an installation in a process of its own."""
    command = [sys.executable, "-m", "hscb_voice", "worker"]
    with (settings.data_folder / "worker.log").open("wb") as out:
        process = subprocess.Popen(command, cwd=_HOUSE, env=environment_of(settings), stdout=out, stderr=out)  # noqa: S603 - our own worker
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for(site: RealSite) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        assert site.process.poll() is None, site.log.read_text()[-2000:]
        with contextlib.suppress(OSError, http.client.HTTPException):
            if site.ask("GET", "/healthz", seconds=2).status == 200:
                return
        time.sleep(0.1)
    message = f"the site did not start: {site.log.read_text()[-2000:]}"
    raise AssertionError(message)
