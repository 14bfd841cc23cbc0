"""Staff pages of what is due: the list, a new series, giving a form, recording it, putting it off, stopping."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.foundation.clock import written_date
from hscb_voice.invitations.listing import known_names
from hscb_voice.invitations.making import Doer
from hscb_voice.invitations.routes import definition_of
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.queries import current_version, published_slugs
from hscb_voice.series import service
from hscb_voice.series.errors import SeriesError, UnknownSeriesError
from hscb_voice.series.forms import PutOffForm, SeriesForm
from hscb_voice.series.planning import has_sessions, plan_of
from hscb_voice.series.queries import (
    COMING,
    DONE,
    LEFT_OUT,
    OVERDUE,
    STOPPED,
    TODAY,
    PointView,
    due_points,
    point_by_id,
    points_of,
    series_list,
)
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_due", __name__, url_prefix=f"{STAFF_PATH}/due")
_GROUPS = {OVERDUE: "Overdue", TODAY: "Today", COMING: "In the next four weeks"}
_COLOURS = {DONE: "green", LEFT_OUT: "grey", STOPPED: "grey", OVERDUE: "red", TODAY: "yellow", COMING: "blue"}


@dataclass(frozen=True)
class DueLine:
    """One form as the pages show it."""

    point: PointView
    title: str
    label: str
    day: str
    state: str
    colour: str


@blueprint.get("")
@requires(Permission.INVITE)
def due() -> str:
    """Show what is due: overdue, today, within four weeks; one's own, or the whole team's."""
    person, today, whole_team = current_person(), platform().clock.today(), request.args.get("whose") == "team"
    with platform().database.reading() as connection:
        points = due_points(connection, person.teams, today, "" if whole_team else person.id)
        lines = _lines(connection, points)
        series = series_list(connection, person.teams)
    groups = [(title, [line for line in lines if line.state == state]) for state, title in _GROUPS.items()]
    return render_template("series/due.html", groups=groups, series=series, whole_team=whole_team)


@blueprint.get("/new")
@requires(Permission.INVITE)
def choose() -> str:
    """Let a worker choose the questionnaire that is given several times."""
    with platform().database.reading() as connection:
        all_ = [current_version(connection, slug).definition for slug in published_slugs(connection)]
    return render_template("series/choose.html", definitions=[one for one in all_ if one.points])


@blueprint.route("/new/<slug>", methods=["GET", "POST"])
@requires(Permission.INVITE)
def new(slug: str) -> ResponseReturnValue:
    """Plan a series."""
    here, person, form, definition = platform(), current_person(), SeriesForm(), definition_of(slug)
    form.offer(definition, person.teams or ())
    if not form.validate_on_submit() or (start := form.first_day()) is None:
        return _new_page(form, definition)
    sessions = (form.sessions.data or 2) if has_sessions(definition) else 1
    plan = plan_of(definition, start, sessions, int(form.gap.data))
    with here.database.writing() as connection:
        made = service.begin_series(connection, form.wanted(slug), plan, Doer(person.id, here.clock))
    flash("The forms are planned. Note the three words in the case file, if you need to find the series again.")
    return redirect(url_for(".series", series_id=made))


@blueprint.get("/series/<series_id>")
@requires(Permission.INVITE)
def series(series_id: str) -> str:
    """Show one series and how it stands with each of its forms."""
    points = _points(series_id)
    with platform().database.reading() as connection:
        lines = _lines(connection, points)
    one = points[0].series
    return render_template("series/series.html", series=one, lines=lines, title=lines[0].title)


@blueprint.post("/series/<series_id>/stop")
@requires(Permission.INVITE)
def stop(series_id: str) -> ResponseReturnValue:
    """Stop a series, or let it go on."""
    here, one = platform(), _points(series_id)[0].series
    if not ActForm().validate_on_submit():
        abort(400)
    with here.database.writing() as connection:
        doer = Doer(current_person().id, here.clock)
        service.stop(connection, one, doer, again=one.stopped_at is not None)
    flash("The series goes on." if one.stopped_at else "The series is stopped. Nobody is reminded of it any more.")
    return redirect(url_for(".series", series_id=one.id))


@blueprint.post("/<planned_id>/give")
@requires(Permission.INVITE)
def give(planned_id: str) -> ResponseReturnValue:
    """Make the code of a form, and show it to be handed over."""
    made = _done(planned_id, service.give)
    return redirect(url_for("staff_invitations.invitation", invitation_id=made) if made else url_for(".due"))


@blueprint.post("/<planned_id>/record")
@requires(Permission.INVITE)
def record(planned_id: str) -> ResponseReturnValue:
    """Go to a form to record what somebody says."""
    code = _done(planned_id, service.record)
    return redirect(f"/f/{code}" if code else url_for(".due"))


@blueprint.route("/<planned_id>/put-off", methods=["GET", "POST"])
@requires(Permission.INVITE)
def put_off(planned_id: str) -> ResponseReturnValue:
    """Give a form another day."""
    here, point = platform(), _point(planned_id)
    form = PutOffForm(data={"day": point.due_on, "later_too": True})
    if not form.validate_on_submit() or (day := form.new_day()) is None:
        return _put_off_page(form, point)
    try:
        with here.database.writing() as connection:
            doer = Doer(current_person().id, here.clock)
            service.put_off(connection, point, day, doer, later_too=bool(form.later_too.data))
    except SeriesError as refusal:
        form.day.errors = [str(refusal)]
        return _put_off_page(form, point)
    flash(f"The form is due on {written_date(day)}.")
    return redirect(url_for(".series", series_id=point.series.id))


@blueprint.post("/<planned_id>/leave-out")
@requires(Permission.INVITE)
def leave_out(planned_id: str) -> ResponseReturnValue:
    """Leave a form out, or plan it again."""
    point = _point(planned_id)
    again = point.left_out_at is not None

    def act(connection: Connection, found: PointView, doer: Doer) -> str:
        service.leave_out(connection, found, doer, again=again)
        return found.id

    if _done(planned_id, act):
        flash("The form is planned again." if again else "The form is left out. On this page you can plan it again.")
    return redirect(url_for(".series", series_id=point.series.id))


def _done(planned_id: str, act: Callable[[Connection, PointView, Doer], str]) -> str:
    """Do something with a form; return what it gave, or nothing when it could not be done and the page says why."""
    here, point = platform(), _point(planned_id)
    if not ActForm().validate_on_submit():
        abort(400)
    try:
        with here.database.writing() as connection:
            return act(connection, point, Doer(current_person().id, here.clock))
    except SeriesError as refusal:
        flash(str(refusal), "refusal")
        return ""


def _point(planned_id: str) -> PointView:
    try:
        with platform().database.reading() as connection:
            return point_by_id(connection, current_person().teams, planned_id)
    except UnknownSeriesError:
        abort(404)


def _points(series_id: str) -> list[PointView]:
    try:
        with platform().database.reading() as connection:
            return points_of(connection, current_person().teams, series_id)
    except UnknownSeriesError:
        abort(404)


def _lines(connection: Connection, points: list[PointView]) -> list[DueLine]:
    today = platform().clock.today()
    forms = {slug: current_version(connection, slug).definition for slug in {point.series.slug for point in points}}
    lines = []
    for one in points:
        definition, state = forms[one.series.slug], one.state(today)
        known = definition.point(one.point)
        label = known.label if known else one.point
        lines.append(DueLine(one, definition.short_title, label, written_date(one.due_on), state, _COLOURS[state]))
    return lines


def _new_page(form: SeriesForm, definition: Definition) -> ResponseReturnValue:
    with platform().database.reading() as connection:
        known = {name: known_names(connection, current_person().teams, name) for name in ("service", "locality")}
    page = render_template(
        "series/new.html", form=form, definition=definition, known=known, has_sessions=has_sessions(definition)
    )
    return page, 400 if form.errors else 200


def _put_off_page(form: PutOffForm, point: PointView) -> ResponseReturnValue:
    with platform().database.reading() as connection:
        (line,) = _lines(connection, [point])
    return render_template("series/put_off.html", form=form, line=line), 400 if form.errors else 200
