"""The one door through which every figure leaves: page, command, pack and export all call `figures_of`.

It reads the summary table, guards every count together with those of the other periods of its year, and gives a share
only where it means something. Nobody else may read the counts and show them. It takes no filter: figures of one service
or age group could be subtracted from everybody's. `splits` shows those that are guarded together with these.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from hscb_voice.board.counts import Raw
from hscb_voice.board.disclosure import BOARD, Guarded, Level
from hscb_voice.board.disclosure_side_by_side import (
    ROWS,
    Opens,
    guard_line,
    guard_rows,
    guard_tick_rows,
)
from hscb_voice.board.disclosure_year import YearRead, as_slices, read_year, slice_periods
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.periods import Period
from hscb_voice.board.wordings import whole_wordings
from hscb_voice.foundation.clock import written_date
from hscb_voice.invitations.queries import invited_within
from hscb_voice.questionnaires.definition import Definition, Kind, Option, Question
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.responses.tallies import TOP_THROUGHOUT

TICKS = frozenset({Kind.FACES_SET, Kind.SOME_OF})
SEVERAL = "several"
# Who filled in the form; one answer to it, by oneself, stands against all others, with help.
_HELPED, _ALONE = "answered", "by_myself"
_FEW = (
    "Counts of 1 to 4 are not shown, nor others from which they could be worked out, so that nobody can be found out. "
    "Shares are given only when ten or more answered."
)
_AS_OF = "Figures as of {}. Later answers are added when at least five lie between, so that no two looks tell of a few."
_GROWING = "Until the year is over, its numbers are the sums of what its quarters show."
_WIDER = "Some answers are known only by a longer time, such as their year, and are not counted in this period."
_HELD_BASE = "Where the number who answered is not shown, shares are of all who sent the form."


class Invented(StrEnum):
    """How much of what was counted is invented, for demonstration."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@dataclass(frozen=True)
class Count:
    """One answer and how many gave it. `n` is None when it is too few to show (or hides what is)."""

    key: str
    text: str
    n: int | None
    share: Share | None = None
    at_least: int | None = None  # for a hidden count that is nearly all
    tone: int | None = None  # 2 best, -2 worst, for the two sides of a chart; never averaged
    face: str | None = None

    @property
    def hidden(self) -> bool:
        """Tell whether it is too few to show, or would give away what is."""
        return self.n is None

    @property
    def tells_nothing(self) -> bool:
        """Tell whether it is hidden, and no lower bound stands in its place."""
        return self.n is None and not self.at_least


@dataclass(frozen=True)
class Distribution:
    """How the answers to one question, or to one row of a grid, are spread."""

    key: str
    text: str
    base: int | None  # how many answered; None when it is not shown
    out_of: int | None  # of how many the shares are: the base, or all who sent the form; None when too few
    counts: tuple[Count, ...]

    @property
    def shows_any(self) -> bool:
        """Tell whether there is any count to be seen in it; where nobody answered there is none."""
        return self.base != 0 and any(not count.hidden or count.at_least for count in self.counts)


@dataclass(frozen=True)
class QuestionFigures:
    """One question's figures: no distribution for words, one for most kinds, one a row for a grid."""

    key: str
    text: str
    kind: Kind
    base: int | None
    rows: tuple[Distribution, ...]
    watched: bool = False

    @property
    def takes_words(self) -> bool:
        """Tell whether it was answered in people's own words."""
        return not self.rows


@dataclass(frozen=True)
class Figures:
    """One questionnaire's figures for one period, guarded."""

    slug: str
    title: str
    short_title: str
    respondent: str  # child, parent, professional, or several when one form is for more than one of them
    period: Period
    responses: int | None  # 0 when there are none; None when there are too few to show
    invited: int | None  # None when nobody noted it
    questions: tuple[QuestionFigures, ...]
    top_throughout: Distribution | None  # of those who answered two points of a scale or more
    invented: Invented
    invented_count: int | None  # None when it is too few to show, or the real ones are
    notes: tuple[str, ...]
    as_of: date | None = None  # the day of which these figures are; None when nobody ever answered in the year

    @property
    def response_share(self) -> float | None:
        """Return the share of those invited who answered, 0 to 1, when both are known and shown."""
        if not self.responses or not self.invited or self.invited < max(self.responses, BOARD.percent_base):
            return None
        return self.responses / self.invited

    @property
    def alone(self) -> Count | None:
        """Return how many answered alone, of those who said who filled in the form."""
        answered = self.question(_HELPED)
        counts = answered.rows[0].counts if answered and answered.rows else ()
        return next((count for count in counts if count.key == _ALONE), None)

    def question(self, key: str) -> QuestionFigures | None:
        """Return the figures of the question of that key, if it is asked."""
        return next((question for question in self.questions if question.key == key), None)


def figures_of(connection: Connection, slug: str, period: Period) -> Figures:
    """Return one questionnaire's figures.

    Args:
        connection: a reading connection.
        slug: which questionnaire.
        period: a reporting year or one of its quarters.

    Returns:
        The figures, guarded.

    Raises:
        UnknownQuestionnaireError: nothing of that name is published.
        UnknownPeriodError: the period is of another kind.
    """
    return figures_of_all(connection, [slug], period)[slug]


def figures_of_all(connection: Connection, slugs: Collection[str], period: Period) -> dict[str, Figures]:
    """Return the figures of several questionnaires, read together.

    Args:
        connection: a reading connection.
        slugs: which questionnaires.
        period: a reporting year or one of its quarters.

    Returns:
        Slug -> figures, in the order asked.

    Raises:
        UnknownQuestionnaireError: nothing of one of the names is published.
        UnknownPeriodError: the period is of another kind.
    """
    return figures_from(connection, read_year(connection, period, slugs))


def figures_from(connection: Connection, read: YearRead) -> dict[str, Figures]:
    """Guard counts that have been read already.

    Args:
        connection: a reading connection.
        read: the year to which their period belongs.

    Returns:
        Slug -> figures.

    Raises:
        UnknownQuestionnaireError: nothing of one of the names is published.
    """
    wordings = whole_wordings(connection)
    noted = invited_within(connection, read.slices, read.year.start, read.year.end)
    found = {}
    for slug in read.slices:
        definition = wordings.get(slug)
        if definition is None:
            message = f"There is no published questionnaire “{slug}”."
            raise UnknownQuestionnaireError(message)
        found[slug] = _figures(definition, read, _invited_to(noted[slug], read), is_wider=read.has_wider(slug))
    return found


def _invited_to(noted: Mapping[tuple[date, date], int], read: YearRead) -> int | None:
    """Guard how many were invited; None as well when nobody noted it."""
    if not any(read.period.holds(*span) for span in noted):
        return None
    asked = {
        row: sum(n for span, n in noted.items() if period.holds(*span))
        for row, period in slice_periods(read.year).items()
    }
    # Who notes how many were asked tells of no answer, and often notes it for the whole year: it need not be over.
    return guard_line(as_slices(asked), None, (True,) * ROWS)[read.at]


def _figures(definition: Definition, read: YearRead, invited: int | None, *, is_wider: bool) -> Figures:
    slices, opens = read.slices[definition.slug], read.opens[definition.slug]
    table = Table(slices, opens, read.at, is_over=read.is_over)
    raw = slices[read.at]
    questions = tuple(_question(q, table) for q in definition.questions)
    notes = [_FEW] if raw.responses else []
    as_of = read.as_of(definition.slug)
    if as_of:
        notes.append(_AS_OF.format(written_date(as_of)))
    if read.period.is_year and not read.is_over:
        notes.append(_GROWING)
    if any(row.base is None for question in questions for row in question.rows):
        notes.append(_HELD_BASE)
    if is_wider:
        notes.append(_WIDER)
    return Figures(
        slug=definition.slug,
        title=definition.title,
        short_title=definition.short_title,
        respondent=_who_answers(definition),
        period=read.period,
        responses=raw.responses if opens[read.at] else None,
        invited=invited,
        questions=questions,
        top_throughout=_top(table),
        invented=_invented(raw.invented, raw.responses),
        invented_count=table.line(tuple(one.invented for one in slices))[read.at],
        notes=tuple(notes),
        as_of=as_of,
    )


@dataclass(frozen=True)
class Table:
    """One questionnaire's year, slice by slice, of which one row is shown. Only the door and its splits use it."""

    slices: tuple[Raw, ...]
    opens: Opens
    at: int
    is_over: bool = True  # whether the year is over

    @property
    def totals(self) -> tuple[int, ...]:
        """Return how many sent the form, in every row."""
        return tuple(one.responses for one in self.slices)

    def column(self, question: str, row: str = "", choice: str = "") -> tuple[int, ...]:
        """Return one unguarded count in every row."""
        return tuple(one.counts.get((question, row, choice), 0) for one in self.slices)

    def line(self, numbers: tuple[int, ...]) -> tuple[int | None, ...]:
        """Guard one number within all who sent the form, in every row."""
        return guard_line(numbers, self.totals, self.opens, is_over=self.is_over)

    def rows_each(
        self, question: str, row: str, choices: Sequence[str], of: tuple[int, ...] | None = None
    ) -> tuple[Guarded, ...]:
        """Guard one answer each in every row; `of` is how many could have answered, all when left out."""
        apart = choices.index(_ALONE) if question == _HELPED and _ALONE in choices else None
        columns = [self.column(question, row, choice) for choice in choices]
        skipped = [all_ - base for all_, base in zip(of or self.totals, self.column(question, row), strict=True)]
        rows = tuple(zip(*columns, skipped, strict=True))
        return guard_rows(rows, self.opens, is_over=self.is_over, apart=apart)

    def ticks(self, question: Question) -> tuple[Guarded, ...]:
        """Guard answers to tick in every row."""
        columns = [self.column(question.key, "", option.key) for option in question.options]
        bases = self.column(question.key)
        skipped = [all_ - base for all_, base in zip(self.totals, bases, strict=True)]
        return guard_tick_rows(tuple(zip(*columns, bases, skipped, strict=True)), self.opens, is_over=self.is_over)

    def lines(self, question: Question) -> dict[str, tuple[Guarded, ...]]:
        """Guard a question that is answered by choosing: each row of a grid, or the question under an empty key."""
        if question.kind in TICKS:
            return {"": self.ticks(question)}
        keys = [option.key for option in question.options]
        if question.kind is not Kind.GRID:
            return {"": self.rows_each(question.key, "", keys)}
        of = self.column(question.key) if self.tells_grid(question) else None
        return {row.key: self.rows_each(question.key, row.key, keys, of) for row in question.rows}

    def tells_grid(self, question: Question) -> bool:
        """Tell whether a grid's own base may be shown: who passed over it, or over one of its rows, is a count too.

        It is shown in all periods of the year or in none, so that no period gives away another's.
        """
        bases = self.column(question.key)
        lines = [self.column(question.key, row.key) for row in question.rows]
        left = [all_ - base for all_, base in zip(self.totals, bases, strict=True)]
        passed = [base - n for line in lines for base, n in zip(bases, line, strict=True)]
        return not any(BOARD.is_small(n) for n in (*bases, *left, *passed))


def _question(question: Question, table: Table) -> QuestionFigures:
    total = table.totals[table.at]
    if question.takes_words:
        base = table.line(table.column(question.key))[table.at]
        return QuestionFigures(question.key, question.text, question.kind, base, (), question.watched)
    texts = {row.key: row.text for row in question.rows} or {"": question.text}
    guarded = {key: rows[table.at] for key, rows in table.lines(question).items()}
    rows = tuple(_spread(key, texts[key], question.options, one, total) for key, one in guarded.items())
    shown_base = rows[0].base
    if question.kind is Kind.GRID:
        is_told = table.opens[table.at] and table.tells_grid(question)
        shown_base = table.column(question.key)[table.at] if is_told else None
    return QuestionFigures(question.key, question.text, question.kind, shown_base, rows, question.watched)


def _who_answers(definition: Definition) -> str:
    own = {variant.respondent or definition.respondent for variant in definition.variants}
    return SEVERAL if own - {definition.respondent} else definition.respondent


def _invented(invented: int, total: int) -> Invented:
    if invented in {0, total}:
        return Invented.ALL if invented else Invented.NONE
    return Invented.SOME


def _top(table: Table) -> Distribution | None:
    scales = table.column(TOP_THROUGHOUT)
    if not scales[table.at]:
        return None
    throughout = table.column(TOP_THROUGHOUT, "", "yes")
    rows = tuple((top, of - top, all_ - of) for top, of, all_ in zip(throughout, scales, table.totals, strict=True))
    options = (Option(key="yes", text="The best answer throughout"), Option(key="no", text="Not throughout"))
    guarded = guard_rows(rows, table.opens, is_over=table.is_over)[table.at]
    return _spread("", "Gave the best answer throughout", options, guarded, table.totals[table.at])


def _spread(
    key: str, text: str, options: Sequence[Option], guarded: Guarded, total: int, level: Level = BOARD
) -> Distribution:
    out_of = total if guarded.base is None else guarded.base
    if out_of < level.percent_base or (guarded.base is None and all(n is None for n in guarded.counts)):
        out_of = 0
    shown = tuple(
        Count(
            key=option.key,
            text=option.text,
            n=n,
            share=wilson(n, out_of) if out_of and n is not None else None,
            at_least=bound,
            tone=option.tone,
            face=option.face,
        )
        for option, n, bound in zip(options, guarded.counts, guarded.at_least, strict=True)
    )
    return Distribution(key, text, guarded.base, out_of or None, shown)
