"""Who is not being heard: of each questionnaire, how many of those asked answered, and how sure that is.

It is made of guarded figures only. Where nobody noted how many were asked, it says so: silence is not the same as
nobody having been asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hscb_voice.board.by_service import Served, by_service
from hscb_voice.board.changing import difference
from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.figures import SEVERAL, Count, Figures, figures_of_all
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.periods import Period
from hscb_voice.questionnaires.queries import published_slugs

_AGE = "age_band"
_FORM_ORDER = ("child", SEVERAL, "parent", "professional")


@dataclass(frozen=True)
class Reach:
    """How far one questionnaire reached."""

    figures: Figures
    share: Share | None  # of those invited; None where either number is not known, hidden, or too small

    @property
    def why_no_share(self) -> str:
        """Say in plain words why no share stands here."""
        if self.figures.invited is None:
            return "nobody noted how many were invited, or it is too few to show"
        if self.figures.responses is None:
            return "too few answered to show"
        if self.figures.invited < BOARD.percent_base:
            return "fewer than ten were invited"
        return "more answered than were noted as invited"


@dataclass(frozen=True)
class Ages:
    """How old those were who answered one children's questionnaire."""

    figures: Figures
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Unheard:
    """What the page shows."""

    silent: tuple[Reach, ...]  # nobody answered
    reached: tuple[Reach, ...]  # somebody did; those of whom fewest answered first, unknown shares last
    ages: tuple[Ages, ...]
    services: tuple[Served, ...]  # by service; only for a whole reporting year

    @property
    def least(self) -> Reach | None:
        """Return the questionnaire that surely reached a smaller share than all others together, if there is one."""
        known = [one for one in self.reached if one.share]
        if not known[1:]:
            return None
        first, *others = ((one.figures.responses or 0, one.figures.invited or 0) for one in known)
        rest = (sum(n for n, _ in others), sum(of for _, of in others))
        _, high = difference(first, rest)
        return known[0] if high < 0 else None

    @property
    def is_known(self) -> bool:
        """Tell whether there are two shares at least to compare."""
        return sum(1 for one in self.reached if one.share) > 1

    @property
    def bands(self) -> tuple[Count, ...]:
        """Return the age bands of the table, in order."""
        return self.ages[0].counts if self.ages else ()


def unheard_in(connection: Connection, period: Period) -> Unheard:
    """Put the page together.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.

    Returns:
        The questionnaires, those that are silent apart.
    """
    figures = list(figures_of_all(connection, published_slugs(connection), period).values())
    figures.sort(key=lambda one: _FORM_ORDER.index(one.respondent))
    reach = [Reach(one, _share(one)) for one in figures]
    reached = [one for one in reach if one.figures.responses != 0]
    reached.sort(key=lambda one: one.share.value if one.share else 2)
    return Unheard(
        silent=tuple(one for one in reach if one.figures.responses == 0),
        reached=tuple(reached),
        ages=_ages(figures),
        services=by_service(connection, period, figures),
    )


def _share(figures: Figures) -> Share | None:
    if figures.response_share is None or not figures.responses or not figures.invited:
        return None
    return wilson(figures.responses, figures.invited)


def _ages(figures: Sequence[Figures]) -> tuple[Ages, ...]:
    found = []
    for one in figures:
        question = one.question(_AGE)
        if one.responses and question and question.rows:
            found.append(Ages(one, question.rows[0].counts))
    return tuple(found)
