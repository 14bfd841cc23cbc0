"""The Board's pages: the overview of a period, and one questionnaire in full. They show, and decide nothing."""

from flask import Blueprint, abort, render_template

from hscb_voice.board.charts import charts_of
from hscb_voice.board.compared import compared
from hscb_voice.board.figures import figures_of
from hscb_voice.board.overview import overview_of
from hscb_voice.board.page_frame import asked_frame, period_asked
from hscb_voice.board.quotes import quotes_of
from hscb_voice.board.sentences import said_in
from hscb_voice.board.splits import CUT_LABELS, cuts_of
from hscb_voice.board.subject_routes import SUBJECTS
from hscb_voice.board.sureness import sure_sentences
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform

board_blueprint = Blueprint("staff_board", __name__, url_prefix="/staff/board")
for rule, view in SUBJECTS.items():
    board_blueprint.add_url_rule(rule, view_func=view)


@board_blueprint.get("/")
@requires(Permission.SEE_FIGURES)
def overview() -> str:
    """Show what was heard in a period."""
    here = platform()
    chosen = period_asked("with")
    with here.database.reading() as connection:
        frame = asked_frame(connection)
        document = overview_of(connection, here.keys, frame.period)
        earlier_too = compared(connection, frame.period, chosen)
        titles = short_titles(connection)
    return render_template(
        "board/overview.html", **frame.around(document=document, earlier_too=earlier_too, chosen=chosen, titles=titles)
    )


@board_blueprint.get("/<slug>")
@requires(Permission.SEE_FIGURES)
def questionnaire(slug: str) -> str:
    """Show every question of one questionnaire for a period."""
    here = platform()
    with here.database.reading() as connection:
        frame = asked_frame(connection)
        try:
            figures = figures_of(connection, slug, frame.period)
        except UnknownQuestionnaireError:
            abort(404)
        quotes = quotes_of(connection, here.keys, frame.period, slug)
    more = {
        "figures": figures,
        "charts": charts_of(figures),
        "sentences": said_in(figures),
        "sure": sure_sentences([figures]) if figures.responses != 0 else (),
        "quotes": quotes,
        "cuts": [(one.value, CUT_LABELS[one]) for one in cuts_of(figures)],
    }
    return render_template("board/questionnaire.html", **frame.around(**more))
