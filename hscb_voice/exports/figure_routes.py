"""Staff pages for taking the Board's figures elsewhere: which period and questionnaire, and the file."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from hscb_voice.audit.service import note
from hscb_voice.board.page_frame import asked_frame
from hscb_voice.exports.figures import KINDS, figures_file
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

figures_blueprint = Blueprint("staff_figures", __name__, url_prefix=f"{STAFF_PATH}/figures")


@figures_blueprint.get("/")
@requires(Permission.SEE_FIGURES)
def take() -> str:
    """Offer the figures of a period as files."""
    with platform().database.reading() as connection:
        frame = asked_frame(connection)
        titles = short_titles(connection)
    return render_template("exports/figures.html", **frame.around(titles=titles, kinds=KINDS))


@figures_blueprint.get("/<any(csv, xlsx, jsonl):kind>")
@requires(Permission.SEE_FIGURES)
def file(kind: str) -> Response:
    """Hand out the figures of one questionnaire, or of all, for a period, and note who took them."""
    here, slug = platform(), request.args.get("questionnaire", "")
    with here.database.reading() as connection:
        period = asked_frame(connection).period
        try:
            content = figures_file(connection, [slug] if slug else published_slugs(connection), period, kind)
        except UnknownQuestionnaireError:
            abort(404)
    with here.database.writing() as connection:
        taken = f"figures {slug or 'all'} {period.name} {kind}"
        note(connection, current_person().id, "took figures", taken, now=here.clock.now())
    response = make_response(content)
    response.headers["Content-Type"] = KINDS[kind][1]
    name = f"figures-{slug or 'all'}-{period.name}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
