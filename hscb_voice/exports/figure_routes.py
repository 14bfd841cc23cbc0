"""Staff pages for taking the Board's figures elsewhere: which period and questionnaire, and the file."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hscb_voice.audit.service import note
from hscb_voice.board.errors import NoSplitError
from hscb_voice.board.page_frame import asked_frame
from hscb_voice.board.splits import Cut, split_of
from hscb_voice.exports.figures import KINDS, figures_file
from hscb_voice.exports.splits import split_file
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
def file(kind: str) -> AnyResponse:
    """Hand out the figures of one questionnaire, or of all, for a period, and note who took them."""
    here, slug = platform(), request.args.get("questionnaire", "")
    with here.database.reading() as connection:
        period = asked_frame(connection).period
        try:
            content = figures_file(connection, [slug] if slug else published_slugs(connection), period, kind)
        except UnknownQuestionnaireError:
            abort(404)
    return _handed_out(content, f"{slug or 'all'} {period.name}", kind)


@figures_blueprint.get("/split.<any(csv, xlsx, jsonl):kind>")
@requires(Permission.SEE_FIGURES)
def split(kind: str) -> AnyResponse:
    """Hand out a questionnaire's year split by service, age or helper; where that is refused, its page says why."""
    here, slug, by = platform(), request.args.get("questionnaire", ""), request.args.get("by", "")
    with here.database.reading() as connection:
        period = asked_frame(connection).period
        try:
            found = split_of(connection, slug, period, Cut(by), here.clock.today())
        except UnknownQuestionnaireError:
            abort(404)
        except (NoSplitError, ValueError):
            return redirect(url_for("staff_board.split", slug=slug, by=by, period=period.name))
    return _handed_out(split_file(found, kind), f"{slug} {period.name} by-{by}", kind)


def _handed_out(content: bytes, what: str, kind: str) -> AnyResponse:
    here = platform()
    with here.database.writing() as connection:
        taken = f"figures {what} {kind}"
        note(connection, current_person().id, "took figures", taken, now=here.clock.now())
    response = make_response(content)
    response.headers["Content-Type"] = KINDS[kind][1]
    name = f"figures-{what.replace(' ', '-')}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
