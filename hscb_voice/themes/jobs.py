"""Reads new answers: the handler of the job that goes with every answer. Runs in the worker, never in a web process."""

from sqlalchemy import Connection, select

from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import Write
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.language_guess import guess_language
from hscb_voice.language.normalise import normalise
from hscb_voice.language.reading import Reading, read_comment
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import CommentText, comments_of
from hscb_voice.themes.service import (
    MACHINE,
    REDACTION,
    UNREAD,
    Deciding,
    Mask,
    NewCoding,
    ThemeCode,
    keep_codings,
)

_READ_LANGUAGE = "en"


def prepare_reading(connection: Connection, response_id: str, *, keys: KeyRing, clock: Clock) -> Write:
    """Read the comments of one response. Reading takes its time, so it happens before anything is written.

    Args:
        connection: a reading connection.
        response_id: which response.
        keys: open its words.
        clock: tells when.

    Returns:
        What keeps the machine's codes; doing it again changes nothing else.

    Raises:
        KeyMissingError: the key that sealed the words is not here.
    """
    response = connection.execute(
        select(Response.respondent, Response.language).where(Response.id == response_id)
    ).first()
    comments = comments_of(connection, keys, [response_id])
    codings = [_coding(comment, response.respondent) for comment in comments] if response else []

    def keep(writing: Connection) -> None:
        if codings:
            keep_codings(writing, response_id, codings, clock.now())

    return keep


def _coding(comment: CommentText, respondent: str) -> NewCoding:
    codebook = default_codebook()
    reading = read_comment(
        comment_from({"id": comment.id, "text": comment.text, "respondent": respondent, "question": comment.question}),
        codebook,
    )
    is_read = guess_language(normalise(comment.text).text) == _READ_LANGUAGE
    return NewCoding(
        comment_id=comment.id,
        source=MACHINE,
        coder="",
        codebook=str(codebook.version),
        # What cannot be read is said to be unread: never a silent neutral.
        polarity=reading.polarity.polarity if is_read else UNREAD,
        themes=[ThemeCode(t.id, t.polarity, t.start, t.end) for t in reading.themes] if is_read else [],
        redactions=[Mask(span.start, span.end, span.kind) for span in reading.redaction.spans],
        evidence=_deciding(reading) if is_read else _hiding(reading),
    )


def _deciding(reading: Reading) -> list[Deciding]:
    """List what decided, by place and rule: never the words themselves, which are sealed."""
    found = [Deciding(e.start, e.end, e.rule, "polarity") for e in reading.polarity.evidence]
    found += [Deciding(e.start, e.end, e.rule, t.id) for t in reading.themes for e in t.evidence]
    found += _hiding(reading)
    return sorted(found, key=lambda deciding: (deciding.start, deciding.end, deciding.decided))


def _hiding(reading: Reading) -> list[Deciding]:
    return [Deciding(span.start, span.end, span.evidence.rule, REDACTION) for span in reading.redaction.spans]
