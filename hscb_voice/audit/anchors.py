"""Anchors: the record's newest hash, written down outside the database, line by line.

Whoever owns the database can rewrite the whole record and reckon every hash anew, and the chain alone would not tell.
A line written elsewhere tells: the entry of that number must still carry that hash. The file holds no name and no act.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection

from hscb_voice.audit.errors import AnchorError
from hscb_voice.audit.queries import ChainReport, hashes_of, verify

_HASH_DIGITS = 64
_BATCH = 500


@dataclass(frozen=True)
class Anchor:
    """One line: when, how many entries there were, and the newest one's hash."""

    at: str
    number: int
    entry_hash: str

    def __str__(self) -> str:
        """Return the line as it stands in the file."""
        return f"{self.at} {self.number} {self.entry_hash}"


@dataclass(frozen=True)
class AnchorReport:
    """What comparing the record with its anchors found."""

    anchors: int
    chain: ChainReport
    trouble: str = ""  # in plain words; empty when every anchor holds

    @property
    def is_sound(self) -> bool:
        """Tell whether the chain is whole and every anchor holds."""
        return self.chain.is_sound and not self.trouble


def read_anchors(file: Path) -> list[Anchor]:
    """Read a file of anchors.

    Args:
        file: as `append_anchor` wrote it.

    Returns:
        Its anchors, oldest first; none when there is no such file.

    Raises:
        AnchorError: a line is not one of ours, or they are not in order.
    """
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as fault:
        message = f"The anchors in {file} cannot be read."
        raise AnchorError(message) from fault
    anchors = [_anchor(line, place, file) for place, line in enumerate(lines, start=1) if line.strip()]
    for place, (before, after) in enumerate(pairwise(anchors), start=2):
        if after.number < before.number:
            message = f"Line {place} of {file} tells of fewer entries than the line before: the file was changed."
            raise AnchorError(message)
    return anchors


def compare(connection: Connection, anchors: Iterable[Anchor]) -> AnchorReport:
    """Check the chain, and every anchor against it.

    Args:
        connection: a reading connection.
        anchors: oldest first.

    Returns:
        Whether the record is what it was when each anchor was written.
    """
    chain, anchors = verify(connection), list(anchors)
    for begun in range(0, len(anchors), _BATCH):
        part = anchors[begun : begun + _BATCH]
        known = hashes_of(connection, [anchor.number for anchor in part])
        for anchor in part:
            trouble = _trouble(anchor, known)
            if trouble:
                return AnchorReport(len(anchors), chain, trouble)
    return AnchorReport(len(anchors), chain)


def append_anchor(file: Path, chain: ChainReport, now: datetime) -> Anchor:
    """Write the newest hash down at the end of a file, and see it on the disk.

    Args:
        file: outside the database, best on another machine; made when missing.
        chain: a sound record.
        now: when.

    Returns:
        What was written.

    Raises:
        AnchorError: the file cannot be written.
    """
    anchor = Anchor(now.astimezone(UTC).isoformat(timespec="seconds"), chain.entries, chain.head)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(f"{anchor}\n")
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as fault:
        message = f"The anchor cannot be written to {file}: {fault.strerror}."
        raise AnchorError(message) from fault
    return anchor


def _anchor(line: str, place: int, file: Path) -> Anchor:
    at, number, entry_hash, *more = (*line.split(" "), "", "", "")
    is_one = number.isdecimal() and len(entry_hash) == _HASH_DIGITS and not any(more)
    try:
        datetime.fromisoformat(at)
    except ValueError:
        is_one = False
    if not is_one:
        message = f"Line {place} of {file} is no anchor: a date, a number and a hash are expected."
        raise AnchorError(message)
    return Anchor(at, int(number), entry_hash)


def _trouble(anchor: Anchor, known: dict[int, str]) -> str:
    when = f"the anchor of {anchor.at}"
    if anchor.number not in known:
        return f"entry {anchor.number} is missing, which {when} tells of"
    if known[anchor.number] != anchor.entry_hash:
        return f"entry {anchor.number} is not the one that {when} tells of: the record was rewritten"
    return ""
