"""Staff pages for taking responses elsewhere: what one has asked for, asking, taking the file, throwing it away."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.exports import queries, service
from hscb_voice.exports.errors import ExportRefusedError, UnknownExportError
from hscb_voice.exports.files import KINDS
from hscb_voice.exports.forms import ExportForm
from hscb_voice.responses.periods import period_names
from hscb_voice.responses.queries import days_heard
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

exports_blueprint = Blueprint("staff_exports", __name__, url_prefix=f"{STAFF_PATH}/exports")
_REFUSED = 422


@exports_blueprint.get("/")
@requires(Permission.EXPORT_RESPONSES)
def exports() -> str:
    """List what one has asked for."""
    here = platform()
    with here.database.reading() as connection:
        return render_template(
            "exports/list.html",
            exports=queries.exports_of(connection, current_person().id),
            titles=short_titles(connection),
            kinds=KINDS,
            kept_for=service.KEPT_FOR,
            has_worker=here.jobs.has_worker(),
        )


@exports_blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.EXPORT_RESPONSES)
@freshly_signed_in
def new() -> ResponseReturnValue:
    """Ask for responses as a file."""
    here, person, form = platform(), current_person(), ExportForm()
    with here.database.reading() as connection:
        days = days_heard(connection, person.teams)
        periods = period_names(*days) if days else []
        form.offer(short_titles(connection), periods, with_words=person.may(Permission.READ_COMMENTS))
    if form.validate_on_submit():
        try:
            with here.database.writing() as connection:
                service.ask(connection, form.asked(), person, here.keys, here.clock)
        except ExportRefusedError as refusal:
            form.period.errors = [*form.period.errors, str(refusal)]
        else:
            flash("The file is being made. It stands here when it is ready, and is gone after 24 hours.")
            return redirect(url_for(".exports"), 303)
    return render_template("exports/new.html", form=form, heard=bool(days)), _REFUSED if form.is_submitted() else 200


@exports_blueprint.post("/<export_id>/take")
@requires(Permission.EXPORT_RESPONSES)
@freshly_signed_in
def take(export_id: str) -> ResponseReturnValue:
    """Hand out a file to whoever asked for it."""
    here, person = platform(), current_person()
    line = _own(export_id)
    if not ActForm().validate_on_submit():
        abort(400)
    try:
        with here.database.writing() as connection:
            content = service.take(connection, export_id, person, here.keys, here.clock)
    except ExportRefusedError as refusal:
        flash(str(refusal), "refusal")
        return redirect(url_for(".exports"), 303)
    return _file(content, line)


@exports_blueprint.post("/<export_id>/drop")
@requires(Permission.EXPORT_RESPONSES)
def drop(export_id: str) -> ResponseReturnValue:
    """Throw a file away before its day is over."""
    _own(export_id)
    here = platform()
    with here.database.writing() as connection:
        service.drop(connection, export_id, current_person(), here.clock)
    flash("The file is gone.")
    return redirect(url_for(".exports"), 303)


def _own(export_id: str) -> queries.ExportLine:
    try:
        with platform().database.reading() as connection:
            return queries.export_of(connection, current_person().id, export_id)
    except UnknownExportError:
        abort(404)


def _file(content: bytes, line: queries.ExportLine) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = KINDS[line.kind][1]
    period = line.period.replace(" ", "-") or "all"
    name = f"responses-{line.slug}-{period}.{line.kind}".lower()
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
