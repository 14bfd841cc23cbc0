"""Tables of the reading room: what somebody did (so that it can be undone), meetings, and blind second codes.

No words stand here: only ids, codes and places.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class ReadingAct(Base):
    """One thing that a person did while reading, with what is needed to take it back wholly."""

    __tablename__ = "reading_acts"

    number: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(60))
    item_id: Mapped[str] = mapped_column(ForeignKey("to_be_read.id", ondelete="CASCADE"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    traces: Mapped[dict[str, Any]] = mapped_column(JSON)  # ids of the rows it made, and how a quote stood before
    made_at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_reading_acts_person", "person", "number"),)


class Meeting(Base):
    """A meeting of the Board before which comments are to be read."""

    __tablename__ = "meetings"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    set_by: Mapped[str] = mapped_column(String(60))
    set_at: Mapped[datetime] = mapped_column(Moment)


class BlindSample(Base):
    """A sample of coded comments that a second person codes without seeing any code."""

    __tablename__ = "blind_samples"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    span_start: Mapped[date] = mapped_column(Date)
    span_end: Mapped[date] = mapped_column(Date)
    wanted: Mapped[int]
    seed: Mapped[str] = mapped_column(String(40))  # the same seed, days and codes draw the same comments
    drawn_by: Mapped[str] = mapped_column(String(60))
    drawn_at: Mapped[datetime] = mapped_column(Moment)


class BlindCoding(Base):
    """One comment of a sample: the first person's codes as they stood, and the second's, which are not in force."""

    __tablename__ = "blind_codings"

    sample_id: Mapped[str] = mapped_column(ForeignKey("blind_samples.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]  # in which order the sample is coded
    first_coder: Mapped[str] = mapped_column(String(120))
    first_polarity: Mapped[str] = mapped_column(String(10))
    first_themes: Mapped[dict[str, str]] = mapped_column(JSON)  # theme id -> polarity
    second_coder: Mapped[str | None] = mapped_column(String(60))
    second_polarity: Mapped[str | None] = mapped_column(String(10))
    second_themes: Mapped[dict[str, str] | None] = mapped_column(JSON)
    coded_at: Mapped[datetime | None] = mapped_column(Moment)
    codebook: Mapped[str] = mapped_column(String(60), default="")  # by which the first person coded
    second_codebook: Mapped[str | None] = mapped_column(String(60))
    settled: Mapped[str | None] = mapped_column(String(10))  # agreed, first, second or other
    settled_by: Mapped[str | None] = mapped_column(String(60))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_blind_codings_comment_id", "comment_id"),)
