"""Screens every answer: the handler of the job that is written with it. Light enough for the web process.

It only adds concerns. No concern never means that a child is safe: every child's comment is read by a person.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import Write
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.concern import ConcernReading
from hscb_voice.language.reading import Comment, read_concern
from hscb_voice.language.worry import worry_by_rules
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.kinds import KINDS, Answer
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.queries import EVERY_TEAM, ResponseSummary, response_by_id
from hscb_voice.responses.service import parted
from hscb_voice.responses.words import comments_of, second_answers_of
from hscb_voice.safeguarding.queries import Place
from hscb_voice.safeguarding.service import Found, raise_concerns
from hscb_voice.safeguarding.wording import WORDS

Judge = Callable[[Comment], ConcernReading]


@dataclass(frozen=True)
class _Words:
    """One answer in words."""

    source: str  # the id of the comment, or of the second answer in which it stands
    question: str
    line: int
    text: str


@dataclass(frozen=True)
class _Heard:
    """One answer of a sitting: the first, or a different one that came later under its id."""

    id: str
    received_at: datetime
    ticks: Mapping[str, Answer]
    words: Sequence[_Words]
    is_second: bool = False


def prepare_screening(
    connection: Connection, response_id: str, *, keys: KeyRing, clock: Clock, judge: Judge = read_concern
) -> Write:
    """Screen one response: its words, its ticks, and any different answer that came later under its id.

    Args:
        connection: a reading connection.
        response_id: which response.
        keys: open the words.
        clock: tells when.
        judge: reads one comment.

    Returns:
        What raises the concerns found; doing it again changes nothing.

    Raises:
        KeyMissingError: the key that sealed the words is not here; the job must be tried again.
    """
    try:
        response = response_by_id(connection, EVERY_TEAM, response_id)
    except UnknownResponseError:
        return lambda _: None
    definition = version_by_id(connection, response.version_id).definition
    found = [
        found
        for heard in _all_heard(connection, keys, response, definition)
        for found in (_found_in_words(heard, response, judge), *_found_in_ticks(heard, definition))
        if found is not None
    ]

    def write(writing: Connection) -> None:
        raise_concerns(writing, response, found, clock)

    return write


def raise_at_once(connection: Connection, response_id: str, *, keys: KeyRing, clock: Clock) -> None:
    """Raise in the answer's own transaction what ticks and plain rules say; the job beside it screens the answer whole.

    Args:
        connection: the writing connection on which the answer has just been kept.
        response_id: which response.
        keys: open the words.
        clock: tells when.
    """
    prepare_screening(connection, response_id, keys=keys, clock=clock, judge=worry_by_rules)(connection)


def _all_heard(
    connection: Connection, keys: KeyRing, response: ResponseSummary, definition: Definition
) -> Iterator[_Heard]:
    comments = [_Words(c.id, c.question, c.line, c.text) for c in comments_of(connection, keys, [response.id])]
    yield _Heard(response.id, response.received_at, response.answers, comments)
    for second in second_answers_of(connection, keys, response.id):
        ticks, texts = parted(definition, second.answers)
        words = [_Words(second.id, question, line, text) for question, line, text in texts]
        yield _Heard(second.id, second.received_at, ticks, words, is_second=True)


def _found_in_words(heard: _Heard, response: ResponseSummary, judge: Judge) -> Found | None:
    reasons: dict[str, None] = {}
    places = []
    for words in heard.words:
        reading = judge(
            Comment(words.source, words.text, response.respondent, words.question, language=response.language)
        )
        if reading.flag:
            reasons |= dict.fromkeys(reading.reasons)
            whole = Place(words.source, words.question, words.line, is_second=heard.is_second)
            places += [replace(whole, start=e.start, end=e.end, rule=e.rule) for e in reading.evidence] or [whole]
    return Found(WORDS, tuple(reasons), tuple(places), heard.received_at) if places else None


def _found_in_ticks(heard: _Heard, definition: Definition) -> Iterator[Found]:
    """Yield what ticks raise by themselves: the scared face, and the wish for somebody to talk to."""
    raised: dict[str, list[Place]] = {}
    for key, answer in heard.ticks.items():
        question = definition.question(key)
        if question is None:
            continue
        for _, choice in KINDS[question.kind].cells(answer):
            option = question.option(choice)
            if option is not None and option.raises:
                raised.setdefault(option.raises, []).append(Place(heard.id, key, is_second=heard.is_second))
    for kind, places in raised.items():
        yield Found(kind, (), tuple(places), heard.received_at)
