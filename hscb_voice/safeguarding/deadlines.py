"""By when a person must have looked, and by when somebody must have spoken with the child. Pure reckoning.

Weekends and the bank holidays of England are no working days. A service's own closing days are: whoever closes an
office for a day wins no time by it.
"""

from datetime import date, datetime, time, timedelta

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.safeguarding.calendars import is_working_day

WORKING_DAYS_TO_SPEAK = 2
_OFFICE_CLOSES = time(17)
# Later than this there is no longer an hour in which the office could read: until midnight it is the duty team's.
_LAST_FOR_THE_OFFICE = time(16)


def due_to_read(heard_at: datetime) -> datetime:
    """Return by when a person must have read what was said: the same day.

    Args:
        heard_at: when the answer came.

    Returns:
        17:00 of that day in the United Kingdom, or its midnight when the answer came after 16:00. Neither a
        weekend nor a bank holiday is an excuse.
    """
    local = heard_at.astimezone(LOCAL_ZONE)
    if local.time() < _LAST_FOR_THE_OFFICE:
        return _at(local.date(), _OFFICE_CLOSES)
    return _at(local.date() + timedelta(days=1), time(0))


def due_to_speak(heard_at: datetime) -> datetime:
    """Return by when a person must have spoken with the child: within two working days.

    Args:
        heard_at: when the answer came.

    Returns:
        17:00 of the second working day after it.
    """
    day = heard_at.astimezone(LOCAL_ZONE).date()
    left = WORKING_DAYS_TO_SPEAK
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return _at(day, _OFFICE_CLOSES)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL_ZONE)
