"""Judges what was typed of one paper form, by the same checks as the page's, and makes of it an answer to be kept.

A paper can be less complete than a page: nothing is required, because what nobody ticked cannot be ticked for them.
"""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from hscb_voice.paper.errors import NotAnAnswerError
from hscb_voice.paper.form_codes import PaperForm
from hscb_voice.questionnaires.definition import Kind, Question
from hscb_voice.questionnaires.fields import AnswersForm, fields_for
from hscb_voice.questionnaires.kinds import Answer, Answers

UNREADABLE = "[unreadable]"
UNREADABLE_FIELD = "-unreadable"
_DIGITS = "123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEYS = _DIGITS + _LETTERS  # one for each option, in their order


def read_typed(form: PaperForm, sent: MultiDict[str, str]) -> Answers:
    """Read the answers of one form.

    Args:
        form: which paper it is.
        sent: the fields of the typing page.

    Returns:
        The answers in the form in which they are kept.

    Raises:
        NotAnAnswerError: some cannot be kept, or there is none at all.
    """
    questions = [question.model_copy(update={"required": False}) for question in form.questions]
    judged = AnswersForm(fields_for(questions))
    judged.process(_marked(questions, sent))
    if not judged.validate():
        wrong = [question.key for question in questions if judged[question.key].errors]
        raise NotAnAnswerError({key: str(judged[key].errors[0]) for key in wrong})
    answers = judged.kept()
    if not answers:
        raise NotAnAnswerError({"": "Nothing has been typed. Put a form aside if nothing is ticked on it."})
    return answers


def fields_of(form: PaperForm, answers: Mapping[str, Answer]) -> MultiDict[str, str]:
    """Return the fields of the typing page that stand for some answers: the way back from `read_typed`.

    Args:
        form: which paper it is.
        answers: question key -> kept form.
    """
    fields: MultiDict[str, str] = MultiDict()
    for question in form.questions:
        answer, key = answers.get(question.key), question.key
        if isinstance(answer, dict):
            fields.update({f"{key}-{row}": point for row, point in answer.items()})
        elif isinstance(answer, str):
            fields.add(key, answer)
        elif question.kind is Kind.BLANKS:
            fields.update({f"{key}-{place}": line for place, line in enumerate(answer or ())})
        else:
            fields.setlist(key, answer or [])
    return fields


def _marked(questions: list[Question], sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Put the mark into words of which some cannot be read."""
    fields = sent.copy()
    for question in questions:
        if not question.takes_words or not sent.get(question.key + UNREADABLE_FIELD):
            continue
        name = f"{question.key}-0" if question.kind is Kind.BLANKS else question.key
        words = sent.get(name, "")
        if UNREADABLE not in words:
            fields.setlist(name, [f"{words.rstrip()} {UNREADABLE}".strip()])
    return fields
