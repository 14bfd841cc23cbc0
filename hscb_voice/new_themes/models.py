"""Tables of suggestions. What is suggested stands sealed; of what was decided only fingerprints of words stay."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class ThemeSearch(Base):
    """One look through the comments without a theme, and how far it is."""

    __tablename__ = "theme_searches"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(60))  # a person's id, or the platform's name for the daily one
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_on: Mapped[date] = mapped_column(Date, index=True)
    done: Mapped[int] = mapped_column(default=0)  # comments looked at
    total: Mapped[int] = mapped_column(default=0)
    without_theme: Mapped[int] = mapped_column(default=0)  # of these, how many have no theme
    now_start: Mapped[date | None] = mapped_column(Date)
    before_start: Mapped[date | None] = mapped_column(Date)
    end: Mapped[date | None] = mapped_column(Date)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class ThemeSuggestion(Base):
    """A phrase that is said more than before, or words that several comments share."""

    __tablename__ = "theme_suggestions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    search_id: Mapped[str] = mapped_column(ForeignKey("theme_searches.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # phrase or group
    place: Mapped[int]  # the most telling first
    responses: Mapped[int]
    before: Mapped[int | None]  # responses in the time before; for phrases
    z: Mapped[float | None]  # how surely it has grown; for phrases
    prints: Mapped[list[str]] = mapped_column(JSON)  # keyed fingerprints of its words
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the words


class SuggestedComment(Base):
    """A comment on which a suggestion rests."""

    __tablename__ = "suggested_comments"

    suggestion_id: Mapped[str] = mapped_column(ForeignKey("theme_suggestions.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))

    __table_args__ = (
        Index("ix_suggested_comments_comment_id", "comment_id"),
        Index("ix_suggested_comments_response_id", "response_id"),
    )


class ThemeDecision(Base):
    """What a person made of a suggestion, so that it does not come back. No word of it stands here."""

    __tablename__ = "theme_decisions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    act: Mapped[str] = mapped_column(String(10))  # named, merged or rejected
    theme: Mapped[str] = mapped_column(String(40), default="")  # that it became, or went into
    reason: Mapped[str] = mapped_column(String(20), default="")  # why it was rejected
    prints: Mapped[list[str]] = mapped_column(JSON)
    responses: Mapped[int]  # in which it was heard then
    decided_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime] = mapped_column(Moment, index=True)
