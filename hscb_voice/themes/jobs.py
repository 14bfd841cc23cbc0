"""Reads answers: the handler of the job that goes with every answer. Runs in the worker, never in a web process.

While another version of the codebook stands by, a new answer is read by both, so that either can be put in force.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from hscb_voice.codebooks.queries import Standing, codebook_of, standing
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import Write, WriteMany
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.codebook import Codebook
from hscb_voice.language.edited import read_by_edited
from hscb_voice.language.learned_themes import read_with
from hscb_voice.language.reading import READ_LANGUAGE, Comment, Reading, load_for_many
from hscb_voice.language.wishes import way_of
from hscb_voice.responses.queries import CommentText
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.learning_queries import InUse, model_in_use
from hscb_voice.themes.many import Standalone, keep_machines
from hscb_voice.themes.pinning import model_standing_by, pin_standing_by
from hscb_voice.themes.service import (
    MACHINE,
    REDACTION,
    STANDBY,
    UNREAD,
    Deciding,
    Mask,
    NewCoding,
    ThemeCode,
)
from hscb_voice.themes.surroundings import Helpers, Surroundings, no_helpers, surroundings_of


def prepare_reading(
    connection: Connection, response_id: str, *, keys: KeyRing, clock: Clock, helpers: Helpers = no_helpers
) -> Write:
    """Read the comments of one response. Reading takes its time, so it happens before anything is written.

    Args:
        connection: a reading connection.
        response_id: which response.
        keys: open its words.
        clock: tells when.
        helpers: tells who made the code by which an answer came.

    Returns:
        What keeps the machine's codes; doing it again changes nothing else.

    Raises:
        KeyMissingError: the key that sealed the words is not here.
    """
    keep = prepare_readings(connection, [response_id], keys=keys, clock=clock, helpers=helpers)
    return lambda writing: keep(writing, [response_id])


def prepare_readings(
    connection: Connection, response_ids: Sequence[str], *, keys: KeyRing, clock: Clock, helpers: Helpers = no_helpers
) -> WriteMany:
    """Read the comments of several responses.

    Args:
        connection: a reading connection.
        response_ids: which responses; some tens.
        keys: open their words.
        clock: tells when.
        helpers: tells who made the code by which an answer came.

    Returns:
        What keeps the machine's codes of those responses that are still this worker's to do.

    Raises:
        KeyMissingError: the key that sealed words is not here.
    """
    around = surroundings_of(connection, response_ids, helpers)
    comments = comments_of(connection, keys, response_ids)
    known, pinned = standing(connection), pin_standing_by(connection)
    if len(response_ids) > 1:  # there is a queue, and so more to come
        load_for_many()
    codings = _by_versions(connection, known, comments, around)

    def keep(writing: Connection, held: Collection[str]) -> None:
        if not comments:
            return
        now = standing(writing, locks="shared")  # holds off a switch until the transaction ends
        # Another version may have come in force since the words were read: then they are read again, here and now.
        is_same = now == known and pin_standing_by(writing) == pinned  # nor has a run begun that another model reads
        fresh = codings if is_same else _by_versions(writing, now, comments, around)
        mine = [one for one in fresh if one.response_id in held]
        if mine:
            keep_machines(writing, mine, clock.now())

    return keep


def machine_coding(
    comment: CommentText, around: Surroundings, codebook: Codebook, source: str = MACHINE, learned: InUse | None = None
) -> NewCoding:
    """Read one comment.

    Args:
        comment: its words.
        around: what is known of the answer.
        codebook: by which version.
        source: whether the version is in force (machine) or stands by (standby).
        learned: the model learned from people, where there is one.

    Returns:
        The machine's codes, ready to be kept; no words are in them.
    """
    read = around.comment(comment)
    reading = _read(read, codebook, learned)
    is_read = reading.language == READ_LANGUAGE
    return NewCoding(
        comment_id=comment.id,
        source=source,
        coder="",
        codebook=str(codebook.version),
        # What cannot be read is said to be unread: never a silent neutral.
        polarity=reading.polarity.polarity if is_read else UNREAD,
        themes=[ThemeCode(t.id, way_of(t, reading, read), t.start, t.end) for t in reading.themes] if is_read else [],
        redactions=[Mask(span.start, span.end, span.kind) for span in reading.redaction.spans],
        evidence=_deciding(reading) if is_read else _hiding(reading),
        # A comment that stays unread, or in a language in which it did not learn, owes the model nothing.
        learned=learned.number
        if learned and is_read and learned.people.has_say(reading.language, learned.off)
        else None,
    )


def _read(comment: Comment, codebook: Codebook, learned: InUse | None) -> Reading:
    if learned is None:
        return read_by_edited(comment, codebook)
    return read_with(comment, codebook, learned.people, off=learned.off)


def _by_versions(
    connection: Connection, now: Standing, comments: Sequence[CommentText], around: Mapping[str, Surroundings]
) -> list[Standalone]:
    books = [(codebook_of(connection, now.in_force), MACHINE, model_in_use(connection))]
    if now.standing_by is not None:
        books.append((codebook_of(connection, now.standing_by), STANDBY, model_standing_by(connection)))
    return [
        Standalone(one.response_id, machine_coding(one, around[one.response_id], book, source, learned))
        for one in comments
        for book, source, learned in books
    ]


def _deciding(reading: Reading) -> list[Deciding]:
    """List what decided, by place and rule: never the words themselves, which are sealed."""
    found = [Deciding(e.start, e.end, e.rule, "polarity") for e in reading.polarity.evidence]
    found += [Deciding(e.start, e.end, e.rule, t.id) for t in reading.themes for e in t.evidence]
    found += _hiding(reading)
    return sorted(found, key=lambda deciding: (deciding.start, deciding.end, deciding.decided))


def _hiding(reading: Reading) -> list[Deciding]:
    return [Deciding(span.start, span.end, span.evidence.rule, REDACTION) for span in reading.redaction.spans]
