"""What faces and ticks say of a comment whose words no machine can read: a hint for whoever reads it.

May not: be kept or counted; a person says what the words say.
"""

from collections.abc import Iterator, Mapping

from hscb_voice.codebooks.current import codebook_now
from hscb_voice.language.chosen import Chosen, ChosenReading, read_chosen
from hscb_voice.questionnaires.definition import Definition, Kind, Question
from hscb_voice.questionnaires.kinds import KINDS, Answer
from hscb_voice.responses.queries import ResponseSummary

_ABOUT_OPTION = frozenset({Kind.FACES_SET, Kind.SOME_OF})  # elsewhere the option is a point of a scale
_NEVER = frozenset({"may_quote", "talk", "age_band", "answered", "advocate"})


def by_faces_and_ticks(definition: Definition, response: ResponseSummary) -> ChosenReading | None:
    """Read what was chosen on the form.

    Args:
        definition: the questionnaire, in the version that was answered.
        response: with its answers.

    Returns:
        What faces and ticks say; None when they say nothing.
    """
    return read_chosen(list(_chosen(definition, response)), codebook_now())


def _chosen(definition: Definition, response: ResponseSummary) -> Iterator[Chosen]:
    answers: Mapping[str, Answer] = response.answers
    for question in definition.asked_of(response.variant, response.point):
        answer = answers.get(question.key)
        if answer is not None and question.options and question.key not in _NEVER:
            yield from _of(question, answer)


def _of(question: Question, answer: Answer) -> Iterator[Chosen]:
    options = {option.key: option for option in question.options}
    rows = {row.key: row.text for row in question.rows}
    for row, point in KINDS[question.kind].cells(answer):
        option = options.get(point)
        if option is None:
            continue
        if question.kind in _ABOUT_OPTION:
            yield Chosen(option.text, option.tone, is_face=question.kind is Kind.FACES_SET)
        elif option.tone is not None:
            about = rows.get(row, question.text)
            yield Chosen(f"{about} {option.text}", option.tone, about=about)
