"""Writing actions: noting what was said, deciding, reporting, telling. Each act is a step that stays, and is audited.

The caller's transaction decides; whoever may do what is the routes' business.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from hscb_voice.actions.errors import ActionRefusedError, UnknownActionError
from hscb_voice.actions.models import Action, ActionStep, ActionThreshold, ThemeWait, ToldWords
from hscb_voice.actions.statuses import ENDED, LOOKS, PROGRESS, STATUS_LABELS, Origin, Status
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import Clock, written_date
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id

SMALLEST_THRESHOLD = 5  # a lower one would tell that a count of 1 to 4 is reached
DEFAULT_THRESHOLD = 10
_SAYS_NOTHING = "Say what people said or asked"
_NOTE_FIELDS = ("said", "service", "goes_to", "status", "doing", "because", "evidence", "outcome", "due")


@dataclass(frozen=True)
class NewAction:
    """What people said or asked, as it is first noted."""

    said: str
    origin: Origin = Origin.HAND
    theme: str = ""
    service: str = ""
    goes_to: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Decision:
    """What is to be done, by whom and when; or why it cannot be."""

    can: bool
    doing: str = ""
    owner_id: str | None = None
    due: date | None = None
    because: str = ""


@dataclass(frozen=True)
class Progress:
    """How it goes."""

    status: Status
    note: str = ""
    because: str = ""
    evidence: str = ""
    outcome: str = ""
    due: date | None = None  # a new date; None leaves it


def note_action(connection: Connection, new: NewAction, by: str, clock: Clock) -> str:
    """Note something that people said or asked.

    Args:
        connection: a writing connection.
        new: what it is.
        by: the person's id.
        clock: tells when.

    Returns:
        The action's id.

    Raises:
        ActionRefusedError: it does not say what was said.
    """
    if not new.said.strip():
        raise ActionRefusedError(_SAYS_NOTHING, "said")
    action_id = new_id()
    row = {
        "id": action_id,
        "origin": new.origin.value,
        "theme": new.theme,
        "service": new.service,
        "said": new.said,
        "goes_to": new.goes_to,
        "status": Status.ASKED.value,
        "made_by": by,
        "made_at": clock.now(),
        "invented": new.invented,
    }
    connection.execute(insert(Action), row)
    _step(connection, action_id, "noted", by, clock)
    if new.theme:
        link_waits(connection, action_id)
    _audit(connection, by, "noted an action", action_id, clock)
    return action_id


def decide(connection: Connection, action_id: str, decision: Decision, by: str, clock: Clock) -> None:
    """Decide what is done about it, or that it cannot be done.

    Args:
        connection: a writing connection.
        action_id: which action.
        decision: with owner and date, or with the reason.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownActionError: there is none of that id.
        ActionRefusedError: an owner, a date or the reason is missing.
    """
    _refuse_half_decisions(decision, clock.today())
    standing = _standing(connection, action_id)
    now = clock.now()
    values: dict[str, Any]
    if decision.can:
        values = {"status": Status.PLANNED.value, "doing": decision.doing, "because": "", "ended_at": None}
        values |= {"owner_id": decision.owner_id, "due": decision.due, "reminded_on": None}
    else:
        values = {"status": Status.CANNOT.value, "because": decision.because, "ended_at": now, "due": None}
    values["decided_at"] = standing["decided_at"] or now
    _change(connection, standing, values, ("decided", by, ""), clock)
    answered = (ThemeWait.action_id == action_id, ThemeWait.answered_on.is_(None))
    connection.execute(update(ThemeWait).where(*answered).values(answered_on=clock.today()))
    _audit(connection, by, "decided an action", action_id, clock)


def report(connection: Connection, action_id: str, progress: Progress, by: str, clock: Clock) -> None:
    """Report how it goes.

    Args:
        connection: a writing connection.
        action_id: which action.
        progress: the new state.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownActionError: there is none of that id.
        ActionRefusedError: nobody has decided yet; or it is done without an outcome, or rests without a reason.
    """
    standing = _standing(connection, action_id)
    if standing["status"] in {Status.ASKED, Status.CANNOT}:
        message = "Decide first what is to be done, by whom and by when"
        raise ActionRefusedError(message, "status")
    if progress.status not in PROGRESS:
        message = "Choose how it stands"
        raise ActionRefusedError(message, "status")
    if progress.status is Status.DONE and not progress.outcome:
        message = "Say what changed for children or families, or that nothing did"
        raise ActionRefusedError(message, "outcome")
    if progress.status is Status.ON_HOLD and not progress.because:
        message = "Say why it is on hold"
        raise ActionRefusedError(message, "because")
    values: dict[str, Any] = {"status": progress.status.value, "evidence": progress.evidence}
    values |= {"outcome": progress.outcome, "because": progress.because}
    values["ended_at"] = (standing["ended_at"] or clock.now()) if progress.status in ENDED else None
    if progress.due is not None and progress.due != standing["due"]:
        values |= {"due": progress.due, "reminded_on": None}
    _change(connection, standing, values, ("reported", by, progress.note), clock)
    _audit(connection, by, "reported on an action", action_id, clock)


@dataclass(frozen=True)
class Wording:
    """How it is said what people said, of which service it is (empty: of every one), and who is asked."""

    said: str
    service: str = ""
    goes_to: str = ""


def reword(connection: Connection, action_id: str, wording: Wording, by: str, clock: Clock) -> None:
    """Change how it is said what people said.

    Args:
        connection: a writing connection.
        action_id: which action.
        wording: all of it.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownActionError: there is none of that id.
        ActionRefusedError: it says nothing.
    """
    if not wording.said.strip():
        raise ActionRefusedError(_SAYS_NOTHING, "said")
    standing = _standing(connection, action_id)
    values = {"said": wording.said, "service": wording.service, "goes_to": wording.goes_to}
    _change(connection, standing, values, ("reworded", by, ""), clock)
    link_waits(connection, action_id)
    _audit(connection, by, "changed an action", action_id, clock)


@dataclass(frozen=True)
class Words:
    """What some readers are told."""

    look: str
    language: str
    you_said: str
    we_did: str
    is_hard: bool = False


def tell(connection: Connection, action_id: str, words: Words, by: str, clock: Clock) -> None:
    """Write down what people of one age are told, in one language; empty words take it away.

    Args:
        connection: a writing connection.
        action_id: which action.
        words: for whom, and what.
        by: the person's id.
        clock: tells when.

    Raises:
        UnknownActionError: there is none of that id.
        ActionRefusedError: only one half is there.
    """
    standing = _standing(connection, action_id)
    place = (ToldWords.action_id == action_id, ToldWords.look == words.look, ToldWords.language == words.language)
    if not words.you_said and not words.we_did:
        connection.execute(ToldWords.__table__.delete().where(*place))  # type: ignore[attr-defined]  # a table
    elif not words.you_said or not words.we_did:
        message = "Write both: what they said, and what was done"
        raise ActionRefusedError(message, "we_did" if words.you_said else "you_said")
    else:
        values = {"you_said": words.you_said, "we_did": words.we_did, "is_hard": words.is_hard}
        values |= {"written_by": by, "written_at": clock.now()}
        row = {"action_id": action_id, "look": words.look, "language": words.language, **values}
        statement = upsert(connection, ToldWords).values(row)
        keys = ["action_id", "look", "language"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    for_whom = f"{LOOKS[words.look]}, {words.language}"
    _step(connection, standing["id"], "told", by, clock, note_text=for_whom)
    _audit(connection, by, "wrote what people are told", action_id, clock)


def publish(connection: Connection, action_id: str, by: str, clock: Clock, *, wanted: bool = True) -> None:
    """Show an action on the public page, or take it off again.

    Args:
        connection: a writing connection.
        action_id: which action.
        by: the person's id.
        clock: tells when.
        wanted: False to take it off.

    Raises:
        UnknownActionError: there is none of that id.
        ActionRefusedError: there are no words for anybody yet, or nobody has decided.
    """
    standing = _standing(connection, action_id)
    if wanted and standing["status"] == Status.ASKED and standing["origin"] != Origin.COUNCIL:
        message = "Decide first; then tell people what was decided"
        raise ActionRefusedError(message)
    has_words = select(func.count()).select_from(ToldWords).where(ToldWords.action_id == action_id)
    if wanted and not connection.execute(has_words).scalar():
        message = "Write first what people are told, for at least one age"
        raise ActionRefusedError(message)
    connection.execute(
        update(Action).where(Action.id == action_id).values(published_at=clock.now() if wanted else None)
    )
    _step(connection, action_id, "published" if wanted else "taken off", by, clock)
    _audit(connection, by, "published an action" if wanted else "took an action off the public page", action_id, clock)


def set_threshold(connection: Connection, service: str, fewest: int, by: str, clock: Clock) -> None:
    """Set from how many responses in a quarter on a theme of a service needs a decision.

    Args:
        connection: a writing connection.
        service: empty for every service without a number of its own.
        fewest: at least 5.
        by: the person's id.
        clock: tells when.

    Raises:
        ActionRefusedError: the number is too small.
    """
    if fewest < SMALLEST_THRESHOLD:
        message = f"It must be at least {SMALLEST_THRESHOLD}: fewer could tell on somebody"
        raise ActionRefusedError(message, "fewest")
    values = {"fewest": fewest, "set_by": by, "set_at": clock.now()}
    statement = upsert(connection, ActionThreshold).values(service=service, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["service"], set_=values))
    note(connection, by, "set when a theme needs a decision", service or "every other service", now=clock.now())


def link_waits(connection: Connection, action_id: str) -> None:
    """Let an action answer what waits on its theme and service; what has been answered stays with its answer.

    Args:
        connection: a writing connection.
        action_id: which action.
    """
    row = connection.execute(
        select(Action.theme, Action.service, Action.decided_at).where(Action.id == action_id)
    ).one()
    if not row.theme:
        return
    waits = [ThemeWait.theme == row.theme, ThemeWait.answered_on.is_(None)]
    if row.service:
        waits.append(ThemeWait.service == row.service)
    connection.execute(update(ThemeWait).where(*waits, ThemeWait.action_id.is_(None)).values(action_id=action_id))


def _refuse_half_decisions(decision: Decision, today: date) -> None:
    if not decision.can:
        if not decision.because:
            message = "Say why it cannot be done: people will be told"
            raise ActionRefusedError(message, "because")
        return
    if not decision.doing:
        message = "Say what will be done"
        raise ActionRefusedError(message, "doing")
    if not decision.owner_id:
        message = "Choose who sees to it"
        raise ActionRefusedError(message, "owner")
    if decision.due is None:
        message = "Say by when"
        raise ActionRefusedError(message, "due")
    if decision.due < today:
        message = "The date must be today or later"
        raise ActionRefusedError(message, "due")


def _standing(connection: Connection, action_id: str) -> RowMapping:
    columns = Action.__table__.columns
    row = connection.execute(select(*columns).where(Action.id == action_id).with_for_update()).mappings().first()
    if row is None:
        message = "There is no such action."
        raise UnknownActionError(message)
    return row


def _change(
    connection: Connection, standing: RowMapping, values: dict[str, Any], step: tuple[str, str, str], clock: Clock
) -> None:
    changed = {
        name: [_in_words(name, standing[name]), _in_words(name, value)]
        for name, value in values.items()
        if name in _NOTE_FIELDS and standing[name] != value
    }
    connection.execute(update(Action).where(Action.id == standing["id"]).values(values))
    act, by, note_text = step
    _step(connection, standing["id"], act, by, clock, note_text=note_text, changes=changed)


def _in_words(name: str, value: Any) -> str:  # noqa: ANN401 - a column's value
    if name == "status":
        return STATUS_LABELS[Status(value)]
    return written_date(value) if isinstance(value, date) else str(value or "")


def _step(
    connection: Connection,
    action_id: str,
    act: str,
    by: str,
    clock: Clock,
    *,
    note_text: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    numbered = select(func.coalesce(func.max(ActionStep.number), 0) + 1).where(ActionStep.action_id == action_id)
    row = {"id": new_id(), "action_id": action_id, "number": connection.execute(numbered).scalar_one(), "act": act}
    row |= {"by": by, "at": clock.now(), "note": note_text, "changes": changes or {}}
    connection.execute(insert(ActionStep), row)


def _audit(connection: Connection, by: str, act: str, action_id: str, clock: Clock) -> None:
    note(connection, by, act, f"action {action_id}", now=clock.now())
