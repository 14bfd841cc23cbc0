"""Reading actions: the list, one with its history, what waits for a decision, and what people are told."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, or_, select

from hscb_voice.actions.errors import UnknownActionError
from hscb_voice.actions.models import Action, ActionStep, ActionThreshold, ThemeWait, ToldWords
from hscb_voice.actions.service import DEFAULT_THRESHOLD
from hscb_voice.actions.statuses import OPEN, STATUS_LABELS, Origin, Status
from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.invitations.models import Invitation
from hscb_voice.reading_room.models import Meeting
from hscb_voice.responses.models import Response


@dataclass(frozen=True)
class ActionLine:
    """One action, as lists and pages show it."""

    id: str
    origin: Origin
    theme: str
    service: str
    said: str
    goes_to: str
    status: Status
    doing: str
    because: str
    evidence: str
    outcome: str
    owner_id: str | None
    due: date | None
    made_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None
    published_at: datetime | None
    invented: bool

    @property
    def status_label(self) -> str:
        """Where it stands, in words."""
        return STATUS_LABELS[self.status]

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done or decided."""
        return self.status in OPEN

    def is_late(self, today: date) -> bool:
        """Tell whether its day is over and it is not done."""
        return self.is_open and self.due is not None and self.due < today


@dataclass(frozen=True)
class Step:
    """One line of an action's history."""

    act: str
    by: str
    at: datetime
    note: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """What people of one age are told in one language."""

    look: str
    language: str
    you_said: str
    we_did: str
    is_hard: bool


@dataclass(frozen=True)
class Wait:
    """A theme that waits for a decision, or has one."""

    id: str
    theme: str
    service: str
    span_start: date
    span_end: date
    noticed_on: date
    decide_by: date | None  # the first meeting after it was noticed; None while none is set
    action_id: str | None
    answered_on: date | None
    invented: bool

    def is_late(self, today: date) -> bool:
        """Tell whether the meeting is over and nobody has decided."""
        return self.answered_on is None and self.decide_by is not None and self.decide_by < today


@dataclass(frozen=True)
class Answering:
    """How many themes got an answer, and how long it took."""

    themes: int
    answered: int
    median_days: float | None  # from being noticed to the decision


@dataclass(frozen=True)
class PublicLine:
    """What the public page, and a child with a receipt, are told of one action."""

    you_said: str
    we_did: str
    status: Status
    origin: Origin
    language: str  # of the words; another than was asked for where there are none in it
    since: datetime
    invented: bool


def action_list(
    connection: Connection,
    *,
    statuses: Collection[Status] = (),
    origin: Origin | None = None,
    service: str = "",
    owner_id: str = "",
) -> list[ActionLine]:
    """Return actions: what waits for a decision first, then by date, the ended last.

    Args:
        connection: a reading connection.
        statuses: only these; all when empty.
        origin: only those from there.
        service: only those of this service, and of every service.
        owner_id: only those of one person.
    """
    wanted: list[ColumnElement[bool]] = []
    if statuses:
        wanted.append(Action.status.in_([status.value for status in statuses]))
    if origin:
        wanted.append(Action.origin == origin.value)
    if service:
        wanted.append(Action.service.in_(["", service]))
    if owner_id:
        wanted.append(Action.owner_id == owner_id)
    rows = connection.execute(select(*Action.__table__.columns).where(*wanted)).mappings()
    order = {Status.ASKED: 0, Status.DONE: 2, Status.CANNOT: 2}
    lines = [_line(row) for row in rows]
    return sorted(lines, key=lambda line: (order.get(line.status, 1), line.due or date.max, line.made_at, line.id))


def action_by_id(connection: Connection, action_id: str) -> ActionLine:
    """Return one action.

    Args:
        connection: a reading connection.
        action_id: which.

    Raises:
        UnknownActionError: there is none of that id.
    """
    row = connection.execute(select(*Action.__table__.columns).where(Action.id == action_id)).mappings().first()
    if row is None:
        message = "There is no such action."
        raise UnknownActionError(message)
    return _line(row)


def steps_of(connection: Connection, action_id: str) -> list[Step]:
    """Return an action's history, the newest first."""
    query = select(*ActionStep.__table__.columns).where(ActionStep.action_id == action_id)
    rows = connection.execute(query.order_by(ActionStep.number.desc()))
    return [
        Step(row.act, row.by, row.at, row.note, {name: (was, became) for name, (was, became) in row.changes.items()})
        for row in rows
    ]


def told_of(connection: Connection, action_id: str) -> dict[tuple[str, str], Told]:
    """Return what people are told of an action, by look and language."""
    rows = connection.execute(select(*ToldWords.__table__.columns).where(ToldWords.action_id == action_id))
    return {
        (row.look, row.language): Told(row.look, row.language, row.you_said, row.we_did, row.is_hard) for row in rows
    }


def waits(connection: Connection, *, only_open: bool = True) -> list[Wait]:
    """Return the themes that wait for a decision, the longest waiting first.

    Args:
        connection: a reading connection.
        only_open: leave out those that have been answered.
    """
    query = select(*ThemeWait.__table__.columns)
    if only_open:
        query = query.where(ThemeWait.answered_on.is_(None))
    meetings = list(connection.execute(select(Meeting.day).order_by(Meeting.day)).scalars())
    rows = connection.execute(query.order_by(ThemeWait.noticed_on, ThemeWait.theme, ThemeWait.service)).mappings()
    return [_wait(row, meetings) for row in rows]


def answering(connection: Connection, start: date, end: date) -> Answering:
    """Count the themes heard in a period that needed a decision, and those that got one.

    Args:
        connection: a reading connection.
        start: the period's first day.
        end: its last day.
    """
    query = select(ThemeWait.noticed_on, ThemeWait.answered_on)
    rows = list(connection.execute(query.where(ThemeWait.span_start >= start, ThemeWait.span_end <= end)))
    days = [(row.answered_on - row.noticed_on).days for row in rows if row.answered_on]
    return Answering(len(rows), len(days), float(median(days)) if days else None)


def acted_in(connection: Connection, start: date, end: date) -> list[ActionLine]:
    """Return the actions that were noted, decided or ended within a period, the latest first.

    Args:
        connection: a reading connection.
        start: the period's first day.
        end: its last day.
    """

    def within(moment: datetime | None) -> bool:
        return moment is not None and start <= moment.astimezone(LOCAL_ZONE).date() <= end

    found = [one for one in action_list(connection) if any(map(within, (one.made_at, one.decided_at, one.ended_at)))]
    return sorted(found, key=lambda one: max(filter(None, (one.made_at, one.decided_at, one.ended_at))), reverse=True)


def thresholds(connection: Connection) -> dict[str, int]:
    """Return the thresholds by service; that of every other service stands under the empty name."""
    rows = connection.execute(select(ActionThreshold.service, ActionThreshold.fewest))
    return {"": DEFAULT_THRESHOLD} | {row.service: row.fewest for row in rows}


def services_named(connection: Connection) -> list[str]:
    """Return the services that responses, codes and actions name, in the order of the alphabet."""
    found: set[str] = set()
    for table in (Response, Invitation, Action):
        found.update(connection.execute(select(table.service).distinct()).scalars())
    return sorted(found - {""})


def services_told(connection: Connection) -> list[str]:
    """Return the services that have something of their own on the public page, in the order of the alphabet."""
    query = select(Action.service).where(Action.published_at.is_not(None), Action.service != "").distinct()
    return sorted(connection.execute(query).scalars())


def told_to(
    connection: Connection, look: str, language: str, *, service: str | None = None, limit: int = 50
) -> list[PublicLine]:
    """Return what is published, worded for some readers, the newest first.

    Args:
        connection: a reading connection.
        look: for whom; words for the nearest age are taken where there are none for this one.
        language: their language; English is taken where there are no words in it.
        service: with what concerns this service and every service; None for everything.
        limit: how many at most.
    """
    query = select(*Action.__table__.columns).where(Action.published_at.is_not(None))
    if service is not None:
        query = query.where(or_(Action.service == "", Action.service == service))
    rows = list(connection.execute(query.order_by(Action.published_at.desc(), Action.id).limit(limit)).mappings())
    found = select(*ToldWords.__table__.columns).where(ToldWords.action_id.in_([row["id"] for row in rows]))
    words: dict[str, dict[tuple[str, str], Any]] = defaultdict(dict)
    for row in connection.execute(found):
        words[row.action_id][row.look, row.language] = row
    lines = []
    for action in rows:
        fitting = _fitting(words[action["id"]], look, language)
        if fitting is not None:
            lines.append(_public(action, fitting))
    return lines


# Where nothing is written for an age, what is written for the next one down is easiest to read.
_NEAREST = {
    "young_child": ("young_child", "child"),
    "child": ("child", "young_child", "young_person"),
    "young_person": ("young_person", "child", "adult"),
    "adult": ("adult", "young_person", "child"),
}


def _fitting(words: Mapping[tuple[str, str], Any], look: str, language: str) -> Any | None:  # noqa: ANN401 - a row
    tried = [(near, spoken) for spoken in dict.fromkeys((language, "en")) for near in _NEAREST[look]]
    return next((words[place] for place in tried if place in words), None)


def _public(action: RowMapping, words: Any) -> PublicLine:  # noqa: ANN401 - a row
    since = action["ended_at"] or action["published_at"]
    status, origin = Status(action["status"]), Origin(action["origin"])
    return PublicLine(words.you_said, words.we_did, status, origin, words.language, since, action["invented"])


def _line(row: RowMapping) -> ActionLine:
    names = ActionLine.__dataclass_fields__
    values = {name: row[name] for name in names if name not in {"origin", "status"}}
    return ActionLine(origin=Origin(row["origin"]), status=Status(row["status"]), **values)


def _wait(row: RowMapping, meetings: Sequence[date]) -> Wait:
    values = {name: row[name] for name in Wait.__dataclass_fields__ if name != "decide_by"}
    return Wait(decide_by=next((day for day in meetings if day >= row["noticed_on"]), None), **values)
