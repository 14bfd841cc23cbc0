"""Holding a response: a person says why it must stay as it is, and until when; until then nothing takes it away."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.governance.errors import PeriodError
from hscb_voice.governance.models import Hold
from hscb_voice.responses.erasing import lock_response
from hscb_voice.responses.errors import UnknownResponseError

LONGEST_REASON = 250
_LONGEST_YEARS = 10


@dataclass(frozen=True)
class Holding:
    """What is held, why, until which day and by whom."""

    response_id: str
    reason: str
    until: date  # the last day on which it counts
    by: str  # a person's id


def hold(connection: Connection, wanted: Holding, clock: Clock) -> None:
    """Hold a response; holding it again changes reason and day.

    Args:
        connection: a writing connection.
        wanted: what, why, until when.
        clock: tells the day.

    Raises:
        UnknownResponseError: there is no such answer.
        PeriodError: there is no reason, or the day has passed or lies too far ahead.
    """
    if not wanted.reason.strip() or len(wanted.reason) > LONGEST_REASON:
        message = f"A hold needs a reason of up to {LONGEST_REASON} characters."
        raise PeriodError(message)
    today = clock.today()
    if not today <= wanted.until or wanted.until.year - today.year > _LONGEST_YEARS:
        message = f"A hold ends on a day from today to {_LONGEST_YEARS} years ahead."
        raise PeriodError(message)
    if not lock_response(connection, wanted.response_id):
        message = "There is no such response."
        raise UnknownResponseError(message)
    values = {
        "response_id": wanted.response_id,
        "reason": wanted.reason.strip(),
        "until": wanted.until,
        "held_by": wanted.by,
        "held_at": clock.now(),
    }
    statement = upsert(connection, Hold).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["response_id"], set_=values))
    reason = f"until {wanted.until.isoformat()}: {wanted.reason.strip()}"
    note(connection, wanted.by, "held a response", f"response {wanted.response_id}", now=clock.now(), reason=reason)


def end_hold(connection: Connection, response_id: str, by: str, now: datetime) -> bool:
    """End a hold before its day.

    Args:
        connection: a writing connection.
        response_id: which response.
        by: the person's id.
        now: the present moment.

    Returns:
        False when nobody held it.
    """
    ended = connection.execute(delete(Hold).where(Hold.response_id == response_id).returning(Hold.response_id)).first()
    if ended is not None:
        note(connection, by, "ended a hold", f"response {response_id}", now=now)
    return ended is not None


def holding_of(connection: Connection, response_id: str) -> Holding | None:
    """Return how a response is held, whether or not its day has passed; None when nobody holds it."""
    columns = (Hold.response_id, Hold.reason, Hold.until, Hold.held_by)
    row = connection.execute(select(*columns).where(Hold.response_id == response_id)).first()
    return None if row is None else Holding(*row)
