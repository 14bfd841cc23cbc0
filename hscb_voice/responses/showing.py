"""A response as staff read it: each question as it was asked, each answer by its own words on the form.

It opens nothing and decides nothing about who may read: it is handed the words, or is not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.questionnaires.definition import Definition, Question
from hscb_voice.questionnaires.kinds import Answer, is_asked
from hscb_voice.questionnaires.queries import current_version, published_slugs
from hscb_voice.responses.queries import CommentText

# Where a questionnaire says none of its own.
POINT_LABELS = {
    "first": "First session",
    "during": "During the work",
    "final": "Last session",
    "later": "Some months later",
}
RESPONDENT_LABELS = {"child": "Child or young person", "parent": "Parent or carer", "professional": "Professional"}


@dataclass(frozen=True)
class ShownAnswer:
    """One question and what was answered."""

    key: str
    question: str
    choices: tuple[str, ...] = ()  # what was chosen, in the words of the form
    rows: tuple[tuple[str, str], ...] = ()  # of a grid: the row and what was chosen in it
    words: tuple[str, ...] = ()  # what was written; empty when it may not be read
    added: tuple[datetime | None, ...] = ()  # beside each of the words: when it was added later, if it was
    takes_words: bool = False
    is_answered: bool = False


def as_asked(
    definition: Definition,
    variant: str | None,
    ticks: Mapping[str, Answer],
    written: Collection[str],
    comments: Sequence[CommentText] = (),
    *,
    point: str = "",
) -> list[ShownAnswer]:
    """Return the questions that one form asked, and what was answered.

    Args:
        definition: the version that was answered.
        variant: the form for one age; None for the first.
        ticks: kept forms of the answers that are no words.
        written: keys of the questions that were answered in words.
        comments: the words, for a reader who may read them.
        point: the point in the work at which it was given.

    Returns:
        Each question that was asked or answered, in the questionnaire's order.
    """
    asked = {question.key: question for question in definition.asked_of(variant, point)}
    shown = []
    for question in definition.questions:
        is_answered = question.key in ticks or question.key in written
        if is_answered or (question.key in asked and is_asked(question, ticks)):
            text = asked.get(question.key, question).text
            of_question = [comment for comment in comments if comment.question == question.key]
            shown.append(_shown(question, text, ticks.get(question.key), of_question, is_answered=is_answered))
    return shown


def short_titles(connection: Connection) -> dict[str, str]:
    """Return the short title of every questionnaire by its slug, in the order of the titles."""
    titles = {slug: current_version(connection, slug).definition.short_title for slug in published_slugs(connection)}
    return dict(sorted(titles.items(), key=lambda item: item[1]))


def _shown(
    question: Question, text: str, tick: Answer | None, comments: Sequence[CommentText], *, is_answered: bool
) -> ShownAnswer:
    rows: tuple[tuple[str, str], ...] = ()
    choices: tuple[str, ...] = ()
    if isinstance(tick, dict):
        rows = tuple((row.text, _choice(question, tick[row.key])) for row in question.rows if row.key in tick)
    elif tick is not None:
        choices = tuple(_choice(question, key) for key in ([tick] if isinstance(tick, str) else tick))
    words, added = tuple(comment.text for comment in comments), tuple(comment.added_at for comment in comments)
    return ShownAnswer(question.key, text, choices, rows, words, added, question.takes_words, is_answered)


def _choice(question: Question, key: str) -> str:
    option = question.option(key)
    return option.text if option else key.capitalize()
