"""The ledger of erasures outside the database: one line an erasure, so that an older backup cannot bring words back.

A line holds ids, a moment and why; never a word. It is written after the erasure has been committed, at least once,
and read again when a backup is restored.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import Write, enqueue
from hscb_voice.governance.errors import LedgerError
from hscb_voice.governance.sweeping import EVERYTHING
from hscb_voice.responses.erasing import ErasureLine, lines_not_outside, mark_outside

LEDGER_JOB = "governance.ledger"
_AT_ONCE = 1000


def prepare_lines(connection: Connection, _subject: str, *, file: Path, clock: Clock) -> Callable[[], Write]:
    """Read the lines that do not stand outside yet; they are written once the connection has been given back.

    Args:
        connection: a reading connection.
        _subject: of the job; all lines are meant.
        file: the ledger outside.
        clock: tells when.

    Returns:
        What appends them to the file and returns what writes down that they stand there.
    """
    lines = lines_not_outside(connection, _AT_ONCE)

    def append() -> Write:
        append_lines(file, lines)

        def write_down(writing: Connection) -> None:
            mark_outside(writing, [line.id for line in lines], clock.now())
            if lines_not_outside(writing, 1):  # more than went at once, or erased meanwhile
                enqueue(writing, (LEDGER_JOB,), EVERYTHING, clock.now())

        return write_down

    return append


def write_outside(database: Database, file: Path, clock: Clock) -> int:
    """Append every line that does not stand outside yet.

    Args:
        database: whose ledger.
        file: the ledger outside.
        clock: tells when.

    Returns:
        How many lines were appended.

    Raises:
        LedgerError: the file cannot be written; the lines wait.
    """
    total = 0
    while True:
        with database.reading() as connection:
            lines = lines_not_outside(connection, _AT_ONCE)
        if not lines:
            return total
        append_lines(file, lines)
        with database.writing() as connection:
            mark_outside(connection, [line.id for line in lines], clock.now())
        total += len(lines)


def append_lines(file: Path, lines: list[ErasureLine]) -> None:
    """Append lines to a ledger, for good before it returns.

    Args:
        file: the ledger, made when missing, readable by its owner only.
        lines: what to append.

    Raises:
        LedgerError: the file cannot be written.
    """
    if not lines:
        return
    text = "".join(json.dumps({**asdict(line), "at": line.at.isoformat()}) + "\n" for line in lines)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0) as ledger:
            end = ledger.seek(0, os.SEEK_END)
            # A line that was cut off is ended, so that the next does not hang on it.
            cut_off = bool(end) and os.pread(ledger.fileno(), 1, end - 1) != b"\n"
            rest = memoryview((b"\n" if cut_off else b"") + text.encode())
            while rest:
                rest = rest[ledger.write(rest) or 0 :]
            os.fsync(ledger.fileno())
    except OSError as fault:
        message = f"The file of erasures {file} cannot be written: {fault.strerror}."
        raise LedgerError(message) from fault


def read_lines(file: Path) -> Iterator[ErasureLine]:
    """Read a ledger. A last line that was cut off when the machine stopped is passed over: it is written again.

    Args:
        file: the ledger.

    Yields:
        Its lines, in the order in which they were written; one may come twice.

    Raises:
        LedgerError: the file cannot be read, or a line in it is none.
    """
    try:
        texts = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as fault:
        message = f"The file of erasures {file} cannot be read."
        raise LedgerError(message) from fault
    for number, text in enumerate(texts, start=1):
        line = _line(text)
        if line is not None:
            yield line
        elif text.strip() and text.endswith("}"):
            message = f"Line {number} of the file of erasures {file} is no line of it."
            raise LedgerError(message)


def _line(text: str) -> ErasureLine | None:
    try:
        values = json.loads(text)
        return ErasureLine(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (ValueError, TypeError, KeyError):
        return None
