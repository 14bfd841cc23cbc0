"""Many clients at once: complete submissions at 8 and at 32, how long a bare sending waits, and memory afterwards.

Our own server and worker over SQLite. Each sending must bring three words of its own, and each of them must be found in
the database at the end: otherwise the run is refused. Memory is the proportional share (PSS) of the web processes,
SQLite within them; what is heavy (typesetting, learning) must not have been loaded there.

Usage: python -m bench.concurrency [--turns 3] [--flows 640]
"""

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from bench.in_process import PATH
from bench.submissions import below, serving, worker
from bench.yardsticks import SLUG, a_full_body
from hscb_voice.foundation.platform import Platform
from hscb_voice.installing import prepare_installation
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import Setting

_PORT = 21086
_FEW, _MANY = 8, 32
_BARS = {"kept pace": 0.85, "p99 / p50": 5.0, "PSS in MiB": 140.0}
_RECEIPT = re.compile(rb'class="receipt"[^>]*>([a-z ]+)<')
_HEAVY = ("sklearn", "typst", "scipy", "nltk")
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Round:
    """What one round of sendings took."""

    seconds: float
    waits: list[float]  # seconds of each sending, shortest first
    receipts: list[bytes]

    @property
    def pace(self) -> float:
        """Return sendings a second."""
        return len(self.waits) / self.seconds

    @property
    def half(self) -> float:
        """Return how long half of them waited at most, in milliseconds."""
        return self.waits[len(self.waits) // 2] * 1000

    @property
    def nearly_all(self) -> float:
        """Return how long 99 of 100 waited at most, in milliseconds."""
        return self.waits[len(self.waits) * 99 // 100] * 1000


def run_round(clients: int, sendings: int, version_id: int, *, with_page: bool) -> Round:
    """Have several clients send at once.

    Args:
        clients: at once, each on a connection of its own.
        sendings: how many in all.
        version_id: the version that the page names.
        with_page: whether each asks for the page first, as people do.

    Returns:
        What it took.

    Raises:
        RuntimeError: a reply was not what it must be.
    """

    def client(_: int) -> list[tuple[float, bytes]]:
        connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=30)
        return [_send(connection, version_id, with_page=with_page) for _ in range(sendings // clients)]

    start = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        told = [one for many in pool.map(client, range(clients)) for one in many]
    seconds = time.monotonic() - start
    return Round(seconds, sorted(wait for wait, _ in told), [receipt for _, receipt in told])


def _send(connection: http.client.HTTPConnection, version_id: int, *, with_page: bool) -> tuple[float, bytes]:
    if with_page:
        page = _asked(connection, "GET", b"")
        if b"</form>" not in page:
            message = "a page without its form came"
            raise RuntimeError(message)
    body = urlencode(a_full_body(version_id), doseq=True).encode()
    start = time.monotonic()
    thanks = _asked(connection, "POST", body)
    wait = time.monotonic() - start
    receipt = _RECEIPT.search(thanks)
    if receipt is None or len(receipt[1].split()) != 3:  # noqa: PLR2004 - three words are a receipt
        message = "a sending was not thanked for"
        raise RuntimeError(message)
    return wait, receipt[1]


def _asked(connection: http.client.HTTPConnection, method: str, body: bytes) -> bytes:
    connection.request(method, PATH, body, _HEADERS if body else {})
    reply = connection.getresponse()
    content = reply.read()
    if reply.status != 200:  # noqa: PLR2004 - HTTP's own number for “all is well”
        message = f"{method} was answered by {reply.status}"
        raise RuntimeError(message)
    return content


def memory_mib(root: int) -> float:
    """Return the memory of a process and all below it, each shared page counted once among those who share it.

    Args:
        root: process id.

    Returns:
        MiB.

    Raises:
        RuntimeError: something heavy has been loaded there.
    """
    total = 0
    for pid in below(root):
        folder = Path("/proc") / str(pid)
        loaded = [name for name in _HEAVY if name in (folder / "maps").read_text()]
        if loaded:
            message = f"a web process has loaded {', '.join(loaded)}"
            raise RuntimeError(message)
        total += int(re.findall(r"^Pss: +([0-9]+) kB", (folder / "smaps_rollup").read_text(), re.MULTILINE)[0])
    return total / 1024


def _kept(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def main() -> None:
    """Measure in turns, print medians, and fail when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--flows", type=int, default=640)
    arguments = parser.parse_args()
    rounds: dict[tuple[int, bool], list[Round]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        platform = prepare_installation(folder)
        with platform.database.writing() as connection:
            open_code(connection, SLUG, SLUG, Setting(), platform.clock)
            version_id = current_version(connection, SLUG).id
        environment = {"VOICE_DATA": str(folder)}
        with worker(environment), serving("app:app", _PORT, folder, environment) as pid:
            warm = run_round(_FEW, _FEW * 4, version_id, with_page=True)
            for _ in range(arguments.turns):
                for clients in (_FEW, _MANY):
                    for with_page in (True, False):
                        made = run_round(clients, arguments.flows, version_id, with_page=with_page)
                        rounds.setdefault((clients, with_page), []).append(made)
            memory = memory_mib(pid)
        receipts = [*warm.receipts, *(r for many in rounds.values() for made in many for r in made.receipts)]
        if len(set(receipts)) != len(receipts) or _kept(platform) != len(receipts):
            message = f"{len(receipts)} were thanked, {_kept(platform)} are kept, {len(set(receipts))} receipts differ"
            raise RuntimeError(message)
    sys.exit(_print(rounds, memory, len(receipts)))


def _print(rounds: dict[tuple[int, bool], list[Round]], memory: float, kept: int) -> int:
    print(f"{kept} thanked, all of them kept once, no other reply")
    print(f"{'clients':<9}{'':<12}{'a second':>9}{'p50 ms':>8}{'p99 ms':>8}")
    middle = {}
    for (clients, with_page), made in rounds.items():
        pace, half, most = (
            statistics.median(getattr(r, what) for r in made) for what in ("pace", "half", "nearly_all")
        )
        middle[clients, with_page] = (pace, half, most)
        what = "page + POST" if with_page else "bare POST"
        print(f"{clients:<9}{what:<12}{pace:>9.0f}{half:>8.1f}{most:>8.1f}")
    measured = {
        "kept pace": middle[_MANY, True][0] / middle[_FEW, True][0],
        "p99 / p50": max(most / half for (_, with_page), (_, half, most) in middle.items() if not with_page),
        "PSS in MiB": memory,
    }
    missed = 0
    for bar, value in measured.items():
        is_met = value >= _BARS[bar] if bar == "kept pace" else value <= _BARS[bar]
        missed += not is_met
        print(f"{bar}: {value:.2f} (bar {_BARS[bar]}){'' if is_met else '  missed'}")
    return missed


if __name__ == "__main__":
    main()
