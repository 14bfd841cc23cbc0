"""Reading series: what is due and when, and how it stands with each form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from hscb_voice.invitations.models import Invitation
from hscb_voice.responses.queries import Teams
from hscb_voice.series.errors import UnknownSeriesError
from hscb_voice.series.models import PlannedPoint, Series

DONE, LEFT_OUT, STOPPED = "done", "left out", "stopped"
OVERDUE, TODAY, COMING = "overdue", "today", "coming"
COMING_DAYS = 28


@dataclass(frozen=True)
class SeriesView:
    """One series as staff meet it."""

    id: str
    words: str
    slug: str
    variant: str | None
    language: str | None
    service: str
    team: str
    locality: str
    made_by: str
    created_at: datetime
    stopped_at: datetime | None

    @property
    def said(self) -> str:
        """Return the words as people say them."""
        return self.words.replace("-", " ")


@dataclass(frozen=True)
class PointView:
    """One form of a series."""

    id: str
    point: str
    number: int
    due_on: date
    left_out_at: datetime | None
    invitation_id: str | None
    used_at: datetime | None
    series: SeriesView

    def state(self, today: date) -> str:
        """Tell how it stands with it: done, left out, stopped with its series, overdue, today or coming."""
        if self.used_at is not None:
            return DONE
        if self.left_out_at is not None:
            return LEFT_OUT
        if self.series.stopped_at is not None:
            return STOPPED
        return OVERDUE if self.due_on < today else TODAY if self.due_on == today else COMING


_SERIES = [getattr(Series, name).label(f"series_{name}") for name in SeriesView.__dataclass_fields__]
_POINT = [getattr(PlannedPoint, name) for name in ("id", "point", "number", "due_on", "left_out_at", "invitation_id")]


def due_points(connection: Connection, teams: Teams, today: date, made_by: str = "") -> list[PointView]:
    """Return what is due: overdue, today, or within four weeks; the earliest first.

    Args:
        connection: a reading connection.
        teams: whose series may be seen.
        today: the present day.
        made_by: only one person's; everybody's when left out.
    """
    query = _of_teams(teams, _points()).where(
        Series.stopped_at.is_(None),
        PlannedPoint.left_out_at.is_(None),
        Invitation.used_at.is_(None),
        PlannedPoint.due_on <= today + timedelta(days=COMING_DAYS),
    )
    if made_by:
        query = query.where(Series.made_by == made_by)
    return _viewed(connection.execute(query.order_by(PlannedPoint.due_on, Series.words, PlannedPoint.number)))


def series_list(connection: Connection, teams: Teams) -> list[SeriesView]:
    """Return the series of some teams, those that go on first, then the newest first."""
    query = _of_teams(teams, select(*_SERIES)).order_by(Series.stopped_at.is_not(None), Series.created_at.desc())
    return [_series(row) for row in connection.execute(query)]


def points_of(connection: Connection, teams: Teams, series_id: str) -> list[PointView]:
    """Return every form of a series, in its order.

    Args:
        connection: a reading connection.
        teams: whose series may be seen.
        series_id: which.

    Raises:
        UnknownSeriesError: there is none of that id for this reader.
    """
    query = _of_teams(teams, _points()).where(Series.id == series_id)
    found = _viewed(connection.execute(query.order_by(PlannedPoint.number)))
    if not found:
        message = "There is no such series."
        raise UnknownSeriesError(message)
    return found


def point_by_id(connection: Connection, teams: Teams, point_id: str) -> PointView:
    """Return one form of a series.

    Args:
        connection: a reading connection.
        teams: whose series may be seen.
        point_id: which.

    Raises:
        UnknownSeriesError: there is none of that id for this reader.
    """
    found = _viewed(connection.execute(_of_teams(teams, _points()).where(PlannedPoint.id == point_id)))
    if not found:
        message = "There is no such form of a series."
        raise UnknownSeriesError(message)
    return found[0]


def due_words(points: Sequence[PointView], today: date) -> str:
    """Say in some words what is due, for the home page; nothing when nothing is."""
    states = [point.state(today) for point in points]
    parts = [(states.count(TODAY), "due today"), (states.count(OVERDUE), "overdue")]
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def _points() -> Select[*tuple[Any, ...]]:
    joined = select(*_POINT, Invitation.used_at, *_SERIES).join(Series, Series.id == PlannedPoint.series_id)
    return joined.outerjoin(Invitation, Invitation.id == PlannedPoint.invitation_id)


def _of_teams(teams: Teams, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query if teams is None else query.where(Series.team.in_(teams))


def _series(row: Row[*tuple[Any, ...]]) -> SeriesView:
    return SeriesView(**{name: getattr(row, f"series_{name}") for name in SeriesView.__dataclass_fields__})


def _viewed(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[PointView]:
    names = [name for name in PointView.__dataclass_fields__ if name != "series"]
    return [PointView(**{name: getattr(row, name) for name in names}, series=_series(row)) for row in rows]
