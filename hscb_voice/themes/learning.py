"""Learning from what people coded: the worker's job that trains a model and looks for phrases to suggest.

Why: every code that a person gave is an example. A model is tried on comments that it never saw and speaks only for
themes where it mends more than it spoils; people's own codes are never touched by it.
May not: run in a web process, keep a word that fewer than three responses used, or read anything but what people coded.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hscb_voice.audit.service import PLATFORM, note
from hscb_voice.codebooks.queries import codebook_in_force
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Write
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.codebook import Codebook
from hscb_voice.language.learned import Features
from hscb_voice.language.learned_themes import POLARITY, peoples_model_from
from hscb_voice.language.learning_features import known_of
from hscb_voice.language.reading import READ_LANGUAGE
from hscb_voice.language.suggesting import (
    OWNERS_AT_LEAST,
    Coded,
    Suggestion,
    is_known,
    signature_of_phrase,
    suggestions,
)
from hscb_voice.responses.queries import CommentText
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.learning_models import LearnedModel, PatternSuggestion
from hscb_voice.themes.learning_queries import decided_suggestions
from hscb_voice.themes.models import CodebookRun, CodedTheme, Coding
from hscb_voice.themes.service import PERSON, POLARITIES
from hscb_voice.themes.surroundings import Helpers, Surroundings, no_helpers, surroundings_of

_AT_ONCE = 200
_MODELS_KEPT = 10


@dataclass(frozen=True)
class Example:
    """One comment as a person coded it, and as the machine reads it without anything learned."""

    coded: Coded
    polarity: str
    polarity_found: str
    features: Features


def prepare_learning(
    connection: Connection, _subject: str, *, keys: KeyRing, clock: Clock, helpers: Helpers = no_helpers
) -> Write:
    """Train on everything that people have coded. It takes its time, so it happens before anything is written.

    Args:
        connection: a reading connection.
        _subject: always everything.
        keys: open the words.
        clock: tells when.
        helpers: tells who made the code by which an answer came.

    Returns:
        What keeps the model and the suggestions; the same codes make the same model, and then no new one is kept.

    Raises:
        KeyMissingError: the key that sealed some words is not here.
    """
    # Imported here: the factory names this handler in web processes too, and those never load scikit-learn.
    from hscb_voice.language.learning import learn  # noqa: PLC0415 - see above
    from hscb_voice.language.lessons import Labels, Lessons  # noqa: PLC0415 - see above

    book = codebook_in_force(connection)
    lessons, coded, corrected = Lessons(), list[Coded](), Counter[str]()
    for one in examples(connection, keys, book, helpers):
        labels = Labels(one.coded.themes, one.polarity, one.coded.found, one.polarity_found)
        lessons.add(one.features, labels, one.coded.owner)
        coded.append(one.coded)
        corrected.update(one.coded.themes ^ one.coded.found)
        corrected[POLARITY] += one.polarity != one.polarity_found
    if not coded:
        return lambda _: None
    learned = learn(lessons, book.theme_ids(), seen_by=OWNERS_AT_LEAST, corrected=dict(corrected), cautious=True)
    found = suggestions(coded, book, decided_suggestions(connection))
    values = {
        "made_at": clock.now(),
        "codebook": str(book.version),
        "digest": peoples_model_from(learned.packed).digest,
        "packed": learned.packed,
        "comments": len(coded),
        "responses": len({one.owner for one in coded}),
        "corrected": {name: n for name, n in sorted(corrected.items()) if n},
    }

    def keep(writing: Connection) -> None:
        _keep_suggestions(writing, found, _keep_model(writing, values))

    return keep


def examples(connection: Connection, keys: KeyRing, book: Codebook, helpers: Helpers = no_helpers) -> Iterator[Example]:
    """Yield what people have coded, comment by comment, those of one response together.

    Args:
        connection: a reading connection.
        keys: open the words.
        book: the codebook in force; themes that it has no more teach nothing.
        helpers: tells who made the code by which an answer came.

    Yields:
        Comments that the machine can read and that still have their words; the person's code in force counts.
    """
    by_people = select(Coding.response_id).where(
        Coding.source == PERSON, Coding.in_force, Coding.polarity.in_(POLARITIES)
    )
    ids = list(connection.execute(by_people.distinct().order_by(Coding.response_id)).scalars())
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        around = surroundings_of(connection, some, helpers)
        codings = _codes_of(connection, some)
        for comment in comments_of(connection, keys, some):
            if comment.id in codings:
                yield from _example(comment, around[comment.response_id], *codings[comment.id], book)


def _codes_of(connection: Connection, response_ids: Sequence[str]) -> dict[str, tuple[str, frozenset[str]]]:
    """Return polarity and themes of every comment that a person has coded."""
    query = (
        select(Coding.comment_id, Coding.polarity, CodedTheme.theme)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)
        .where(Coding.response_id.in_(response_ids), Coding.source == PERSON, Coding.in_force)
        .where(Coding.polarity.in_(POLARITIES))
    )
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for row in connection.execute(query):
        before = found.get(row.comment_id, (row.polarity, frozenset()))[1]
        found[row.comment_id] = row.polarity, before | ({row.theme} if row.theme else frozenset())
    return found


def _example(
    comment: CommentText, around: Surroundings, polarity: str, themes: frozenset[str], book: Codebook
) -> Iterator[Example]:
    known = known_of(around.comment(comment), book)
    if known.reading.language != READ_LANGUAGE:
        return
    found = frozenset(theme.id for theme in known.reading.themes)
    coded = Coded(known.masked.text, comment.response_id, themes & set(book.theme_ids()), found)
    yield Example(coded, polarity, known.reading.polarity.polarity, known.features)


def _keep_model(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep a model, unless it is the one in use. What it was and its hash stay for ever: codes name it."""
    newest = connection.execute(
        select(LearnedModel.number, LearnedModel.digest).order_by(LearnedModel.number.desc()).limit(1)
    ).first()
    if newest is not None and newest.digest == values["digest"]:
        return int(newest.number)
    number = 1 if newest is None else newest.number + 1
    connection.execute(insert(LearnedModel), {"number": number, **values})
    in_runs = select(CodebookRun.learned).where(CodebookRun.learned.is_not(None))
    old = (LearnedModel.number <= number - _MODELS_KEPT, LearnedModel.number.not_in(in_runs))
    connection.execute(update(LearnedModel).where(*old).values(packed=b""))
    told = f"model {number}, {values['comments']} comments, {values['digest'][:12]}"
    note(connection, PLATFORM, "learned from people's codes", told, now=values["made_at"])
    return number


def _keep_suggestions(connection: Connection, found: Sequence[Suggestion], number: int) -> None:
    """Put new suggestions in the place of the old; what somebody has decided meanwhile stays decided."""
    table = PatternSuggestion
    connection.execute(delete(table).where(table.state == "open"))
    decided = decided_suggestions(connection)
    rows = [
        {"id": new_id(), **asdict(one), "model": number, "state": "open"}
        for one in found
        if not is_known(one.phrase, [signature_of_phrase(phrase) for theme, phrase in decided if theme == one.theme])
    ]
    if rows:
        connection.execute(insert(table), rows)
