"""Reading the record, and checking that nobody has changed it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hscb_voice.audit.chain import BEGINNING, Entry, hash_of
from hscb_voice.audit.models import AuditEntry, AuditHead
from hscb_voice.audit.service import HEAD

_ENTRY = [getattr(AuditEntry, name) for name in Entry.__dataclass_fields__]
_BATCH = 1000


@dataclass(frozen=True)
class EntryFilter:
    """Which entries a list shows."""

    who: str = ""
    act: str = ""
    subject: str = ""


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
    wanted = wanted or EntryFilter()
    query = select(*_ENTRY)
    for name, value in vars(wanted).items():
        if value:
            query = query.where(getattr(AuditEntry, name) == value)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = connection.execute(query.order_by(AuditEntry.number.desc()).limit(size).offset((page - 1) * size))
    return [Entry(*row) for row in rows], total


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
