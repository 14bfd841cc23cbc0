"""Periods as the Board counts them: reporting years from April to March, and their quarters.

Figures are given for these alone, because they are guarded together: a year less its quarters tells nothing. So asked
days are rounded outward to a quarter or a year.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.foundation.clock import written_date

_NAME = re.compile(r"(\d{4})-(\d{2})(?:-q([1-4]))?", re.IGNORECASE)
_FIRST_MONTH = 4
_FEWEST, _MOST = 1990, 2200  # years outside are slips of the pen


@dataclass(frozen=True, order=True)
class Period:
    """Whole months, from the first day of one to the last day of another."""

    start: date
    end: date

    @property
    def name(self) -> str:
        """Return how the period stands in an address: 2015-16, 2016-17-q2, or 2016-04..2016-05."""
        year = reporting_year_of(self.start)
        if self == reporting_year(year):
            return f"{year}-{(year + 1) % 100:02}"
        for number in range(1, 5):
            if self == quarter(year, number):
                return f"{year}-{(year + 1) % 100:02}-q{number}"
        return f"{self.start:%Y-%m}..{self.end:%Y-%m}"

    @property
    def label(self) -> str:
        """Return the period in words, such as “April to June 2016” or “April 2015 to March 2016”."""
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start:%B %Y}"
        first = f"{self.start:%B}" if self.start.year == self.end.year else f"{self.start:%B %Y}"
        return f"{first} to {self.end:%B %Y}"

    @property
    def is_year(self) -> bool:
        """Tell whether this is a whole reporting year."""
        return self == reporting_year(reporting_year_of(self.start))

    def holds(self, start: date, end: date) -> bool:
        """Tell whether some days lie wholly within the period."""
        return self.start <= start and end <= self.end


@dataclass(frozen=True)
class AskedPeriod:
    """The period that answers a question about some days."""

    asked_from: date
    asked_to: date
    used: Period

    @property
    def note(self) -> str:
        """Say which period was used, when it is not the one that was asked for; otherwise nothing."""
        if (self.asked_from, self.asked_to) == (self.used.start, self.used.end):
            return ""
        asked = f"{written_date(self.asked_from)} to {written_date(self.asked_to)}"
        used = f"{written_date(self.used.start)} to {written_date(self.used.end)}"
        return f"Figures are given by quarter and year. You asked for {asked}; these figures are for {used}."


def reporting_year_of(day: date) -> int:
    """Return the calendar year in which the reporting year of a day began."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def reporting_year(year: int) -> Period:
    """Return the reporting year that began in April of a calendar year."""
    return Period(date(year, 4, 1), date(year + 1, 3, 31))


def quarter(year: int, number: int) -> Period:
    """Return one quarter of a reporting year.

    Args:
        year: the calendar year in which the reporting year began.
        number: 1 (April to June) to 4 (January to March).

    Returns:
        Its three months.
    """
    months_on = _FIRST_MONTH - 1 + 3 * (number - 1)
    first = date(year + months_on // 12, months_on % 12 + 1, 1)
    return Period(first, _last_day(date(first.year, first.month + 2, 1)))


def quarters_of(year: Period) -> tuple[Period, ...]:
    """Return the four quarters of a reporting year, in order."""
    return tuple(quarter(year.start.year, number) for number in range(1, 5))


def year_around(period: Period) -> Period:
    """Return the reporting year to which a period belongs.

    Args:
        period: a reporting year or one of its quarters.

    Returns:
        The reporting year.

    Raises:
        UnknownPeriodError: it is neither, and figures of it would not be safe beside those that are given.
    """
    year = reporting_year(reporting_year_of(period.start))
    if period != year and period not in quarters_of(year):
        message = (
            f"{period.label} is neither a reporting year nor one of its quarters; figures are given for these alone."
        )
        raise UnknownPeriodError(message)
    return year


def period_before(period: Period) -> Period:
    """Return the reporting year, or the quarter, that lies just before one.

    Args:
        period: a reporting year or one of its quarters.
    """
    year = year_around(period)
    if period == year:
        return reporting_year(year.start.year - 1)
    number = quarters_of(year).index(period)
    return quarter(year.start.year, number) if number else quarter(year.start.year - 1, 4)


def covering(start: date, end: date) -> AskedPeriod:
    """Round days outward to a quarter, or to a reporting year.

    Args:
        start: the first day asked for.
        end: the last day asked for.

    Returns:
        What was asked and the period that covers it.

    Raises:
        UnknownPeriodError: the end lies before the start, a year cannot be meant, or there is more than one.
    """
    if end < start:
        message = f"The period ends ({written_date(end)}) before it begins ({written_date(start)})."
        raise UnknownPeriodError(message)
    if not _FEWEST <= start.year <= end.year <= _MOST:
        message = f"The years must lie between {_FEWEST} and {_MOST}."
        raise UnknownPeriodError(message)
    year = reporting_year(reporting_year_of(start))
    if not year.holds(start, end):
        message = "Figures are given for one reporting year (April to March) or one of its quarters. Ask year by year."
        raise UnknownPeriodError(message)
    quarters = (one for one in quarters_of(year) if one.holds(start, end))
    return AskedPeriod(start, end, next(quarters, year))


def period_named(name: str) -> Period:
    """Return the period of that name.

    Args:
        name: as it stands in an address: 2015-16 or 2016-17-q2.

    Returns:
        The reporting year or quarter.

    Raises:
        UnknownPeriodError: it is neither.
    """
    found = _NAME.fullmatch(name.strip())
    if found is None or int(found[2]) != (int(found[1]) + 1) % 100 or not _FEWEST <= int(found[1]) < _MOST:
        message = f"“{name[:40]}” is not a period. Write a year such as 2016-17, or a quarter such as 2016-17-q2."
        raise UnknownPeriodError(message)
    year = int(found[1])
    return quarter(year, int(found[3])) if found[3] else reporting_year(year)


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
