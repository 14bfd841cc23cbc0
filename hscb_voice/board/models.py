"""The table of what the Board's figures showed last. It holds counts alone, and nothing that anybody wrote."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base


class ShownYear(Base):
    """One questionnaire's counts of a reporting year as they were last shown; an empty slug for all of them together.

    `body` is what `shown_body` writes. The mark is drawn by lot anew with every change, so that a process knows
    whether what it has read still holds.
    """

    __tablename__ = "shown_years"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # in which it began
    mark: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
