"""Table of exports: a file of responses that somebody asked for, sealed, and gone after a day."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class ResponseExport(Base):
    """One file of responses. The row goes a day after it was asked for, taken or not."""

    __tablename__ = "response_exports"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36))  # who asked, and the only one who may take it
    slug: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(12))  # a reporting year or quarter; empty for all
    kind: Mapped[str] = mapped_column(String(5))  # csv, xlsx, jsonl or sav
    words: Mapped[str] = mapped_column(String(6))  # empty, masked or whole
    reason: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime | None] = mapped_column(Moment)
    total: Mapped[int] = mapped_column(default=0)  # responses in it
    done: Mapped[int] = mapped_column(default=0)  # responses read so far
    taken: Mapped[int] = mapped_column(default=0)  # how often it was taken
    trouble: Mapped[str] = mapped_column(String(200), default="")  # why there is none, in plain words
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_response_exports_person_id_asked_at", "person_id", "asked_at"),)
