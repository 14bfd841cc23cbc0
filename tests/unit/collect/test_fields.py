"""Each kind of answer arrives from a page and from a message in the same form, and is judged alike."""

import pytest
from werkzeug.datastructures import MultiDict

from hscb_voice.collect.forms import ENVELOPE
from hscb_voice.questionnaires.definition import Definition, Kind
from hscb_voice.questionnaires.fields import FIELDS, AnswersForm, fields_for
from hscb_voice.questionnaires.reading import all_definitions
from tests.support.sittings import CHILD, PARENT

BY_SLUG = {definition.slug: definition for definition in all_definitions()}


def form_of(definition: Definition, sent: list[tuple[str, str]], variant: str | None = None) -> AnswersForm:
    """Return a form that holds what a page sent."""
    form = AnswersForm(fields_for(definition.asked_of(variant)))
    form.process(MultiDict(sent))
    return form


def test_every_kind_has_its_field() -> None:
    assert set(FIELDS) == set(Kind)


def test_no_question_is_named_like_what_stands_around_the_answers() -> None:
    keys = {question.key for definition in all_definitions() for question in definition.questions}
    assert keys.isdisjoint(ENVELOPE)


def test_a_page_of_each_kind_is_read_in_the_form_in_which_it_is_kept() -> None:
    sent = [
        ("carer", "female"),
        ("q3-1", "good"),
        ("q3-4", "poor"),
        ("q3a", "  They came after school.\r\nThat helped. "),
        ("q4", "16"),
        ("q4", "3"),
        ("q4_own-0", "Bedtimes"),
        ("q4_own-2", "Swimming"),
        ("answered", "by_myself"),
        ("added-by-the-browser", "x"),
    ]
    form = form_of(BY_SLUG[PARENT], sent)
    assert form.validate(), form.errors
    assert form.kept() == {
        "carer": "female",
        "q3": {"1": "good", "4": "poor"},
        "q3a": "They came after school.\nThat helped.",
        "q4": ["3", "16"],
        "q4_own": ["Bedtimes", "Swimming"],
        "answered": "by_myself",
    }


def test_one_sitting_leaves_nothing_in_the_form_for_the_next() -> None:
    must = ("answered", "by_myself")
    made_once = AnswersForm(fields_for(BY_SLUG[PARENT].asked_of(None)))
    first, wrong, last = (made_once.for_a_sitting() for _ in range(3))
    first.process(MultiDict([must, ("q3a", "Our words."), ("q4", "3")]))
    wrong.process(MultiDict([must, ("carer", "queen")]))
    assert first.validate()
    assert not wrong.validate()
    last.process(MultiDict([must, ("q4", "16")]))
    assert last.validate()
    assert first.kept() == {"q3a": "Our words.", "q4": ["3"], "answered": "by_myself"}
    assert last.kept() == {"q4": ["16"], "answered": "by_myself"}
    assert (list(wrong.reasons), last.reasons, last.errors) == (["carer"], {}, {})
    assert made_once.kept() == {}
    assert not any("data" in vars(field) for field in made_once)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("carer", "queen", "carer"),
        ("q3-1", "6", "q3"),
        ("q4", "99", "q4"),
        ("q3a", "word " * 1001, "q3a"),
        ("q4_own-1", "x" * 201, "q4_own"),
    ],
)
def test_it_refuses_what_is_no_answer_and_names_the_question(name: str, value: str, key: str) -> None:
    form = form_of(BY_SLUG[PARENT], [(name, value), ("answered", "by_myself")])
    assert not form.validate()
    assert list(form.errors) == [key]


def test_one_answer_sent_twice_with_different_words_is_refused() -> None:
    form = form_of(BY_SLUG[PARENT], [("carer", "female"), ("carer", "male"), ("answered", "by_myself")])
    assert not form.validate()
    assert list(form.errors) == ["carer"]


def test_who_answered_is_never_passed_over_in_silence() -> None:
    form = form_of(BY_SLUG[CHILD], [("q2", "happy")])
    assert not form.validate()
    assert form.errors == {"answered": ["Please choose an answer here. Any answer is fine."]}


def test_a_younger_childs_form_offers_only_its_own_faces() -> None:
    sent = [("q2", "really_sad"), ("answered", "together")]
    assert form_of(BY_SLUG[CHILD], sent).validate()
    assert not form_of(BY_SLUG[CHILD], sent, "under-9").validate()


def test_a_required_question_that_is_not_asked_is_not_missed() -> None:
    raw = BY_SLUG[CHILD].model_dump()
    answered = next(q for q in raw["questions"] if q["key"] == "answered")
    answered["ask_if"] = {"question": "talk", "any_of": ["yes"]}
    definition = Definition.model_validate(raw)
    assert form_of(definition, [("talk", "no")]).validate()
    assert not form_of(definition, [("talk", "yes")]).validate()
