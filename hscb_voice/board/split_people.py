"""The people of a split, and what each of them could have said instead: without it a witness would not be believed.

A witness must be an answer that the form allows, and must leave alone what other figures count of the same answer: who
gave the best answer throughout, and which concerns a tick raises. Pure arithmetic over answers without words.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hscb_voice.board.disclosure_witness import BASE, Move, Value
from hscb_voice.board.queries import Answered
from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.responses.tallies import Cell, cells_of

_NOTHING: Value = frozenset()


class People:
    """Everybody who answered one questionnaire in a year."""

    def __init__(self, answered: Sequence[Answered], wordings: Mapping[int, Definition]) -> None:
        """Take them.

        Args:
            answered: their answers, without words.
            wordings: version id -> what was asked.
        """
        self.answered = answered
        self._wordings = wordings
        self._asked: dict[tuple[int, str | None, str], dict[str, Question]] = {}
        # Whoever ticked the same was read as the same object, so what it counts as is asked once.
        said: dict[tuple[int, int], Mapping[str, Value]] = {}
        self._said = []
        for one in answered:
            key = one.version_id, id(one.answers)
            if key not in said:
                said[key] = _by_question(cells_of(wordings[one.version_id], one.answers))
            self._said.append(said[key])

    def values(self, key: str) -> list[Value]:
        """Return in which cells of one question each person's answer counts."""
        return [said.get(key, _NOTHING) for said in self._said]

    def may_say(self, key: str) -> Callable[[Sequence[Move]], bool]:
        """Return what tells whether some people could have answered one question otherwise, all else being seen alike.

        Args:
            key: which question.
        """

        def allows(moves: Sequence[Move]) -> bool:
            changed = [(self.answered[i], self._answers(self.answered[i], key, value)) for i, value in moves]
            return all(self._fits(one, answers, key) for one, answers in changed) and self._leaves_alone(changed)

        return allows

    def _answers(self, one: Answered, key: str, value: Value) -> dict[str, Any]:
        question = self._wordings[one.version_id].question(key)
        answers = {k: answer for k, answer in one.answers.items() if k != key}
        if not value or question is None:
            return answers
        chosen = [(row, option) for row, option in value if option != BASE]
        if question.kind is Kind.GRID:
            return answers | {key: dict(chosen)}
        if question.kind in {Kind.FACES_SET, Kind.SOME_OF}:
            return answers | {key: sorted(option for _, option in chosen)}
        return answers | {key: chosen[0][1]}

    def _fits(self, one: Answered, answers: Mapping[str, Any], key: str) -> bool:
        """Tell whether the form lets somebody answer so; what was odd before may stay odd."""
        place = (one.version_id, one.variant, one.point)
        if place not in self._asked:
            wording = self._wordings[one.version_id]
            self._asked[place] = {q.key: q for q in wording.asked_of(one.variant, one.point)}
        asked = self._asked[place]
        if key in answers and key not in asked:
            return False
        if key not in answers and key in asked and asked[key].required:
            return False
        return all(
            _hangs_together(question, answers, key) or not _hangs_together(question, one.answers, key)
            for question in asked.values()
        )

    def _leaves_alone(self, changed: Sequence[tuple[Answered, Mapping[str, Any]]]) -> bool:
        before: Counter[object] = Counter()
        after: Counter[object] = Counter()
        for one, answers in changed:
            wording = self._wordings[one.version_id]
            before.update((one.row, mark) for mark in _marks(wording, one.answers))
            after.update((one.row, mark) for mark in _marks(wording, answers))
        return before == after


def _by_question(cells: Sequence[Cell]) -> Mapping[str, Value]:
    found: dict[str, set[tuple[str, str]]] = {}
    for cell in cells:
        found.setdefault(cell.question, set()).add((cell.row, cell.choice or BASE))
    return {question: frozenset(own) for question, own in found.items()}


def _hangs_together(question: Question, answers: Mapping[str, Any], key: str) -> bool:
    given = answers.get(question.key)
    if given is None:
        return True
    chosen = set(_chosen(given))
    if question.key == key and not chosen <= {option.key for option in question.options}:
        return False
    if question.ask_if and not set(_chosen(answers.get(question.ask_if.question))) & set(question.ask_if.any_of):
        return False
    return not question.options_from or chosen <= set(_chosen(answers.get(question.options_from)))


def _chosen(given: object) -> list[str]:
    if isinstance(given, dict):
        return list(given.values())
    return [given] if isinstance(given, str) else list(given) if isinstance(given, list) else []


def _marks(wording: Definition, answers: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return what is counted of an answer beside its questions: the best throughout, and concerns that ticks raise."""
    known = {question.key for question in wording.questions}
    patterns = [tuple(cell) for cell in cells_of(wording, answers) if cell.question and cell.question not in known]
    raised = {
        (option.raises,)
        for question in wording.questions
        for option in question.options
        if option.raises and option.key in _chosen(answers.get(question.key))
    }
    return [*patterns, *sorted(raised)]
