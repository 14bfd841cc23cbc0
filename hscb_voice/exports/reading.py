"""Reading the responses of an export, some hundreds at a time, within the asker's own teams; and their words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, tuple_

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.queries import PublishedVersion, version_by_id
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import CommentText, ResponseSummary, Teams, visible_to
from hscb_voice.responses.service import Span
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.masks import masks_of
from hscb_voice.themes.queries import machine_coding_of, mask_text

MASKED, WHOLE = "masked", "whole"
NOT_CHECKED = "[not yet checked for names]"
_AT_ONCE = 500
_SUMMARY = [getattr(Response, name) for name in ResponseSummary.__dataclass_fields__]


@dataclass(frozen=True)
class Wanted:
    """Which responses."""

    slug: str
    span: Span | None  # None for all
    teams: Teams


def how_many(connection: Connection, wanted: Wanted) -> int:
    """Count the responses of an export."""
    return int(connection.execute(_narrowed(select(func.count()).select_from(Response), wanted)).scalar_one())


def answered_versions(connection: Connection, wanted: Wanted) -> list[PublishedVersion]:
    """Return the wordings that were answered, oldest first."""
    ids = connection.execute(_narrowed(select(Response.version_id).distinct(), wanted)).scalars()
    return sorted((version_by_id(connection, one) for one in ids), key=lambda version: version.number)


def responses_in_parts(connection: Connection, wanted: Wanted) -> Iterator[list[ResponseSummary]]:
    """Return the responses by month, some hundreds at a time."""
    after = None
    while True:
        query = _narrowed(select(*_SUMMARY), wanted).order_by(Response.span_start, Response.id).limit(_AT_ONCE)
        if after is not None:
            query = query.where(tuple_(Response.span_start, Response.id) > after)
        part = [ResponseSummary(*row) for row in connection.execute(query)]
        if not part:
            return
        yield part
        after = (part[-1].span_start, part[-1].id)


def words_of(connection: Connection, keys: KeyRing, ids: Sequence[str], how: str) -> dict[str, dict[str, str]]:
    """Return what was written in some responses. The caller has checked that it may be read.

    Args:
        connection: a reading connection.
        keys: open the words.
        ids: of which responses.
        how: masked or whole.

    Returns:
        Response id -> question key -> words, lines of one question beneath each other. Of a comment in which nothing
        has looked for names yet, the masked words are none at all.

    Raises:
        KeyMissingError: the key that sealed a comment is not here.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for comment in comments_of(connection, keys, ids):
        text = comment.text if how == WHOLE else _masked(connection, comment)
        own = found[comment.response_id]
        own[comment.question] = f"{own[comment.question]}\n{text}" if comment.question in own else text
    return found


def _masked(connection: Connection, comment: CommentText) -> str:
    if machine_coding_of(connection, comment.id) is None:
        return NOT_CHECKED
    return mask_text(comment.text, masks_of(connection, comment.id))


def _narrowed(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    query = visible_to(wanted.teams, query.where(Response.slug == wanted.slug, Response.taken_back_at.is_(None)))
    if wanted.span is None:
        return query
    return query.where(Response.span_start >= wanted.span.start, Response.span_end <= wanted.span.end)
