"""Tables of actions. Everything here is written by staff for others to read; no word of a respondent stands here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Action(Base):
    """Something that people said or asked, and what is being done about it."""

    __tablename__ = "actions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    origin: Mapped[str] = mapped_column(String(10))  # theme, council or hand
    theme: Mapped[str] = mapped_column(String(40), default="")
    service: Mapped[str] = mapped_column(String(80), default="")  # empty: every service
    said: Mapped[str] = mapped_column(Text)  # in staff's plain words
    goes_to: Mapped[str] = mapped_column(String(200), default="")  # who is asked for an answer
    status: Mapped[str] = mapped_column(String(10))
    doing: Mapped[str] = mapped_column(Text, default="")  # what is to be done
    because: Mapped[str] = mapped_column(Text, default="")  # why it cannot be done, or rests
    evidence: Mapped[str] = mapped_column(Text, default="")  # how anybody can see that it was done
    outcome: Mapped[str] = mapped_column(Text, default="")  # what changed for children
    owner_id: Mapped[str | None] = mapped_column(String(36))
    due: Mapped[date | None] = mapped_column(Date)
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)  # since when there is an owner and a date, or a reason
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # since when it is done, or cannot be
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded_on: Mapped[date | None] = mapped_column(Date)
    invented: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (Index("ix_actions_status_due", "status", "due"),)


class ActionStep(Base):
    """One thing that happened to an action; written once and never changed."""

    __tablename__ = "action_steps"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)  # field -> what it was and what it became, in words


class ToldWords(Base):
    """What people of one age are told about an action, in one language."""

    __tablename__ = "told_words"

    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True)
    look: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    you_said: Mapped[str] = mapped_column(Text)
    we_did: Mapped[str] = mapped_column(Text)
    is_hard: Mapped[bool] = mapped_column(Boolean, default=False)  # kept though harder to read than it should be
    written_by: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[datetime] = mapped_column(Moment)


class ThemeWait(Base):
    """A theme that enough people of one service want changed: it waits for a decision by the next meeting."""

    __tablename__ = "theme_waits"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    theme: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(80), default="")
    span_start: Mapped[date] = mapped_column(Date)  # the quarter in which it was heard
    span_end: Mapped[date] = mapped_column(Date)
    noticed_on: Mapped[date] = mapped_column(Date)
    action_id: Mapped[str | None] = mapped_column(ForeignKey("actions.id", ondelete="SET NULL"), index=True)
    answered_on: Mapped[date | None] = mapped_column(Date)
    reminded_on: Mapped[date | None] = mapped_column(Date)
    invented: Mapped[bool] = mapped_column(Boolean, default=False)  # every answer counted was invented

    __table_args__ = (Index("uq_theme_waits_theme_service_span_start", "theme", "service", "span_start", unique=True),)


class ActionThreshold(Base):
    """From how many responses in a quarter on a theme of a service needs a decision."""

    __tablename__ = "action_thresholds"

    service: Mapped[str] = mapped_column(String(80), primary_key=True)  # empty: every other service
    fewest: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(60))
    set_at: Mapped[datetime] = mapped_column(Moment)


class ActionDay(Base):
    """A day on which themes were looked at and reminders sent; whoever writes it first does the work."""

    __tablename__ = "action_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
