"""What workers do with series: begin one, give a form, put it off, leave it out, stop. All is noted in the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.invitations.codes import new_code
from hscb_voice.invitations.listing import invitation_by_id
from hscb_voice.invitations.making import Doer, Wish, make_recording, make_single, revoke
from hscb_voice.invitations.models import Invitation
from hscb_voice.invitations.queries import OPEN
from hscb_voice.invitations.service import WORKER
from hscb_voice.responses.service import Setting
from hscb_voice.series.errors import SeriesError
from hscb_voice.series.models import PlannedPoint, Series
from hscb_voice.series.planning import Due
from hscb_voice.series.queries import DONE, PointView, SeriesView

LONGEST_DELAY = timedelta(days=400)
_OPEN_FOR = timedelta(days=28)
_TRIES = 20


@dataclass(frozen=True)
class NewSeries:
    """What a series is about; its setting's channel, point and day are those of each form."""

    slug: str
    setting: Setting
    variant: str | None = None
    language: str | None = None


def begin_series(connection: Connection, wanted: NewSeries, plan: Sequence[Due], doer: Doer) -> str:
    """Begin a series.

    Args:
        connection: a writing connection.
        wanted: what it is about.
        plan: its forms, in the order of their days.
        doer: who is reminded, and the clock.

    Returns:
        The series' id.

    Raises:
        SeriesError: nothing is planned.
    """
    if not plan:
        message = "Plan at least one form."
        raise SeriesError(message)
    where = wanted.setting
    row = {"id": new_id(), "slug": wanted.slug, "variant": wanted.variant, "language": wanted.language}
    row |= {"service": where.service, "team": where.team, "locality": where.locality, "made_by": doer.id}
    series_id = _insert(connection, row, doer)
    points = [
        {
            "id": new_id(),
            "series_id": series_id,
            "point": due.point,
            "number": number,
            "due_on": due.day,
            "reminded_at": _reminded(due.day, doer),
        }
        for number, due in enumerate(plan, start=1)
    ]
    connection.execute(insert(PlannedPoint), points)
    note(connection, doer.id, "began a series of forms", f"series {series_id}", now=doer.now)
    return series_id


def give(connection: Connection, point: PointView, doer: Doer) -> str:
    """Make the code by which a form of a series is given; one that is open already is given again.

    Args:
        connection: a writing connection.
        point: which form; found through the person's teams.
        doer: who does it, and when.

    Returns:
        The invitation's id.

    Raises:
        SeriesError: it has been answered already.
    """
    _refuse_done(point)
    if point.invitation_id is not None:
        standing = invitation_by_id(connection, None, point.invitation_id)
        if standing.state(doer.now) == OPEN and standing.channel != WORKER:
            return standing.id
    wish = replace(_wish(point, "link"), expires_at=doer.now + _OPEN_FOR)
    return _linked(connection, point, make_single(connection, wish, 1, doer)[0], doer)


def record(connection: Connection, point: PointView, doer: Doer) -> str:
    """Make the code by which a worker records a form of a series for somebody.

    Args:
        connection: a writing connection.
        point: which form; found through the person's teams.
        doer: who does it, and when.

    Returns:
        The code.

    Raises:
        SeriesError: it has been answered already.
    """
    _refuse_done(point)
    code = make_recording(connection, _wish(point, WORKER, doer.today), doer)
    made = connection.execute(select(Invitation.id).where(Invitation.code == code)).scalar_one()
    _linked(connection, point, made, doer)
    return code


def put_off(connection: Connection, point: PointView, day: date, doer: Doer, *, later_too: bool) -> None:
    """Give a form another day; the worker is reminded anew.

    Args:
        connection: a writing connection.
        point: which form; found through the person's teams.
        day: its new day.
        doer: who does it, and when.
        later_too: whether the forms after it are put off by as many days.

    Raises:
        SeriesError: it has been answered already, or the day cannot be.
    """
    _refuse_done(point)
    if not doer.today <= day <= max(doer.today, point.due_on) + LONGEST_DELAY:
        message = "Choose a day from today on, within a year or so."
        raise SeriesError(message)
    moved = [(point.id, day)]
    if later_too:
        later = select(PlannedPoint.id, PlannedPoint.due_on).where(
            PlannedPoint.series_id == point.series.id,
            PlannedPoint.number > point.number,
            PlannedPoint.left_out_at.is_(None),
        )
        step = day - point.due_on
        moved += [(row.id, max(row.due_on + step, doer.today)) for row in connection.execute(later).all()]
    for point_id, new_day in moved:
        values = {"due_on": new_day, "reminded_at": _reminded(new_day, doer), "left_out_at": None}
        connection.execute(update(PlannedPoint).where(PlannedPoint.id == point_id).values(values))
    what = f"form {point.number} of series {point.series.id}"
    note(connection, doer.id, "put off a form", what, now=doer.now, reason=f"to {day.isoformat()}")


def leave_out(connection: Connection, point: PointView, doer: Doer, *, again: bool = False) -> None:
    """Leave a form out, or plan it again.

    Args:
        connection: a writing connection.
        point: which form; found through the person's teams.
        doer: who does it, and when.
        again: True to plan it again.

    Raises:
        SeriesError: it has been answered already.
    """
    _refuse_done(point)
    values = {"left_out_at": None if again else doer.now, "reminded_at": doer.now}
    connection.execute(update(PlannedPoint).where(PlannedPoint.id == point.id).values(values))
    act = "planned a form again" if again else "left a form out"
    note(connection, doer.id, act, f"form {point.number} of series {point.series.id}", now=doer.now)


def stop(connection: Connection, series: SeriesView, doer: Doer, *, again: bool = False) -> None:
    """Stop a series, or let it go on; what has been answered stays.

    Args:
        connection: a writing connection.
        series: which; found through the person's teams.
        doer: who does it, and when.
        again: True to let it go on.
    """
    values = {"stopped_at": None if again else doer.now}
    connection.execute(update(Series).where(Series.id == series.id).values(values))
    act = "let a series go on" if again else "stopped a series"
    note(connection, doer.id, act, f"series {series.id}", now=doer.now)


def _refuse_done(point: PointView) -> None:
    if point.state(point.due_on) == DONE:
        message = "This form has been answered already."
        raise SeriesError(message)


def _reminded(day: date, doer: Doer) -> object:
    """Whoever plans something for today or earlier knows it already: only later days need a letter."""
    return doer.now if day <= doer.today else None


def _wish(point: PointView, channel: str, session: date | None = None) -> Wish:
    series = point.series
    setting = Setting(
        channel=channel,
        service=series.service,
        team=series.team,
        locality=series.locality,
        session_date=session,
        point=point.point,
    )
    return Wish(series.slug, setting, series.variant, series.language)


def _linked(connection: Connection, point: PointView, invitation_id: str, doer: Doer) -> str:
    """Put a new code in the place of an older one, which is closed so that nobody answers the same form twice."""
    if point.invitation_id is not None:
        revoke(connection, invitation_by_id(connection, None, point.invitation_id), doer, was_given=False)
    values = {"invitation_id": invitation_id, "left_out_at": None}
    connection.execute(update(PlannedPoint).where(PlannedPoint.id == point.id).values(values))
    return invitation_id


def _insert(connection: Connection, row: Mapping[str, object], doer: Doer) -> str:
    statement = upsert(connection, Series).on_conflict_do_nothing(index_elements=["words"]).returning(Series.id)
    for _ in range(_TRIES):
        named = {**row, "words": new_code(), "created_at": doer.now}
        if connection.execute(statement, named).first() is not None:
            return str(row["id"])
    message = "No free words were found. Please try again."
    raise SeriesError(message)
