"""Reading concerns. Every list goes through `visible_to`, so that nobody sees another team's children."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, or_, select

from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import Teams, visible_to
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.errors import UnknownConcernError
from hscb_voice.safeguarding.models import Concern, ConcernNote
from hscb_voice.safeguarding.wording import ACKNOWLEDGED, CLOSED, OPEN, WORDS


@dataclass(frozen=True)
class Place:
    """Where in a response the reason for a concern stands."""

    source: str  # the id of the comment, the response or the second answer
    question: str
    line: int = 0
    start: int | None = None  # of the deciding words; None for a tick
    end: int | None = None
    rule: str = ""
    is_second: bool = False  # in a different answer that came later under the same sitting's id


@dataclass(frozen=True)
class ConcernSummary:
    """One concern, and what is known of its response without its words."""

    id: str
    response_id: str
    kind: str
    reasons: tuple[str, ...]
    places: tuple[Place, ...]
    state: str
    heard_at: datetime
    raised_at: datetime
    read_due: datetime
    speak_due: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    calling_since: datetime
    holder: str | None
    slug: str
    respondent: str
    service: str
    team: str
    invented: bool

    @property
    def is_from_second(self) -> bool:
        """Tell whether a second, different answer under the same sitting's id raised it, or raised it again."""
        return any(place.is_second for place in self.places)

    @property
    def due(self) -> datetime | None:
        """Return the deadline that counts now: to read, then to speak; none once it is closed."""
        if self.state == CLOSED:
            return None
        return self.read_due if self.state == OPEN else self.speak_due


@dataclass(frozen=True)
class ConcernCounts:
    """How many concerns a person may see, by how they stand."""

    open: int
    acknowledged: int
    closed: int
    late: int  # of the open and acknowledged ones, those past their deadline


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that was done about a concern."""

    act: str
    made_at: datetime
    made_by: str  # a person's id; empty for the screening itself
    outcome: str | None
    text: str  # what was written; empty when nothing was, or when it was not opened
    is_written: bool
    told: str = ""  # whom a letter went to
    letter_id: str | None = None


_OF_RESPONSE = ("slug", "respondent", "service", "team", "invented")
_SUMMARY = [
    getattr(Response if name in _OF_RESPONSE else Concern, name) for name in ConcernSummary.__dataclass_fields__
]
_DUE = case((Concern.state == OPEN, Concern.read_due), else_=Concern.speak_due)
# Words come before ticks where two are due at the same time: somebody may be in danger now.
_RANK = case((Concern.kind == WORDS, 0), else_=1)


def concern_list(
    connection: Connection, teams: Teams, states: Collection[str], *, page: int = 1, size: int = 25
) -> list[ConcernSummary]:
    """List concerns: the most urgent first, and closed ones by when they were closed.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        states: which of open, acknowledged and closed.
        page: from 1.
        size: concerns a page.

    Returns:
        One page.
    """
    urgent_first = (case((Concern.state == CLOSED, 1), else_=0), Concern.closed_at.desc(), _DUE, _RANK)
    query = _scoped(teams).where(Concern.state.in_(states)).order_by(*urgent_first, Concern.heard_at, Concern.id)
    return [_summary(row) for row in connection.execute(query.limit(size).offset((page - 1) * size))]


def concern_counts(connection: Connection, teams: Teams, now: datetime) -> ConcernCounts:
    """Count concerns by how they stand.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        now: the present moment.

    Returns:
        The counts.
    """
    is_late = or_(
        (Concern.state == OPEN) & (Concern.read_due < now),
        (Concern.state == ACKNOWLEDGED) & (Concern.speak_due < now),
    )
    counted = [func.count().filter(Concern.state == state) for state in (OPEN, ACKNOWLEDGED, CLOSED)]
    query = select(*counted, func.count().filter(is_late)).join(Response, Response.id == Concern.response_id)
    row = connection.execute(visible_to(teams, query)).one()
    return ConcernCounts(*row)


def unheeded(connection: Connection, teams: Teams, since: datetime) -> int:
    """Count the concerns that have been open, unacknowledged, since before a moment; invented ones wait for nobody.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        since: the moment.
    """
    query = select(func.count()).select_from(Concern).join(Response, Response.id == Concern.response_id)
    is_unheeded = (Concern.state == OPEN, Concern.calling_since <= since, Response.invented.is_(False))
    return int(connection.execute(visible_to(teams, query.where(*is_unheeded))).scalar_one())


def concern_by_id(connection: Connection, teams: Teams, concern_id: str) -> ConcernSummary:
    """Return one concern.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        concern_id: which.

    Returns:
        The concern.

    Raises:
        UnknownConcernError: there is none of that id for this reader; another team's is unknown too.
    """
    row = connection.execute(_scoped(teams).where(Concern.id == concern_id)).first()
    if row is None:
        message = "There is no such concern."
        raise UnknownConcernError(message)
    return _summary(row)


def concerns_of(connection: Connection, teams: Teams, response_id: str) -> list[ConcernSummary]:
    """Return the concerns of one response, oldest first.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        response_id: which response.

    Returns:
        The concerns; none when the response is another team's.
    """
    query = _scoped(teams).where(Concern.response_id == response_id).order_by(Concern.raised_at, Concern.kind)
    return [_summary(row) for row in connection.execute(query)]


def has_unclosed(connection: Connection, response_id: str) -> bool:
    """Tell whether a response has a concern that is not closed, so that its words are not quoted meanwhile."""
    return bool(unclosed_among(connection, [response_id]))


def unclosed_among(connection: Connection, response_ids: Collection[str]) -> frozenset[str]:
    """Return those responses whose words may not be quoted now.

    Args:
        connection: a reading connection.
        response_ids: which to look at; at most some hundreds.

    Returns:
        Those with a concern that is not closed, and those that still wait to be screened.
    """
    concerned = select(Concern.response_id).where(Concern.response_id.in_(response_ids), Concern.state != CLOSED)
    unscreened = select(Job.subject_id).where(Job.subject_id.in_(response_ids), Job.kind == SCREEN_JOB)
    return frozenset(connection.execute(concerned.union(unscreened)).scalars())


def words_of_unclosed(connection: Connection, response_ids: Collection[str]) -> list[tuple[str, int, int, str]]:
    """Return which words raised the concerns that are not closed. The caller has checked who may know it.

    Args:
        connection: a reading connection.
        response_ids: whose concerns; at most some hundreds.

    Returns:
        The comment's id, where in it the words stand, and the rule that found them.
    """
    query = select(Concern.places).where(Concern.response_id.in_(response_ids), Concern.state != CLOSED)
    places = [Place(**place) for found in connection.execute(query).scalars() for place in found]
    return [
        (one.source, one.start, one.end, one.rule) for one in places if one.start is not None and one.end is not None
    ]


def history_of(connection: Connection, keys: KeyRing | None, concern_id: str) -> list[HistoryEntry]:
    """Return what was done about a concern, in order. The caller has checked that it may be seen.

    Args:
        connection: a reading connection.
        keys: open what was written; None leaves it sealed, for a reader who may not read words.
        concern_id: which.

    Returns:
        The entries.

    Raises:
        KeyMissingError: the key that sealed a note is not here.
    """
    columns = [column for column in ConcernNote.__table__.columns if column.name != "concern_id"]
    query = select(*columns).where(ConcernNote.concern_id == concern_id).order_by(ConcernNote.place)
    return [_entry(row, keys) for row in connection.execute(query)]


def _scoped(teams: Teams) -> Select[Any]:
    query = select(*_SUMMARY).join(Response, Response.id == Concern.response_id)
    return visible_to(teams, query)


def _summary(row: Row[Any]) -> ConcernSummary:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's names
    values["reasons"] = tuple(values["reasons"])
    values["places"] = tuple(Place(**place) for place in values["places"])
    return ConcernSummary(**values)


def _entry(row: Row[Any], keys: KeyRing | None) -> HistoryEntry:
    text = ""
    if row.sealed is not None and keys is not None:
        wrapped = WrappedKey(row.key_id, row.wrapped_key)
        text = keys.seal_of_row(ConcernNote.__tablename__, row.id, wrapped).open(row.sealed, "sealed")
    is_written = row.sealed is not None
    return HistoryEntry(row.act, row.made_at, row.made_by, row.outcome, text, is_written, row.told, row.letter_id)
