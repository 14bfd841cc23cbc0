"""Reading responses. Every list goes through `visible_to`, so that nobody sees another team's children."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.kinds import Answer, Answers
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.models import Comment, Response, ToBeRead
from hscb_voice.responses.receipts import receipt_hash

EVERY_TEAM: None = None
# The teams whose responses a person may see; None for all of them.
Teams = frozenset[str] | None


@dataclass(frozen=True)
class ResponseSummary:
    """One response without its words."""

    id: str
    slug: str
    version_id: int
    variant: str | None
    language: str
    respondent: str
    answers: dict[str, Answer]
    span_start: date
    span_end: date
    received_at: datetime
    channel: str
    service: str
    team: str
    locality: str
    session_date: date | None
    point: str
    may_quote: bool | None
    source: str
    invented: bool
    erased_at: datetime | None
    taken_back_at: datetime | None = None


@dataclass(frozen=True)
class CommentText:
    """One comment, opened."""

    id: str
    response_id: str
    question: str
    line: int
    text: str
    added_at: datetime | None = None  # when it was added to an answer that was here already


@dataclass(frozen=True)
class SecondAnswerOpened:
    """A different answer that came under the id of a sitting already used, opened."""

    id: str
    received_at: datetime
    answers: Answers


@dataclass(frozen=True)
class ResponseFilter:
    """Which responses a list shows."""

    slug: str = ""
    respondent: str = ""
    service: str = ""
    start: date | None = None
    end: date | None = None
    ids: frozenset[str] | None = field(default=None)


_SUMMARY = [getattr(Response, name) for name in ResponseSummary.__dataclass_fields__]


def visible_to(teams: Teams, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Narrow a selection of responses to what a person may see.

    Args:
        teams: the person's teams; None for every team.
        query: a selection in which Response stands.

    Returns:
        The narrower selection.
    """
    return query if teams is None else query.where(Response.team.in_(teams))


def responses_list(
    connection: Connection, teams: Teams, wanted: ResponseFilter, *, page: int = 1, size: int = 25
) -> tuple[list[ResponseSummary], int]:
    """List responses, newest first, without their words.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        wanted: the filter.
        page: from 1.
        size: responses a page.

    Returns:
        One page, and how many there are in all.
    """
    query = _filtered(visible_to(teams, select(*_SUMMARY).where(Response.taken_back_at.is_(None))), wanted)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(Response.span_end.desc(), Response.received_at.desc(), Response.id)
    rows = connection.execute(ordered.limit(size).offset((page - 1) * size))
    return [_summary(row) for row in rows], total


def response_by_id(connection: Connection, teams: Teams, response_id: str) -> ResponseSummary:
    """Return one response without its words.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        response_id: which.

    Returns:
        The response.

    Raises:
        UnknownResponseError: there is none of that id for this reader; another team's is unknown too.
    """
    query = visible_to(teams, select(*_SUMMARY).where(Response.id == response_id))
    row = connection.execute(query).first()
    if row is None:
        message = "There is no such response."
        raise UnknownResponseError(message)
    return _summary(row)


def worded_questions(connection: Connection, response_id: str) -> frozenset[str]:
    """Return which questions of a response were answered in words, without opening any."""
    query = select(Comment.question).where(Comment.response_id == response_id).distinct()
    return frozenset(connection.execute(query).scalars())


def words_added(connection: Connection, response_id: str) -> dict[str, datetime]:
    """Return which of a response's comments were added to it later, with the three words, and when.

    Args:
        connection: a reading connection.
        response_id: found through the person's teams.

    Returns:
        Comment id -> when it came by the local clock, the first first.
    """
    query = (
        select(ToBeRead.comment_id, ToBeRead.heard_at)
        .join(Response, Response.id == ToBeRead.response_id)
        .where(ToBeRead.response_id == response_id, ToBeRead.comment_id.is_not(None))
        .where(ToBeRead.heard_at > Response.received_at)
        .order_by(ToBeRead.heard_at)
    )
    return {str(comment_id): heard_at.astimezone(LOCAL_ZONE) for comment_id, heard_at in connection.execute(query)}


def days_heard(connection: Connection, teams: Teams) -> tuple[date, date] | None:
    """Return the first and last day to which a response belongs; None when there is no response."""
    query = visible_to(teams, select(func.min(Response.span_start), func.max(Response.span_end)))
    first, last = connection.execute(query).one()
    return None if first is None else (first, last)


def has_responses(connection: Connection) -> bool:
    """Tell whether anything has been said here at all."""
    return connection.execute(select(Response.id).limit(1)).first() is not None


def is_kept(connection: Connection, response_id: str) -> bool:
    """Tell whether a sitting's answer is here, whatever has been erased of it since."""
    return connection.execute(select(Response.id).where(Response.id == response_id)).first() is not None


def response_of_receipt(connection: Connection, keys: KeyRing, words: str) -> str | None:
    """Find the response to which a receipt belongs.

    Args:
        connection: a reading connection.
        keys: only a keyed hash of the words is stored.
        words: three words, however they were typed.

    Returns:
        The response's id, or None.
    """
    return connection.execute(select(Response.id).where(Response.receipt_hash == receipt_hash(keys, words))).scalar()


def services_heard(connection: Connection, teams: Teams) -> list[str]:
    """Return the services from which there are responses, in order."""
    query = visible_to(teams, select(Response.service).where(Response.service != "").distinct())
    return list(connection.execute(query.order_by(Response.service)).scalars())


def _filtered(query: Select[*tuple[Any, ...]], wanted: ResponseFilter) -> Select[*tuple[Any, ...]]:
    for column, value in (
        (Response.slug, wanted.slug),
        (Response.respondent, wanted.respondent),
        (Response.service, wanted.service),
    ):
        if value:
            query = query.where(column == value)
    if wanted.start:
        query = query.where(Response.span_end >= wanted.start)
    if wanted.end:
        query = query.where(Response.span_start <= wanted.end)
    if wanted.ids is not None:
        query = query.where(Response.id.in_(wanted.ids))
    return query


def _summary(row: Row[*tuple[Any, ...]]) -> ResponseSummary:
    return ResponseSummary(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's names
