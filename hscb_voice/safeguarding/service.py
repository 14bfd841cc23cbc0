"""Raising concerns and moving them on: acknowledged, noted, closed, opened again. Nothing here removes one.

Each step changes the concern, its history, its figures and the record in one transaction. The record comes last,
because acts wait for each other there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from hscb_voice.audit.service import note as note_in_record
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses import tallies
from hscb_voice.responses.queries import EVERY_TEAM, ResponseSummary, response_by_id
from hscb_voice.responses.service import span_of
from hscb_voice.safeguarding.deadlines import due_to_read, due_to_speak
from hscb_voice.safeguarding.errors import ConcernMovedError
from hscb_voice.safeguarding.models import Concern, ConcernNote
from hscb_voice.safeguarding.queries import ConcernSummary, Place
from hscb_voice.safeguarding.wording import ACKNOWLEDGED, CLOSED, OPEN, OUTCOME_LABELS

LONGEST_NOTE = 5000
_PLATFORM = "platform"
_RAISED, _ACKNOWLEDGED = "raised", "acknowledged"


@dataclass(frozen=True)
class Found:
    """What screening found of one kind in one response."""

    kind: str
    reasons: tuple[str, ...]
    places: tuple[Place, ...]
    heard_at: datetime  # when the answer in which it stands came


@dataclass(frozen=True)
class Written:
    """What a person wrote beside a step, and the keys that seal it."""

    text: str
    keys: KeyRing


@dataclass(frozen=True)
class _Step:
    """One line of a concern's history."""

    act: str
    made_by: str
    outcome: str | None = None
    written: Written | None = None


def raise_concerns(
    connection: Connection, response: ResponseSummary, found: Sequence[Found], clock: Clock
) -> list[str]:
    """Raise what was found. Doing it again with the same places changes nothing.

    A place that was not known before, such as a second answer, is added to the concern of its kind; if a person has
    handled that concern already, it is opened again.

    Args:
        connection: a writing connection.
        response: where it was found.
        found: of each answer, at most one a kind.
        clock: tells when.

    Returns:
        The ids of the concerns raised, or raised again.
    """
    now = clock.now()
    touched: list[tuple[str, str]] = []
    cells: list[tuple[tallies.Cell, int]] = []
    for one in sorted(found, key=lambda item: (item.kind, item.heard_at)):
        concern_id = _insert(connection, response.id, one, now)
        if concern_id is not None:
            touched.append((concern_id, "raised a concern"))
            cells.append((_cell(one.kind, _RAISED), 1))
            continue
        merged = _merge(connection, response.id, one, now)
        if merged is not None:
            touched.append((merged.concern_id, "raised a concern again"))
            cells += [(_cell(one.kind, _ACKNOWLEDGED), -1)] if merged.was_acknowledged else []
    _count(connection, response, cells)
    for concern_id, act in touched:
        note_in_record(connection, _PLATFORM, act, f"concern {concern_id}", now=now)
    return [concern_id for concern_id, _ in touched]


def acknowledge(connection: Connection, concern: ConcernSummary, by: str, clock: Clock) -> None:
    """Say that a person has read it and takes care of it.

    Args:
        connection: a writing connection.
        concern: as the person saw it.
        by: the person's id.
        clock: tells when.

    Raises:
        ConcernMovedError: somebody else has acknowledged it meanwhile.
    """
    now = clock.now()
    changes = {"state": ACKNOWLEDGED, "acknowledged_at": now, "acknowledged_by": by}
    _move(connection, concern.id, OPEN, changes, "Somebody else has already acknowledged this concern.")
    _write_history(connection, concern.id, _Step("acknowledged", by), now)
    _count_one(connection, concern, _ACKNOWLEDGED, 1)
    note_in_record(connection, by, "acknowledged a concern", f"concern {concern.id}", now=now)


def add_note(connection: Connection, concern: ConcernSummary, by: str, written: Written, clock: Clock) -> None:
    """Write something beside a concern; it is sealed like a child's own words.

    Args:
        connection: a writing connection.
        concern: which.
        by: the person's id.
        written: what is noted.
        clock: tells when.
    """
    now = clock.now()
    connection.execute(select(Concern.id).where(Concern.id == concern.id).with_for_update()).one()
    _write_history(connection, concern.id, _Step("noted", by, written=written), now)
    note_in_record(connection, by, "wrote a note on a concern", f"concern {concern.id}", now=now)


def close(
    connection: Connection, concern: ConcernSummary, by: str, outcome: str, clock: Clock, written: Written | None = None
) -> None:
    """Close a concern with its outcome.

    Args:
        connection: a writing connection.
        concern: as the person saw it.
        by: the person's id.
        outcome: a key of `OUTCOME_LABELS`.
        clock: tells when.
        written: a last note, if there is one.

    Raises:
        ConcernMovedError: it is not acknowledged now.
        ValueError: there is no such outcome.
    """
    if outcome not in OUTCOME_LABELS:
        message = f"“{outcome}” is no outcome of a concern."
        raise ValueError(message)
    now = clock.now()
    changes = {"state": CLOSED, "closed_at": now, "closed_by": by, "outcome": outcome}
    trouble = "This concern has been closed or opened again meanwhile. Look at it once more."
    _move(connection, concern.id, ACKNOWLEDGED, changes, trouble)
    _write_history(connection, concern.id, _Step("closed", by, outcome, written), now)
    note_in_record(connection, by, "closed a concern", f"concern {concern.id}", now=now, reason=outcome)


def reopen(
    connection: Connection, concern: ConcernSummary, by: str, clock: Clock, written: Written | None = None
) -> None:
    """Open a concern again: to take back an acknowledgement, or because it is not over.

    Taking back an acknowledgement keeps the old deadlines, so that a slip wins no time. A closed concern starts anew.

    Args:
        connection: a writing connection.
        concern: as the person saw it.
        by: the person's id.
        clock: tells when.
        written: why, if that is said.

    Raises:
        ConcernMovedError: somebody else has changed it meanwhile, or it is open.
    """
    now = clock.now()
    trouble = "Somebody else has changed this concern meanwhile. Look at it once more."
    if concern.state == OPEN:
        raise ConcernMovedError(trouble)
    changes = _opened_anew(now if concern.state == CLOSED else None)
    _move(connection, concern.id, concern.state, changes, trouble)
    _write_history(connection, concern.id, _Step("reopened", by, written=written), now)
    _count_one(connection, concern, _ACKNOWLEDGED, -1)
    note_in_record(connection, by, "opened a concern again", f"concern {concern.id}", now=now)


@dataclass(frozen=True)
class _Merged:
    concern_id: str
    was_acknowledged: bool


def _insert(connection: Connection, response_id: str, found: Found, now: datetime) -> str | None:
    row = {
        "id": new_id(),
        "response_id": response_id,
        "kind": found.kind,
        "reasons": list(found.reasons),
        "places": [asdict(place) for place in found.places],
        "state": OPEN,
        "heard_at": found.heard_at,
        "raised_at": now,
        "read_due": due_to_read(found.heard_at),
        "speak_due": due_to_speak(found.heard_at),
    }
    statement = upsert(connection, Concern).on_conflict_do_nothing(index_elements=["response_id", "kind"])
    concern_id = connection.execute(statement.returning(Concern.id), row).scalar()
    if concern_id is not None:
        _write_history(connection, concern_id, _Step("raised", ""), now)
    return concern_id


def _merge(connection: Connection, response_id: str, found: Found, now: datetime) -> _Merged | None:
    query = select(Concern.id, Concern.state, Concern.reasons, Concern.places)
    is_it = (Concern.response_id == response_id, Concern.kind == found.kind)
    row = connection.execute(query.where(*is_it).with_for_update()).one()
    known = {place["source"] for place in row.places}
    new = [asdict(place) for place in found.places if place.source not in known]
    if not new:
        return None
    changes: dict[str, Any] = {
        "reasons": list(dict.fromkeys([*row.reasons, *found.reasons])),
        "places": [*row.places, *new],
    }
    if row.state != OPEN:
        changes |= _opened_anew(found.heard_at)
    connection.execute(update(Concern).where(Concern.id == row.id).values(changes))
    _write_history(connection, row.id, _Step("raised_again", ""), now)
    return _Merged(row.id, was_acknowledged=row.state != OPEN)


def _opened_anew(clock_starts: datetime | None) -> dict[str, Any]:
    emptied = ("acknowledged_at", "acknowledged_by", "closed_at", "closed_by", "outcome")
    changes: dict[str, Any] = {"state": OPEN, **dict.fromkeys(emptied)}
    if clock_starts is not None:
        changes |= {"read_due": due_to_read(clock_starts), "speak_due": due_to_speak(clock_starts)}
    return changes


def _move(connection: Connection, concern_id: str, expected: str, changes: dict[str, Any], trouble: str) -> None:
    """Change a concern only if it still stands as the person saw it, so that two people never overwrite each other."""
    statement = update(Concern).where(Concern.id == concern_id, Concern.state == expected).values(changes)
    if connection.execute(statement.returning(Concern.id)).first() is None:
        raise ConcernMovedError(trouble)


def _write_history(connection: Connection, concern_id: str, step: _Step, now: datetime) -> None:
    """Write the next line of a history. The concern's row is locked by now, so its places do not clash."""
    last = select(func.coalesce(func.max(ConcernNote.place), 0)).where(ConcernNote.concern_id == concern_id)
    row: dict[str, Any] = {
        "id": new_id(),
        "concern_id": concern_id,
        "place": connection.execute(last).scalar_one() + 1,
        "act": step.act,
        "made_at": now,
        "made_by": step.made_by,
        "outcome": step.outcome,
    }
    if step.written is not None and step.written.text:
        seal, wrapped = step.written.keys.seal_for_new_row(ConcernNote.__tablename__, row["id"])
        row |= {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped}
        row["sealed"] = seal.close(step.written.text, "sealed")
    connection.execute(insert(ConcernNote), row)


def cells_counted(concern: Mapping[str, Any]) -> list[tallies.Cell]:
    """List the cells to which a concern adds one as it stands now. Whatever else is counted belongs here too.

    Args:
        concern: column name -> value.

    Returns:
        The cells; taking each of them once out of the figures leaves no trace of the concern there.
    """
    acknowledged = [_cell(concern["kind"], _ACKNOWLEDGED)] if concern["state"] != OPEN else []
    return [_cell(concern["kind"], _RAISED), *acknowledged]


def _cell(kind: str, choice: str) -> tallies.Cell:
    return tallies.Cell(f"concern:{kind}", "", choice)


def _count_one(connection: Connection, concern: ConcernSummary, choice: str, step: int) -> None:
    response = response_by_id(connection, EVERY_TEAM, concern.response_id)
    _count(connection, response, [(_cell(concern.kind, choice), step)])


def _count(connection: Connection, response: ResponseSummary, cells: Sequence[tuple[tallies.Cell, int]]) -> None:
    span = span_of(asdict(response))
    for step in (1, -1):
        tallies.add(connection, span, [cell for cell, change in cells if change == step], step)
