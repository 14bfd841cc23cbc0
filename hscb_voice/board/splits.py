"""The door's filters: a questionnaire's year split by service, age or helper, guarded together with all else.

There are these three cuts and no others, each for a whole reporting year and one at a time. All three are guarded
together, whichever is asked for, and beside the year and its quarters (`disclosure_witness`), so that whoever has all
of them learns no count of 1 to 4. Lines with few people are put together. What cannot be kept safe is not split.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from hscb_voice.board.by_service import by_service
from hscb_voice.board.counts import states_of, year_counts
from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_bound import keep_bound
from hscb_voice.board.disclosure_side_by_side import REST, ROWS
from hscb_voice.board.disclosure_witness import BASE, Cell, Said, SplitQuestion, Stood, Value
from hscb_voice.board.disclosure_year import YearRead, read_year
from hscb_voice.board.errors import NoSplitError
from hscb_voice.board.figures import TICKS, Count, Distribution, Figures, QuestionFigures, Table, figures_from
from hscb_voice.board.intervals import wilson
from hscb_voice.board.moving import are_of_the_same_answers
from hscb_voice.board.periods import Period
from hscb_voice.board.queries import Answered, answered_in
from hscb_voice.board.split_people import People
from hscb_voice.board.wordings import whole_wordings
from hscb_voice.foundation.clock import written_date
from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.queries import version_by_id

OTHERS, NOT_TOLD = "*others", "*none"  # keys of lines; no service is named so
_LOCK = threading.Lock()
_REMEMBERED: OrderedDict[bytes, "dict[str, SplitQuestion]"] = OrderedDict()
_MOST_REMEMBERED = 64
_FEWEST_LINES = 2


class Cut(StrEnum):
    """By what a questionnaire can be split."""

    SERVICE = "service"
    AGE = "age"
    HELPER = "helper"


CUT_LABELS = {Cut.SERVICE: "service", Cut.AGE: "age", Cut.HELPER: "who helped to fill it in"}
_ASKED = {Cut.AGE: "age_band", Cut.HELPER: "answered"}
_CUTS = tuple(Cut)


@dataclass(frozen=True)
class Line:
    """One line of a cut: a service, an age, or a way of filling in; or all those together that are too few alone."""

    key: str
    name: str
    n: int
    holds: tuple[str, ...] = ()  # the names of those put together


@dataclass(frozen=True)
class Split:
    """One questionnaire's year, split."""

    figures: Figures  # unsplit
    cut: Cut
    lines: tuple[Line, ...]
    questions: tuple[QuestionFigures, ...]  # a row a line; for grids a question a row of it
    whole: tuple[str, ...]  # questions that cannot be split safely


def split_of(connection: Connection, slug: str, period: Period, cut: Cut, today: date) -> Split:
    """Split a questionnaire's year.

    Args:
        connection: a reading connection.
        slug: which questionnaire.
        period: a reporting year.
        cut: by what.
        today: the present day; a year that is not over is not split.

    Returns:
        Guarded figures of each line.

    Raises:
        NoSplitError: it cannot be split so; the message says why, in plain words.
        UnknownQuestionnaireError: nothing of that name is published.
        UnknownPeriodError: the period is neither a reporting year nor one of its quarters.
    """
    read = read_year(connection, period, [slug])
    figures = figures_from(connection, read)[slug]
    if not period.is_year:
        message = (
            "Figures by service, age or helper are given for a whole reporting year only. Those of a quarter could be "
            "subtracted from each other until somebody is found out"
        )
        raise NoSplitError(message)
    if period.end >= today:
        message = (
            f"This year is not over until {written_date(period.end)}. It is split only then: beside each other, what "
            "stood here on two days would tell what a few said in between"
        )
        raise NoSplitError(message)
    if not figures.responses:
        message = "Too few answered in this year to split what they said"
        raise NoSplitError(message)
    _refuse_what_waits(connection, read, slug)
    lines = {one: _lines(connection, period, figures, one) for one in _CUTS}
    if len(lines[cut]) < _FEWEST_LINES:
        raise NoSplitError(_why_no_lines(figures, cut))
    definition = whole_wordings(connection).get(slug)
    if definition is None:  # pragma: no cover - figures_from has refused it
        raise NoSplitError(slug)
    guarded = _guarded(connection, definition, read, lines)
    at = _CUTS.index(cut)
    told = {key: one for key, one in guarded.items() if not one.dropped[at]}
    asked = [question for question in definition.questions if question.key in guarded]
    return Split(
        figures=figures,
        cut=cut,
        lines=lines[cut],
        questions=tuple(f for q in asked if q.key in told for f in _shown(q, told[q.key], at, lines[cut])),
        whole=tuple(question.text for question in asked if question.key not in told),
    )


def _refuse_what_waits(connection: Connection, read: YearRead, slug: str) -> None:
    """Split nothing while there are other answers than those that are shown: a split counts people one by one."""
    live = year_counts(connection, read.year, [slug])[slug].slices
    if not all(map(are_of_the_same_answers, live, read.slices[slug])):
        message = (
            "Fewer than five answers of this year came, went or were put right since its figures were shown. They are "
            "split again when at least five lie between, so that nobody can be found out by looking twice"
        )
        raise NoSplitError(message)


def cuts_of(figures: Figures) -> tuple[Cut, ...]:
    """Return by what a questionnaire may be split at all."""
    return tuple(cut for cut in _CUTS if cut is Cut.SERVICE or figures.question(_ASKED[cut]))


def _lines(connection: Connection, period: Period, figures: Figures, cut: Cut) -> tuple[Line, ...]:
    """Return the lines of a cut: those of which the number is shown and large enough; the rest together."""
    if cut is Cut.SERVICE:
        served = by_service(connection, period, [figures])
        services = served[0].services if served else ()
        numbers = [(one.key or NOT_TOLD, one.name, one.answered) for one in services]
    else:
        question = figures.question(_ASKED[cut])
        counts = question.rows[0].counts if question and question.rows else ()
        base = question.base if question else None
        numbers = [(count.key, count.text, count.n) for count in counts]
        if counts:
            numbers.append((NOT_TOLD, "Not told", None if base is None else (figures.responses or 0) - base))
    return together(numbers, figures.responses or 0)


def together(numbers: Sequence[tuple[str, str, int | None]], total: int) -> tuple[Line, ...]:
    """Put lines together that are hidden or too small; what they come to can be had from those that are shown.

    Args:
        numbers: key, name and guarded number of each.
        total: of all.

    Returns:
        Lines of ten people and more each; fewer than two where nothing can be split.
    """
    own = [Line(key, name, n) for key, name, n in numbers if n is not None and n >= BOARD.percent_base]
    few = [(key, name) for key, name, n in numbers if n != 0 and (n is None or n < BOARD.percent_base)]
    while few and own and total - sum(line.n for line in own) < BOARD.percent_base:
        least = min(own, key=lambda line: line.n)
        own.remove(least)
        few.append((least.key, least.name))
    rest = total - sum(line.n for line in own)
    if not few:
        return tuple(own)
    return (*own, Line(OTHERS, "All others together", rest, tuple(name for _, name in few)))


def _why_no_lines(figures: Figures, cut: Cut) -> str:
    if cut is not Cut.SERVICE and figures.question(_ASKED[cut]) is None:
        return f"This questionnaire does not ask for {'an age' if cut is Cut.AGE else 'who helped'}"
    return (
        f"There are not two groups of ten people by {CUT_LABELS[cut]} in this year. In smaller groups somebody could "
        "be found out"
    )


def _guarded(
    connection: Connection, definition: Definition, read: YearRead, lines: Mapping[Cut, tuple[Line, ...]]
) -> dict[str, SplitQuestion]:
    """Guard every question's splits by all three cuts; remembered while nothing has changed."""
    slug = definition.slug
    # No answer of the year changes, comes or goes without giving its counts another state.
    states = states_of(connection, read.year, [slug])[slug]
    made_of = repr((slug, read.year, read.opens[slug], lines, definition, states))
    key = hashlib.sha256(made_of.encode()).digest()
    guarded = _REMEMBERED.get(key)
    if guarded is None:
        answered = answered_in(connection, read.year, slug)
        wordings = {v: version_by_id(connection, v).definition for v in {one.version_id for one in answered}}
        table = Table(read.slices[slug], read.opens[slug], read.at, is_over=read.is_over)
        guarded = _guard(definition, table, People(answered, wordings), lines)
        with _LOCK:
            _REMEMBERED[key] = guarded
            while len(_REMEMBERED) > _MOST_REMEMBERED:
                _REMEMBERED.popitem(last=False)
    return guarded


def _guard(
    definition: Definition, table: Table, people: People, lines: Mapping[Cut, tuple[Line, ...]]
) -> dict[str, SplitQuestion]:
    placed = _placed(people.answered, lines)
    guarded = {}
    for question in definition.questions:
        if question.takes_words or question.key in _ASKED.values() or not question.options:
            continue
        said = _all_said(people.answered, placed, people.values(question.key))
        guarded[question.key] = SplitQuestion(
            said, stood(table, question), is_ticks=question.kind in TICKS, allows=people.may_say(question.key)
        )
        guarded[question.key].protect()
    for cut, key in _ASKED.items():
        question_of_cut = definition.question(key)
        if question_of_cut is not None:
            alone = _all_said(people.answered, [()] * len(people.answered), people.values(key))
            asked = SplitQuestion(alone, stood(table, question_of_cut), allows=people.may_say(key))
            places = {value: _line_named(lines[cut], _choice(value)) for value in asked.values}
            keep_bound(asked, places, _CUTS.index(cut), tuple(guarded.values()))
    return guarded


def _placed(answered: Sequence[Answered], lines: Mapping[Cut, tuple[Line, ...]]) -> list[tuple[str, ...]]:
    """Return to which line of each cut everybody belongs, looked up once for all who are alike."""
    known: dict[tuple[str, int], tuple[str, ...]] = {}
    placed = []
    for one in answered:
        key = one.service, id(one.answers)
        if key not in known:
            known[key] = tuple(_line_of(lines[cut], one, cut) for cut in _CUTS)
        placed.append(known[key])
    return placed


def _all_said(answered: Sequence[Answered], placed: Sequence[tuple[str, ...]], values: Sequence[Value]) -> list[Said]:
    """Return what everybody said; of those who are alike the same object."""
    made: dict[tuple[int, tuple[str, ...], Value], Said] = {}
    found = []
    for one, where, value in zip(answered, placed, values, strict=True):
        key = one.row, where, value
        said = made.get(key)
        if said is None:
            said = made[key] = Said(*key)
        found.append(said)
    return found


def stood(table: Table, question: Question) -> Stood:
    """Return what the year and its quarters hide of a question.

    Args:
        table: the questionnaire's year.
        question: one that is answered by choosing.
    """
    hidden: set[tuple[int, Cell]] = set()
    least: dict[tuple[int, Cell], int] = {}
    for row_key, rows in table.lines(question).items():
        for row, told in enumerate(rows):
            if told.base is None or row == REST:
                hidden.add((row, (row_key, BASE)))
            for option, n, bound in zip(question.options, told.counts, told.at_least, strict=True):
                if n is None or row == REST:
                    hidden.add((row, (row_key, option.key)))
                if bound:
                    least[row, (row_key, option.key)] = bound
    if question.kind is Kind.GRID:
        is_told = table.tells_grid(question)
        hidden |= {(row, ("", BASE)) for row in range(ROWS) if row == REST or not (is_told and table.opens[row])}
    return Stood(frozenset(hidden), least)


def _shown(question: Question, guarded: SplitQuestion, at: int, lines: Sequence[Line]) -> list[QuestionFigures]:
    if question.kind is not Kind.GRID:
        rows = tuple(_spread(question, guarded, at, line, "") for line in lines)
        return [QuestionFigures(question.key, question.text, question.kind, None, rows, question.watched)]
    return [
        QuestionFigures(
            f"{question.key}-{row.key}",
            f"{question.text}: {row.text}",
            Kind.ONE_OF,
            None,
            tuple(_spread(question, guarded, at, line, row.key) for line in lines),
            question.watched,
        )
        for row in question.rows
    ]


def _spread(question: Question, guarded: SplitQuestion, at: int, line: Line, row: str) -> Distribution:
    def told(option: str) -> int | None:
        place = (at, line.key, (row, option))
        return None if place in guarded.hidden else guarded.counts[place]

    base = told(BASE)
    out_of = base if base is not None and base >= BOARD.percent_base else None
    counts = tuple(
        Count(o.key, o.text, n, wilson(n, out_of) if out_of and n is not None else None, tone=o.tone, face=o.face)
        for o in question.options
        for n in (told(o.key),)
    )
    return Distribution(line.key, line.name, base, out_of, counts)


def only(split: Split, key: str) -> Split:
    """Return a split of which one line alone is shown.

    Args:
        split: all lines.
        key: which line.

    Raises:
        NoSplitError: there is no such line.
    """
    if key not in {line.key for line in split.lines}:
        message = "There is no such group in this year; small groups are put together"
        raise NoSplitError(message)
    questions = (replace(q, rows=tuple(row for row in q.rows if row.key == key)) for q in split.questions)
    return replace(split, questions=tuple(questions))


def _line_of(lines: Sequence[Line], one: Answered, cut: Cut) -> str:
    raw = one.service if cut is Cut.SERVICE else one.answers.get(_ASKED[cut], "")
    return _line_named(lines, raw if isinstance(raw, str) else "")


def _line_named(lines: Sequence[Line], key: str) -> str:
    key = key or NOT_TOLD
    return key if any(line.key == key for line in lines) else OTHERS


def _choice(value: Value) -> str:
    return next((option for _, option in value if option != BASE), "")
