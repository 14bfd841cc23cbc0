"""Counts a great many responses at once, in just the cells to which `tallies.cells_of` adds for each by itself.

Responses are gathered by version and slice, and each question of them is counted as one column: most people give one of
few answers, so what an answer counts as is asked once and not a million times.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Row

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.kinds import Answer
from hscb_voice.responses import tallies
from hscb_voice.responses.tallies import Cell, Kept, TallySpan

# With which other responses one is counted: version, slug, first and last day, respondent, invented.
_Group = tuple[int, str, date, date, str, bool]
_GROUPED = 6
_TOGETHER = 200  # responses of one group that are counted at once
_NOT_BEST = 1 << 16  # more than there are points of scales in any response


class Counting:
    """Counts responses as they come, and remembers what each answer counts as."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._definitions: dict[int, Definition] = {}
        self._columns: dict[int, list[_Column]] = {}
        self._waiting: dict[_Group, list[tuple[str, str, str]]] = {}  # service, ticks, questions answered in words
        self._heads: Counter[tuple[_Group, tuple[str, str, str]]] = Counter()
        self._cells: dict[_Group, Counter[Cell]] = {}

    def learn(self, version_id: int, definition: Definition) -> None:
        """Learn what a version asks, before any response to it is counted."""
        self._definitions[version_id] = definition
        self._columns[version_id] = [_Column(question) for question in definition.questions if not question.takes_words]

    def take(self, page: Iterable[Row[*tuple[Any, ...]]], worded: Mapping[str, str]) -> None:
        """Count further responses.

        Args:
            page: of each response what `_Group` names, its service, its ticks as they stand in the table, and its id.
            worded: response id -> the questions answered in words, with commas between; one may be named twice.
        """
        for row in page:
            group: _Group = row[:_GROUPED]
            waiting = self._waiting.get(group)
            if waiting is None:
                waiting = self._waiting[group] = []
            service, ticks, response_id = row[_GROUPED:]
            waiting.append((service, ticks, worded.get(response_id, "")))
            if len(waiting) == _TOGETHER:
                self._count(group, self._waiting.pop(group))

    def counts(self) -> dict[Kept, int]:
        """Return what each row of the table holds if there are only the responses that were taken."""
        while self._waiting:
            self._count(*self._waiting.popitem())
        found: dict[Kept, int] = {}
        for ((_, slug, start, end, who, invented), (service, age, helper)), n in self._heads.items():
            _add(found, TallySpan(slug, start, end, who, service, age, helper, invented), {Cell("", "", ""): n})
        for (_, slug, start, end, who, invented), cells in self._cells.items():
            _add(found, TallySpan(slug, start, end, who, "", "", "", invented), cells)
        return found

    def _count(self, group: _Group, rows: Sequence[tuple[str, str, str]]) -> None:
        # Parsed as one text: each by itself would take twice as long.
        responses = json.loads(f"[{','.join(ticks for _, ticks, _ in rows)}]")
        known = [
            (service, str(ticks.get("age_band", "")), str(ticks.get("answered", "")))
            for (service, _, _), ticks in zip(rows, responses, strict=True)
        ]
        for place, n in Counter(known).items():
            self._heads[group, place] += n
        cells = self._cells.setdefault(group, Counter())
        version_id = group[0]
        _count_words(self._definitions[version_id], [words for _, _, words in rows], cells)
        columns = [column.count(responses, cells) for column in self._columns[version_id]]
        points = [column for column in columns if column is not None]
        for given, n in Counter(map(sum, zip(*points, strict=True))).items():
            for cell in tallies.top_cells(given % _NOT_BEST, is_top=given < _NOT_BEST):
                cells[cell] += n


class _Column:
    """One question, and what each answer to it, or to a row of it, that has been met counts as."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._cells: dict[object, list[Cell]] = {None: []}
        self._points: dict[object, int] = {None: 0}
        self._has_scale = False

    def count(self, responses: Sequence[Mapping[str, Answer]], cells: Counter[Cell]) -> list[int] | None:
        """Count a column.

        Args:
            responses: question key -> kept form, of each response.
            cells: where to count.

        Returns:
            Of each response how many points of scales it gives here, and far more where one of them is not the best;
            None where there is no scale.
        """
        key = self._question.key
        answers = [response.get(key) for response in responses]
        if given := len(answers) - answers.count(None):
            cells[Cell(key, "", "")] += given
        if self._question.kind is Kind.GRID:
            return self._count_grid(answers, cells)
        forms: list[Any] = answers
        try:
            counted = Counter(forms)
        except TypeError:  # lists cannot be looked up as they are
            forms = [tuple(answer) if isinstance(answer, list) else answer for answer in answers]
            counted = Counter(forms)
        for form in counted.keys() - self._cells.keys():
            self._learn(form, list(form) if isinstance(form, tuple) else form)
        self._add(counted, cells)
        return list(map(self._points.__getitem__, forms)) if self._has_scale else None

    def _count_grid(self, answers: Sequence[Answer | None], cells: Counter[Cell]) -> list[int] | None:
        """Count a grid row by row: there are far fewer answers to a row than to all rows together."""
        grids = [answer if isinstance(answer, dict) else {} for answer in answers]
        counted = Counter(chain.from_iterable(map(dict.items, grids)))
        for row, choice in counted.keys() - self._cells.keys():
            self._learn((row, choice), {row: choice})
        self._add(counted, cells)
        points = self._points
        return [sum([points[pair] for pair in grid.items()]) for grid in grids] if self._has_scale else None

    def _learn(self, form: Any, answer: Answer) -> None:  # noqa: ANN401 - whatever stands for the answer
        bests = tallies.bests_of(self._question, answer)
        self._has_scale = self._has_scale or bool(bests)
        self._cells[form] = tallies.cells_of_one(self._question, answer)[1:]
        self._points[form] = len(bests) + (0 if all(bests) else _NOT_BEST)

    def _add(self, counted: Counter[Any], cells: Counter[Cell]) -> None:
        for form, n in counted.items():
            for cell in self._cells[form]:
                cells[cell] += n


def _count_words(definition: Definition, worded: Sequence[str], cells: Counter[Cell]) -> None:
    for names, n in Counter(worded).items():
        given = set(names.split(","))
        for question in definition.questions:
            if question.takes_words and question.key in given:
                cells[Cell(question.key, "", "")] += n


def _add(found: dict[Kept, int], span: TallySpan, cells: Mapping[Cell, int]) -> None:
    for row, n in tallies.kept_in(span, cells).items():
        found[row] = found.get(row, 0) + n
