"""The one source of time, so that clocks, deadlines and periods can be tested."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC and aware."""

    def today(self) -> date:
        """Return today's date where the Board works."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, in UTC and aware."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return today's date in the United Kingdom."""
        return datetime.now(LOCAL_ZONE).date()


@dataclass
class SetClock:
    """A clock that stands where it is put: for tests, and for writing the past (demonstration data, imports)."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self.moment

    def today(self) -> date:
        """Return the date at which the clock stands, in the United Kingdom."""
        return self.moment.astimezone(LOCAL_ZONE).date()

    def pass_time(self, step: timedelta) -> None:
        """Move the clock on by a step."""
        self.moment += step


def written_date(day: date) -> str:
    """Return a date as people here write it, such as 22 November 2026."""
    return f"{day.day} {day:%B %Y}"


def written_day(moment: datetime) -> str:
    """Return on which day a moment was where the Board works, such as 22 November 2026."""
    return written_date(moment.astimezone(LOCAL_ZONE).date())
