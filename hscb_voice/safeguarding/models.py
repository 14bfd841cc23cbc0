"""Tables of concerns, and of who is called about them.

No words stand here open: only places in an answer, whose words are sealed elsewhere.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Concern(Base):
    """One reason of one kind for which a person must look at a response."""

    __tablename__ = "concerns"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    # Not removed with its response: whoever deletes a response must first say what becomes of its concerns.
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"))
    kind: Mapped[str] = mapped_column(String(20))  # words, scared, talk, advocate or worker
    reasons: Mapped[list[str]] = mapped_column(JSON)  # ids of what the words were flagged for
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # where in the answer; never the words
    state: Mapped[str] = mapped_column(String(20))  # open, acknowledged or closed
    heard_at: Mapped[datetime] = mapped_column(Moment)  # when the answer came; the clock starts here
    raised_at: Mapped[datetime] = mapped_column(Moment)
    read_due: Mapped[datetime] = mapped_column(Moment)
    speak_due: Mapped[datetime] = mapped_column(Moment)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_by: Mapped[str | None] = mapped_column(String(120))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(String(30))
    calling_since: Mapped[datetime] = mapped_column(Moment)  # when it was last open anew: from here people are called
    holder: Mapped[str | None] = mapped_column(String(36))  # the account of whoever has it in hand

    __table_args__ = (
        UniqueConstraint("response_id", "kind"),
        Index("ix_concerns_state_read_due", "state", "read_due"),
    )


class ConcernNote(Base):
    """One thing that was done about a concern, with what was written, sealed: it may hold a child's circumstances."""

    __tablename__ = "concern_notes"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    concern_id: Mapped[str] = mapped_column(ForeignKey("concerns.id", ondelete="CASCADE"))
    place: Mapped[int]  # 1, 2, 3 ... within its concern, because two things can be done in one moment
    act: Mapped[str] = mapped_column(String(20))  # what was done; `wording.ACT_LABELS` names every act
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(120), default="")  # a person's id; empty for the screening itself
    outcome: Mapped[str | None] = mapped_column(String(30))
    key_id: Mapped[str | None] = mapped_column(String(40))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    told: Mapped[str] = mapped_column(String(400), default="")  # whom it went to: a member of staff, never a child
    letter_id: Mapped[str | None] = mapped_column(String(36))  # the letter that told them

    __table_args__ = (UniqueConstraint("concern_id", "place"),)


class Duty(Base):
    """Who is called about the concerns of one service, and when its office is open."""

    __tablename__ = "duties"

    service: Mapped[str] = mapped_column(String(80), primary_key=True)  # empty: every service without its own
    first_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    second_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    out_of_hours: Mapped[str] = mapped_column(String(254), default="")  # an address; empty: the first person always
    weekdays: Mapped[str] = mapped_column(String(7))  # such as 01234: Monday is 0
    opens: Mapped[str] = mapped_column(String(5))  # such as 09:00, by the clocks of the United Kingdom
    closes: Mapped[str] = mapped_column(String(5))


class ClosingDay(Base):
    """One day on which a service's office is closed, besides weekends and bank holidays."""

    __tablename__ = "closing_days"

    service: Mapped[str] = mapped_column(ForeignKey("duties.service", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
