"""When the Board meets next: until then, what was said should have been read."""

from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from hscb_voice.audit.service import note
from hscb_voice.foundation.database import upsert
from hscb_voice.reading_room.errors import MeetingError
from hscb_voice.reading_room.models import Meeting


def upcoming(connection: Connection, today: date) -> list[date]:
    """Return the meetings from today on, the next one first."""
    return list(connection.execute(select(Meeting.day).where(Meeting.day >= today).order_by(Meeting.day)).scalars())


def set_meeting(connection: Connection, day: date, today: date, by: str, now: datetime) -> None:
    """Say that the Board meets on a day.

    Args:
        connection: a writing connection.
        day: the day.
        today: the present day.
        by: the person's id.
        now: the present moment.

    Raises:
        MeetingError: the day is over.
    """
    if day < today:
        message = "The meeting must be today or later"
        raise MeetingError(message)
    row = {"day": day, "set_by": by, "set_at": now}
    connection.execute(upsert(connection, Meeting).values(row).on_conflict_do_nothing())
    note(connection, by, "set a meeting", f"meeting {day.isoformat()}", now=now)


def remove_meeting(connection: Connection, day: date, by: str, now: datetime) -> None:
    """Say that there is no meeting on a day after all; one that is not there is removed already.

    Args:
        connection: a writing connection.
        day: the day.
        by: the person's id.
        now: the present moment.
    """
    if connection.execute(delete(Meeting).where(Meeting.day == day).returning(Meeting.day)).first() is not None:
        note(connection, by, "removed a meeting", f"meeting {day.isoformat()}", now=now)
