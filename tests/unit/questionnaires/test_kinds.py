"""What each kind of answer accepts, in what form it is kept, and how many cells it is counted in."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.errors import AnswerError
from hscb_voice.questionnaires.kinds import KINDS, Answer, check_answers
from hscb_voice.questionnaires.reading import all_definitions

BY_SLUG = {definition.slug: definition for definition in all_definitions()}
CHOOSES_ONE = [Kind.FACES_SCALE, Kind.ONE_OF, Kind.DAYS_BEFORE]
CHOOSES_SOME = [Kind.FACES_SET, Kind.SOME_OF]
WORDS = [Kind.SHORT_TEXT, Kind.LONG_TEXT]
OPTIONS = [{"key": str(number), "text": f"Answer {number}", "face": "okay"} for number in range(1, 5)]
ROWS = [{"key": "1", "text": "Visits"}, {"key": "2", "text": "Advice"}]
KEYS = [option["key"] for option in OPTIONS]

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
empty_ways = st.sampled_from([None, ""])


def _question(kind: Kind, **more: Any) -> Question:
    shape: dict[str, Any] = {"key": "q1", "kind": kind, "source": "ours", "text": "How was it?"}
    if kind in {*CHOOSES_ONE, *CHOOSES_SOME, Kind.GRID}:
        shape["options"] = OPTIONS
    if kind is Kind.GRID:
        shape["rows"] = ROWS
    if kind is Kind.BLANKS:
        shape["blanks"] = 4
    return Question.model_validate(shape | more)


def _checked(question: Question, raw: object) -> Answer | None:
    return KINDS[question.kind].check(question, raw)


def _checked_or_refused(question: Question, raw: object) -> Answer | None:
    try:
        return _checked(question, raw)
    except AnswerError as refused:
        if refused.key != question.key:
            raise
        return None


def _cells(question: Question, answer: Answer) -> list[tuple[str, str]]:
    return list(KINDS[question.kind].cells(answer))


def test_there_is_a_handler_for_every_kind() -> None:
    assert set(KINDS) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
@given(raw=anything)
def test_whatever_comes_in_is_kept_in_order_or_refused_by_name(kind: Kind, raw: object) -> None:
    question = _question(kind)
    answer = _checked_or_refused(question, raw)
    if answer is None:
        return
    assert answer, "an empty answer is no answer"
    assert _checked(question, answer) == answer, "what is kept would be accepted again, unchanged"
    cells = _cells(question, answer)
    assert len(cells) == len(set(cells)), "nobody is counted twice in a cell"
    assert all(row in {"", "1", "2"} for row, _ in cells)
    assert all(option in {*KEYS, "yes", "no"} for _, option in cells)


@pytest.mark.parametrize("kind", Kind)
@given(raw=empty_ways)
def test_nothing_given_is_skipped(kind: Kind, raw: object) -> None:
    assert _checked(_question(kind), raw) is None


@pytest.mark.parametrize("kind", CHOOSES_ONE)
def test_one_choice_is_kept_as_its_key_and_counted_once(kind: Kind) -> None:
    question = _question(kind)
    assert _checked(question, "3") == "3"
    assert _checked(question, 3) == "3"
    assert _cells(question, "3") == [("", "3")]


@pytest.mark.parametrize("kind", CHOOSES_ONE)
@pytest.mark.parametrize("raw", ["5", 5, "03", True, 3.0, ["3"], {"3": "3"}])
def test_it_refuses_what_is_none_of_the_choices(kind: Kind, raw: object) -> None:
    with pytest.raises(AnswerError, match="is not one of the answers"):
        _checked(_question(kind), raw)


@pytest.mark.parametrize("kind", CHOOSES_SOME)
@given(raw=st.lists(st.sampled_from([*KEYS, *map(int, KEYS), "", None]), max_size=12))
def test_ticks_are_kept_once_each_in_the_order_of_the_form(kind: Kind, raw: list[object]) -> None:
    question = _question(kind)
    answer = _checked(question, raw)
    ticked = {str(item) for item in raw if item not in ("", None)}
    assert (answer or []) == sorted(ticked)
    assert len(_cells(question, answer or [])) == len(ticked)


@pytest.mark.parametrize("kind", CHOOSES_SOME)
def test_a_single_tick_need_not_be_a_list(kind: Kind) -> None:
    assert _checked(_question(kind), "2") == ["2"]
    assert _checked(_question(kind), 2) == ["2"]


@pytest.mark.parametrize("kind", CHOOSES_SOME)
@pytest.mark.parametrize("raw", [["1", "9"], [["1"]], {"1": "1"}, 1.5])
def test_it_refuses_ticks_that_are_not_on_the_form(kind: Kind, raw: object) -> None:
    with pytest.raises(AnswerError, match="is not one of the answers"):
        _checked(_question(kind), raw)


def test_an_option_that_excludes_the_others_is_accepted_with_them() -> None:
    question = BY_SLUG["support-worker-child"].question("q4")
    assert question is not None
    assert _checked(question, [7, 1]) == ["1", "7"]


@given(points=st.dictionaries(st.sampled_from(["1", "2"]), st.sampled_from([*KEYS, "", None])))
def test_a_grid_keeps_the_rows_that_were_answered_and_counts_each(points: dict[str, str | None]) -> None:
    question = _question(Kind.GRID)
    answer = _checked(question, points)
    answered = {row: point for row, point in points.items() if point}
    assert (answer or {}) == answered
    assert sorted(_cells(question, answer or {})) == sorted(answered.items())


@pytest.mark.parametrize(
    ("raw", "trouble"),
    [
        ("good", "row by row"),
        (["1"], "row by row"),
        ({"3": "1"}, "there is no row “3”"),
        ({"1": "9"}, "“9” is not one of the answers"),
        ({"1": ["1"]}, "is not one of the answers"),
    ],
)
def test_it_refuses_a_grid_answered_beside_its_rows(raw: object, trouble: str) -> None:
    with pytest.raises(AnswerError, match=trouble):
        _checked(_question(Kind.GRID), raw)


def test_a_grid_takes_its_rows_as_numbers_too() -> None:
    assert _checked(_question(Kind.GRID), {2: "1", 1: 4}) == {"1": "4", "2": "1"}


def test_yes_and_no_are_kept_as_words() -> None:
    question = _question(Kind.YES_NO)
    assert [_checked(question, raw) for raw in (True, False, "yes", "no")] == ["yes", "no", "yes", "no"]
    assert _cells(question, "yes") == [("", "yes")]


@pytest.mark.parametrize("raw", ["Yes", "maybe", 1, 0, ["yes"]])
def test_it_refuses_what_is_neither_yes_nor_no(raw: object) -> None:
    with pytest.raises(AnswerError, match="is not one of the answers"):
        _checked(_question(Kind.YES_NO), raw)


@pytest.mark.parametrize("kind", WORDS)
@given(raw=st.text(max_size=200))
def test_words_are_kept_as_they_were_written(kind: Kind, raw: str) -> None:
    question = _question(kind)
    assert (_checked(question, raw) or "") == raw.replace("\r\n", "\n").replace("\x00", "").strip()
    assert _cells(question, raw) == [], "words are never counted"


@pytest.mark.parametrize("kind", [*WORDS, Kind.BLANKS])
def test_half_an_emoji_is_mended_so_that_the_answer_can_be_kept(kind: Kind) -> None:
    answer = _checked(_question(kind), "good \ud83d")
    mended = "good \ufffd"
    assert answer == ([mended] if kind is Kind.BLANKS else mended)


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("raw", [3, True, ["a"], {"a": "b"}])
def test_it_refuses_what_is_not_words(kind: Kind, raw: object) -> None:
    with pytest.raises(AnswerError, match="must be words"):
        _checked(_question(kind), raw)


@pytest.mark.parametrize(("kind", "longest"), [(Kind.SHORT_TEXT, 200), (Kind.LONG_TEXT, 5000), (Kind.BLANKS, 200)])
def test_it_refuses_one_letter_too_many_and_says_how_many_there_may_be(kind: Kind, longest: int) -> None:
    question = _question(kind)
    assert _checked(question, "a" * longest)
    with pytest.raises(AnswerError, match=f"longer than {longest} letters"):
        _checked(question, "a" * (longest + 1))


def test_a_question_may_ask_for_less() -> None:
    question = _question(Kind.LONG_TEXT, max_length=10)
    assert _checked(question, "a" * 10)
    with pytest.raises(AnswerError, match="longer than 10 letters"):
        _checked(question, "a" * 11)


@given(raw=st.lists(st.text(max_size=20), max_size=4))
def test_blanks_keep_the_lines_that_were_filled(raw: list[str]) -> None:
    question = _question(Kind.BLANKS)
    answer = _checked(question, raw)
    filled = [line.replace("\r\n", "\n").replace("\x00", "").strip() for line in raw]
    assert (answer or []) == [line for line in filled if line]
    assert _cells(question, answer or []) == []


@pytest.mark.parametrize("raw", [["a", "b", "c", "d", "e"], 3, {"a": "b"}])
def test_it_refuses_more_lines_than_there_are(raw: object) -> None:
    with pytest.raises(AnswerError, match="there is room for 4 lines"):
        _checked(_question(Kind.BLANKS), raw)


def _any_answer(question: Question) -> st.SearchStrategy[object]:
    keys = [option.key for option in question.options]
    if question.kind is Kind.GRID:
        return st.dictionaries(st.sampled_from([row.key for row in question.rows]), st.sampled_from(keys))
    if question.kind in CHOOSES_SOME:
        return st.lists(st.sampled_from(keys))
    if question.kind is Kind.BLANKS:
        return st.lists(st.text(max_size=30), max_size=question.blanks)
    return st.sampled_from(keys) if keys else st.text(max_size=100)


def _any_answers(definition: Definition) -> st.SearchStrategy[Mapping[str, object]]:
    return st.fixed_dictionaries({}, optional={q.key: _any_answer(q) for q in definition.questions})


@pytest.mark.parametrize("slug", BY_SLUG)
@given(data=st.data())
def test_every_way_to_fill_in_a_questionnaire_is_accepted_and_settles(slug: str, data: st.DataObject) -> None:
    definition = BY_SLUG[slug]
    raw = data.draw(_any_answers(definition))
    kept = check_answers(definition, raw)
    assert set(kept) <= set(raw)
    assert check_answers(definition, kept) == kept
    order = [question.key for question in definition.questions]
    assert list(kept) == sorted(kept, key=order.index)


def test_it_refuses_an_answer_to_a_question_that_was_not_asked() -> None:
    with pytest.raises(AnswerError, match="birth_date: this questionnaire has no such question"):
        check_answers(BY_SLUG["my-story"], {"story": "I like football.", "birth_date": "2010-01-01"})


def test_an_empty_form_is_accepted() -> None:
    assert check_answers(BY_SLUG["my-story"], {"story": "", "feelings": [], "one_thing": None}) == {}
