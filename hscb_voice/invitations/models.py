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
    single: Mapped[bool] = mapped_column(default=False)  # for one sitting; closed once that has been kept
    used_at: Mapped[datetime | None] = mapped_column(Moment)  # only of a single one: since when it is closed
    language: Mapped[str | None] = mapped_column(String(12))  # when the page need not choose
    made_by: Mapped[str] = mapped_column(String(60), default="")  # a person's id; empty when a command made it
    sheet_id: Mapped[str | None] = mapped_column(String(36))  # of single ones that are printed on one sheet

    __table_args__ = (Index("ix_invitations_team_created_at", "team", "created_at"),)


class InvitedCount(Base):
    """How many people a service invited to a questionnaire in a month: the base of “38 of 61 invited”.

    The only place where it stands: a single code writes its own line of one, a code for many a line for each month in
    which a worker says how many were handed out, and paper or tablets a note without a code.
    """

    __tablename__ = "invited_counts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    service: Mapped[str] = mapped_column(String(80), default="")
    span_start: Mapped[date] = mapped_column(Date)
    span_end: Mapped[date] = mapped_column(Date)
    invited: Mapped[int]
    invented: Mapped[bool] = mapped_column(default=False)
    team: Mapped[str] = mapped_column(String(80), default="")
    invitation_id: Mapped[str | None] = mapped_column(String(36))  # its code may have gone; the count stays

    __table_args__ = (
        Index("ix_invited_counts_slug_span_start", "slug", "span_start"),
        Index("uq_invited_counts_invitation_id_span_start", "invitation_id", "span_start", unique=True),
    )
