"""Reads a reporting year with its quarters, and says of which of its numbers of responses any may be shown.

Every way out of the figures begins here, so that what stands on two pages was guarded together. A reader who asks for
one period gets it as it is safe beside all the others that he could ask for.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from hscb_voice.board.counts import Raw, YearCounts
from hscb_voice.board.disclosure_side_by_side import REST, ROWS, WHOLE, Opens, guard_rows
from hscb_voice.board.periods import Period, quarters_of, year_around
from hscb_voice.board.shown import year_as_shown
from hscb_voice.questionnaires.queries import published_slugs

RESPONDENTS = ("child", "parent", "professional")


@dataclass(frozen=True)
class YearRead:
    """A year's unguarded counts, slice by slice, and what of them is open."""

    period: Period  # the one asked for
    year: Period
    at: int  # its row among the slices
    slices: Mapping[str, tuple[Raw, ...]]  # of the questionnaires asked for
    heads: Mapping[str, tuple[Raw, ...]]  # of all questionnaires, to see how many responses there are
    opens: Mapping[str, Opens]  # of all questionnaires: may the number of responses, and so anything, be shown
    sums_open: Opens  # may the number of responses to all of them together be shown
    counts: Mapping[str, YearCounts]  # of all questionnaires, as they are shown
    is_over: bool  # whether the year is over; until then it is no more than the sum of what its quarters show

    @property
    def raw(self) -> dict[str, Raw]:
        """Return the counts of the period asked for."""
        return {slug: slices[self.at] for slug, slices in self.slices.items()}

    def has_wider(self, slug: str) -> bool:
        """Tell whether there are answers that may belong to the period asked for, but only a wider one is known."""
        return self.counts[slug].has_wider(self.period)

    def as_of(self, slug: str) -> date | None:
        """Return the day of which a questionnaire's figures are; None where nobody ever answered."""
        return self.counts[slug].as_of[self.at]

    def is_open(self, slug: str) -> bool:
        """Tell whether anything of a questionnaire may be shown in the period asked for."""
        return self.opens[slug][self.at]

    def shown(self, slug: str) -> int | None:
        """Return how many responses to a questionnaire the period had; None where that is too few to show."""
        return self.heads[slug][self.at].responses if self.is_open(slug) else None

    def shown_total(self) -> int | None:
        """Return how many responses there were to all questionnaires together; None where it would tell a few."""
        total = sum(head[self.at].responses for head in self.heads.values())
        return total if self.sums_open[self.at] else None

    def told(self, row: int) -> set[str]:
        """Return the respondents of whom each questionnaire's number is shown in a row, or can be reckoned."""
        hidden = {who for slug in self.heads for who in RESPONDENTS if not self._is_told(slug, who, row)}
        return set(RESPONDENTS) - hidden

    def reach(self, who: str, row: int) -> int:
        """Return how many responses of some respondents are known to a reader to have come at least."""
        total = 0
        for slug, head in self.heads.items():
            n = head[row].by_respondent.get(who, 0)
            # Of a questionnaire that only they answer and whose number is hidden, somebody at least has answered.
            is_alone = set(head[WHOLE].by_respondent) == {who}
            total += n if self._is_told(slug, who, row) else min(n, 1) if is_alone else 0
        return total

    def responses_of(self, who: str) -> tuple[int, ...]:
        """Return how many responses of some respondents there are in each row."""
        return tuple(sum(head[row].by_respondent.get(who, 0) for head in self.heads.values()) for row in range(ROWS))

    def _is_told(self, slug: str, who: str, row: int) -> bool:
        head = self.heads[slug]
        answering = [one for one in RESPONDENTS if head[WHOLE].by_respondent.get(one, 0)]
        if who not in answering:
            return True
        if len(answering) == 1:
            return self.opens[slug][row]
        rows = tuple((*(head[i].by_respondent.get(one, 0) for one in answering), 0) for i in range(ROWS))
        return guard_rows(rows, self.opens[slug], is_over=self.is_over)[row].counts[answering.index(who)] is not None


def read_year(connection: Connection, period: Period, slugs: Collection[str]) -> YearRead:
    """Read the year to which a period belongs.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.
        slugs: the questionnaires whose counts are wanted; the numbers of responses are read of all.

    Returns:
        The year.

    Raises:
        UnknownPeriodError: the period is neither.
    """
    year = year_around(period)
    every = sorted({*published_slugs(connection), *slugs})
    shown = year_as_shown(connection, year, every)
    heads = {slug: one.slices for slug, one in shown.counts.items()}
    return YearRead(
        period=period,
        year=year,
        at=WHOLE if period == year else quarters_of(year).index(period),
        slices={slug: heads[slug] for slug in slugs},
        heads=heads,
        opens=shown.opens,
        sums_open=shown.sums_open,
        counts=shown.counts,
        is_over=shown.is_over,
    )


def slice_periods(year: Period) -> dict[int, Period]:
    """Return the periods of the rows that somebody can ask for: a year's quarters, and itself."""
    return dict(enumerate(quarters_of(year))) | {WHOLE: year}


def as_slices(numbers: Mapping[int, int]) -> tuple[int, ...]:
    """Return numbers read for each period as the six rows, the rest being what the quarters lack of the whole."""
    quarters = tuple(numbers.get(row, 0) for row in range(REST))
    whole = numbers.get(WHOLE, 0)
    return (*quarters, max(whole - sum(quarters), 0), whole)
