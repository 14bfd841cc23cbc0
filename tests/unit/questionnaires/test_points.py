"""One questionnaire at several points in the work: shorter forms under the same keys, so that points compare."""

from typing import Any

import pytest
from pydantic import ValidationError

from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.reading import all_definitions

BY_SLUG = {definition.slug: definition for definition in all_definitions()}
CIDVA = ("cidva-child-5-8", "cidva-child-9-18", "cidva-parent", "cidva-professional")
LESSON: dict[str, Any] = {
    "slug": "lesson",
    "title": "Your lesson",
    "short_title": "Lessons",
    "respondent": "child",
    "about": "A lesson",
    "look": "child",
    "opening": ["You had a lesson."],
    "variants": [{"key": "old", "label": "Old", "look": "child"}, {"key": "young", "label": "Young", "look": "child"}],
    "points": [
        {"key": "first", "label": "First"},
        {"key": "during", "label": "After each", "each_session": True, "asks": ["felt", "who"]},
        {"key": "later", "label": "Later", "after": "first", "days": 60},
    ],
    "questions": [
        {
            "key": "felt",
            "kind": "yes_no",
            "source": "ours",
            "text": "Was it good?",
            "wording": {"young": {"text": "Did you like it?"}, "later": {"text": "Was it good, looking back?"}},
        },
        {"key": "why", "kind": "long_text", "source": "ours", "text": "Why?"},
        {"key": "since", "kind": "long_text", "source": "ours", "text": "What is new?", "points": ["later"]},
        {"key": "who", "kind": "yes_no", "source": "ours", "text": "Was it you?", "required": True},
    ],
}


def _keys(definition: Definition, variant: str | None, point: str) -> list[str]:
    return [question.key for question in definition.asked_of(variant, point)]


def test_each_point_is_asked_its_own_questions_and_no_point_the_whole_form() -> None:
    lesson = Definition.model_validate(LESSON)
    assert _keys(lesson, None, "") == ["felt", "why", "who"]
    assert _keys(lesson, None, "first") == ["felt", "why", "who"]
    assert _keys(lesson, None, "during") == ["felt", "who"]
    assert _keys(lesson, None, "later") == ["felt", "why", "since", "who"]


def test_a_point_that_the_questionnaire_does_not_know_is_asked_the_whole_form() -> None:
    assert _keys(Definition.model_validate(LESSON), None, "halfway") == ["felt", "why", "who"]


def test_a_point_has_words_of_its_own_before_those_of_the_age() -> None:
    lesson = Definition.model_validate(LESSON)
    assert lesson.asked_of("young", "first")[0].text == "Did you like it?"
    assert lesson.asked_of("young", "later")[0].text == "Was it good, looking back?"


@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ([{"key": "during", "label": "x", "asks": ["felt"]}], "who must be asked at every point"),
        ([{"key": "during", "label": "x", "asks": ["none", "who"]}], "no question “none”"),
        ([{"key": "later", "label": "x", "after": "first"}], "no earlier point “first”"),
        ([{"key": "old", "label": "x"}], "the point “old” stands twice"),
    ],
)
def test_it_refuses_a_point_that_does_not_hang_together(points: list[Any], complaint: str) -> None:
    questions = [question | {"points": [], "wording": {}} for question in LESSON["questions"]]
    with pytest.raises(ValidationError, match=complaint):
        Definition.model_validate(LESSON | {"points": points, "questions": questions})


def test_it_refuses_a_question_of_a_point_that_is_not_there() -> None:
    with pytest.raises(ValidationError, match="no point “later”"):
        Definition.model_validate(LESSON | {"points": [], "questions": [LESSON["questions"][2]]})


def test_it_refuses_a_short_form_that_asks_what_depends_on_something_left_out() -> None:
    why = LESSON["questions"][1] | {"ask_if": {"question": "felt", "any_of": ["no"]}}
    questions = [LESSON["questions"][0] | {"wording": {}}, why, LESSON["questions"][3]]
    points = [{"key": "during", "label": "x", "asks": ["why", "who"]}]
    with pytest.raises(ValidationError, match="why depends on felt"):
        Definition.model_validate(LESSON | {"points": points, "questions": questions})


@pytest.mark.parametrize("slug", CIDVA)
def test_the_cidva_forms_ask_three_items_after_a_session_and_everything_at_the_other_points(slug: str) -> None:
    definition = BY_SLUG[slug]
    assert [point.key for point in definition.points] == ["first", "during", "final", "later"]
    no_ages: list[str | None] = [None]
    for variant in [one.key for one in definition.variants] or no_ages:
        whole = _keys(definition, variant, "")
        short = _keys(definition, variant, "during")
        assert short[3:] == ["talk", "answered"]
        assert short == [key for key in whole if key in short]
        assert any(question.leaning == "wish" for question in definition.asked_of(variant, "during"))
        for point in ("first", "final", "later"):
            assert _keys(definition, variant, point) == whole


def test_an_event_is_asked_about_again_reaction_learning_behaviour_and_results() -> None:
    event = BY_SLUG["event"]
    assert [(point.key, point.after, point.days) for point in event.points] == [
        ("first", None, 0),
        ("two-weeks", "first", 14),
        ("later", "first", 60),
    ]
    for variant, reaction in (("young-person", "feelings"), ("professional", "points")):
        assert _keys(event, variant, "first")[:3] == [reaction, "learned", "do_differently"]
        assert _keys(event, variant, "two-weeks")[:3] == [reaction, "learned", "do_differently"]
        assert _keys(event, variant, "later")[:3] == ["learned", "do_differently", "results"]
        assert "results" not in _keys(event, variant, "")


def test_what_is_done_differently_is_asked_of_the_future_first_and_of_the_past_afterwards() -> None:
    said = [
        next(q.text for q in BY_SLUG["event"].asked_of("professional", point) if q.key == "do_differently")
        for point in ("first", "two-weeks")
    ]
    assert said == ["What will you do differently?", "What have you done in a new way since then?"]
