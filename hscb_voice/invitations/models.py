"""Tables of invitations."""

from datetime import date, datetime

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Invitation(Base):
    """A code that leads to one questionnaire, for one sitting or many, and what is known of the setting."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    slug: Mapped[str] = mapped_column(String(60))
    variant: Mapped[str | None] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20))
    service: Mapped[str] = mapped_column(String(80), default="")
    team: Mapped[str] = mapped_column(String(80), default="")
    locality: Mapped[str] = mapped_column(String(80), default="")
    session_date: Mapped[date | None] = mapped_column(Date)
    point: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class InvitedCount(Base):
    """How many people a service invited to a questionnaire in a month: the base of “38 of 61 invited”."""

    __tablename__ = "invited_counts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    service: Mapped[str] = mapped_column(String(80), default="")
    span_start: Mapped[date] = mapped_column(Date)
    span_end: Mapped[date] = mapped_column(Date)
    invited: Mapped[int]
    invented: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_invited_counts_slug_span_start", "slug", "span_start"),)
