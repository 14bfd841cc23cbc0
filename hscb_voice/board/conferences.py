"""Child protection conferences: first ones beside reviews, item by item, for the items that the Board watches."""

from collections.abc import Mapping
from dataclasses import dataclass

from hscb_voice.board.figures import Distribution, Figures
from hscb_voice.board.periods import Period, reporting_year

INITIAL, REVIEW = "cp-conference-parent-initial", "cp-conference-parent-review"
IN_TIME, _DAYS = "q2", "q2a"  # the social worker's report: in enough time, and how long before
_REPORT_YEAR = reporting_year(2015)
# What the annual report 2015-16 says of its own conference forms; there is nothing else, and nothing is made up.
_LOST = (
    "The annual report counts 14 forms from initial and 38 from review conferences, from June 2015 to January 2016. "
    "Its tables are lost. They cannot be shown here, and they have not been made up."
)


@dataclass(frozen=True)
class Beside:
    """One item, answered after first conferences and after reviews."""

    key: str
    text: str
    initial: Distribution | None
    review: Distribution | None


@dataclass(frozen=True)
class Conferences:
    """The two kinds of conference side by side."""

    initial: Figures
    review: Figures
    watched: tuple[Beside, ...]
    days: Beside | None  # how long before the report came
    lost: str  # what the period's own report counted and lost; empty for all other periods

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody answered after either kind."""
        return self.initial.responses == 0 and self.review.responses == 0


def conferences_of(figures: Mapping[str, Figures], period: Period) -> Conferences | None:
    """Set the two questionnaires beside each other.

    Args:
        figures: slug -> guarded figures.
        period: which period they are for.

    Returns:
        The items in the order asked; None when either questionnaire is not published.
    """
    initial, review = figures.get(INITIAL), figures.get(REVIEW)
    if initial is None or review is None:
        return None
    keys = [question.key for question in initial.questions if question.watched]
    watched = tuple(_beside(initial, review, key) for key in keys)
    has_days = initial.question(_DAYS) or review.question(_DAYS)
    return Conferences(
        initial=initial,
        review=review,
        watched=watched,
        days=_beside(initial, review, _DAYS) if has_days else None,
        lost=_LOST if period.holds(_REPORT_YEAR.start, _REPORT_YEAR.end) else "",
    )


def _beside(initial: Figures, review: Figures, key: str) -> Beside:
    first, second = initial.question(key), review.question(key)
    text = next((question.text for question in (first, second) if question), key)
    return Beside(
        key=key,
        text=text,
        initial=first.rows[0] if first and first.rows else None,
        review=second.rows[0] if second and second.rows else None,
    )
