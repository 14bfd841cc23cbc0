"""Tables of packs. What is issued is written once: the database itself refuses to change or remove it.

It lies sealed, each pack under a key of its own: that key alone may be changed. Without it nobody reads the pack again.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class PackOrder(Base):
    """A pack that somebody has asked for; the worker makes it."""

    __tablename__ = "pack_orders"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    style: Mapped[str] = mapped_column(String(10))  # meeting, young or annual
    look: Mapped[str] = mapped_column(String(20), default="")  # for which age; of the young people's pack
    period_name: Mapped[str] = mapped_column(String(12))
    meeting: Mapped[date | None] = mapped_column(Date)
    replaces: Mapped[str | None] = mapped_column(String(36))  # the issued pack that it puts right
    reason: Mapped[str] = mapped_column(String(300), default="")
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    done: Mapped[int] = mapped_column(default=0)  # files written so far
    trouble: Mapped[str] = mapped_column(String(60), default="")


class IssuedPack(Base):
    """A pack as it was issued. It never changes; what puts it right is a new one."""

    __tablename__ = "issued_packs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    style: Mapped[str] = mapped_column(String(10))
    look: Mapped[str] = mapped_column(String(20), default="")
    period_name: Mapped[str] = mapped_column(String(12))
    meeting: Mapped[date | None] = mapped_column(Date)
    replaces: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(String(300), default="")
    issued_by: Mapped[str] = mapped_column(String(60))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    content_hash: Mapped[str] = mapped_column(String(64))  # of the document as text
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # none: its words were taken out, by a later pack
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the document
    quoted: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: words it quotes -> the comments' ids

    __table_args__ = (Index("ix_issued_packs_issued_at", "issued_at"),)


class IssuedFile(Base):
    """One file of an issued pack, as it was written then."""

    __tablename__ = "issued_files"

    pack_id: Mapped[str] = mapped_column(ForeignKey("issued_packs.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(5), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))  # of the file
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the file, under the pack's own key
