"""Every word that we wrote for children and parents can be read by them. The report's own wording is excepted."""

from dataclasses import dataclass

import pytest

from hscb_voice.language.reading_level import reading_level, syllables
from hscb_voice.questionnaires.definition import Definition, Question
from hscb_voice.questionnaires.reading import all_definitions


@dataclass(frozen=True)
class Limit:
    """What one kind of reader can be asked to read."""

    grade: float
    words_a_sentence: int


def _answers(question: Question) -> list[str]:
    return [option.text for option in question.options] + [row.text for row in question.rows]


LIMITS = {"child": Limit(3, 12), "parent": Limit(6, 20)}
DEFINITIONS = all_definitions()
THE_REPORTS_OWN = {
    text
    for definition in DEFINITIONS
    for question in definition.questions
    if question.source == "report"
    for text in [question.text, *_answers(question)]
}
FORMS = [
    pytest.param(definition, form, id=f"{definition.slug} {form or ''}".strip())
    for definition in DEFINITIONS
    for form in (*(variant.key for variant in definition.variants), *([] if definition.variants else [None]))
    if definition.respondent_of(form) in LIMITS
]


def _ours(*texts: str) -> list[str]:
    return [text for text in texts if text and text not in THE_REPORTS_OWN]


def _faults(where: str, texts: list[str], limit: Limit) -> list[str]:
    if not texts:
        return []
    level = reading_level(texts)
    faults = []
    if level.grade > limit.grade:
        faults.append(f"{where}: grade {level.grade:.1f} is over {limit.grade}: {texts}")
    if level.longest_sentence > limit.words_a_sentence:
        faults.append(f"{where}: a sentence of {level.longest_sentence} words: {texts}")
    return faults


def _faults_of_question(question: Question, limit: Limit) -> list[str]:
    # Once without the answers, so that a hard question cannot hide behind easy ones; once as the screen shows it.
    asked = _ours(question.text, question.help)
    shown = _ours(question.text, question.help, *_answers(question))
    return _faults(question.key, asked, limit) + _faults(f"{question.key} with its answers", shown, limit)


@pytest.mark.parametrize(("definition", "form"), FORMS)
def test_its_questions_can_be_read_by_those_who_answer(definition: Definition, form: str | None) -> None:
    limit = LIMITS[definition.respondent_of(form)]
    at_every_point = ["", *(point.key for point in definition.points)]
    asked = [q for point in at_every_point for q in definition.asked_of(form, point)]
    assert [fault for q in asked for fault in _faults_of_question(q, limit)] == []


@pytest.mark.parametrize(("definition", "form"), FORMS)
def test_its_opening_page_can_be_read_by_those_who_answer(definition: Definition, form: str | None) -> None:
    limit = LIMITS[definition.respondent_of(form)]
    labels = [v.label for v in definition.variants if (v.respondent or definition.respondent) in LIMITS]
    opening = [definition.title, definition.about, *definition.opening, *labels]
    assert _faults("opening", opening, limit) == []
    assert _faults("opening without its headings", list(definition.opening), limit) == []


def test_every_questionnaire_for_children_and_parents_is_measured() -> None:
    assert len(FORMS) == 13  # ten questionnaires, three of them in two forms for children


def test_a_hard_question_is_found() -> None:
    hard = Question.model_validate(
        {
            "key": "q1",
            "kind": "long_text",
            "source": "ours",
            "text": "Were your individual circumstances adequately considered by the professionals?",
        }
    )
    assert len(_faults_of_question(hard, LIMITS["child"])) == 2
    assert len(_faults_of_question(hard, LIMITS["parent"])) == 2


def test_a_long_sentence_is_found_however_easy_its_words() -> None:
    long = "I am at home and you are at home and we are all at home for now"
    assert f"q1: a sentence of 17 words: {[long]}" in _faults("q1", [long], LIMITS["child"])
    assert _faults("q1", [long], LIMITS["parent"]) == []


def test_the_reports_own_wording_is_excepted_and_nothing_else() -> None:
    assert "Confused / worried" in THE_REPORTS_OWN
    assert _ours("Confused / worried", "Really worried") == ["Really worried"]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("talk", 1),
        ("faces", 2),
        ("helped", 1),
        ("wanted", 2),
        ("happier", 3),
        ("little", 2),
        ("advocate", 3),
        ("relationship", 4),
        ("behaviour", 3),
        ("school", 1),
        ("people", 2),
        ("I'd", 1),
        ("8", 1),
        ("11", 3),
    ],
)
def test_the_yardstick_counts_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_yardstick_gives_the_published_formulas_grade() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 x 6 + 11.8 x 1 - 15.59.
    assert reading_level(["The cat sat on the mat."]).grade == pytest.approx(-1.45)


def test_the_yardstick_refuses_to_measure_nothing() -> None:
    with pytest.raises(ValueError, match="no words"):
        reading_level(["…"])
