"""Reporting years and quarters, April to March, as people here name them: 2015-16, or 2015-16 Q3."""

import re
from datetime import date, timedelta

from hscb_voice.responses.service import Span

YEARS = range(1990, 2101)
_QUARTER_STARTS = ((0, 4), (0, 7), (0, 10), (1, 1))  # years after the reporting year's first, and the month
_APRIL = 4


def reporting_span(year: int, quarter: int | None = None) -> Span:
    """Return a reporting year, or one quarter of it.

    Args:
        year: the calendar year in which it begins.
        quarter: 1 to 4; None for the whole year.

    Returns:
        Its first and last day.
    """
    if quarter is None:
        return Span(date(year, 4, 1), date(year + 1, 3, 31))
    years_on, month = _QUARTER_STARTS[quarter - 1]
    start = date(year + years_on, month, 1)
    return Span(start, (start + timedelta(days=93)).replace(day=1) - timedelta(days=1))


def named_period(name: str) -> Span | None:
    """Return the days of a reporting year or quarter.

    Args:
        name: such as `2015-16`, `2015/16` or `2015-16 Q3`.

    Returns:
        Its first and last day; None when the name is no such period.
    """
    parts = re.fullmatch(r"([0-9]{4})[-/]([0-9]{2})(?: ?Q([1-4]))?", name)
    if parts is None or int(parts[1]) not in YEARS or int(parts[2]) != (int(parts[1]) + 1) % 100:
        return None
    return reporting_span(int(parts[1]), int(parts[3]) if parts[3] else None)


def period_names(first: date, last: date) -> list[str]:
    """Name the reporting years that touch some days, newest first, each followed by its quarters.

    Args:
        first: the first day.
        last: the last day.

    Returns:
        Names that `named_period` understands.
    """
    names = []
    for year in range(_reporting_year(last), _reporting_year(first) - 1, -1):
        whole = f"{year}-{(year + 1) % 100:02}"
        names += [whole, *(f"{whole} Q{quarter}" for quarter in (4, 3, 2, 1))]
    return [name for name in names if (span := named_period(name)) and span.start <= last and span.end >= first]


def span_words(start: date, end: date) -> str:
    """Say when something was said, as finely as it is known.

    Args:
        start: the first day on which it can have been said.
        end: the last.

    Returns:
        Such as “November 2026”, or “April 2015 to March 2016”.
    """
    first, last = f"{start:%B %Y}", f"{end:%B %Y}"
    return first if first == last else f"{first} to {last}"


def _reporting_year(day: date) -> int:
    return day.year if day.month >= _APRIL else day.year - 1
