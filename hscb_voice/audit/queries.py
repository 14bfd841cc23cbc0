"""Reading the record, and checking that nobody has changed it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from hscb_voice.audit.chain import BEGINNING, Entry, hash_of
from hscb_voice.audit.models import AuditEntry, AuditHead
from hscb_voice.audit.service import HEAD, VERIFIED

_ENTRY = [getattr(AuditEntry, name) for name in Entry.__dataclass_fields__]
_BATCH = 1000


@dataclass(frozen=True)
class EntryFilter:
    """Which entries a list shows; what is empty asks nothing."""

    who: str = ""
    act: str = ""
    subject: str = ""  # what it begins with, such as “response 0190…”
    since: datetime | None = None
    before: datetime | None = None  # this moment itself is not shown


@dataclass(frozen=True)
class ChainReport:
    """What checking the record found."""

    entries: int  # how many were read and are sound
    head: str  # the newest sound entry's hash; keep a copy elsewhere to notice a record rewritten from the start
    first_bad: int | None = None  # the number of the first entry that is not as it was written
    trouble: str = ""

    @property
    def is_sound(self) -> bool:
        """Tell whether everything is as it was written."""
        return self.first_bad is None


def entries(
    connection: Connection, wanted: EntryFilter | None = None, *, page: int = 1, size: int = 50
) -> tuple[list[Entry], int]:
    """List entries, newest first.

    Args:
        connection: a reading connection.
        wanted: the filter; all entries when left out.
        page: from 1.
        size: entries a page.

    Returns:
        One page, and how many there are in all.
    """
    query = _filtered(select(*_ENTRY), wanted or EntryFilter())
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(AuditEntry.number.desc()).limit(size).offset((page - 1) * size))
    return [Entry(*row) for row in rows], total


def entries_from(connection: Connection, wanted: EntryFilter, *, after: int, upto: int, size: int) -> list[Entry]:
    """Return a piece of the record, oldest first, so that a long list can be written piece by piece.

    Args:
        connection: a reading connection.
        wanted: the filter.
        after: the number of the last entry of the piece before; 0 for the first piece.
        upto: the number of the last entry that counts.
        size: entries a piece.

    Returns:
        Entries; fewer than `size` at the end.
    """
    query = _filtered(select(*_ENTRY), wanted).where(AuditEntry.number > after, AuditEntry.number <= upto)
    return [Entry(*row) for row in connection.execute(query.order_by(AuditEntry.number).limit(size))]


def known_acts(connection: Connection) -> list[str]:
    """Return every act that the record knows, in the order of the alphabet."""
    return list(connection.execute(select(AuditEntry.act).distinct().order_by(AuditEntry.act)).scalars())


def known_doers(connection: Connection) -> list[str]:
    """Return the id of everybody who has done something, `platform` and `nobody` among them."""
    return list(connection.execute(select(AuditEntry.who).distinct().order_by(AuditEntry.who)).scalars())


def subjects_of(connection: Connection, who: str, acts: Collection[str], subjects: Collection[str]) -> set[str]:
    """Return to which of some things somebody has done one of some acts.

    Args:
        connection: any connection.
        who: the person's id.
        acts: as they stand in the record.
        subjects: at most some hundreds; found by an index, however long the record is.
    """
    query = select(AuditEntry.subject).where(AuditEntry.subject.in_(subjects))
    return set(connection.execute(query.where(AuditEntry.who == who, AuditEntry.act.in_(acts))).scalars())


def hashes_of(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Return the hashes of entries; the record's beginning counts as entry 0.

    Args:
        connection: a reading connection.
        numbers: of entries, at most some hundreds.
    """
    query = select(AuditEntry.number, AuditEntry.entry_hash).where(AuditEntry.number.in_(numbers))
    return {0: BEGINNING} | {row.number: row.entry_hash for row in connection.execute(query)}


def last_verified(connection: Connection) -> datetime | None:
    """Return when the record was last checked and found sound; None when it never was."""
    query = select(AuditEntry.at).where(AuditEntry.act == VERIFIED).order_by(AuditEntry.number.desc()).limit(1)
    return connection.execute(query).scalar()


def verify(connection: Connection) -> ChainReport:
    """Read the whole record and check every entry against the one before.

    Args:
        connection: a reading connection.

    Returns:
        How many entries are sound, and the first that was changed, moved, put in or taken out.
    """
    sound, previous = 0, BEGINNING
    while True:
        begun = sound
        for entry in _in_order(connection, begun):
            trouble = _trouble(entry, sound + 1, previous)
            if trouble:
                return ChainReport(sound, previous, sound + 1, trouble)
            sound, previous = entry.number, entry.entry_hash
        head = connection.execute(select(AuditHead.number, AuditHead.entry_hash).where(AuditHead.id == HEAD)).first()
        if head is not None and (head.number, head.entry_hash) == (sound, previous):
            return ChainReport(sound, previous)
        # PostgreSQL shows what others have written meanwhile: then there is more to read, and we read on.
        if head is None or head.number <= sound or sound == begun:
            known = "unknown" if head is None else str(head.number)
            return ChainReport(sound, previous, sound + 1, f"the newest entries are missing: the last known is {known}")


def _filtered(query: Select[*tuple[Any, ...]], wanted: EntryFilter) -> Select[*tuple[Any, ...]]:
    if wanted.who:
        query = query.where(AuditEntry.who == wanted.who)
    if wanted.act:
        query = query.where(AuditEntry.act == wanted.act)
    if wanted.subject:
        query = query.where(AuditEntry.subject.startswith(wanted.subject, autoescape=True))
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.before:
        query = query.where(AuditEntry.at < wanted.before)
    return query


def _trouble(entry: Entry, number: int, previous: str) -> str:
    if entry.number != number:
        return f"entry {number} is missing; entry {entry.number} follows"
    if entry.previous_hash != previous:
        return f"entry {number} does not follow from the one before"
    if entry.entry_hash != hash_of(entry):
        return f"entry {number} was changed after it was written"
    return ""


def _in_order(connection: Connection, after: int) -> Iterator[Entry]:
    # From the start, an entry numbered below the first would be a fault too, and must be met.
    last = after or None
    while True:
        query = select(*_ENTRY).order_by(AuditEntry.number).limit(_BATCH)
        rows = connection.execute(query if last is None else query.where(AuditEntry.number > last)).all()
        yield from (Entry(*row) for row in rows)
        if len(rows) < _BATCH:
            return
        last = rows[-1].number
