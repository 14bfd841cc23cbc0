"""The staff route that gives one response as PDF for the case file, and the part of its page that offers it."""

from flask import Blueprint, Flask, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.foundation.printing import NotPrintedError
from hscb_voice.paper.case_file import case_file
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.panels import Panel, add_panel
from hscb_voice.responses.queries import ResponseSummary, response_by_id
from hscb_voice.responses.reading import REASONS
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

case_file_blueprint = Blueprint("staff_case_file", __name__, url_prefix=f"{STAFF_PATH}/responses")


def furnish_case_file(app: Flask) -> None:
    """Put the room's part of a response on an application.

    Args:
        app: the application, its staff surface begun.
    """
    app.register_blueprint(case_file_blueprint)
    add_panel(app, _panel)


@case_file_blueprint.post("/<response_id>/case-file")
@requires(Permission.READ_COMMENTS)
@freshly_signed_in
def take(response_id: str) -> ResponseReturnValue:
    """Give one response as PDF, in the child's own words."""
    here, person = platform(), current_person()
    try:
        with here.database.reading() as connection:
            found = response_by_id(connection, person.teams, response_id)
    except UnknownResponseError:
        abort(404)
    if found.taken_back_at is not None:
        abort(404)
    reason = request.form.get("reason", "")
    if not ActForm().validate_on_submit() or reason not in REASONS:
        flash("Choose why you need it, then take it.", "refusal")
        return redirect(url_for("staff_responses.response", response_id=response_id), 303)
    try:
        content = case_file(here, found, person, reason)
    except NotPrintedError:
        flash("The PDF could not be made. Try again in a minute.", "refusal")
        return redirect(url_for("staff_responses.response", response_id=response_id), 303)
    answer = Response(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="in-their-own-words.pdf"'
    return answer


def _panel(_connection: Connection, response: ResponseSummary, person: Person) -> Panel | None:
    if not person.may(Permission.READ_COMMENTS) or response.taken_back_at is not None:
        return None
    return Panel("For the case file", "paper/case_file_panel.html", REASONS)
