"""Tables of what is learned from people: models, what somebody switched off, and phrases suggested.

Words that fewer than three responses used are in none of them, and no name is.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class LearnedModel(Base):
    """One trained model; the newest is in use. It never changes."""

    __tablename__ = "learned_models"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
    codebook: Mapped[str] = mapped_column(String(60))  # the version by which it was taught
    digest: Mapped[str] = mapped_column(String(64))
    packed: Mapped[bytes] = mapped_column(LargeBinary)  # gzipped JSON with its own hash; empty of old ones
    comments: Mapped[int]
    responses: Mapped[int]
    corrected: Mapped[dict[str, Any]] = mapped_column(JSON)  # theme id -> how often people corrected the machine


class LearnedSwitch(Base):
    """A theme for which a person wants no learned model."""

    __tablename__ = "learned_switches"

    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    off_by: Mapped[str] = mapped_column(String(60))
    off_at: Mapped[datetime] = mapped_column(Moment)


class PatternSuggestion(Base):
    """A phrase suggested for a theme, and what somebody decided about it."""

    __tablename__ = "pattern_suggestions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    theme: Mapped[str] = mapped_column(String(40))
    phrase: Mapped[str] = mapped_column(String(200))
    right: Mapped[int]  # comments coded by people that would rightly get the theme
    wrong: Mapped[int]
    model: Mapped[int]  # with which model it was last suggested
    state: Mapped[str] = mapped_column(String(10))  # open, accepted or rejected
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("theme", "phrase"),)
