"""Tables of concerns. No words stand here open: only places in an answer, whose words are sealed elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Concern(Base):
    """One reason of one kind for which a person must look at a response."""

    __tablename__ = "concerns"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    # Not removed with its response: whoever deletes a response must first say what becomes of its concerns.
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"))
    kind: Mapped[str] = mapped_column(String(20))  # words, scared, talk or advocate
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
    act: Mapped[str] = mapped_column(String(20))  # raised, raised_again, acknowledged, noted, closed or reopened
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(120), default="")  # a person's id; empty for the screening itself
    outcome: Mapped[str | None] = mapped_column(String(30))
    key_id: Mapped[str | None] = mapped_column(String(40))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("concern_id", "place"),)
