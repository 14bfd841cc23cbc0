"""A complete submission at 8 clients (page, answer, thanks; durable), over real servers: ours, hand bound and naive.

CPU is that of the whole process tree of each server. As in service, our worker runs beside the web servers; what it
uses to screen and read the answers is told apart, for the others read nothing. Every turn runs the three one after
another, so that a noisy machine is noisy for all.

Usage: python -m bench.submissions [--turns 3] [--flows 400] [--clients 8]
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.in_process import PATH, call
from bench.yardsticks import SLUG, a_full_body, hand_bound, naive
from hscb_voice.factory import create_app
from hscb_voice.installing import prepare_installation
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.service import Setting

_TICKS = os.sysconf("SC_CLK_TCK")
_WORKERS = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
# structlog loads rich where that is there. Who works on the program has it; no installed server does.
_AS_INSTALLED = "import sys; sys.modules['rich'] = None; from gunicorn.app.wsgiapp import run; run()"
_PORTS = {"ours": 21080, "hand bound": 21081, "naive": 21082}


@dataclass(frozen=True)
class Turn:
    """What one build took for its flows in one turn."""

    cpu_ms: float  # of the process tree, a flow
    flows_a_second: float


def tree_cpu_seconds(root: int) -> float:
    """Return the CPU that a process and all below it have used.

    Args:
        root: process id.

    Returns:
        Seconds, user and system, children that have ended included.
    """
    return sum(sum(map(int, fields[11:15])) / _TICKS for pid, fields in below(root).items())


def below(root: int) -> dict[int, list[str]]:
    """Return a process and all below it.

    Args:
        root: process id.

    Returns:
        Process id -> what the kernel tells of it, from its state on.
    """
    told: dict[int, list[str]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                told[int(folder.name)] = (folder / "stat").read_text().rsplit(")", 1)[1].split()
    family = {root} & told.keys()
    while more := {pid for pid, fields in told.items() if int(fields[1]) in family} - family:
        family |= more
    return {pid: told[pid] for pid in family}


@contextmanager
def serving(target: str, port: int, folder: Path, env: dict[str, str], path: str = PATH) -> Iterator[int]:
    """Serve an application by gunicorn while the block runs.

    Args:
        target: module and application.
        port: on loopback.
        folder: given to the yardsticks for their databases.
        env: more environment.
        path: a page that answers once the server is up.

    Yields:
        The process id of the server.
    """
    command = [
        sys.executable,
        "-c",
        _AS_INSTALLED,
        "--no-control-socket",
        "--bind",
        f"127.0.0.1:{port}",
        *_WORKERS,
        # Our own settings are about our platform, which the yardsticks do not have.
        *([] if target == "app:app" else ["--config", "python:bench.serving"]),
        target,
    ]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_FOLDER": str(folder), **env})  # noqa: S603 - our own interpreter and arguments
    try:
        _wait_for(port, path)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def worker(env: dict[str, str]) -> Iterator[int]:
    """Run our worker while the block runs.

    Args:
        env: more environment.

    Yields:
        Its process id.
    """
    command = [sys.executable, "-m", "hscb_voice", "worker"]
    process = subprocess.Popen(command, env={**os.environ, **env})  # noqa: S603 - our own interpreter and arguments
    time.sleep(2)  # until it has said that it is alive
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _make_tables(build: str, folder: Path) -> None:
    """Make a yardstick's tables before two of its processes would at once."""
    hand_bound(folder, b"") if build == "hand bound" else naive(folder)


def _wait_for(port: int, path: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if _request(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "GET", b"", path)[0] == 200:  # noqa: PLR2004 - HTTP's own number for “all is well”
                return
        except OSError:
            time.sleep(0.1)
    message = f"nothing answers on port {port}"
    raise RuntimeError(message)


def _request(
    connection: http.client.HTTPConnection, method: str, body: bytes, path: str = PATH
) -> tuple[int, bytes, str]:
    headers = {"Accept-Encoding": "gzip"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    content = reply.read()
    return reply.status, content, reply.getheader("Location") or ""


def run_flows(port: int, version_id: int, flows: int, clients: int) -> float:
    """Run complete submissions by several clients at once.

    Args:
        port: of the server.
        version_id: the version that our page names.
        flows: how many in all.
        clients: at once.

    Returns:
        Seconds that it took.

    Raises:
        RuntimeError: a reply was not what it must be.
    """
    troubles: list[str] = []

    def client() -> None:
        try:
            flow()
        except (OSError, http.client.HTTPException) as fault:
            troubles.append(repr(fault))

    def flow() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(flows // clients):
            status, page, _ = _request(connection, "GET", b"")
            if status != 200 or len(page) < 1000:  # noqa: PLR2004 - HTTP's own number, and any real page is longer
                troubles.append(f"GET {status}")
            body = urlencode(a_full_body(version_id), doseq=True).encode()
            status, thanks, onward = _request(connection, "POST", body)
            if onward:
                connection.request("GET", onward)
                reply = connection.getresponse()
                status, thanks = reply.status, reply.read()
            if status not in {200, 201} or not thanks:
                troubles.append(f"POST {status} {thanks[:80]!r}")

    seconds = _together([threading.Thread(target=client) for _ in range(clients)])
    if troubles:
        message = f"{len(troubles)} replies were wrong, such as {troubles[0]}"
        raise RuntimeError(message)
    return seconds


def _together(threads: list[threading.Thread]) -> float:
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - start


def main() -> None:
    """Measure in turns and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--flows", type=int, default=400)
    parser.add_argument("--clients", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        platform = prepare_installation(folder / "ours")
        with platform.database.writing() as connection:
            open_code(connection, SLUG, SLUG, Setting(), platform.clock)
            version_id = current_version(connection, SLUG).id
        (folder / "page").write_bytes(call(create_app(platform.settings), "GET")[1])
        env = {"VOICE_DATA": str(folder / "ours")}
        targets = {"ours": "app:app", "hand bound": "bench.serving:bound_app()", "naive": "bench.serving:naive_app()"}
        turns: dict[str, list[Turn]] = {}
        readings: list[float] = []
        for build in ("hand bound", "naive"):
            _make_tables(build, folder)
        for _ in range(arguments.turns):
            for build, target in targets.items():
                with worker(env) as worker_pid, serving(target, _PORTS[build], folder, env) as pid:
                    run_flows(_PORTS[build], version_id, arguments.clients * 4, arguments.clients)  # to warm up
                    before, read_before = tree_cpu_seconds(pid), tree_cpu_seconds(worker_pid)
                    seconds = run_flows(_PORTS[build], version_id, arguments.flows, arguments.clients)
                    used = tree_cpu_seconds(pid) - before
                    read = tree_cpu_seconds(worker_pid) - read_before
                if build == "ours":
                    readings.append(read * 1000 / arguments.flows)
                turns.setdefault(build, []).append(Turn(used * 1000 / arguments.flows, arguments.flows / seconds))
    print(f"worker beside ours: {statistics.median(readings):.2f} CPU-ms an answer within the turn")
    kept = {build: statistics.median(turn.cpu_ms for turn in made) for build, made in turns.items()}
    pace = {build: statistics.median(turn.flows_a_second for turn in made) for build, made in turns.items()}
    print(f"{'build':<12}{'CPU-ms a flow':>15}{'x bound':>9}{'flows/s':>9}{'x naive':>9}")
    for build, cpu in kept.items():
        bound, tutorial = cpu / kept["hand bound"], pace[build] / pace["naive"]
        print(f"{build:<12}{cpu:>15.2f}{bound:>9.2f}{pace[build]:>9.0f}{tutorial:>9.2f}")


if __name__ == "__main__":
    main()
