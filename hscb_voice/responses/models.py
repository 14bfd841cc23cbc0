"""Tables of responses. Words stand only sealed; ticks and faces stand open, because figures are made of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, Index, LargeBinary, String, text
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
    erased_at: Mapped[datetime | None] = mapped_column(Moment)  # since when there are no words
    # Since when there is no answer either: only its place stands, because a kept record of a concern refers to it.
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_responses_slug_span_start", "slug", "span_start"),
        Index("ix_responses_received_at", "received_at"),
        Index("ix_responses_team", "team"),
        Index("ix_responses_invitation_id", "invitation_id"),
    )


class Comment(Base):
    """One answer in words, sealed."""

    __tablename__ = "comments"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(40))
    line: Mapped[int] = mapped_column(default=0)  # for questions with several lines of one's own
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    # With the question, so that counting what was answered in words need not touch the words.
    __table_args__ = (Index("ix_comments_response_id", "response_id", "question"),)


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


class Erasure(Base):
    """One line of the ledger of erasures: which response, when, and by what right; never what it said.

    It outlives the response: what was taken back is not kept again when a tablet sends it again, and what a backup
    brings back is erased anew.
    """

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(String(36))
    act: Mapped[str] = mapped_column(String(20))  # words (only these went) or answer (all of it)
    why: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)
    outside_at: Mapped[datetime | None] = mapped_column(Moment)  # since when it stands in the file outside, too
    swept_at: Mapped[datetime | None] = mapped_column(Moment)  # since when the database's own files hold no trace

    __table_args__ = (
        Index("uq_erasures_response_id_act", "response_id", "act", unique=True),
        Index("ix_erasures_at", "at"),
    )


class ReservedReceipt(Base):
    """The receipt of a sitting that has not answered yet: a tablet tells it to a child while it is offline.

    Nobody else is given these words meanwhile. The row goes when the answer is here, which then holds them itself.
    """

    __tablename__ = "reserved_receipts"

    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sitting_id: Mapped[str] = mapped_column(String(36), unique=True)
    holder: Mapped[str] = mapped_column(String(36), index=True)  # for whom: a tablet's id
    reserved_at: Mapped[datetime] = mapped_column(Moment)


class ToBeRead(Base):
    """Something written that a person must read: a comment, or a whole second answer. It waits until `read_at` is set.

    Written with the answer itself, so that nothing can be kept and never be on the list. It goes when the words go.
    """

    __tablename__ = "to_be_read"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # the comment's or the second answer's own
    comment_id: Mapped[str | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), unique=True)
    second_id: Mapped[str | None] = mapped_column(ForeignKey("second_answers.id", ondelete="CASCADE"), unique=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    # Of the response, kept here too so that the list can be walked in its order and counted without reading responses.
    respondent: Mapped[str] = mapped_column(String(20))
    is_child: Mapped[bool] = mapped_column(Boolean)
    span_start: Mapped[date] = mapped_column(Date)
    span_end: Mapped[date] = mapped_column(Date)
    heard_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    read_by: Mapped[str | None] = mapped_column(String(60))  # a person's id

    __table_args__ = (
        Index(
            "ix_to_be_read_waiting",
            "is_child",
            "heard_at",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_to_be_read_heard_at", "heard_at", "read_at"),
        Index("ix_to_be_read_span_start", "span_start", "span_end", "respondent", "read_at"),
    )


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


class TallyState(Base):
    """Whether the counts of a questionnaire and span are still those that somebody has read.

    The state is drawn by lot anew with every change of these counts, in its transaction. So the same state always
    means the same counts, even after a backup has been brought back.
    """

    __tablename__ = "tally_states"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    span_start: Mapped[date] = mapped_column(Date, primary_key=True)
    span_end: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[int] = mapped_column(BigInteger)
