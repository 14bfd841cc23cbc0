"""Bringing a backup back, into an empty place only, and proving that what came back is what was there.

Until the last check has passed nothing can use what was brought back: an embedded database stands under another name,
and in PostgreSQL the place of the revision says that it is being restored, so that the program refuses to open it.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, inspect, select, text, update

from hscb_voice.audit.queries import verify
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.key_register import index_key_of
from hscb_voice.foundation.key_sources import make_lasting
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.migrating import known_revisions, migrate, newest_revision
from hscb_voice.foundation.watchdog import unhurried
from hscb_voice.governance.sweeping import sweep
from hscb_voice.keeping.archive import ArchiveReader
from hscb_voice.keeping.backup import LONGEST_CALL_SECONDS
from hscb_voice.keeping.errors import DamagedBackupError, RestoreError
from hscb_voice.keeping.records import REVISION_TABLE, TableSum, row_from, sum_of, tables_of
from hscb_voice.keeping.replaying import erase_again, refuse_older_ledger
from hscb_voice.keeping.rotation import unopened
from hscb_voice.responses.erasing import ErasureLine
from hscb_voice.staff.models import SignIn

RESTORING = "restoring"  # stands in the place of the revision until everything is proved
_ROWS_AT_ONCE = 500
_TOLD_EVERY = 2000
Told = Callable[[int], None]  # rows brought back so far
Put = Callable[[str, list[str], list[list[Any]]], None]  # table, columns, rows
_NO_MANIFEST = "The backup is not whole: its manifest is missing, or names other tables."


@dataclass(frozen=True)
class Wanted:
    """How a backup is to be brought back."""

    file: Path
    ring: KeyRing
    clock: Clock
    ledger: list[ErasureLine] | None  # None: told to do without
    despite_lost_keys: bool = False


@dataclass(frozen=True)
class BackupRead:
    """What stands in a backup, proved by its own manifest."""

    backup_id: str
    made: str  # a moment, as ISO 8601
    program: str
    revision: str
    tables: dict[str, TableSum]
    audit_number: int
    audit_hash: str

    @property
    def rows(self) -> int:
        """Return how many rows it holds in all."""
        return sum(total.rows for total in self.tables.values())


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    backup: BackupRead
    erased_again: int
    lost: dict[str, int]  # key id -> rows that nobody can open, because that key is not here


def read_backup(file: Path, ring: KeyRing, told: Told) -> BackupRead:
    """Read a backup from end to end and prove it, writing nothing.

    Args:
        file: the backup.
        ring: the keys that are here.
        told: called now and then with how many rows were read.

    Returns:
        What stands in it.

    Raises:
        DamagedBackupError: it is not as it was written.
        KeyMissingError: its key is not here.
    """
    with file.open("rb") as opened:
        taking = _Taking(ArchiveReader(opened, ring), lambda _table, _columns, _rows: None, told)
        return taking.whole()


def bring_back(database: Database, wanted: Wanted, told: Told) -> Restored:
    """Bring a backup back into an empty database.

    Args:
        database: empty.
        wanted: what, with which keys and which ledger.
        told: called now and then with how many rows were brought back.

    Returns:
        What was brought back; it has been compared, row for row, with what was backed up.

    Raises:
        RestoreError: the database is not empty, or something does not come back as it was.
        DamagedBackupError: the backup is not as it was written.
        KeyMissingError: its key is not here.
    """
    with wanted.file.open("rb") as opened:
        reader = ArchiveReader(opened, wanted.ring)
        _refuse_full(database)
        taking = _Taking(reader, lambda _table, _columns, _rows: None, told)
        migrate(database, taking.revision)
        with _holding(database) as connection:
            _set_revision(connection, RESTORING)
        with _holding(database) as connection:
            tables = _emptied(connection)
            taking.put = partial(_insert, connection, tables)
            backup = taking.whole()
            _count_on(connection, tables)
            _compare(connection, backup)
            is_newest = taking.revision == newest_revision()
            _set_revision(connection, RESTORING if is_newest else taking.revision)
    if not is_newest:
        migrate(database, keys=wanted.ring)
    with _holding(database) as connection:
        restored = _settled(connection, wanted, backup)
        _set_revision(connection, newest_revision())
    sweep(database)
    return restored


def bring_back_into_folder(folder: Path, wanted: Wanted, told: Told) -> tuple[Path, Restored]:
    """Bring a backup back as an embedded database.

    Args:
        folder: made when missing; must hold no database.
        wanted: what, with which keys and which ledger.
        told: called now and then with how many rows were brought back.

    Returns:
        The database's file, and what was brought back.

    Raises:
        RestoreError: there is a database already, or something does not come back as it was.
        DamagedBackupError: the backup is not as it was written.
        KeyMissingError: its key is not here.
    """
    place = folder / "voice.db"
    if place.exists():
        message = f"There is a database in {folder} already. A backup is brought back into an empty place only."
        raise RestoreError(message)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / "voice.db.restoring"
    _remove(draft)  # of a restore that was ended
    database = Database(f"sqlite:///{draft}")
    try:
        restored = bring_back(database, wanted, told)
        database.dispose()
        draft.chmod(0o600)
        draft.rename(place)
        make_lasting(folder)
    finally:
        database.dispose()
        _remove(draft)
    return place, restored


class _Taking:
    """Reads a backup's records in order, proves each table by its sum, and hands its rows on."""

    def __init__(self, reader: ArchiveReader, put: Put, told: Told) -> None:
        self.put = put
        self._told = told
        self._head = reader.head
        self._lines = reader.lines()
        self.revision = str(_record(next(self._lines, b"")).get("revision"))
        if self.revision not in known_revisions():
            message = (
                f"The backup was made by a newer version of the program (its database stands at {self.revision}). "
            )
            message += "Bring the program up to date first."
            raise RestoreError(message)
        self._tables: dict[str, TableSum] = {}
        self._table, self._columns, self._rows = "", [""], list[list[Any]]()
        self._done = 0

    def whole(self) -> BackupRead:
        """Read to the end."""
        last: dict[str, Any] = {}
        for line in self._lines:
            if line.startswith(b"["):
                self._take_row(line)
                continue
            last = _record(line)
            if "table" in last:
                self._table, self._columns = last["table"], last["columns"]
                self._tables[self._table] = TableSum()
            elif "end" in last:
                self._hand_on()
                _same(self._table, self._tables[self._table], last)
        manifest = last.get("manifest")
        if not isinstance(manifest, dict) or manifest.keys() != self._tables.keys():
            raise DamagedBackupError(_NO_MANIFEST)
        for name, total in self._tables.items():
            _same(name, total, manifest[name])
        self._told(self._done)
        audit = last["audit"]
        head = self._head
        made, program = str(head.get("made")), str(head.get("program"))
        return BackupRead(
            str(head["backup"]), made, program, self.revision, self._tables, audit["number"], audit["hash"]
        )

    def _take_row(self, line: bytes) -> None:
        self._tables[self._table] = self._tables[self._table].with_row(line)
        self._rows.append(row_from(line))
        self._done += 1
        if len(self._rows) == _ROWS_AT_ONCE:
            self._hand_on()
        if self._done % _TOLD_EVERY == 0:
            self._told(self._done)

    def _hand_on(self) -> None:
        if self._rows:
            self.put(self._table, self._columns, self._rows)
        self._rows = []


def _record(line: bytes) -> dict[str, Any]:
    record = json.loads(line) if line else None
    if not isinstance(record, dict):
        raise DamagedBackupError(_NO_MANIFEST)
    return record


def _same(name: str, total: TableSum, told: dict[str, Any]) -> None:
    if total.written != {key: told.get(key) for key in ("rows", "hash")}:
        message = f"The table {name} in the backup is not what its own manifest says."
        raise DamagedBackupError(message)


def _refuse_full(database: Database) -> None:
    with database.reading() as connection:
        found = inspect(connection).get_table_names()
        if REVISION_TABLE in found and _revision_now(connection) == RESTORING:
            message = "A restore into this database was ended before it was whole. Drop the database, make it again."
            raise RestoreError(message)
    if found:
        message = "The database is not empty. A backup is brought back into an empty place only."
        raise RestoreError(message)


@contextlib.contextmanager
def _holding(database: Database) -> Iterator[Connection]:
    with unhurried(LONGEST_CALL_SECONDS), database.writing() as connection:
        yield connection


def _emptied(connection: Connection) -> dict[str, Table]:
    """Take out the few rows with which migrations begin a database: the backup has its own."""
    tables = tables_of(connection)
    for table in reversed(tables):
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            connection.execute(delete(table))
    return {table.name: table for table in tables}


def _insert(
    connection: Connection, tables: dict[str, Table], name: str, columns: list[str], rows: list[list[Any]]
) -> None:
    table = tables.get(name)
    if table is None or not set(columns) <= set(table.columns.keys()):
        message = f"The table {name} of the backup has no place in a database of its own revision."
        raise RestoreError(message)
    connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def _count_on(connection: Connection, tables: dict[str, Table]) -> None:
    """Let PostgreSQL number new rows after those that were brought back; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key.columns:
            names = {"of": table.name, "column": column.name}
            sequence = connection.execute(text("SELECT pg_get_serial_sequence(:of, :column)"), names).scalar()
            highest = connection.execute(select(func.max(column))).scalar() if sequence else None
            if highest is not None:
                connection.execute(
                    text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest}
                )


def _compare(connection: Connection, backup: BackupRead) -> None:
    """Read back what was written, and compare it with what was backed up."""
    for table in tables_of(connection):
        found, wanted = sum_of(connection, table), backup.tables.get(table.name, TableSum())
        if found != wanted:
            message = f"The table {table.name} did not come back as it was: {found.rows} rows, not {wanted.rows}"
            message += "." if found.rows != wanted.rows else " that are the same."
            raise RestoreError(message)


def _settled(connection: Connection, wanted: Wanted, backup: BackupRead) -> Restored:
    _check_record(connection, backup)
    lost = _check_keys(connection, wanted)
    erased = 0
    if wanted.ledger is not None:
        refuse_older_ledger(connection, wanted.ledger)
        erased = erase_again(connection, wanted.ring, wanted.ledger, wanted.clock)
    now = wanted.clock.now()
    # Whoever signed out, or was shut out, since the backup must not be signed in again by it.
    connection.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now))
    reason = "" if wanted.ledger is not None else "without the ledger of erasures"
    note(connection, "platform", "brought a backup back", f"backup {backup.backup_id}", now=now, reason=reason)
    return Restored(backup, erased, lost)


def _check_record(connection: Connection, backup: BackupRead) -> None:
    report = verify(connection)
    if not report.is_sound:
        message = f"The record of who did what is not sound: {report.trouble}."
        raise RestoreError(message)
    if (report.entries, report.head) != (backup.audit_number, backup.audit_hash):
        message = "The record of who did what does not end where it ended when the backup was made."
        raise RestoreError(message)


def _check_keys(connection: Connection, wanted: Wanted) -> dict[str, int]:
    lost = dict(unopened(connection, wanted.ring))
    if lost and not wanted.despite_lost_keys:
        said = ", ".join(f"“{key_id}” ({count} rows)" for key_id, count in sorted(lost.items()))
        message = f"Keys are missing, without which words cannot be read: {said}. Bring them. "
        message += "Only if they are lost for good: --despite-lost-keys."
        raise RestoreError(message)
    if not lost:
        index_key_of(connection, wanted.ring)
    return lost


def _revision_now(connection: Connection) -> str | None:
    return connection.execute(text(f"SELECT version_num FROM {REVISION_TABLE}")).scalar()  # noqa: S608 - our own name


def _set_revision(connection: Connection, revision: str) -> None:
    connection.execute(text(f"UPDATE {REVISION_TABLE} SET version_num = :now"), {"now": revision})  # noqa: S608 - our own name


def _remove(draft: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)
