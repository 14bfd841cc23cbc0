"""The Board's pages: the overview of a period, and one questionnaire in full. They show, and decide nothing."""

from typing import Any

from flask import Blueprint, abort, render_template, request

from hscb_voice.board.charts import charts_of, diverging_bar
from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.figures import figures_of
from hscb_voice.board.overview import overview_of, periods_heard
from hscb_voice.board.periods import Period, period_named, reporting_year, reporting_year_of
from hscb_voice.board.quotes import quotes_of
from hscb_voice.board.sentences import WHO, percent, said_in
from hscb_voice.board.sureness import sure_sentences
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.staff.access import requires
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform

board_blueprint = Blueprint("staff_board", __name__, url_prefix="/staff/board")


@board_blueprint.get("/")
@requires(Permission.SEE_FIGURES)
def overview() -> str:
    """Show what was heard in a period."""
    here = platform()
    with here.database.reading() as connection:
        periods = periods_heard(connection)
        period = wanted_period(periods)
        document = overview_of(connection, here.keys, period)
    return render_template("board/overview.html", document=document, **page_frame(periods, period))


@board_blueprint.get("/<slug>")
@requires(Permission.SEE_FIGURES)
def questionnaire(slug: str) -> str:
    """Show every question of one questionnaire for a period."""
    here = platform()
    with here.database.reading() as connection:
        periods = periods_heard(connection)
        period = wanted_period(periods)
        try:
            figures = figures_of(connection, slug, period)
        except UnknownQuestionnaireError:
            abort(404)
        quotes = quotes_of(connection, here.keys, period, slug)
    return render_template(
        "board/questionnaire.html",
        figures=figures,
        charts=charts_of(figures),
        sentences=said_in(figures),
        sure=sure_sentences([figures]) if figures.responses != 0 else (),
        quotes=quotes,
        **page_frame(periods, period),
    )


def wanted_period(periods: list[Period]) -> Period:
    """Return the period in the address; without one, the newest reporting year in which somebody was heard."""
    name = request.args.get("period", "")
    if name:
        try:
            return period_named(name)
        except UnknownPeriodError:
            abort(404)
    years = (period for period in periods if period.is_year)
    return next(years, reporting_year(reporting_year_of(platform().clock.today())))


def page_frame(periods: list[Period], period: Period) -> dict[str, Any]:
    """Return what every page of a period needs besides its document."""
    years = [
        (year, [other for other in periods if not other.is_year and year.holds(other.start, other.end)])
        for year in periods
        if year.is_year
    ]
    today = platform().clock.today()
    return {"period": period, "years": years, "today": today, "who": WHO, "percent": percent, "lay_out": diverging_bar}
