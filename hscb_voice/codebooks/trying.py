"""Trying a theme's phrases on the newest real comments, before anything is saved. Keeps nothing.

The words are opened for whoever may read comments, and the caller notes that they were read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.codebook import Codebook, Theme
from hscb_voice.language.evidence import Evidence
from hscb_voice.language.normalise import normalise
from hscb_voice.language.theme_matching import phrases_showing
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.queries import Teams, visible_to
from hscb_voice.responses.words import comments_of

NEWEST = 400
_SHOWN = 5
_LONGEST = 300


@dataclass(frozen=True)
class Piece:
    """A stretch of a comment; marked when it decides."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Matched:
    """A comment with the words that show the theme, or showed it."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Tried:
    """What a theme's phrases find, beside what they found before."""

    comments: int  # looked at
    before: int
    after: int
    gained: int
    lost: int
    newly: tuple[Matched, ...]  # some of them, the newest first
    no_longer: tuple[Matched, ...]
    still: tuple[Matched, ...]


def try_theme(
    connection: Connection, keys: KeyRing, teams: Teams, old: Theme | None, new: Theme, sets: Mapping[str, str]
) -> Tried:
    """Look for a theme in the newest comments, by its phrases alone.

    Args:
        connection: a connection.
        keys: open the words.
        teams: whose responses may be seen.
        old: the theme in the version in force; None when it is new.
        new: the theme as it is being written.
        sets: the codebook's named sets of words.

    Returns:
        How many comments it finds, with some of them.

    Raises:
        KeyMissingError: the key that sealed words is not here.
    """
    texts = _newest(connection, keys, teams)
    books = [_alone(theme, sets) if theme else None for theme in (old, new)]
    newly, no_longer, still = [], [], []
    for text in texts:
        normal = normalise(text)
        before, after = (phrases_showing(normal, book, new.id) if book else () for book in books)
        if after and before:
            still.append((text, after))
        elif after:
            newly.append((text, after))
        elif before:
            no_longer.append((text, before))
    kept = len(still)
    samples = [tuple(_matched(*one) for one in some[:_SHOWN]) for some in (newly, no_longer, still)]
    counts = (len(texts), kept + len(no_longer), kept + len(newly), len(newly), len(no_longer))
    return Tried(*counts, *samples)


def _newest(connection: Connection, keys: KeyRing, teams: Teams) -> list[str]:
    query = (
        select(Comment.id, Comment.response_id)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.wrapped_key.is_not(None))
        .order_by(Response.received_at.desc(), Comment.id)
        .limit(NEWEST)
    )
    places = {row.id: row.response_id for row in connection.execute(visible_to(teams, query))}
    found = comments_of(connection, keys, list(dict.fromkeys(places.values())))
    words = {comment.id: comment.text for comment in found}
    return [words[comment_id] for comment_id in places if comment_id in words]


def _alone(theme: Theme, sets: Mapping[str, str]) -> Codebook:
    # Its phrases have been checked one by one, so they need not be compiled a second time to be checked.
    return Codebook.model_construct(version=1, name=theme.name, sets=dict(sets), themes=(theme,))


def _matched(text: str, evidence: Sequence[Evidence]) -> Matched:
    """Cut a long comment around the first word that decides, and mark what does."""
    first = min(one.start for one in evidence)
    start = 0 if len(text) <= _LONGEST else max(0, first - _LONGEST // 2)
    end = min(len(text), start + _LONGEST)
    pieces, place = [Piece("…", is_marked=False)] if start else [], start
    for one in sorted(evidence, key=lambda e: e.start):
        if one.start < place or one.end > end:
            continue
        pieces += [Piece(text[place : one.start], is_marked=False), Piece(text[one.start : one.end], is_marked=True)]
        place = one.end
    pieces.append(Piece(text[place:end] + ("…" if end < len(text) else ""), is_marked=False))
    return Matched(tuple(piece for piece in pieces if piece.text))
