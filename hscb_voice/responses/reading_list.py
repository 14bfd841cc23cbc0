"""What people have read of what was written, and what still waits for a person.

The list is written with the answer. Marking is all that happens here; who may read is decided by those who call.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text, update

from hscb_voice.foundation.by_hand import ByHand
from hscb_voice.foundation.database import as_kept
from hscb_voice.responses.models import ToBeRead

Spanned = tuple[date, date, str]  # between which days something was said, and by which respondent
_COLUMNS = ("id", "comment_id", "response_id", "respondent", "is_child", "span_start", "span_end", "heard_at")
_ADD_COMMENT = ByHand("to_be_read", _COLUMNS, "ON CONFLICT DO NOTHING")
_ADD_SECONDS = text(
    "INSERT INTO to_be_read (id, second_id, response_id, respondent, is_child, span_start, span_end, heard_at) "
    "SELECT s.id, s.id, r.id, r.respondent, r.respondent = 'child', r.span_start, r.span_end, s.received_at "
    "FROM second_answers s JOIN responses r ON r.id = s.response_id WHERE r.id = :response ON CONFLICT DO NOTHING"
)


def put_comments(connection: Connection, response: Mapping[str, Any], ids: Iterable[str], heard_at: datetime) -> None:
    """Put comments of an answer on the list, in the transaction that writes them. Those that stand there stay.

    Args:
        connection: a writing connection.
        response: column name -> value of the answer.
        ids: of the comments; they are written already.
        heard_at: when they came.
    """
    who, start, end = response["respondent"], response["span_start"], response["span_end"]
    of_all = (response["id"], who, who == "child", start.isoformat(), end.isoformat(), as_kept(connection, heard_at))
    _ADD_COMMENT.run(connection, [(one, one, *of_all) for one in ids])


def put_seconds(connection: Connection, response_id: str) -> None:
    """Put the different answers that came later under a sitting's id on the list.

    Args:
        connection: a writing connection.
        response_id: the sitting's response.
    """
    connection.execute(_ADD_SECONDS, {"response": response_id})


def mark_read(connection: Connection, item_id: str, by: str, now: datetime) -> bool:
    """Say that a person has read a comment or second answer. Whoever read it first stays named.

    Args:
        connection: a writing connection.
        item_id: which.
        by: the person's id.
        now: the present moment.

    Returns:
        True when it had waited until now.
    """
    return bool(_mark(connection, ToBeRead.id == item_id, by, now))


def mark_response_read(connection: Connection, response_id: str, by: str, now: datetime) -> int:
    """Say that a person has read everything that was written in a response.

    Args:
        connection: a writing connection.
        response_id: which.
        by: the person's id.
        now: the present moment.

    Returns:
        How many of its comments had waited until now.
    """
    return _mark(connection, ToBeRead.response_id == response_id, by, now)


def mark_unread(connection: Connection, item_id: str) -> None:
    """Put something back among what waits, as if nobody had read it.

    Args:
        connection: a writing connection.
        item_id: which.
    """
    connection.execute(update(ToBeRead).where(ToBeRead.id == item_id).values(read_at=None, read_by=None))


def written_within(connection: Connection, start: date, end: date) -> dict[Spanned, tuple[int, int]]:
    """Count what was written between two days, and what of it no person has read, in one go through the index.

    Args:
        connection: a reading connection.
        start: the first day.
        end: the last day.

    Returns:
        First and last day between which it was said, and respondent -> how many comments there are, and how many of
        them wait. Nothing is hidden here.
    """
    place = (ToBeRead.span_start, ToBeRead.span_end, ToBeRead.respondent)
    within = (ToBeRead.span_start >= start, ToBeRead.span_start <= end, ToBeRead.span_end <= end)
    query = select(*place, func.count(), func.count(ToBeRead.read_at)).where(*within).group_by(*place)
    return {(first, last, who): (n, n - read) for first, last, who, n, read in connection.execute(query)}


def _mark(connection: Connection, which: ColumnElement[bool], by: str, now: datetime) -> int:
    waiting = update(ToBeRead).where(which, ToBeRead.read_at.is_(None)).values(read_at=now, read_by=by)
    return len(connection.execute(waiting.returning(ToBeRead.id)).all())
