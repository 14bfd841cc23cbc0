"""The geometry of charts: guarded figures in, places and widths in percent out. The page only draws.

A bar is drawn for what is shown, and for nothing else: a hidden count has no bar, not even an empty one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hscb_voice.board.figures import Count, Distribution, Figures, QuestionFigures
from hscb_voice.board.sentences import Lean, lean_of
from hscb_voice.questionnaires.definition import Kind

_MIDDLE = 50.0  # where a diverging bar has its axis, in percent of the width


@dataclass(frozen=True)
class Segment:
    """One piece of a bar."""

    x: float  # percent of the width
    width: float
    look: str  # the class that gives it its colour
    count: Count


@dataclass(frozen=True)
class Bar:
    """One row of a chart."""

    row: Distribution
    segments: tuple[Segment, ...]
    lean: Lean | None = None  # for diverging bars


@dataclass(frozen=True)
class Chart:
    """One chart: diverging bars with a row a question, or one bar for each answer to one question."""

    key: str
    title: str
    is_diverging: bool
    is_faces: bool
    bars: tuple[Bar, ...]
    options: tuple[Count, ...]  # the answers in order, for legend and table head; their numbers mean nothing here
    may_tick_several: bool
    base: int | None

    @property
    def shows_any(self) -> bool:
        """Tell whether anything can be seen in it."""
        return any(bar.row.shows_any for bar in self.bars)

    @property
    def is_unanswered(self) -> bool:
        """Tell whether nobody answered any of it."""
        return all(bar.row.base == 0 for bar in self.bars)


def charts_of(figures: Figures, *, opinions_only: bool = False) -> tuple[Chart, ...]:
    """Return the charts of one questionnaire, in the order asked.

    Args:
        figures: guarded figures.
        opinions_only: True leaves out what is no opinion (who answered, what was worked on).

    Returns:
        Questions in a row that share one scale stand in one chart.
    """
    questions = [question for question in figures.questions if not question.takes_words]
    if opinions_only:
        questions = [question for question in questions if _is_opinion(question)]
    charts: list[Chart] = []
    for _, same in groupby(questions, key=_scale_of):
        together = list(same)
        if _has_sides(together[0]):
            charts.append(_diverging(together))
        else:
            charts += [_simple(question) for question in together]
    return tuple(charts)


def diverging_bar(row: Distribution) -> Bar:
    """Lay out one diverging bar: good to the right of the middle, bad to the left, the middle answer astride.

    Args:
        row: a guarded distribution.

    Returns:
        Segments for what is shown; none when the base is too small.
    """
    if not row.out_of:
        return Bar(row, ())
    unit = _MIDDLE / row.out_of
    middle = sum(_size(count) for count in row.counts if count.tone == 0) * unit
    segments = []
    right = left = middle / 2
    for count in sorted((c for c in row.counts if c.tone), key=lambda c: abs(c.tone or 0)):
        width = _size(count) * unit
        if (count.tone or 0) > 0:
            segments.append(_segment(_MIDDLE + right, width, count))
            right += width
        else:
            segments.append(_segment(_MIDDLE - left - width, width, count))
            left += width
    at = _MIDDLE - middle / 2
    for count in row.counts:
        if count.tone == 0:
            segments.append(_segment(at, _size(count) * unit, count))
            at += _size(count) * unit
    ordered = sorted((segment for segment in segments if segment.width), key=lambda segment: segment.x)
    return Bar(row, tuple(ordered), lean_of(row))


def simple_bars(row: Distribution, *, is_set: bool = False) -> tuple[Segment, ...]:
    """Lay out one bar for each answer.

    Args:
        row: a guarded distribution.
        is_set: True for feelings, which are no scale: none of them is shown as more than another.

    Returns:
        Bars of the width of each share; of no width where nothing can be drawn.
    """
    if not row.out_of:
        return tuple(Segment(0, 0, "none", count) for count in row.counts)
    bars = (_segment(0, 100 * _size(count) / row.out_of, count) for count in row.counts)
    return tuple(
        replace(bar, look=bar.look.replace("best", "good").replace("worst", "poor")) if is_set else bar for bar in bars
    )


def _diverging(questions: Sequence[QuestionFigures]) -> Chart:
    grid = questions[0].kind is Kind.GRID
    rows = [row for question in questions for row in question.rows]
    first = questions[0]
    return Chart(
        key=first.key,
        title=first.text if grid or len(questions) == 1 else "How far these were true for them",
        is_diverging=True,
        is_faces=False,
        bars=tuple(diverging_bar(row) for row in rows),
        options=rows[0].counts,
        may_tick_several=False,
        base=first.base if grid or len(questions) == 1 else None,
    )


def _simple(question: QuestionFigures) -> Chart:
    row = question.rows[0]
    return Chart(
        key=question.key,
        title=question.text,
        is_diverging=False,
        is_faces=question.kind is Kind.FACES_SET,
        bars=(Bar(row, simple_bars(row, is_set=question.kind is Kind.FACES_SET)),),
        options=row.counts,
        may_tick_several=question.kind in {Kind.FACES_SET, Kind.SOME_OF},
        base=question.base,
    )


def _scale_of(question: QuestionFigures) -> tuple[str, ...]:
    if question.kind is Kind.GRID or not _has_sides(question):
        return (question.key,)
    return tuple(count.key for count in question.rows[0].counts)


def _has_sides(question: QuestionFigures) -> bool:
    several = {Kind.FACES_SET, Kind.SOME_OF}
    return question.kind not in several and any(count.tone is not None for count in question.rows[0].counts)


def _is_opinion(question: QuestionFigures) -> bool:
    return any(count.tone is not None for count in question.rows[0].counts)


def _size(count: Count) -> int:
    return count.n or count.at_least or 0


def _segment(x: float, width: float, count: Count) -> Segment:
    tone = {2: "best", 1: "good", 0: "middle", -1: "poor", -2: "worst"}.get(count.tone if count.tone is not None else 9)
    look = tone or "plain"
    return Segment(round(x, 2), round(width, 2), f"{look} chart-bound" if count.hidden else look, count)
