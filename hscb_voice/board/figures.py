"""The one door through which every figure leaves: page, command, pack and export all call `figures_of`.

It reads the summary table, guards every count, and gives a share only where it means something. Nobody else may
read the counts and show them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from hscb_voice.board.disclosure import BOARD, Guarded, Level, guard_base, guard_one_each, guard_ticks
from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.periods import Period
from hscb_voice.board.queries import EVERYBODY, Place, Raw, Wanted, has_wider_spans, raw_counts, whole_wording
from hscb_voice.invitations.queries import invited as invited_in
from hscb_voice.questionnaires.definition import Definition, Kind, Option, Question
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.responses.tallies import TOP_THROUGHOUT

TICKS = frozenset({Kind.FACES_SET, Kind.SOME_OF})
SEVERAL = "several"
_ALONE = "by_myself"
_FEW = (
    "Counts of 1 to 4 are not shown, nor others from which they could be worked out, so that nobody can be found out. "
    "Shares are given only when ten or more answered."
)
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

    @property
    def response_share(self) -> float | None:
        """Return the share of those invited who answered, 0 to 1, when both are known and shown."""
        if not self.responses or not self.invited or self.invited < max(self.responses, BOARD.percent_base):
            return None
        return self.responses / self.invited

    @property
    def alone(self) -> Count | None:
        """Return how many answered alone, of those who said who filled in the form."""
        answered = self.question("answered")
        counts = answered.rows[0].counts if answered and answered.rows else ()
        return next((count for count in counts if count.key == _ALONE), None)

    def question(self, key: str) -> QuestionFigures | None:
        """Return the figures of the question of that key, if it is asked."""
        return next((question for question in self.questions if question.key == key), None)


def figures_of(connection: Connection, slug: str, period: Period, wanted: Wanted = EVERYBODY) -> Figures:
    """Return one questionnaire's figures.

    Args:
        connection: a reading connection.
        slug: which questionnaire.
        period: whole months.
        wanted: whose answers. Two figures that differ in this alone must not leave side by side yet: see
            docs/figures-json.md.

    Returns:
        The figures, guarded.

    Raises:
        UnknownQuestionnaireError: nothing of that name is published.
    """
    return figures_of_all(connection, [slug], period, wanted)[slug]


def figures_of_all(
    connection: Connection, slugs: Collection[str], period: Period, wanted: Wanted = EVERYBODY
) -> dict[str, Figures]:
    """Return the figures of several questionnaires, read together.

    Args:
        connection: a reading connection.
        slugs: which questionnaires.
        period: whole months.
        wanted: whose answers.

    Returns:
        Slug -> figures, in the order asked.

    Raises:
        UnknownQuestionnaireError: nothing of one of the names is published.
    """
    return figures_from(connection, raw_counts(connection, period, slugs, wanted), period, wanted)


def figures_from(
    connection: Connection, raw: Mapping[str, Raw], period: Period, wanted: Wanted = EVERYBODY
) -> dict[str, Figures]:
    """Guard counts that have been read already.

    Args:
        connection: a reading connection.
        raw: slug -> counts.
        period: the period they were read for.
        wanted: whose answers they are.

    Returns:
        Slug -> figures.

    Raises:
        UnknownQuestionnaireError: nothing of one of the names is published.
    """
    found = {}
    for slug in raw:
        definition = whole_wording(connection, slug)
        if definition is None:
            message = f"There is no published questionnaire “{slug}”."
            raise UnknownQuestionnaireError(message)
        invited = invited_in(connection, slug, period.start, period.end, wanted.service)
        is_wider = has_wider_spans(connection, period, [slug])
        found[slug] = _figures(definition, period, raw[slug], invited, is_wider=is_wider)
    return found


def _figures(definition: Definition, period: Period, raw: Raw, invited: int | None, *, is_wider: bool) -> Figures:
    total = raw.responses
    # With 1 to 4 responses every guard below hides everything, because neither a base nor the rest may be shown.
    questions = tuple(_question(q, raw.counts, total) for q in definition.questions)
    notes = [_FEW] if total else []
    if any(row.base is None for question in questions for row in question.rows):
        notes.append(_HELD_BASE)
    if is_wider:
        notes.append(_WIDER)
    return Figures(
        slug=definition.slug,
        title=definition.title,
        short_title=definition.short_title,
        respondent=_who_answers(definition),
        period=period,
        responses=None if BOARD.is_small(total) else total,
        invited=None if invited is None or BOARD.is_small(invited) else invited,
        questions=questions,
        top_throughout=_top(raw.counts, total),
        invented=_invented(raw.invented, total),
        invented_count=guard_base(raw.invented, total),
        notes=tuple(notes),
    )


def _question(question: Question, counts: Mapping[Place, int], total: int) -> QuestionFigures:
    base = counts.get((question.key, "", ""), 0)
    shown_base = guard_base(base, total)
    rows: tuple[Distribution, ...] = ()
    if question.kind is Kind.GRID:
        rows = tuple(
            _one_each(question, row.key, row.text, counts.get((question.key, row.key, ""), 0), counts, total)
            for row in question.rows
        )
        # The difference from the question's base to a row's is a count too: who passed over that row.
        if any(row.base is not None and BOARD.is_small(base - row.base) for row in rows):
            shown_base = None
    elif question.kind in TICKS:
        ticked = [counts.get((question.key, "", option.key), 0) for option in question.options]
        guarded = guard_ticks(ticked, base, total - base)
        rows = (_spread("", question.text, question.options, guarded, total),)
        shown_base = guarded.base
    elif not question.takes_words:
        rows = (_one_each(question, "", question.text, base, counts, total),)
        shown_base = rows[0].base
    return QuestionFigures(question.key, question.text, question.kind, shown_base, rows, question.watched)


def _one_each(
    question: Question, row: str, text: str, base: int, counts: Mapping[Place, int], total: int
) -> Distribution:
    chosen = [counts.get((question.key, row, option.key), 0) for option in question.options]
    return _spread(row, text, question.options, guard_one_each(chosen, total - base), total)


def _who_answers(definition: Definition) -> str:
    own = {variant.respondent or definition.respondent for variant in definition.variants}
    return SEVERAL if own - {definition.respondent} else definition.respondent


def _invented(invented: int, total: int) -> Invented:
    if invented in {0, total}:
        return Invented.ALL if invented else Invented.NONE
    return Invented.SOME


def _top(counts: Mapping[Place, int], total: int) -> Distribution | None:
    with_scales = counts.get((TOP_THROUGHOUT, "", ""), 0)
    if not with_scales:
        return None
    throughout = counts.get((TOP_THROUGHOUT, "", "yes"), 0)
    options = (Option(key="yes", text="The best answer throughout"), Option(key="no", text="Not throughout"))
    guarded = guard_one_each((throughout, with_scales - throughout), total - with_scales)
    return _spread("", "Gave the best answer throughout", options, guarded, total)


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
