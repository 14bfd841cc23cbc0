"""Counts a great many responses at once, in just the cells to which `tallies.cells_of` adds for each by itself.

Most people give one of few answers. So a response whose ticks all stood in another is not read again but counted once
more, and what an answer to one question counts as is asked once and not a million times. Where all differ, each is
still read only once. What is remembered of them has a bound.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.kinds import Answer
from hscb_voice.responses import tallies
from hscb_voice.responses.tallies import Cell, Kept, TallySpan

# With which other responses one is counted: version, slug, first and last day, invented, respondent; with BETWEEN in
# between, which stands in none of them.
_Group = str
# Group, service, way and language as `_parted` takes them apart, version and ticks as a list in JSON, and by what its
# words are looked up.
_Row = Sequence[Any]
_Form = Any  # an answer in a form that can be looked up; of a grid, a row of it with what was chosen there
_Head = tuple[str, str]  # age, helper
BETWEEN = "|"
_TRUE = frozenset({"1", "t"})  # as the engines write it
_GRID = "a grid was answered"  # in the place of a form
_MOST_MET = 100_000  # different sets of ticks that are remembered
_MOST_WAITING = 20_000  # responses
_NOT_BEST = 1 << 16  # more than there are points of scales in any response


class Counting:
    """Counts responses as they come, and remembers what each answer counts as."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._versions: dict[str, _Version] = {}
        self._worded: Mapping[Any, str] = {}
        self._groups: dict[_Group, _Group] = {}  # one text for all rows of a group
        self._same: dict[_Head, _Head] = {}
        self._met: dict[str, tuple[_Head, tuple[int, ...]]] = {}  # version and ticks as they stand -> head, codes
        self._waiting: dict[_Group, list[int]] = {}  # codes that are to be added to the sums
        self._many = 0  # of how many responses
        self._sums: dict[_Group, Counter[int]] = {}
        self._heads: Counter[tuple[_Group, str, _Head]] = Counter()
        self._came: Counter[tuple[_Group, str, str | None]] = Counter()  # with which questions were answered in words

    def learn(self, version_id: int, definition: Definition) -> None:
        """Learn what a version asks, before any response to it is counted."""
        self._versions[str(version_id)] = _Version(definition)

    def learn_words(self, worded: Mapping[Any, str]) -> None:
        """Learn which questions were answered in words.

        Args:
            worded: what a response's words are looked up by -> their keys, with commas between; one may be named twice.
        """
        self._worded = worded

    def take(self, page: Sequence[_Row]) -> None:
        """Count further responses.

        Args:
            page: what `_Row` names of each.
        """
        named, services, arrived, ticks, keys = zip(*page, strict=True)
        groups = list(map(self._groups.setdefault, named, named))
        if len(self._met) > _MOST_MET:
            self._met.clear()
        self._meet(set(ticks).difference(self._met))
        heads, codes = zip(*map(self._met.__getitem__, ticks), strict=True)
        self._came.update(zip(groups, arrived, map(self._worded.get, keys), strict=True))
        self._heads.update(zip(groups, services, heads, strict=True))
        for group, some in zip(groups, codes, strict=True):
            waiting = self._waiting.get(group)
            if waiting is None:
                waiting = self._waiting[group] = []
            waiting += some
        self._many += len(page)
        if self._many > _MOST_WAITING:
            self._add_up()

    def counts(self) -> dict[Kept, int]:
        """Return what each row of the table holds if there are only the responses that were taken."""
        self._add_up()
        found: dict[Kept, int] = {}
        for (group, service, head), n in self._heads.items():
            _add(found, _span(group, service, *head), {Cell("", "", ""): n})
        for group, sums in self._sums.items():
            _add(found, _span(group), self._version_of(group).cells(sums))
        for (group, arrived, names), n in self._came.items():
            cells = tallies.cells_of_arrival(*_parted(arrived))
            cells += self._version_of(group).cells_of_words(names or "")
            _add(found, _span(group), dict.fromkeys(cells, n))
        return found

    def _meet(self, new: Iterable[str]) -> None:
        new = list(new)
        # Parsed as one text: each by itself would take twice as long.
        for text, (version, ticks) in zip(new, json.loads(f"[{','.join(new)}]"), strict=True):
            head = str(ticks.get("age_band", "")), str(ticks.get("answered", ""))
            self._met[text] = self._same.setdefault(head, head), self._versions[str(version)].codes_of(ticks)

    def _add_up(self) -> None:
        for group, codes in self._waiting.items():
            self._sums.setdefault(group, Counter()).update(codes)
        self._waiting.clear()
        self._many = 0

    def _version_of(self, group: _Group) -> "_Version":
        return self._versions[group.split(BETWEEN, 1)[0]]


class _Version:
    """One version, and what each answer to it that has been met counts as, by a number of its own: its code."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._questions = {question.key: question for question in definition.questions if not question.takes_words}
        self._counted: list[Sequence[Cell]] = []  # code -> in which cells it counts
        self._points: list[int] = []  # code -> how many points of scales it gives; far more where one is not the best
        self._codes = _Codes(self._new_code)
        self._tops: dict[int, int] = {}  # points of scales of a whole response -> code

    def codes_of(self, ticks: Mapping[str, Answer]) -> tuple[int, ...]:
        """Return the codes of what one response ticked."""
        known, codes = self._codes, []
        for said in ticks.items():
            key, answer = said
            if isinstance(answer, str):
                codes.append(known[said])
            elif isinstance(answer, list):  # which cannot be looked up as it is
                codes.append(known[key, tuple(answer)])
            else:
                codes.append(known[key, _GRID])
                codes += [known[key, pair] for pair in answer.items()]
        points = sum(map(self._points.__getitem__, codes))
        if points not in self._tops:
            self._tops[points] = self._code(tallies.top_cells(points % _NOT_BEST, is_top=points < _NOT_BEST), 0)
        codes.append(self._tops[points])
        return tuple(codes)

    def cells(self, sums: Mapping[int, int]) -> Counter[Cell]:
        """Return how often each cell is counted, if each code is counted so often."""
        found: Counter[Cell] = Counter()
        for code, n in sums.items():
            for cell in self._counted[code]:
                found[cell] += n
        return found

    def cells_of_words(self, names: str) -> list[Cell]:
        """Return in which cells answers in words count, of which the questions are named with commas between."""
        given = set(names.split(","))
        return [Cell(q.key, "", "") for q in self._definition.questions if q.takes_words and q.key in given]

    def _new_code(self, key: str, form: _Form) -> int:
        question = self._questions.get(key)
        if question is None:
            return self._code((), 0)
        if question.kind is Kind.GRID:
            return self._new_code_in_grid(question, form)
        answer: Answer = list(form) if isinstance(form, tuple) else form
        return self._code(tallies.cells_of_one(question, answer), _points_of(question, answer))

    def _new_code_in_grid(self, question: Question, form: _Form) -> int:
        if form == _GRID:
            return self._code((Cell(question.key, "", ""),), 0)
        row, choice = form
        answer: Answer = {row: choice}
        return self._code(tallies.cells_of_one(question, answer)[1:], _points_of(question, answer))

    def _code(self, cells: Sequence[Cell], points: int) -> int:
        self._counted.append(cells)
        self._points.append(points)
        return len(self._counted) - 1


class _Codes(dict[tuple[str, _Form], int]):
    """The codes of one version: question and form -> code, made when first asked for."""

    def __init__(self, make: Callable[[str, _Form], int]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, said: tuple[str, _Form]) -> int:
        self[said] = self._make(*said)
        return self[said]


def _points_of(question: Question, answer: Answer) -> int:
    bests = tallies.bests_of(question, answer)
    return len(bests) + (0 if all(bests) else _NOT_BEST)


def _parted(arrived: str) -> tuple[str, str]:
    """Take way and language apart: before them stands how many signs the way has."""
    size, _, both = arrived.partition(BETWEEN)
    return both[: int(size)], both[int(size) + len(BETWEEN) :]


def _span(group: _Group, service: str = "", age: str = "", helper: str = "") -> TallySpan:
    _, slug, start, end, invented, who = group.split(BETWEEN)
    days = date.fromisoformat(start), date.fromisoformat(end)
    return TallySpan(slug, *days, who, service, age, helper, invented in _TRUE)


def _add(found: dict[Kept, int], span: TallySpan, cells: Mapping[Cell, int]) -> None:
    for row, n in tallies.kept_in(span, cells).items():
        found[row] = found.get(row, 0) + n
