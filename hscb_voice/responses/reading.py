"""Opening the words of one response for a person, and noting in the record who read them and why.

The only way in which a staff page comes to words: the note is written in the transaction that opens them, so that
nothing is read unseen. Looking at the ticks alone is noted too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from hscb_voice.audit.service import note
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.queries import CommentText, ResponseSummary, worded_questions, words_added
from hscb_voice.responses.reading_list import mark_response_read
from hscb_voice.responses.service import parted
from hscb_voice.responses.showing import ShownAnswer, as_asked
from hscb_voice.responses.words import comments_of, second_answers_of
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission

CONCERN = "concern"
REASONS = {
    "follow_up": "To follow it up with the family or the worker",
    CONCERN: "To look into a concern",
    "theme": "To check a theme or a quote",
    "request": "Somebody asked what we hold about them",
}


@dataclass(frozen=True)
class OpenedAnswer:
    """One answer of a sitting: the first, or a different one that came later."""

    received_at: datetime
    is_second: bool
    shown: list[ShownAnswer]
    comments: list[CommentText]


@dataclass(frozen=True)
class Opened:
    """A response as one person may see it."""

    has_words: bool
    may_read: bool
    is_read: bool  # the words stand here, and the record says so
    answers: list[OpenedAnswer]
    added: tuple[date, ...] = ()  # days on which words were added with the three words


def open_response(platform: Platform, response: ResponseSummary, person: Person, reason: str) -> Opened:
    """Open a response for a person: its ticks, and its words if they may be read and a reason is given.

    Args:
        platform: whose database, keys and clock.
        response: which; found through the person's teams.
        person: who looks.
        reason: a key of `REASONS`; anything else leaves the words sealed.

    Returns:
        What the person may see.

    Raises:
        KeyMissingError: the key that sealed the words is not here.
    """
    may_read = person.may(Permission.READ_COMMENTS)
    gives_reason = reason in REASONS
    with platform.database.writing() as connection:
        if may_read and gives_reason:
            opened = _opened(connection, platform, response)
        else:
            opened = _sealed(connection, response, may_read=may_read)
        now = platform.clock.now()
        if opened.is_read and reason == CONCERN and person.may(Permission.READ_CONCERNS):
            # Whoever looks into a concern has read the child's words, and they need not wait on the reading list.
            mark_response_read(connection, response.id, person.id, now)
        act = "read the words of a response" if opened.is_read else "looked at a response"
        note(connection, person.id, act, f"response {response.id}", now=now, reason=reason if gives_reason else "")
    return opened


def _sealed(connection: Connection, response: ResponseSummary, *, may_read: bool) -> Opened:
    definition = version_by_id(connection, response.version_id).definition
    written = worded_questions(connection, response.id) if response.erased_at is None else frozenset()
    shown = as_asked(definition, response.variant, response.answers, written, point=response.point)
    answer = OpenedAnswer(response.received_at, is_second=False, shown=shown, comments=[])
    added = _days(words_added(connection, response.id)) if written else ()
    return Opened(has_words=bool(written), may_read=may_read, is_read=False, answers=[answer], added=added)


def _days(added: Mapping[str, datetime]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(moment.date() for moment in added.values()))


def _opened(connection: Connection, platform: Platform, response: ResponseSummary) -> Opened:
    definition = version_by_id(connection, response.version_id).definition
    added = words_added(connection, response.id)
    comments = [
        replace(one, added_at=added.get(one.id)) for one in comments_of(connection, platform.keys, [response.id])
    ]
    written = {comment.question for comment in comments}
    shown = as_asked(definition, response.variant, response.answers, written, comments, point=response.point)
    answers = [OpenedAnswer(response.received_at, is_second=False, shown=shown, comments=comments)]
    answers += _seconds(connection, platform, response, definition)
    has_words = any(answer.comments for answer in answers)
    # Of a later answer even the ticks are sealed, so whoever sees them has read what was sealed.
    is_read = has_words or any(answer.is_second for answer in answers)
    return Opened(has_words=has_words, may_read=True, is_read=is_read, answers=answers, added=_days(added))


def _seconds(
    connection: Connection, platform: Platform, response: ResponseSummary, definition: Definition
) -> list[OpenedAnswer]:
    answers = []
    for second in second_answers_of(connection, platform.keys, response.id):
        ticks, texts = parted(definition, second.answers)
        comments = [CommentText(second.id, response.id, question, line, text) for question, line, text in texts]
        shown = as_asked(
            definition, response.variant, ticks, {c.question for c in comments}, comments, point=response.point
        )
        answers.append(OpenedAnswer(second.received_at, is_second=True, shown=shown, comments=comments))
    return answers
