"""Requests to see what is held about an answer: asked for, released or refused by a safeguarding lead, handed out.

Telling can endanger a child: whoever asks may be the person it speaks of. So nothing is handed out that a safeguarding
lead has not released, and that lead says what may be told of concerns. Each step is noted.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.copies import NOTES, NOTHING, STEPS, copy_of
from hscb_voice.governance.errors import NotReleasedError
from hscb_voice.governance.models import AccessRequest
from hscb_voice.governance.printing import printed_copy, written_as_json
from hscb_voice.responses.erasing import lock_response
from hscb_voice.responses.errors import UnknownResponseError

WAITING, RELEASED, REFUSED = "waiting", "released", "refused"
PDF, FOR_A_CHILD, JSON = "pdf", "child", "json"
FORMATS = (PDF, FOR_A_CHILD, JSON)
MAY_BE_TOLD = {
    NOTHING: "Nothing: not even whether there was a concern",
    STEPS: "That there was a concern, and what was done, without notes",
    NOTES: "Everything, with the notes that people wrote about it",
}


@dataclass(frozen=True)
class Request:
    """One request and how it stands."""

    id: str
    response_id: str
    asked_at: datetime
    asked_by: str
    state: str
    concerns: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str


_REQUEST = [getattr(AccessRequest, name) for name in Request.__dataclass_fields__]


def ask(connection: Connection, response_id: str, by: str, now: datetime) -> str:
    """Ask for a copy of what is held about an answer; one that was refused is asked for anew.

    Args:
        connection: a writing connection.
        response_id: which answer.
        by: the person's id.
        now: the present moment.

    Returns:
        The request's id.

    Raises:
        UnknownResponseError: there is no such answer.
    """
    if not lock_response(connection, response_id):
        message = "There is no such response."
        raise UnknownResponseError(message)
    known = request_about(connection, response_id)
    if known is not None and known.state != REFUSED:
        return known.id
    values = {
        "id": known.id if known else new_id(),
        "response_id": response_id,
        "asked_at": now,
        "asked_by": by,
        "state": WAITING,
        "concerns": "",
        "decided_at": None,
        "decided_by": None,
        "reason": "",
    }
    statement = upsert(connection, AccessRequest).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["response_id"], set_=values))
    note(connection, by, "asked for a copy of what is held", f"response {response_id}", now=now)
    return str(values["id"])


def release(connection: Connection, request: Request, concerns: str, by: str, now: datetime) -> None:
    """Release a copy.

    Args:
        connection: a writing connection.
        request: which.
        concerns: what may be told of concerns, a key of `MAY_BE_TOLD`.
        by: the safeguarding lead's id.
        now: the present moment.

    Raises:
        ValueError: there is no such choice.
    """
    if concerns not in MAY_BE_TOLD:
        message = f"“{concerns}” is nothing that may be told of concerns."
        raise ValueError(message)
    _decide(connection, request, {"state": RELEASED, "concerns": concerns, "decided_by": by, "decided_at": now})
    subject = f"response {request.response_id}"
    note(connection, by, "released a copy of what is held", subject, now=now, reason=f"concerns: {concerns}")


def refuse(connection: Connection, request: Request, reason: str, by: str, now: datetime) -> None:
    """Refuse a copy.

    Args:
        connection: a writing connection.
        request: which.
        reason: why; it is told to whoever asked on their behalf.
        by: the safeguarding lead's id.
        now: the present moment.
    """
    changes = {"state": REFUSED, "reason": reason[:250], "decided_by": by, "decided_at": now}
    _decide(connection, request, changes)
    subject = f"response {request.response_id}"
    note(connection, by, "refused a copy of what is held", subject, now=now, reason=reason[:250])


def requests(connection: Connection) -> list[Request]:
    """Return every request, those that wait first, then the newest."""
    rows = connection.execute(select(*_REQUEST).order_by(AccessRequest.asked_at.desc())).all()
    return sorted((_request(row) for row in rows), key=lambda request: request.state != WAITING)


def request_by_id(connection: Connection, request_id: str) -> Request | None:
    """Return one request, or None."""
    row = connection.execute(select(*_REQUEST).where(AccessRequest.id == request_id)).first()
    return None if row is None else _request(row)


def request_about(connection: Connection, response_id: str) -> Request | None:
    """Return the request about one answer, or None."""
    row = connection.execute(select(*_REQUEST).where(AccessRequest.response_id == response_id)).first()
    return None if row is None else _request(row)


def copy_released(platform: Platform, response_id: str, kind: str, by: str) -> bytes:
    """Return a released copy, and note that it was made.

    Args:
        platform: where the answer is.
        response_id: which answer.
        kind: pdf, child or json.
        by: who takes it, to hand it over.

    Returns:
        The file.

    Raises:
        NotReleasedError: no safeguarding lead has released it.
        KeyMissingError: the key that sealed the words is not here.
    """
    with platform.database.writing() as connection:
        request = request_about(connection, response_id)
        if request is None or request.state != RELEASED:
            raise NotReleasedError(_why_not(request))
        copy = copy_of(connection, platform, response_id, request.concerns)
        now = platform.clock.now()
        note(connection, by, "made a copy of what is held", f"response {response_id}", now=now, reason=kind)
    return written_as_json(copy) if kind == JSON else printed_copy(copy, for_a_child=kind == FOR_A_CHILD)


def write_copy(platform: Platform, response_id: str, kind: str, place: Path, by: str) -> None:
    """Write a released copy into a file that only its owner can read; asks for the release where nobody has.

    Args:
        platform: where the answer is.
        response_id: which answer.
        kind: pdf, child or json.
        place: the file.
        by: who asks.

    Raises:
        NotReleasedError: it waits for a safeguarding lead, who refused it or has not seen it yet.
    """
    with platform.database.reading() as connection:
        known = request_about(connection, response_id)
    if known is None:
        with platform.database.writing() as connection:
            ask(connection, response_id, by, platform.clock.now())
    content = copy_released(platform, response_id, kind, by)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _why_not(request: Request | None) -> str:
    if request is not None and request.state == REFUSED:
        return f"A safeguarding lead has refused it: {request.reason}"
    return "A safeguarding lead must release it first, on the page “Copies to release”. They have been asked."


def _decide(connection: Connection, request: Request, changes: dict[str, Any]) -> None:
    connection.execute(update(AccessRequest).where(AccessRequest.id == request.id).values(changes))


def _request(row: Row[Any]) -> Request:
    return Request(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's names
