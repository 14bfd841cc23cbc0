"""What all of the Board's pages share: which period is asked for, and what stands around the figures."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request
from sqlalchemy import Connection

from hscb_voice.board.charts import diverging_bar
from hscb_voice.board.errors import UnknownPeriodError
from hscb_voice.board.overview import periods_heard
from hscb_voice.board.periods import Period, period_named, reporting_year, reporting_year_of
from hscb_voice.board.sentences import WHO, percent
from hscb_voice.foundation.clock import written_date
from hscb_voice.web.current import platform

# The Board's pages beside each other, in the order in which a meeting asks.
_PAGES = (
    ("staff_board.overview", "What we heard"),
    ("staff_board.unheard", "Who is not being heard"),
    ("staff_board.cidva", "Domestic abuse (CIDVA)"),
    ("staff_board.care", "Children in care"),
    ("staff_board.quality", "How good the data are"),
)


@dataclass(frozen=True)
class Frame:
    """A page's period, and the others that could be chosen."""

    period: Period
    periods: tuple[Period, ...]

    def around(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what a template is given
        """Return what a page is given: this frame, and its own figures."""
        years = [
            (year, [one for one in self.periods if not one.is_year and year.holds(one.start, one.end)])
            for year in self.periods
            if year.is_year
        ]
        today = platform().clock.today()
        words = {"who": WHO, "percent": percent, "lay_out": diverging_bar, "written_date": written_date}
        return {"period": self.period, "years": years, "today": today, "board_pages": _PAGES} | words | more


def asked_frame(connection: Connection) -> Frame:
    """Return the frame for the period in the address; without one, the newest year in which somebody was heard.

    Args:
        connection: a reading connection.

    Returns:
        The frame; a page that is not found where the address names no period.
    """
    periods = tuple(periods_heard(connection))
    years = (period for period in periods if period.is_year)
    newest = next(years, reporting_year(reporting_year_of(platform().clock.today())))
    return Frame(period_asked("period") or newest, periods)


def period_asked(name: str) -> Period | None:
    """Return the period that one argument of the address names.

    Args:
        name: the argument.

    Returns:
        The period, or None when it asks for none.
    """
    asked = request.args.get(name, "")
    if not asked:
        return None
    try:
        return period_named(asked)
    except UnknownPeriodError:
        abort(404)
