"""Counts a great many responses at once, in just the cells to which `tallies.cells_of` adds for each by itself.

Responses are gathered by version and slice, and each question of them is counted as one column: most people give one of
few answers, so what an answer counts as is asked once and not a million times.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.kinds import Answer
from hscb_voice.responses import tallies
from hscb_voice.responses.tallies import Cell, Kept, TallySpan

# With which other responses one is counted: version, slug, first and last day, invented, respondent; with BETWEEN in
# between, which stands in none of them.
_Group = str
_Row = Sequence[Any]  # group, service, way, language, ticks as they stand in the table, id
_GROUP, _SERVICE, _ARRIVED, _TICKS, _ID = (itemgetter(*at) for at in ((0,), (1,), (0, 2, 3), (4,), (5,)))
_Form = Any  # an answer in a form that can be looked up; of a grid, a row of it with what was chosen there
BETWEEN = "|"
_TRUE = frozenset({"1", "true"})  # as the engines write it
_TOGETHER = 200  # responses of one group that are counted at once
_NOT_BEST = 1 << 16  # more than there are points of scales in any response
_IN_LISTS = frozenset({Kind.FACES_SET, Kind.SOME_OF})


class Counting:
    """Counts responses as they come, and remembers what each answer counts as."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._definitions: dict[str, Definition] = {}
        self._columns: dict[str, list[_Column]] = {}
        self._worded: Mapping[str, str] = {}
        self._waiting: dict[_Group, list[_Row]] = {}
        self._sums: dict[_Group, _Sums] = {}
        self._came: Counter[tuple[_Group, str, str]] = Counter()  # group, way, language
        self._with_words: Counter[tuple[_Group, str | None]] = Counter()  # group, questions answered in words

    def learn(self, version_id: int, definition: Definition) -> None:
        """Learn what a version asks, before any response to it is counted."""
        columns = [_Column(question) for question in definition.questions if not question.takes_words]
        self._definitions[str(version_id)], self._columns[str(version_id)] = definition, columns

    def learn_words(self, worded: Mapping[str, str]) -> None:
        """Learn which questions were answered in words.

        Args:
            worded: response id -> their keys, with commas between; one may be named twice.
        """
        self._worded = worded

    def take(self, page: Sequence[_Row]) -> None:
        """Count further responses.

        Args:
            page: what `_Row` names of each.
        """
        # What needs no more than the rows themselves is counted while they are still at hand.
        self._came.update(map(_ARRIVED, page))
        self._with_words.update(zip(map(_GROUP, page), map(self._worded.get, map(_ID, page)), strict=True))
        all_waiting = self._waiting
        for row in page:
            group = row[0]
            waiting = all_waiting.get(group)
            if waiting is None:
                waiting = all_waiting[group] = []
            waiting.append(row)
            if len(waiting) == _TOGETHER:
                self._count(group, all_waiting.pop(group))

    def counts(self) -> dict[Kept, int]:
        """Return what each row of the table holds if there are only the responses that were taken."""
        while self._waiting:
            self._count(*self._waiting.popitem())
        found: dict[Kept, int] = {}
        for group, sums in self._sums.items():
            for place, n in sums.heads.items():
                _add(found, _span(group, *place), {Cell("", "", ""): n})
            _add(found, _span(group), sums.cells())
        for (group, *arrived), n in self._came.items():
            _add(found, _span(group), dict.fromkeys(tallies.cells_of_arrival(*arrived), n))
        for (group, names), n in self._with_words.items():
            cells = _words_in(self._definitions[_version_of(group)], names or "")
            _add(found, _span(group), dict.fromkeys(cells, n))
        return found

    def _count(self, group: _Group, rows: Sequence[_Row]) -> None:
        columns = self._columns[_version_of(group)]
        sums = self._sums.get(group)
        if sums is None:
            sums = self._sums[group] = _Sums(columns)
        # Parsed as one text: each by itself would take twice as long.
        responses = json.loads(f"[{','.join(map(_TICKS, rows))}]")
        ages = [str(ticks.get("age_band", "")) for ticks in responses]
        helpers = [str(ticks.get("answered", "")) for ticks in responses]
        sums.heads.update(zip(map(_SERVICE, rows), ages, helpers, strict=True))
        counted = (column.count(responses, own) for column, own in zip(columns, sums.answers, strict=True))
        points = [column for column in counted if column is not None]
        sums.points.update(map(sum, zip(*points, strict=True)))


class _Sums:
    """What has been counted of one group: how often each answer was given, before it is asked what it counts as."""

    def __init__(self, columns: "Sequence[_Column]") -> None:
        self._columns = columns
        self.heads: Counter[tuple[str, str, str]] = Counter()  # service, age, helper
        self.answers: list[Counter[_Form]] = [Counter() for _ in columns]
        self.points: Counter[int] = Counter()  # of scales, as `_Column.count` returns them

    def cells(self) -> Counter[Cell]:
        """Return how often each cell is counted."""
        found: Counter[Cell] = Counter()
        for column, counted in zip(self._columns, self.answers, strict=True):
            for form, n in counted.items():
                for cell in column.cells_of(form):
                    found[cell] += n
        for given, n in self.points.items():
            for cell in tallies.top_cells(given % _NOT_BEST, is_top=given < _NOT_BEST):
                found[cell] += n
        return found


class _Column:
    """One question, and what each answer to it, or to a row of it, that has been met counts as."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._points = _Points(question) if tallies.is_scale(question) else None

    def count(self, responses: Sequence[Mapping[str, Answer]], counted: Counter[_Form]) -> list[int] | None:
        """Count a column.

        Args:
            responses: question key -> kept form, of each response.
            counted: where to count; under None those who did not answer, and under True those who answered a grid.

        Returns:
            Of each response how many points of scales it gives here, and far more where one of them is not the best;
            None where there is no scale.
        """
        key, points = self._question.key, self._points
        answers: list[Any] = [response.get(key) for response in responses]
        if self._question.kind is Kind.GRID:
            grids = [answer for answer in answers if answer is not None]
            if grids:
                counted[True] += len(grids)
            counted.update(chain.from_iterable(map(dict.items, grids)))
            if points is None:
                return None
            return [0 if grid is None else sum([points[pair] for pair in grid.items()]) for grid in answers]
        if self._question.kind in _IN_LISTS:  # lists cannot be looked up as they are
            answers = [None if answer is None else tuple(answer) for answer in answers]
        counted.update(answers)
        return None if points is None else list(map(points.__getitem__, answers))

    def cells_of(self, form: _Form) -> Sequence[Cell]:
        """Return the cells in which an answer counts."""
        if form is None:
            return ()
        if self._question.kind is not Kind.GRID:
            return tallies.cells_of_one(self._question, _answer_of(self._question, form))
        if form is True:
            return (Cell(self._question.key, "", ""),)
        return tallies.cells_of_one(self._question, _answer_of(self._question, form))[1:]


class _Points(dict[_Form, int]):
    """How many points of scales each answer to one question gives, and far more where one of them is not the best."""

    def __init__(self, question: Question) -> None:
        super().__init__({None: 0})
        self._question = question

    def __missing__(self, form: _Form) -> int:
        bests = tallies.bests_of(self._question, _answer_of(self._question, form))
        self[form] = len(bests) + (0 if all(bests) else _NOT_BEST)
        return self[form]


def _answer_of(question: Question, form: _Form) -> Answer:
    if question.kind is Kind.GRID:
        row, choice = form
        return {row: choice}
    answer: Answer = list(form) if question.kind in _IN_LISTS else form
    return answer


def _version_of(group: _Group) -> str:
    return group.split(BETWEEN, 1)[0]


def _span(group: _Group, service: str = "", age: str = "", helper: str = "") -> TallySpan:
    _, slug, start, end, invented, who = group.split(BETWEEN)
    days = date.fromisoformat(start), date.fromisoformat(end)
    return TallySpan(slug, *days, who, service, age, helper, invented in _TRUE)


def _words_in(definition: Definition, names: str) -> list[Cell]:
    given = set(names.split(","))
    return [Cell(q.key, "", "") for q in definition.questions if q.takes_words and q.key in given]


def _add(found: dict[Kept, int], span: TallySpan, cells: Mapping[Cell, int]) -> None:
    for row, n in tallies.kept_in(span, cells).items():
        found[row] = found.get(row, 0) + n
