"""Reads days and months as people here write them: 22 November 2026, 22/11/2026, 2026-11-22; November 2026, 11/2026."""

import re
from datetime import date, datetime

from hscb_voice.responses.periods import YEARS

_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
_MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y")


def day_of(text: str) -> date | None:
    """Return the day that a text names, or None."""
    return _read(text, _DAYS)


def month_of(text: str) -> date | None:
    """Return the first day of the month that a text names, or None."""
    return _read(text, _MONTHS)


def _read(text: str, shapes: tuple[str, ...]) -> date | None:
    plain = re.sub(r"\s+", " ", text.strip())
    if not plain.isascii():
        return None
    for shape in shapes:
        try:
            found = datetime.strptime(plain, shape).date()  # noqa: DTZ007 - a day of the calendar, at no time
        except ValueError:
            continue
        return found if found.year in YEARS else None
    return None
