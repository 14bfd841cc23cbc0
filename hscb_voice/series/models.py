"""Tables of series. A series has three words and no name: nothing here says whose it is.

Its answers are linked by the invitations of its points and by nothing else, so that how far somebody has come can be
counted. The worker may note the three words in the case file; then the case file links them, and only there.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Series(Base):
    """One person's forms of one questionnaire, from the first to some months later."""

    __tablename__ = "series"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    words: Mapped[str] = mapped_column(String(80), unique=True)
    slug: Mapped[str] = mapped_column(String(60))
    variant: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(12))
    service: Mapped[str] = mapped_column(String(80))
    team: Mapped[str] = mapped_column(String(80))
    locality: Mapped[str] = mapped_column(String(80))
    made_by: Mapped[str] = mapped_column(String(60))  # a person's id: who is reminded
    created_at: Mapped[datetime] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_series_team", "team"),)


class PlannedPoint(Base):
    """One form of a series: when it is due, and the invitation by which it was given."""

    __tablename__ = "planned_points"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    series_id: Mapped[str] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    point: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]  # its place in the series, from 1
    due_on: Mapped[date] = mapped_column(Date)
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitations.id"))
    left_out_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_planned_points_due_on", "due_on"),)
