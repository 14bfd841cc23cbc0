"""Tables of keeping and erasing: how long, what is held back, what waits for a decision. No words stand here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class RetentionPeriod(Base):
    """How many months the words of one questionnaire are kept, where it is not the usual time."""

    __tablename__ = "retention_periods"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    months: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(60))


class RetentionRun(Base):
    """One day's look at what has been kept long enough."""

    __tablename__ = "retention_runs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    words_due: Mapped[int]  # responses whose words were then taken away
    held_back: Mapped[int]  # responses as old, of which something is not over or that a person holds
    leftovers: Mapped[dict[str, Any]] = mapped_column(JSON)  # name of a leftover -> how many rows went

    __table_args__ = (Index("ix_retention_runs_at", "at"),)


class Hold(Base):
    """A person's word that a response must not be touched until a day: by retention, nor by anybody."""

    __tablename__ = "holds"

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    until: Mapped[date] = mapped_column(Date)  # the last day on which it counts
    held_by: Mapped[str] = mapped_column(String(60))
    held_at: Mapped[datetime] = mapped_column(Moment)


class ErasureWish(Base):
    """Somebody's wish to have an answer taken back that could not be done at once; the row goes with the answer."""

    __tablename__ = "erasure_wishes"

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(60))  # receipt, or a person's id
    why: Mapped[str] = mapped_column(String(20))


class AccessRequest(Base):
    """Somebody's wish to see what is held about an answer, and a safeguarding person's decision on it."""

    __tablename__ = "access_requests"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))  # waiting, released or refused
    concerns: Mapped[str] = mapped_column(String(20), default="")  # what is told of concerns: nothing, steps or notes
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300), default="")
