"""What the Board's report prints is fixed, word for word and in the order of its numbers."""

from hscb_voice.questionnaires.definition import Question
from hscb_voice.questionnaires.reading import all_definitions

BY_SLUG = {definition.slug: definition for definition in all_definitions()}


def _asked(slug: str, key: str) -> Question:
    question = BY_SLUG[slug].question(key)
    assert question is not None
    return question


def _texts(question: Question) -> list[str]:
    return [option.text for option in question.options]


def test_only_these_questions_claim_to_be_the_reports_own() -> None:
    claimed = {(d.slug, q.key) for d in BY_SLUG.values() for q in d.questions if q.source == "report"}
    assert claimed == {
        ("support-worker-child", "q2"),
        ("support-worker-child", "q2a"),
        ("support-worker-child", "q4"),
        ("support-worker-child", "q6"),
        ("support-worker-parent", "q3"),
        ("support-worker-parent", "q3a"),
        ("support-worker-parent", "q4"),
        ("support-worker-parent", "q5"),
    }


def test_children_are_asked_in_the_reports_words() -> None:
    asked = {key: _asked("support-worker-child", key).text for key in ("q2", "q2a", "q4", "q6")}
    assert asked == {
        "q2": "Draw a circle around the faces that show how you felt about having a support worker.",
        "q2a": "If there is anything else you would like to tell us about how you felt, please write it here:",
        "q4": "What difference has having a support worker made to you? (You can circle all answers that fit)",
        "q6": "Which areas of support did you feel were most helpful for you and why?",
    }


def test_the_faces_carry_the_reports_words() -> None:
    assert _texts(_asked("support-worker-child", "q2")) == [
        "Really sad",
        "Really happy",
        "Sad",
        "Scared",
        "Angry",
        "Confused / worried",
        "Happy",
        "Okay",
    ]


def test_the_nine_differences_keep_their_numbers_and_only_no_change_excludes_the_others() -> None:
    question = _asked("support-worker-child", "q4")
    assert {option.key: option.text for option in question.options} == {
        "1": "I generally feel happier",
        "2": "I have more people to confide in if I need to",
        "3": "I get on better with my mum / dad or carers",
        "4": "I feel like people listen to me",
        "5": "I get on better at school/college/work",
        "6": "I feel less angry",
        "7": "Nothing has really changed",
        "8": "I feel happier at home",
        "9": "I don't feel as anxious",
    }
    assert [option.key for option in question.options] == [str(number) for number in range(1, 10)]
    assert [option.key for option in question.options if option.exclusive] == ["7"]


def test_parents_are_asked_in_the_reports_words() -> None:
    asked = {key: _asked("support-worker-parent", key).text for key in ("q3", "q3a", "q4", "q5")}
    assert asked == {
        "q3": "Please tick the relevant boxes below to tell us what you thought of our service.",
        "q3a": "any other comments about the above topics",
        "q4": "Which areas did you and the support worker focus on?",
        "q5": "Which of these areas did you feel that the support worker was most helpful with and why?",
    }


def test_the_grid_has_the_reports_rows_and_points() -> None:
    question = _asked("support-worker-parent", "q3")
    assert [(row.key, row.text) for row in question.rows] == [
        ("1", "Your relationship with the worker"),
        ("2", "How often you had contact with your support worker"),
        ("3", "Time of visits"),
        ("4", "Advice given to you"),
        ("5", "Practical help / support given to you"),
    ]
    assert [(option.key, option.text, option.tone) for option in question.options] == [
        ("very_good", "Very Good", 2),
        ("good", "Good", 1),
        ("okay", "Okay", 0),
        ("poor", "Poor", -1),
        ("terrible", "Terrible", -2),
    ]


def test_the_sixteen_areas_keep_their_numbers() -> None:
    assert _texts(_asked("support-worker-parent", "q4")) == [
        "Behaviour management",
        "Parenting (basic care; supervision)",
        "Routines",
        "Substance Misuse",
        "Accessing other services",
        "Relationships",
        "Domestic Abuse",
        "Home Safety",
        "Home Conditions",
        "Housing",
        "Keeping Safe",
        "Mental Health",
        "Physical Health",
        "Budgeting",
        "Future aspirations",
        "Jobs",
    ]


def test_carers_are_told_apart_as_the_report_does() -> None:
    options = _asked("support-worker-parent", "carer").options
    assert [(option.key, option.text) for option in options] == [
        ("female", "Mother or female carer"),
        ("male", "Father or male carer"),
        ("other", "Other or rather not say"),
    ]
