"""One questionnaire, several ages: the same keys in other words; and questions that follow from other answers."""

from typing import Any

from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.kinds import check_answers, is_asked

VISIT: dict[str, Any] = {
    "slug": "visit",
    "title": "Your visit",
    "short_title": "Visits",
    "respondent": "child",
    "about": "A visit",
    "look": "child",
    "opening": ["We came to see you."],
    "variants": [
        {"key": "old", "label": "I am 9 or older", "look": "child"},
        {"key": "young", "label": "I am 8 or younger", "look": "young_child"},
        {"key": "teacher", "label": "I am a teacher", "look": "adult", "respondent": "professional"},
    ],
    "questions": [
        {
            "key": "felt",
            "kind": "some_of",
            "source": "ours",
            "text": "How did you feel?",
            "help": "Pick some.",
            "options": [{"key": "sad", "text": "Sad"}, {"key": "glad", "text": "Glad"}, {"key": "odd", "text": "Odd"}],
            "wording": {
                "young": {"text": "How was it?", "help": "Pick one.", "options": ["sad", "glad"]},
                "teacher": {"help": "As far as you could see."},
            },
        },
        {
            "key": "why",
            "kind": "long_text",
            "source": "ours",
            "text": "Why?",
            "ask_if": {"question": "felt", "any_of": ["sad", "odd"]},
        },
        {
            "key": "again",
            "kind": "yes_no",
            "source": "ours",
            "text": "Shall we come again?",
            "variants": ["old", "teacher"],
        },
        {
            "key": "when",
            "kind": "short_text",
            "source": "ours",
            "text": "When?",
            "variants": ["old"],
            "ask_if": {"question": "again", "any_of": ["yes"]},
        },
    ],
}
DEFINITION = Definition.model_validate(VISIT)


def _keys(variant: str | None) -> list[str]:
    return [question.key for question in DEFINITION.asked_of(variant)]


def test_each_age_is_asked_its_own_questions_in_order() -> None:
    assert _keys("old") == ["felt", "why", "again", "when"]
    assert _keys("young") == ["felt", "why"]
    assert _keys("teacher") == ["felt", "why", "again"]


def test_whoever_does_not_choose_gets_the_first_form() -> None:
    assert _keys(None) == _keys("old")
    assert DEFINITION.look_of(None) == "child"
    assert DEFINITION.respondent_of(None) == "child"


def test_an_age_has_its_own_words_under_the_same_key() -> None:
    young, old = DEFINITION.asked_of("young")[0], DEFINITION.asked_of("old")[0]
    assert (young.key, young.text, young.help) == ("felt", "How was it?", "Pick one.")
    assert [option.key for option in young.options] == ["sad", "glad"]
    assert (old.key, old.text, old.help) == ("felt", "How did you feel?", "Pick some.")
    assert [option.key for option in old.options] == ["sad", "glad", "odd"]


def test_a_form_may_change_only_a_part_of_the_words() -> None:
    teachers = DEFINITION.asked_of("teacher")[0]
    assert (teachers.text, teachers.help) == ("How did you feel?", "As far as you could see.")
    assert [option.key for option in teachers.options] == ["sad", "glad", "odd"]


def test_a_form_has_its_own_look_and_may_be_answered_by_somebody_else() -> None:
    assert DEFINITION.look_of("young") == "young_child"
    assert [DEFINITION.respondent_of(form) for form in ("young", "teacher")] == ["child", "professional"]


def test_a_questionnaire_without_ages_asks_everything_of_everyone() -> None:
    questions = [VISIT["questions"][0] | {"wording": {}}, VISIT["questions"][1]]
    plain = Definition.model_validate(VISIT | {"variants": [], "questions": questions})
    assert [question.key for question in plain.asked_of(None)] == ["felt", "why"]
    assert plain.look_of(None) == "child"
    assert plain.respondent_of(None) == "child"


def test_a_question_follows_when_one_of_the_answers_was_given() -> None:
    why = DEFINITION.questions[1]
    assert is_asked(why, {"felt": ["glad", "odd"]})
    assert not is_asked(why, {"felt": ["glad"]})
    assert not is_asked(why, {})
    assert is_asked(DEFINITION.questions[0], {})


def test_a_question_follows_a_yes() -> None:
    when = DEFINITION.questions[3]
    assert is_asked(when, {"again": "yes"})
    assert not is_asked(when, {"again": "no"})


def test_an_answer_to_a_question_that_does_not_follow_is_left_out() -> None:
    given = {"felt": ["glad"], "why": "It was fun.", "again": "yes", "when": "On Friday."}
    assert check_answers(DEFINITION, given) == {"felt": ["glad"], "again": "yes", "when": "On Friday."}


def test_answers_of_every_age_are_accepted_because_a_worker_may_type_in_any_form() -> None:
    assert check_answers(DEFINITION, {"felt": "odd", "why": "New place."}) == {"felt": ["odd"], "why": "New place."}
