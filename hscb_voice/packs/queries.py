"""Reading packs: what has been issued, what is being made, and a file exactly as it was issued."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select

from hscb_voice.board.periods import period_named
from hscb_voice.packs.document import Document, content_hash, from_text
from hscb_voice.packs.errors import UnknownPackError
from hscb_voice.packs.models import IssuedFile, IssuedPack, PackOrder
from hscb_voice.packs.service import STYLES
from hscb_voice.packs.writing import FORMATS


@dataclass(frozen=True)
class PackLine:
    """One issued pack in a list."""

    id: str
    style: str
    look: str
    period_name: str
    meeting: date | None
    replaces: str | None
    reason: str
    issued_by: str
    issued_at: datetime
    content_hash: str
    replaced_by: str | None = None

    @property
    def title(self) -> str:
        """Return what it is, in words."""
        return f"{STYLES[self.style]}, {period_named(self.period_name).label}"


@dataclass(frozen=True)
class OrderLine:
    """One pack that is being made."""

    id: str
    style: str
    period_name: str
    asked_by: str
    asked_at: datetime
    done: int
    of: int = len(FORMATS)

    @property
    def title(self) -> str:
        """Return what it is, in words."""
        return f"{STYLES[self.style]}, {period_named(self.period_name).label}"


_LINE = [getattr(IssuedPack, name) for name in PackLine.__dataclass_fields__ if name != "replaced_by"]
_ORDER = [getattr(PackOrder, name) for name in OrderLine.__dataclass_fields__ if name != "of"]


def issued_packs(connection: Connection) -> list[PackLine]:
    """Return all packs, the newest first."""
    rows = list(connection.execute(select(*_LINE).order_by(IssuedPack.issued_at.desc(), IssuedPack.id)).mappings())
    replaced = {row["replaces"]: row["id"] for row in rows if row["replaces"]}
    return [_line(row, replaced.get(row["id"])) for row in rows]


def waiting_packs(connection: Connection) -> list[OrderLine]:
    """Return the packs that are being made, the oldest first."""
    issued = select(IssuedPack.id)
    query = select(*_ORDER).where(PackOrder.id.not_in(issued)).order_by(PackOrder.asked_at)
    return [OrderLine(**row) for row in connection.execute(query).mappings()]


def pack_by_id(connection: Connection, pack_id: str) -> tuple[PackLine, Document]:
    """Return an issued pack and its document.

    Args:
        connection: a reading connection.
        pack_id: which.

    Raises:
        UnknownPackError: there is none of that id, or it is not what was issued.
    """
    row = connection.execute(select(*_LINE, IssuedPack.content).where(IssuedPack.id == pack_id)).mappings().first()
    if row is None:
        message = "There is no such pack."
        raise UnknownPackError(message)
    if content_hash(row["content"]) != row["content_hash"]:
        message = "This pack is not as it was issued."
        raise UnknownPackError(message)
    after = connection.execute(select(IssuedPack.id).where(IssuedPack.replaces == pack_id)).scalars().first()
    return _line(row, after), from_text(row["content"])


def file_of(connection: Connection, pack_id: str, form: str) -> bytes:
    """Return a file of a pack, as it was issued.

    Args:
        connection: a reading connection.
        pack_id: which pack.
        form: which format.

    Raises:
        UnknownPackError: there is none, or it is not what was issued.
    """
    query = select(IssuedFile.content, IssuedFile.content_hash)
    row = connection.execute(query.where(IssuedFile.pack_id == pack_id, IssuedFile.form == form)).first()
    if row is None or hashlib.sha256(row.content).hexdigest() != row.content_hash:
        message = "There is no such file, or it is not as it was issued."
        raise UnknownPackError(message)
    return bytes(row.content)


def _line(row: RowMapping, replaced_by: str | None) -> PackLine:
    names = [name for name in PackLine.__dataclass_fields__ if name != "replaced_by"]
    return PackLine(**{name: row[name] for name in names}, replaced_by=replaced_by)
