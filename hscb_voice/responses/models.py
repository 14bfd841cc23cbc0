"""Tables of responses. Words stand only sealed; ticks and faces stand open, because figures are made of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Response(Base):
    """One sitting's answer to one version of one questionnaire."""

    __tablename__ = "responses"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # the sitting's id, minted when the page opened
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    slug: Mapped[str] = mapped_column(String(60))
    variant: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(12))
    respondent: Mapped[str] = mapped_column(String(20))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)  # question key -> kept form; never words
    span_start: Mapped[date] = mapped_column(Date)  # the days between which it was said: its month, or wider when
    span_end: Mapped[date] = mapped_column(Date)  # only a year is known; never a false precision
    received_at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str] = mapped_column(String(20))
    invitation_id: Mapped[str | None] = mapped_column(String(36))
    service: Mapped[str] = mapped_column(String(80), default="")
    team: Mapped[str] = mapped_column(String(80), default="")
    locality: Mapped[str] = mapped_column(String(80), default="")
    session_date: Mapped[date | None] = mapped_column(Date)
    point: Mapped[str] = mapped_column(String(20), default="")
    may_quote: Mapped[bool | None] = mapped_column(Boolean)
    source: Mapped[str] = mapped_column(String(120), default="")  # where an imported answer stands in print
    invented: Mapped[bool] = mapped_column(Boolean, default=False)  # demonstration data, said so on every page
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    receipt_turn: Mapped[int] = mapped_column(default=0)
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # destroyed when the words are erased
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_responses_slug_span_start", "slug", "span_start"),
        Index("ix_responses_received_at", "received_at"),
        Index("ix_responses_team", "team"),
    )


class Comment(Base):
    """One answer in words, sealed."""

    __tablename__ = "comments"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    question: Mapped[str] = mapped_column(String(40))
    line: Mapped[int] = mapped_column(default=0)  # for questions with several lines of one's own
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SecondAnswer(Base):
    """A different answer that came under a sitting's id already used: kept sealed, for a person to look at."""

    __tablename__ = "second_answers"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_at: Mapped[datetime] = mapped_column(Moment)
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("uq_second_answers_response_id_body_hash", "response_id", "body_hash", unique=True),)


class Tally(Base):
    """How many responses gave one answer, kept up in the answer's own transaction.

    `question` "" counts responses; `choice` "" counts those who answered the question at all (the base of its
    percentages). Rooms above keep their own counts here too, under "theme:…" and "concern:…".
    """

    __tablename__ = "tallies"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    span_start: Mapped[date] = mapped_column(Date, primary_key=True)
    span_end: Mapped[date] = mapped_column(Date, primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    row: Mapped[str] = mapped_column(String(40), primary_key=True)
    choice: Mapped[str] = mapped_column(String(40), primary_key=True)
    respondent: Mapped[str] = mapped_column(String(20), primary_key=True)
    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    age_band: Mapped[str] = mapped_column(String(20), primary_key=True)
    answered: Mapped[str] = mapped_column(String(20), primary_key=True)
    invented: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    n: Mapped[int]
