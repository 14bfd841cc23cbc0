"""Tables of uploads: a file's rows, sealed until they are kept or dropped, and what became of each row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Upload(Base):
    """A spreadsheet that somebody brought. Its row goes an hour after the preview, or a day after it was brought in."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36))
    team: Mapped[str] = mapped_column(String(80))
    form_code: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10))  # preview, running, done, undoing or undone
    ready: Mapped[int]  # rows that can be kept
    refused: Mapped[int]  # rows that cannot
    done: Mapped[int]  # rows that have been seen to, while it runs or is undone
    brought_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the rows, as JSON

    __table_args__ = (Index("ix_uploads_person_id_brought_at", "person_id", "brought_at"),)


class UploadedRow(Base):
    """What became of one row."""

    __tablename__ = "uploaded_rows"

    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[str | None] = mapped_column(String(36))
    outcome: Mapped[str] = mapped_column(String(10))  # kept, known, refused, undone or stays
    reason: Mapped[str] = mapped_column(String(200))
