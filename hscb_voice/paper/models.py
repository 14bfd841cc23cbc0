"""Tables of typing: a pile of paper forms, and which response each typed form became. No answer stands here."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment


class PaperPile(Base):
    """A pile of forms that one person types: all of one form, from one setting."""

    __tablename__ = "paper_piles"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36))
    form_code: Mapped[str] = mapped_column(String(30))
    slug: Mapped[str] = mapped_column(String(60))
    service: Mapped[str] = mapped_column(String(80))
    team: Mapped[str] = mapped_column(String(80))
    locality: Mapped[str] = mapped_column(String(80))
    span_start: Mapped[date] = mapped_column(Date)
    span_end: Mapped[date] = mapped_column(Date)
    session_date: Mapped[date | None] = mapped_column(Date)
    point: Mapped[str] = mapped_column(String(20))
    moves_on: Mapped[bool]  # to the next question by itself after a single answer
    opened_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_paper_piles_person_id_opened_at", "person_id", "opened_at"),)


class TypedForm(Base):
    """One form of a pile that has been typed. It goes when its response goes."""

    __tablename__ = "typed_forms"

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    pile_id: Mapped[str] = mapped_column(ForeignKey("paper_piles.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(20))  # as it stands on the paper, such as 12a; empty when none does
    typed_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_typed_forms_pile_id_typed_at", "pile_id", "typed_at"),)
