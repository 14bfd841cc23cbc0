"""What this room forgets when words, or a whole answer, go. It forgets nothing by itself and nothing that is not over.

A record of a concern may have to be kept although the child's answer goes: a person decides that, in governance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update

from hscb_voice.foundation.jobs import Job
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import SCREEN_JOB, span_of
from hscb_voice.safeguarding.models import Concern, ConcernNote
from hscb_voice.safeguarding.service import cells_counted
from hscb_voice.safeguarding.wording import CLOSED

_SPAN = ("slug", "span_start", "span_end", "respondent", "service", "invented", "answers")
_NOWHERE = {"start": None, "end": None, "rule": ""}
# To be put into a selection of responses: those about which something is not over.
UNSCREENED = exists().where(Job.subject_id == Response.id, Job.kind == SCREEN_JOB)
UNCLOSED = exists().where(Concern.response_id == Response.id, Concern.state != CLOSED)


@dataclass(frozen=True)
class ConcernsStanding:
    """How it stands with the concerns of one response."""

    unclosed: int
    closed: int
    waits_to_be_screened: bool


def how_concerns_stand(connection: Connection, response_id: str) -> ConcernsStanding:
    """Tell whether anything about a response is not over.

    Args:
        connection: any connection.
        response_id: which.

    Returns:
        How many concerns are open or acknowledged, how many closed, and whether screening still waits.
    """
    states = connection.execute(select(Concern.state).where(Concern.response_id == response_id)).scalars().all()
    waits = select(Job.id).where(Job.subject_id == response_id, Job.kind == SCREEN_JOB).limit(1)
    closed = states.count(CLOSED)
    return ConcernsStanding(len(states) - closed, closed, connection.execute(waits).first() is not None)


def forget_concerns(connection: Connection, response_id: str) -> None:
    """Remove every concern of a response, with what was written about it, and its counts.

    Args:
        connection: a writing connection; the response still stands as it was counted.
        response_id: which.
    """
    count_concerns(connection, response_id, step=-1)
    of_response = select(Concern.id).where(Concern.response_id == response_id)
    connection.execute(delete(Job).where(Job.subject_id.in_(of_response)))
    connection.execute(delete(ConcernNote).where(ConcernNote.concern_id.in_(of_response)))
    connection.execute(delete(Concern).where(Concern.response_id == response_id))


def count_concerns(connection: Connection, response_id: str, step: int) -> None:
    """Put what the concerns of a response add into the figures, or take it out.

    Args:
        connection: a writing connection.
        response_id: which.
        step: -1 takes it out of the slice in which the response stands now; 1 puts it in.
    """
    of_response = select(*Concern.__table__.columns).where(Concern.response_id == response_id)
    cells = [cell for row in connection.execute(of_response).mappings() for cell in cells_counted({**row})]
    tallies.add(connection, span_of(_span_row(connection, response_id)), cells, step)


def fade_places(connection: Connection, response_id: str) -> None:
    """Keep that there was a concern and what was done, and forget where in the words it stood.

    Args:
        connection: a writing connection.
        response_id: which.
    """
    for row in connection.execute(select(Concern.id, Concern.places).where(Concern.response_id == response_id)).all():
        places = [{**place, **_NOWHERE} for place in row.places]
        connection.execute(update(Concern).where(Concern.id == row.id).values(places=places))


def drop_old_notes(connection: Connection, closed_before: datetime, limit: int) -> int:
    """Take away what was written about concerns that were closed long ago; that they were, and when, stays.

    Args:
        connection: a writing connection.
        closed_before: concerns closed before this moment.
        limit: at most so many notes at once.

    Returns:
        How many notes went.
    """
    old = (
        select(ConcernNote.id)
        .join(Concern, Concern.id == ConcernNote.concern_id)
        .where(ConcernNote.sealed.is_not(None))
        .where(Concern.state == CLOSED, Concern.closed_at < closed_before)
        .limit(limit)
    )
    ids = connection.execute(old).scalars().all()
    emptied = {"key_id": None, "wrapped_key": None, "sealed": None}
    connection.execute(update(ConcernNote).where(ConcernNote.id.in_(ids)).values(emptied))
    return len(ids)


def _span_row(connection: Connection, response_id: str) -> Mapping[str, Any]:
    query = select(*[getattr(Response, name) for name in _SPAN]).where(Response.id == response_id)
    return {**connection.execute(query).mappings().one()}
