"""The kinds of answer: what is accepted, in what form it is kept, and how it is counted.

One handler a kind, in a dictionary. How a kind looks on a page is `fields.py` and the page's macros; this module
knows neither pages nor tables, so that imports, tablets and pages all pass the same check.

Kept forms: faces_set, some_of -> list of option keys in the question's order; faces_scale, one_of, days_before,
yes_no -> option key; grid -> {row key: option key}; short_text, long_text -> text; blanks -> list of texts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.errors import AnswerError, Reason

_KEY_SHAPE = re.compile(r"[\w-]{1,16}")
Answer = str | list[str] | dict[str, str]
Answers = dict[str, Answer]


@dataclass(frozen=True)
class AnswerKind:
    """How one kind of answer is checked and counted."""

    check: Callable[[Question, object], Answer | None]
    cells: Callable[[Answer], Iterable[tuple[str, str]]]  # (row key or "", option key) of each cell it adds one to


def _unknown(question: Question, key: object) -> AnswerError:
    # Only what looks like a key is repeated: words that slipped into the wrong column must not reach a log.
    is_key = isinstance(key, (str, int)) and _KEY_SHAPE.fullmatch(str(key)) is not None
    if not is_key:
        return AnswerError(question.key, Reason("what stands there is not one of the answers to this question"))
    return AnswerError(question.key, Reason("“%(key)s” is not one of the answers to this question", {"key": key}))


def _choice(question: Question, raw: object) -> str | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    key = str(raw)
    if not isinstance(raw, (str, int)) or question.option(key) is None:
        raise _unknown(question, raw)
    return key


def _choices(question: Question, raw: object) -> list[str] | None:
    if raw is None or raw == "":
        return None
    given = [raw] if isinstance(raw, (str, int)) else raw
    if not isinstance(given, (list, tuple)):
        raise _unknown(question, raw)
    chosen = {_choice(question, item) for item in given} - {None}
    return [option.key for option in question.options if option.key in chosen] or None


def _yes_no(question: Question, raw: object) -> str | None:
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    if raw is None or raw == "":
        return None
    allowed = {option.key for option in question.options} or {"yes", "no"}
    if not isinstance(raw, str) or raw not in allowed:
        raise _unknown(question, raw)
    return raw


def _grid(question: Question, raw: object) -> dict[str, str] | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, Mapping):
        raise AnswerError(question.key, Reason("a grid is answered row by row"))
    strangers = [str(key) for key in raw if str(key) not in {row.key for row in question.rows}]
    if strangers:
        if _KEY_SHAPE.fullmatch(strangers[0]) is None:
            raise AnswerError(question.key, Reason("there is no such row"))
        raise AnswerError(question.key, Reason("there is no row “%(row)s”", {"row": strangers[0]}))
    given = {str(key): _choice(question, value) for key, value in raw.items()}
    return {row.key: point for row in question.rows if (point := given.get(row.key)) is not None} or None


def _words(question: Question, raw: object) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise AnswerError(question.key, Reason("this answer must be words"))
    words = _storable(raw).replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > question.longest:
        reason = Reason(
            "this is longer than %(longest)s letters; please shorten it a little", {"longest": question.longest}
        )
        raise AnswerError(question.key, reason)
    return words or None


def _storable(raw: str) -> str:
    """Mend halves of characters: a page that cuts an answer short may cut an emoji in two, and half cannot be kept."""
    return raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lines(question: Question, raw: object) -> list[str] | None:
    if raw is None or raw == "":
        return None
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, (list, tuple)) or len(given) > question.blanks:
        raise AnswerError(question.key, Reason("there is room for %(number)s lines", {"number": question.blanks}))
    return [words for item in given if (words := _words(question, item))] or None


def _one_cell(answer: Answer) -> Iterable[tuple[str, str]]:
    return (("", answer),) if isinstance(answer, str) else ()


def _each_cell(answer: Answer) -> Iterable[tuple[str, str]]:
    return (("", key) for key in answer) if isinstance(answer, list) else ()


def _grid_cells(answer: Answer) -> Iterable[tuple[str, str]]:
    return answer.items() if isinstance(answer, dict) else ()


def _no_cells(answer: Answer) -> Iterable[tuple[str, str]]:
    del answer
    return ()


KINDS: Mapping[Kind, AnswerKind] = {
    Kind.FACES_SET: AnswerKind(_choices, _each_cell),
    Kind.FACES_SCALE: AnswerKind(_choice, _one_cell),
    Kind.ONE_OF: AnswerKind(_choice, _one_cell),
    Kind.SOME_OF: AnswerKind(_choices, _each_cell),
    Kind.GRID: AnswerKind(_grid, _grid_cells),
    Kind.BLANKS: AnswerKind(_lines, _no_cells),
    Kind.DAYS_BEFORE: AnswerKind(_choice, _one_cell),
    Kind.SHORT_TEXT: AnswerKind(_words, _no_cells),
    Kind.LONG_TEXT: AnswerKind(_words, _no_cells),
    Kind.YES_NO: AnswerKind(_yes_no, _one_cell),
}


def check_answers(definition: Definition, raw: Mapping[str, object]) -> Answers:
    """Check answers against the questionnaire and bring them into the form in which they are kept.

    Args:
        definition: the version that was answered.
        raw: question key -> what was given; empty and absent both mean skipped.

    Returns:
        Only the questions that were answered, in the questionnaire's order. Answers to questions whose
        `ask_if` is not met are left out.

    Raises:
        AnswerError: an unknown question, or an answer that does not fit its question.
    """
    strangers = [key for key in raw if definition.question(key) is None]
    if strangers:
        raise AnswerError(strangers[0], Reason("this questionnaire has no such question"))
    answers: Answers = {}
    for question in definition.questions:
        answer = KINDS[question.kind].check(question, raw.get(question.key))
        if answer is not None and is_asked(question, answers):
            answers[question.key] = answer
    return answers


def is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Tell whether a question is asked, given the answers before it.

    Args:
        question: the question.
        answers: kept forms of the answers before it.

    Returns:
        True when it has no condition, or the condition is met.
    """
    if question.ask_if is None:
        return True
    given = answers.get(question.ask_if.question, [])
    chosen = {given} if isinstance(given, str) else set(given)
    return not chosen.isdisjoint(question.ask_if.any_of)
