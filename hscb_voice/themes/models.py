"""Tables of codes and quotes. No words stand here: only places in a comment, whose words are sealed elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class Coding(Base):
    """One reading of one comment, by the machine or by a person; the one in force is marked."""

    __tablename__ = "codings"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(10))  # machine, person, or standby: of the version that stands by
    coder: Mapped[str] = mapped_column(String(120), default="")  # a person's id, or who coded it in print
    codebook: Mapped[str] = mapped_column(String(60))
    polarity: Mapped[str] = mapped_column(String(10))  # positive, negative, mixed, neutral or unread
    redactions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # start, end, kind
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # start, end, rule, for
    made_at: Mapped[datetime] = mapped_column(Moment)
    in_force: Mapped[bool] = mapped_column(Boolean)
    learned: Mapped[int | None]  # the number of the model learned from people that had its say; None for none

    __table_args__ = (
        # Of the comment alone: what changes when another version comes in force stands in no index, or to switch many
        # thousands would take several times as long, and on SQLite every answer waits for it.
        Index("ix_codings_comment_id", "comment_id"),
        Index("ix_codings_polarity", "polarity"),  # those that nobody could read are few, and are asked for first
    )


class CodedTheme(Base):
    """One theme of one coding, and where in the comment it stands."""

    __tablename__ = "coded_themes"

    coding_id: Mapped[str] = mapped_column(ForeignKey("codings.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    polarity: Mapped[str] = mapped_column(String(10))  # positive, negative, mixed, neutral or wish
    start: Mapped[int]
    end: Mapped[int]

    __table_args__ = (Index("ix_coded_themes_theme", "theme"),)


class Quote(Base):
    """A comment that one person, or two, have cleared for the Board, with what stays masked."""

    __tablename__ = "quotes"

    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    redactions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    approved_by: Mapped[str] = mapped_column(String(120))
    approved_at: Mapped[datetime] = mapped_column(Moment)
    second_by: Mapped[str | None] = mapped_column(String(120))
    second_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class TwoToApprove(Base):
    """A service whose quotes two people must clear before the Board sees them."""

    __tablename__ = "two_to_approve"

    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime] = mapped_column(Moment)


class MaskEdit(Base):
    """What a person hides in a comment, or shows although the machine hid it. The newest counts."""

    __tablename__ = "mask_edits"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    turn: Mapped[int]  # 1, 2, 3 ... within its comment
    hidden: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # start, end, kind
    shown: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # the machine's masks that this person took off
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("comment_id", "turn"),)


class CodebookRun(Base):
    """One reading of all comments by a version of the codebook that is not in force yet."""

    __tablename__ = "codebook_runs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))  # running, paused, finished, dropped or switched
    started_by: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    # The model learned from people by which all of it is read, whatever is learned meanwhile; None for none.
    learned: Mapped[int | None]
    learned_digest: Mapped[str | None] = mapped_column(String(64))
    learned_off: Mapped[list[str] | None] = mapped_column(JSON)  # the themes for which it was switched off then


class CodebookRunPart(Base):
    """A stretch of responses that one worker reads at once: from one id, inclusive, to the next part's."""

    __tablename__ = "codebook_run_parts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("codebook_runs.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[str] = mapped_column(String(36))
    before_id: Mapped[str] = mapped_column(String(36))  # empty: to the end
    comments: Mapped[int]  # how many were read
    done_at: Mapped[datetime | None] = mapped_column(Moment)
