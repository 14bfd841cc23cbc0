"""Making a backup while the site runs: one moment of the whole database, sealed, in one file.

The keys are never in it; whoever has the file but not the keys has nothing. Nothing counts until the file is whole:
it appears under its name at the end.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from hscb_voice import __version__
from hscb_voice.audit.models import AuditHead
from hscb_voice.audit.service import HEAD, note
from hscb_voice.foundation.database import Database, reachable
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.key_sources import make_lasting
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.watchdog import unhurried
from hscb_voice.keeping.archive import ArchiveWriter
from hscb_voice.keeping.errors import BackupError
from hscb_voice.keeping.records import REVISION_TABLE, TableSum, count_rows, rows_of, said, tables_of

# One call may take this long: a large table's first rows have to be put in order, and nobody waits before a page.
LONGEST_CALL_SECONDS = 600
_TOLD_EVERY = 2000
_NAME = re.compile(r"voice-\d{8}T\d{6}Z\.backup")
Told = Callable[[int, int], None]  # rows done, rows in all


@dataclass(frozen=True)
class BackupMade:
    """One backup."""

    file: Path
    backup_id: str
    key_id: str
    rows: int
    size: int  # bytes


def name_for(moment: datetime) -> str:
    """Return the name of a backup's file, by which files sort in the order in which they were made.

    Args:
        moment: when it is made.
    """
    return f"voice-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.backup"


def make_backup(platform: Platform, file: Path, told: Told) -> BackupMade:
    """Write a backup; the site may go on meanwhile.

    Args:
        platform: what to back up.
        file: where; must not be there yet.
        told: called now and then with how many rows are written, and how many there were.

    Returns:
        What was made. It is on the disk for good.

    Raises:
        BackupError: the file is there already.
        KeyMissingError: there is no usable key.
        DatabaseUnreachableError: the database does not answer.
    """
    if file.exists():
        message = f"{file} is there already. A backup never takes the place of another."
        raise BackupError(message)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{new_id()}")
    backup_id = new_id()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            head = {"made": platform.clock.now().astimezone(UTC).isoformat(), "program": __version__}
            key_id = platform.keys.current
            writer = ArchiveWriter(opened, platform.keys, backup_id, head)
            rows = _write_everything(platform, writer, told)
            writer.finish()
            opened.flush()
            os.fsync(opened.fileno())
            size = opened.tell()
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    make_lasting(file.parent)
    with platform.database.writing() as connection:
        note(connection, "platform", "made a backup", f"backup {backup_id}", now=platform.clock.now())
    return BackupMade(file, backup_id, key_id, rows, size)


def remove_older(folder: Path, keep: int) -> list[Path]:
    """Remove older backups of a folder; only files named as `name_for` names them.

    Args:
        folder: where they lie.
        keep: how many of the newest stay, at least 1.

    Returns:
        The files that were removed.
    """
    ours = sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name))
    gone = ours[: -max(keep, 1)]
    for file in gone:
        file.unlink()
    return gone


@contextmanager
def one_moment(database: Database) -> Iterator[Connection]:
    """Open a transaction in which the database stands still, while others go on writing.

    Args:
        database: which.

    Yields:
        A connection that only reads.
    """
    if database.is_sqlite:
        with database.reading() as connection, unhurried(LONGEST_CALL_SECONDS):
            yield connection
        return
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with reachable(), unhurried(LONGEST_CALL_SECONDS), database.engine.connect() as opened:
        connection = opened.execution_options(**options)
        with connection.begin():
            yield connection


def _write_everything(platform: Platform, writer: ArchiveWriter, told: Told) -> int:
    with one_moment(platform.database) as connection:
        revision = connection.exec_driver_sql(f"SELECT version_num FROM {REVISION_TABLE}").scalar_one()  # noqa: S608 - our own name
        tables = tables_of(connection)
        in_all = count_rows(connection, tables)
        writer.write(said({"revision": revision, "engine": platform.database.engine.dialect.name}))
        sums: dict[str, TableSum] = {}
        done = 0
        for table in tables:
            writer.write(said({"table": table.name, "columns": [column.name for column in table.columns]}))
            sums[table.name] = TableSum()
            for line in rows_of(connection, table):
                writer.write(line + b"\n")
                sums[table.name] = sums[table.name].with_row(line)
                done += 1
                if done % _TOLD_EVERY == 0:
                    told(done, in_all)
            writer.write(said({"end": table.name, **sums[table.name].written}))
        manifest = {name: total.written for name, total in sums.items()}
        writer.write(said({"manifest": manifest, "audit": _audit_head(connection)}))
    told(done, in_all)
    return done


def _audit_head(connection: Connection) -> dict[str, Any]:
    head = connection.execute(select(AuditHead.number, AuditHead.entry_hash).where(AuditHead.id == HEAD)).one()
    return {"number": head.number, "hash": head.entry_hash}
