"""When an office is open: working hours, weekends, the bank holidays of England, a service's own closing days.

Pure reckoning, by the clocks of the United Kingdom.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from hscb_voice.foundation.clock import LOCAL_ZONE

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SATURDAY = 5


@dataclass(frozen=True)
class OfficeHours:
    """When somebody is at work in a service."""

    weekdays: frozenset[int] = frozenset(range(_SATURDAY))  # Monday is 0
    opens: time = time(9)
    closes: time = time(17)
    closing_days: frozenset[date] = frozenset()

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the office is open.

        Args:
            moment: aware, in any zone.
        """
        local = moment.astimezone(LOCAL_ZONE)
        day = local.date()
        works = day.weekday() in self.weekdays and day not in self.closing_days and not is_bank_holiday(day)
        return works and self.opens <= local.time() < self.closes


def is_bank_holiday(day: date) -> bool:
    """Tell whether a day is a bank holiday in England."""
    return day in _bank_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither a weekend nor a bank holiday in England."""
    return day.weekday() < _SATURDAY and not is_bank_holiday(day)


def weekdays_said(weekdays: Iterable[int]) -> str:
    """Return weekdays as people say them: “Monday to Friday”, or named one by one."""
    days = sorted(weekdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):  # noqa: PLR2004 - “Monday to Tuesday” is two days
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    names = [WEEKDAYS[day] for day in days]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # Loaded when a deadline is first reckoned: it is a large package, and showing a form needs no calendar.
    import holidays  # noqa: PLC0415 - see the line above

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
