"""Reading packs: what has been issued, what is being made, and a file exactly as it was issued."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select

from hscb_voice.board.periods import period_named
from hscb_voice.foundation.clock import written_day
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.packs.document import Document, from_text
from hscb_voice.packs.errors import UnknownPackError
from hscb_voice.packs.keeping import quoted_in, text_of
from hscb_voice.packs.models import IssuedPack, PackOrder
from hscb_voice.packs.service import STYLES
from hscb_voice.packs.writing import FORMATS
from hscb_voice.responses.models import Comment


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
    wrapped_key: bytes | None = field(repr=False)
    replaced_by: str | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether it can still be read: no words have been taken out of it."""
        return self.wrapped_key is not None

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


def line_of(connection: Connection, pack_id: str) -> PackLine:
    """Return what is said of an issued pack, whole or not.

    Args:
        connection: a reading connection.
        pack_id: which.

    Raises:
        UnknownPackError: there is none of that id.
    """
    row = connection.execute(select(*_LINE).where(IssuedPack.id == pack_id)).mappings().first()
    if row is None:
        message = "There is no such pack."
        raise UnknownPackError(message)
    after = connection.execute(select(IssuedPack.id).where(IssuedPack.replaces == pack_id)).scalars().first()
    return _line(row, after)


def pack_by_id(connection: Connection, keys: KeyRing, pack_id: str) -> tuple[PackLine, Document]:
    """Return an issued pack and its document.

    Args:
        connection: a reading connection.
        keys: open it.
        pack_id: which.

    Raises:
        UnknownPackError: there is none of that id, its words have been taken out, or it is not what was issued.
        KeyMissingError: the key that sealed it is not here.
    """
    line = line_of(connection, pack_id)
    return line, from_text(text_of(connection, keys, pack_id))


def known_of_packs(connection: Connection, keys: KeyRing, response_id: str) -> list[str]:
    """Tell which packs quote an answer.

    Args:
        connection: a reading connection.
        keys: open what packs quote.
        response_id: which answer.
    """
    comments = frozenset(connection.execute(select(Comment.id).where(Comment.response_id == response_id)).scalars())
    return [
        f"Quoted in “{pack.title}”, issued on {written_day(pack.issued_at)}"
        for pack in issued_packs(connection)
        if pack.is_whole and any(comments & set(ids) for ids in quoted_in(connection, keys, pack.id).values())
    ]


def _line(row: RowMapping, replaced_by: str | None) -> PackLine:
    names = [name for name in PackLine.__dataclass_fields__ if name != "replaced_by"]
    return PackLine(**{name: row[name] for name in names}, replaced_by=replaced_by)
