"""Clearing quotes for the Board, by one person or by two, and taking them back.

The caller has checked that no concern is open. What is cleared is the comment as it is masked now: whoever hides more
or less afterwards takes the clearing away, and it has to be given again. No clearing hides less than the one before it,
unless a person has shown those words since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from hscb_voice.foundation.database import upsert
from hscb_voice.responses.models import Comment, Response
from hscb_voice.themes.errors import NotQuotableError, UnknownCommentError
from hscb_voice.themes.marking import covers, decided, joined
from hscb_voice.themes.masks import masks_of, person_shows
from hscb_voice.themes.models import Coding, Quote, TwoToApprove
from hscb_voice.themes.service import Mask

# How a quote stood at one moment: column name -> value, moments as text; None when there was none.
QuoteState = Mapping[str, Any] | None
_MOMENTS = ("approved_at", "second_at", "withdrawn_at")
_COLUMNS = [column for column in Quote.__table__.columns if column.name != "comment_id"]


def approve_quote(
    connection: Connection, comment_id: str, masks: Sequence[Mask], approved_by: str, now: datetime
) -> bool:
    """Clear a comment as a quote for the Board; where its service asks for two people, be the first or the second.

    Args:
        connection: a writing connection. The caller has checked that no concern is open on the response.
        comment_id: which comment.
        masks: everything that stays hidden; what a clearing that stands hides besides stays hidden too.
        approved_by: the person's id, or where the words were printed.
        now: the present moment.

    Returns:
        True when the Board may see it now; False when a second person must clear it first.

    Raises:
        UnknownCommentError: there is no such comment.
        NotQuotableError: the respondent did not allow it, the words have been erased, nothing has read them yet, or
            the same person has cleared it already and a second one is asked for.
    """
    response = _quotable(connection, comment_id)
    needs_two = not response.source and _asks_for_two(connection, response.service)
    standing = connection.execute(_standing(comment_id)).first()
    cleared = [Mask(**mask) for mask in standing.redactions] if standing else []
    if standing is not None and needs_two and covers(cleared, masks):
        if standing.approved_by == approved_by and standing.second_by is None:
            message = "You have approved this quote already. A second person must approve it too."
            raise NotQuotableError(message)
        if standing.approved_by != approved_by:
            changes = {"second_by": approved_by, "second_at": now}
            connection.execute(update(Quote).where(Quote.comment_id == comment_id).values(changes))
        return True
    values = {
        "comment_id": comment_id,
        "response_id": response.id,
        "redactions": [asdict(mask) for mask in joined(masks, cleared)],
        "approved_by": approved_by,
        "approved_at": now,
        "second_by": None,
        "second_at": None,
        "withdrawn_at": None,
    }
    _write(connection, values)
    return not needs_two


def quote_masks(connection: Connection, comment_id: str) -> tuple[Mask, ...]:
    """Return what a comment hides if it is cleared as a quote now.

    That is what is hidden in it now, and what its last clearing hid besides, unless a person has shown that since: what
    somebody wanted hidden in a quote is never shown because somebody else clears it again.

    Args:
        connection: a reading connection.
        comment_id: which comment.
    """
    row = connection.execute(select(Quote.redactions).where(Quote.comment_id == comment_id)).first()
    cleared = [Mask(**mask) for mask in row.redactions] if row else []
    hidden = masks_of(connection, comment_id)
    settled = decided(cleared, hidden, person_shows(connection, comment_id))
    asked = [mask for mask in cleared if mask not in settled]
    return joined(hidden, asked)


def cleared_masks(connection: Connection, comment_id: str) -> tuple[Mask, ...] | None:
    """Return what the quote of a comment hides as it was cleared; None when none stands.

    Args:
        connection: a reading connection.
        comment_id: which comment.
    """
    query = select(Quote.redactions).where(Quote.comment_id == comment_id, Quote.withdrawn_at.is_(None))
    row = connection.execute(query).first()
    return None if row is None else tuple(Mask(**mask) for mask in row.redactions)


def withdraw_quote(connection: Connection, comment_id: str, now: datetime) -> None:
    """Take a quote back; it disappears from every page, though not from a pack already issued.

    Args:
        connection: a writing connection.
        comment_id: which comment.
        now: the present moment.
    """
    standing = (Quote.comment_id == comment_id, Quote.withdrawn_at.is_(None))
    connection.execute(update(Quote).where(*standing).values(withdrawn_at=now))


def quote_state(connection: Connection, comment_id: str) -> QuoteState:
    """Return how a comment's quote stands now, in a form that can be kept, so that it can be put back.

    Args:
        connection: a reading connection.
        comment_id: which comment.
    """
    row = connection.execute(select(*_COLUMNS).where(Quote.comment_id == comment_id)).mappings().first()
    if row is None:
        return None
    return {name: row[name].isoformat() if name in _MOMENTS and row[name] else row[name] for name in row}


def put_quote_back(connection: Connection, comment_id: str, state: QuoteState) -> None:
    """Let a comment's quote stand as it stood at another moment.

    Args:
        connection: a writing connection.
        comment_id: which comment.
        state: what `quote_state` gave then.
    """
    if state is None:
        connection.execute(delete(Quote).where(Quote.comment_id == comment_id))
        return
    moments = {name: datetime.fromisoformat(state[name]) if state[name] else None for name in _MOMENTS}
    _write(connection, {"comment_id": comment_id, **state, **moments})


def ask_for_two(connection: Connection, services: Sequence[str], by: str, now: datetime) -> None:
    """Set whose quotes two people must clear; all others need one.

    Args:
        connection: a writing connection.
        services: all that ask for two.
        by: the person's id.
        now: the present moment.
    """
    connection.execute(delete(TwoToApprove).where(TwoToApprove.service.not_in(services)))
    for service in services:
        row = {"service": service, "asked_by": by, "asked_at": now}
        connection.execute(upsert(connection, TwoToApprove).values(row).on_conflict_do_nothing())


def _quotable(connection: Connection, comment_id: str) -> Row[str, bool | None, str, str, bytes | None]:
    query = (
        select(Response.id, Response.may_quote, Response.source, Response.service, Response.wrapped_key)
        .join(Comment, Comment.response_id == Response.id)
        .where(Comment.id == comment_id)
    )
    row = connection.execute(query).first()
    if row is None:
        message = "There is no such comment."
        raise UnknownCommentError(message)
    # What the Board has printed already was cleared then; everything else needs the respondent's own yes.
    if not row.may_quote and not (row.may_quote is None and row.source):
        message = "The person who wrote this did not say that it may be quoted."
        raise NotQuotableError(message)
    if row.wrapped_key is None:
        message = "The words of this response have been erased."
        raise NotQuotableError(message)
    if connection.execute(select(Coding.id).where(Coding.comment_id == comment_id).limit(1)).first() is None:
        message = "This comment has not been read yet, so nobody knows which names to hide. Try again in a minute."
        raise NotQuotableError(message)
    return row


def _asks_for_two(connection: Connection, service: str) -> bool:
    query = select(TwoToApprove.service).where(TwoToApprove.service == service)
    return connection.execute(query).first() is not None


def _standing(comment_id: str) -> Any:  # noqa: ANN401 - a selection of named columns has no short type
    columns = (Quote.approved_by, Quote.second_by, Quote.redactions)
    # Locked, so that two people who approve at once become first and second, and not first twice.
    return select(*columns).where(Quote.comment_id == comment_id, Quote.withdrawn_at.is_(None)).with_for_update()


def _write(connection: Connection, values: Mapping[str, Any]) -> None:
    changes = {name: value for name, value in values.items() if name not in {"comment_id", "response_id"}}
    statement = upsert(connection, Quote).values(dict(values))
    connection.execute(statement.on_conflict_do_update(index_elements=["comment_id"], set_=changes))
