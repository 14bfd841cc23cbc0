"""Disks for tests: one that breaks when a test says so, and a record of what reaches the real one before a reply."""

import contextlib
import errno
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TROUBLES = {"broken": errno.EIO, "full": errno.ENOSPC, "read-only": errno.EROFS}
_SOURCE = Path(__file__).parent / "broken_disk.c"
_WATCHED = "trace=fsync,fdatasync,write,pwrite64,pwritev,sendto,sendmsg"


@dataclass(frozen=True)
class BreakableDisk:
    """A disk that works until a test breaks it, for the processes that are started with its environment."""

    library: Path
    switch: Path

    def environment(self, part: str) -> dict[str, str]:
        """Return what a process needs in its environment.

        Args:
            part: stands in the paths of the files that are meant.
        """
        return {"LD_PRELOAD": str(self.library), "BROKEN_DISK_SWITCH": str(self.switch), "BROKEN_DISK_PART": part}

    @contextlib.contextmanager
    def suffering(self, number: int) -> Iterator[None]:
        """Let every writing fail within the block, with this error's number."""
        draft = self.switch.with_suffix(".draft")
        draft.write_text(str(number), encoding="ascii")
        draft.chmod(0o644)
        draft.replace(self.switch)
        try:
            yield
        finally:
            self.switch.unlink()


@contextlib.contextmanager
def breakable_disk() -> Iterator[BreakableDisk]:
    """Build a breakable disk, or skip the test where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no C compiler to build the breakable disk")
    with tempfile.TemporaryDirectory(prefix="voice-disk-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # the database's own user must be able to read what is in it
        library = folder / "broken_disk.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own source
        yield BreakableDisk(library, folder / "broken-now")


@dataclass(frozen=True)
class Call:
    """One call of the system, as strace wrote it down."""

    process: int
    name: str
    rest: str


def strace_or_skip() -> str:
    """Return the program strace, or skip the test where it is missing or may not watch."""
    program = shutil.which("strace")
    if program is None:
        pytest.skip("strace is not installed")
    trial = subprocess.run([program, "-e", "trace=none", "true"], capture_output=True, check=False)  # noqa: S603 - a trial of the same program
    if trial.returncode:
        pytest.skip("strace may not watch processes here")
    return program


def watching(record: Path, process: int | None = None) -> tuple[str, ...]:
    """Return the command line that writes down what a server writes, syncs and sends.

    Args:
        record: the file to write to.
        process: a running server; when left out, the command that follows is watched.
    """
    whom = () if process is None else ("-p", str(process))
    return (strace_or_skip(), "-f", "-y", "-s", "40", "-e", _WATCHED, "-o", str(record), *whom)


def calls_of(record: Path) -> list[Call]:
    """Return the calls that strace wrote down, each where it ended."""
    begun: dict[tuple[int, str], str] = {}
    calls = []
    for line in record.read_text(errors="replace").splitlines():
        found = re.match(r"(\d+) +(?:<\.\.\. )?(\w+)(?: resumed>|\()(.*)", line)
        if found is None:
            continue
        process, name, rest = int(found[1]), found[2], found[3]
        if rest.endswith("<unfinished ...>"):
            begun[process, name] = rest.removesuffix("<unfinished ...>")
        else:
            calls.append(Call(process, name, begun.pop((process, name), "") + rest))
    return calls


def unsynced_before(calls: list[Call], part: str, reply: str) -> list[str]:
    """Return the replies that went out while what their own process had written was not synced to the disk.

    Args:
        calls: in their order.
        part: stands in the paths of the files that must be synced.
        reply: stands in the sendings that are replies.

    Returns:
        One line for each such reply.
    """
    waiting: set[int] = set()  # who has written what is not synced yet
    seen, found = 0, []
    for call in calls:
        if part in call.rest and call.name in {"write", "pwrite64", "pwritev"}:
            waiting.add(call.process)
        elif part in call.rest and call.name in {"fsync", "fdatasync"} and call.rest.rstrip().endswith("= 0"):
            waiting.clear()
        elif call.name in {"sendto", "sendmsg", "write"} and reply in call.rest:
            seen += 1
            if call.process in waiting:
                found.append(f"{call.name}{call.rest[:80]}")
    assert seen, "no reply was seen at all"
    return found
