"""Which times are compared: the last three months, this one among them, and the three months before. Pure dates.

Answers are kept by month, so no time is finer; and a calendar quarter would be empty on its first day.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = 3


@dataclass(frozen=True)
class Times:
    """The two times, side by side."""

    before: date  # first day of the time before
    now: date  # first day of the newer time
    end: date  # its last day

    @property
    def words(self) -> str:
        """Return both times in words, such as “September to November 2026, after June to August 2026”."""
        return f"{_span(self.now, self.end)}, after {_span(self.before, _months_on(self.now, -1))}"


def times_at(today: date) -> Times:
    """Return the times that are compared on a day.

    Args:
        today: the day.
    """
    first = today.replace(day=1)
    end = today.replace(day=monthrange(today.year, today.month)[1])
    return Times(_months_on(first, 1 - 2 * _MONTHS), _months_on(first, 1 - _MONTHS), end)


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _span(start: date, end: date) -> str:
    return f"{start:%B} to {end:%B %Y}" if start.year == end.year else f"{start:%B %Y} to {end:%B %Y}"
