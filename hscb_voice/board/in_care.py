"""Children in care: what they told in “My story”, and what their Council asked, with the answers it got."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.actions.queries import ActionLine, action_list
from hscb_voice.actions.statuses import Origin
from hscb_voice.board.charts import Chart, charts_of
from hscb_voice.board.compared import Earlier, earlier_of
from hscb_voice.board.disclosure_year import read_year
from hscb_voice.board.figures import Figures, figures_of
from hscb_voice.board.periods import Period
from hscb_voice.board.quotes import Quotes, quotes_of
from hscb_voice.board.sentences import said_in
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.queries import published_slugs

STORY = "my-story"


@dataclass(frozen=True)
class InCare:
    """What the page shows."""

    figures: Figures | None  # None when the questionnaire is not published
    sentences: tuple[str, ...]
    charts: tuple[Chart, ...]
    before: tuple[tuple[Earlier, int | None], ...]  # how many answered then; None when too few to show
    quotes: Quotes | None
    asked: tuple[ActionLine, ...]  # what the Council asked, whatever the period: a question stays until it is answered

    @property
    def answered(self) -> int:
        """Return how many of the Council's questions somebody has decided."""
        return sum(1 for one in self.asked if one.decided_at or not one.is_open)


def in_care(connection: Connection, keys: KeyRing, period: Period) -> InCare:
    """Put the page together.

    Args:
        connection: a reading connection.
        keys: open the words of approved quotes.
        period: a reporting year or one of its quarters.

    Returns:
        Guarded figures, quotes, and the Council's questions.
    """
    asked = tuple(action_list(connection, origin=Origin.COUNCIL))
    if STORY not in published_slugs(connection):
        return InCare(None, (), (), (), None, asked)
    figures = figures_of(connection, STORY, period)
    before = tuple((one, read_year(connection, one.period, ()).shown(STORY)) for one in earlier_of(period))
    quotes = quotes_of(connection, keys, period, STORY)
    is_shown = bool(figures.responses)
    charts = charts_of(figures) if is_shown else ()
    return InCare(figures, said_in(figures) if is_shown else (), charts, before, quotes, asked)
