"""Children living with domestic abuse: who answered, by age, beside how many children there were.

How many there were is printed: Appendix 4 of the annual report 2015-16 counts the children of families that CIDVA, the
service for children and young people living with domestic abuse, worked with, by month and age band. These numbers are
public as they stand; ours are guarded like all others.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection

from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.figures import Count, Figures, figures_of_all
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.periods import Period, quarters_of, reporting_year
from hscb_voice.questionnaires.queries import published_slugs

CHILDREN = ("cidva-child-5-8", "cidva-child-9-18")
FORMS = (*CHILDREN, "cidva-parent", "cidva-professional")
_AGE = "age_band"
_COUNTED_YEAR = reporting_year(2015)
_COUNTED = "cidva-children-2015-16.csv"
_MONTHS = ("April", "May", "June", "July", "August", "September", "October", "November", "December", "January")
MONTHS = (*_MONTHS, "February", "March")
# The bands of the printed count, and those of our forms that are the same children.
_BANDS = (
    ("<1", "Under 1", ""),
    ("1-4", "1 to 4", ""),
    ("5-9", "5 to 9", "5_to_9"),
    ("10-14", "10 to 14", "10_to_14"),
    ("15-18", "15 to 18", "15_to_18"),
    ("unknown", "Age not known", ""),
)


@dataclass(frozen=True)
class Answered:
    """How many of one age answered one form; None when too few to show."""

    n: int | None
    at_least: int | None


@dataclass(frozen=True)
class AgeBand:
    """One age band: the children counted, month by month, and those who answered."""

    name: str
    months: tuple[int, ...]  # of the whole counted year
    population: int | None  # in the period shown; None when nobody counted
    answered: tuple[Answered, ...]  # by form, in the order of the page's forms
    asked: bool  # whether our forms are for this age
    share: Share | None  # answered of all counted, where both are known and large enough


@dataclass(frozen=True)
class Cidva:
    """What the page shows."""

    forms: tuple[Figures, ...]  # all four, guarded
    children: tuple[Figures, ...]  # those that ask for an age
    bands: tuple[AgeBand, ...]
    counted: Period  # the year of which the children are known
    is_counted: bool  # whether the period shown lies in it
    month_totals: tuple[int, ...]
    population: int | None  # of all ages in the period shown

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody answered any of the forms."""
        return all(one.responses == 0 for one in self.forms)

    @property
    def most_counted(self) -> int:
        """Return the largest number of a band in the counted year, for the width of bars."""
        return max(sum(band.months) for band in self.bands)


def cidva_of(connection: Connection, period: Period) -> Cidva:
    """Put the page together.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.

    Returns:
        The guarded figures beside the printed count.
    """
    published = set(published_slugs(connection))
    figures = figures_of_all(connection, [slug for slug in FORMS if slug in published], period)
    children = tuple(figures[slug] for slug in CHILDREN if slug in figures)
    places = _places(period)
    counted = _children_counted()
    bands = tuple(_band(name, key, counted[band], places, children) for band, name, key in _BANDS)
    totals = tuple(sum(months) for months in zip(*counted.values(), strict=True))
    return Cidva(
        forms=tuple(figures.values()),
        children=children,
        bands=bands,
        counted=_COUNTED_YEAR,
        is_counted=bool(places),
        month_totals=totals,
        population=sum(totals[place] for place in places) if places else None,
    )


@cache
def _children_counted() -> Mapping[str, tuple[int, ...]]:
    text = (files("hscb_voice.board") / _COUNTED).read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    return {band: tuple(int(n) for n in numbers[: len(MONTHS)]) for band, *numbers in rows if band != "total"}


def _places(period: Period) -> range:
    """Return which months of the counted year a period holds; none outside of it."""
    if period == _COUNTED_YEAR:
        return range(len(MONTHS))
    quarters = quarters_of(_COUNTED_YEAR)
    if period not in quarters:
        return range(0)
    first = 3 * quarters.index(period)
    return range(first, first + 3)


def _band(name: str, key: str, months: tuple[int, ...], places: range, children: tuple[Figures, ...]) -> AgeBand:
    answered = tuple(_answered(one, key) for one in children)
    population = sum(months[place] for place in places) if places else None
    numbers = [one.n for one in answered]
    share = None
    if key and population and population >= BOARD.percent_base and None not in numbers:
        heard = sum(n or 0 for n in numbers)
        share = wilson(heard, population) if heard <= population else None
    return AgeBand(name, months, population, answered, bool(key), share)


def _answered(figures: Figures, key: str) -> Answered:
    question = figures.question(_AGE)
    if figures.responses == 0 or question is None or not question.rows:
        return Answered(0, None)
    count: Count | None = next((one for one in question.rows[0].counts if one.key == key), None)
    return Answered(count.n, count.at_least) if count else Answered(0, None)
