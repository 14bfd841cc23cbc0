"""Raising concerns and moving them on: acknowledged, noted, handed over, closed, opened again. Here none is removed.

Each step changes the concern, its history, its figures and the record in one transaction, and plans who is called. The
record comes last, because acts wait for each other there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from hscb_voice.audit.service import note as note_in_record
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.letters import post
from hscb_voice.responses import tallies
from hscb_voice.responses.queries import EVERY_TEAM, ResponseSummary, response_by_id
from hscb_voice.responses.service import span_of
from hscb_voice.safeguarding.calling import plan_calls
from hscb_voice.safeguarding.deadlines import due_to_read, due_to_speak
from hscb_voice.safeguarding.errors import ConcernMovedError
from hscb_voice.safeguarding.history import Step, Written, write_history
from hscb_voice.safeguarding.letter_words import ConcernFacts, handing_letter
from hscb_voice.safeguarding.models import Concern
from hscb_voice.safeguarding.queries import ConcernSummary, Place
from hscb_voice.safeguarding.wording import ACKNOWLEDGED, CLOSED, OPEN, OUTCOME_LABELS, WORKER
from hscb_voice.staff.queries import Person

LONGEST_NOTE = 5000
_PLATFORM = "platform"
# What is counted of concerns, as the figures name it.
RAISED, TAKEN_UP, TAKEN_UP_IN_TIME = "raised", "acknowledged", "acknowledged_in_time"
ENDED, ENDED_IN_TIME = "closed", "closed_in_time"


@dataclass(frozen=True)
class Found:
    """What screening found of one kind in one response."""

    kind: str
    reasons: tuple[str, ...]
    places: tuple[Place, ...]
    heard_at: datetime  # when the answer in which it stands came


@dataclass(frozen=True)
class Handing:
    """From whom a concern goes to whom."""

    giver: Person
    receiver: Person
    written: Written  # a note, sealed
    address: str  # of the site, for the link in the letter


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
    changes = [_raise(connection, response, one, clock.now()) for one in sorted(found, key=_in_order)]
    touched = [change for change in changes if change is not None]
    for change in touched:
        _count_change(connection, response, change)
    for change in touched:
        act = "raised a concern" if change.before is None else "raised a concern again"
        note_in_record(connection, _PLATFORM, act, f"concern {change.after['id']}", now=clock.now())
    return [change.after["id"] for change in touched]


def raise_by_hand(connection: Connection, response: ResponseSummary, by: str, written: Written, clock: Clock) -> str:
    """Raise a concern because a person who read the response says so. A second one joins the first.

    Args:
        connection: a writing connection.
        response: which; the caller has checked that the person may see it.
        by: the person's id.
        written: why; kept sealed.
        clock: tells when. The child's clock starts now: until now nobody had noticed.

    Returns:
        The concern's id.
    """
    now = clock.now()
    # Each mark is a place of its own, so that a second person's mark is never taken for the first one's.
    mark = Found(WORKER, (), (Place(new_id(), ""),), now)
    change = _raise(connection, response, mark, now, Step("raised", by, written=written))
    if change is None:
        message = "A mark of its own is always new."
        raise AssertionError(message)
    _count_change(connection, response, change)
    note_in_record(connection, by, "raised a concern by hand", f"concern {change.after['id']}", now=now)
    return str(change.after["id"])


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
    changes = {"state": ACKNOWLEDGED, "acknowledged_at": now, "acknowledged_by": by, "holder": by}
    change = _move(connection, concern.id, OPEN, changes, "Somebody else has already acknowledged this concern.")
    write_history(connection, concern.id, Step("acknowledged", by), now)
    _count_change(connection, _response_of(connection, concern), change)
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
    write_history(connection, concern.id, Step("noted", by, written=written), now)
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
    change = _move(connection, concern.id, ACKNOWLEDGED, changes, trouble)
    write_history(connection, concern.id, Step("closed", by, outcome, written), now)
    _count_change(connection, _response_of(connection, concern), change)
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
    changes = _opened_anew(now, now if concern.state == CLOSED else None)
    change = _move(connection, concern.id, concern.state, changes, trouble)
    write_history(connection, concern.id, Step("reopened", by, written=written), now)
    plan_calls(connection, concern.id, now)
    _count_change(connection, _response_of(connection, concern), change)
    note_in_record(connection, by, "opened a concern again", f"concern {concern.id}", now=now)


def hand_over(connection: Connection, concern: ConcernSummary, handing: Handing, clock: Clock) -> None:
    """Hand a concern over to another person, who gets a letter. How it stands does not change, nor do its deadlines.

    Args:
        connection: a writing connection.
        concern: as the person saw it.
        handing: from whom, to whom, and why.
        clock: tells when.

    Raises:
        ConcernMovedError: somebody else has moved it meanwhile, or it is closed.
    """
    now, giver, receiver = clock.now(), handing.giver, handing.receiver
    trouble = "Somebody else has changed this concern meanwhile. Look at it once more."
    if concern.state == CLOSED:
        raise ConcernMovedError(trouble)
    _move(connection, concern.id, concern.state, {"holder": receiver.id}, trouble)
    facts = ConcernFacts(concern.id, handing.address, concern.service, concern.heard_at, concern.read_due)
    letter = handing_letter(facts, receiver.name, receiver.email, giver.name)
    letter_id = post(connection, handing.written.keys, letter, now, about=f"concern {concern.id}")
    told = f"To {receiver.name} ({receiver.email})"
    step = Step("handed_over", giver.id, written=handing.written, told=told, letter_id=letter_id)
    write_history(connection, concern.id, step, now)
    subject, reason = f"concern {concern.id}", f"to account {receiver.id}"
    note_in_record(connection, giver.id, "handed a concern over", subject, now=now, reason=reason)


@dataclass(frozen=True)
class _Change:
    """A concern before and after a step, by column; before is None when the step has made it."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


def _in_order(found: Found) -> tuple[str, datetime]:
    return found.kind, found.heard_at


def _raise(
    connection: Connection, response: ResponseSummary, found: Found, now: datetime, step: Step | None = None
) -> _Change | None:
    row = {
        "id": new_id(),
        "response_id": response.id,
        "kind": found.kind,
        "reasons": list(found.reasons),
        "places": [asdict(place) for place in found.places],
        "state": OPEN,
        "heard_at": found.heard_at,
        "raised_at": now,
        "calling_since": now,
        "read_due": due_to_read(found.heard_at),
        "speak_due": due_to_speak(found.heard_at),
    }
    statement = upsert(connection, Concern).on_conflict_do_nothing(index_elements=["response_id", "kind"])
    if connection.execute(statement.returning(Concern.id), row).first() is None:
        return _merge(connection, response.id, found, now, step)
    write_history(connection, str(row["id"]), step or Step("raised", ""), now)
    plan_calls(connection, str(row["id"]), now)
    return _Change(None, row)


def _merge(connection: Connection, response_id: str, found: Found, now: datetime, step: Step | None) -> _Change | None:
    before = _locked(connection, Concern.response_id == response_id, Concern.kind == found.kind)
    known = {place["source"] for place in before["places"]}
    new = [asdict(place) for place in found.places if place.source not in known]
    if not new:
        return None
    changes: dict[str, Any] = {
        "reasons": list(dict.fromkeys([*before["reasons"], *found.reasons])),
        "places": [*before["places"], *new],
    }
    if before["state"] != OPEN:
        changes |= _opened_anew(now, found.heard_at)
        plan_calls(connection, before["id"], now)
    connection.execute(update(Concern).where(Concern.id == before["id"]).values(changes))
    again = Step("raised_again", "") if step is None else replace(step, act="raised_again")
    write_history(connection, before["id"], again, now)
    return _Change(before, {**before, **changes})


def _opened_anew(now: datetime, clock_starts: datetime | None) -> dict[str, Any]:
    emptied = ("acknowledged_at", "acknowledged_by", "closed_at", "closed_by", "outcome", "holder")
    changes: dict[str, Any] = {"state": OPEN, "calling_since": now, **dict.fromkeys(emptied)}
    if clock_starts is not None:
        changes |= {"read_due": due_to_read(clock_starts), "speak_due": due_to_speak(clock_starts)}
    return changes


def _move(connection: Connection, concern_id: str, expected: str, changes: dict[str, Any], trouble: str) -> _Change:
    """Change a concern only if it still stands as the person saw it, so that two people never overwrite each other."""
    before = _locked(connection, Concern.id == concern_id)
    if before["state"] != expected:
        raise ConcernMovedError(trouble)
    connection.execute(update(Concern).where(Concern.id == concern_id).values(changes))
    return _Change(before, {**before, **changes})


def _locked(connection: Connection, *conditions: ColumnElement[bool]) -> dict[str, Any]:
    query = select(*Concern.__table__.columns).where(*conditions).with_for_update()
    return dict(connection.execute(query).mappings().one())


def _response_of(connection: Connection, concern: ConcernSummary) -> ResponseSummary:
    return response_by_id(connection, EVERY_TEAM, concern.response_id)


def cells_counted(concern: Mapping[str, Any]) -> list[tallies.Cell]:
    """List the cells to which a concern adds one as it stands now. Whatever else is counted belongs here too.

    Args:
        concern: column name -> value.

    Returns:
        The cells; taking each of them once out of the figures leaves no trace of the concern there.
    """
    choices = [RAISED]
    if concern["state"] != OPEN:
        choices.append(TAKEN_UP)
        choices += [TAKEN_UP_IN_TIME] if concern["acknowledged_at"] <= concern["read_due"] else []
    if concern["state"] == CLOSED:
        choices.append(ENDED)
        choices += [ENDED_IN_TIME] if concern["closed_at"] <= concern["speak_due"] else []
    return [tallies.Cell(f"concern:{concern['kind']}", "", choice) for choice in choices]


def _count_change(connection: Connection, response: ResponseSummary, change: _Change) -> None:
    """Take out of the figures what a concern no longer is, and put in what it has become."""
    was = Counter(cells_counted(change.before) if change.before else ())
    has_become = Counter(cells_counted(change.after))
    span = span_of(asdict(response))
    tallies.add(connection, span, has_become - was)
    tallies.add(connection, span, was - has_become, -1)
