"""Opening what people wrote: no other module of the house takes the seal off the words of an answer.

Who may come here is written down in `pyproject.toml`: not the pages of respondents, nor the Board's, nor whatever
only counts. A staff page comes by `reading`, which notes who read and why.
"""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from hscb_voice.foundation.keys import KeyRing, RowSeal, WrappedKey
from hscb_voice.responses.errors import ErasedError, UnknownResponseError
from hscb_voice.responses.models import Comment, Response, SecondAnswer
from hscb_voice.responses.queries import CommentText, SecondAnswerOpened


def comments_of(connection: Connection, keys: KeyRing, response_ids: Sequence[str]) -> list[CommentText]:
    """Open the comments of some responses. The caller has checked that they may be read.

    Args:
        connection: a reading connection.
        keys: open the words.
        response_ids: of which responses; at most some hundreds at once.

    Returns:
        Comments by response, then question, then line. Erased ones are left out.

    Raises:
        KeyMissingError: the key that sealed one is not here.
    """
    return _opened(connection, keys, Comment.response_id.in_(response_ids))


def comment_by_id(connection: Connection, keys: KeyRing, comment_id: str) -> CommentText:
    """Open one comment. The caller has checked that it may be read.

    Args:
        connection: a reading connection.
        keys: open the words.
        comment_id: which.

    Returns:
        The comment.

    Raises:
        UnknownResponseError: there is none of that id.
        ErasedError: its words have been erased.
        KeyMissingError: the key that sealed it is not here.
    """
    if connection.execute(select(Comment.id).where(Comment.id == comment_id)).first() is None:
        message = "There is no such comment."
        raise UnknownResponseError(message)
    found = _opened(connection, keys, Comment.id == comment_id)
    if not found:
        message = "The words of this response have been erased."
        raise ErasedError(message)
    return found[0]


def second_answers_of(connection: Connection, keys: KeyRing, response_id: str) -> list[SecondAnswerOpened]:
    """Open the further, different answers of one sitting. The caller has checked that they may be read.

    Args:
        connection: a reading connection.
        keys: open them.
        response_id: of which response.

    Returns:
        The answers, oldest first; nearly always none.

    Raises:
        KeyMissingError: the key that sealed one is not here.
    """
    query = select(*SecondAnswer.__table__.columns).where(SecondAnswer.response_id == response_id)
    opened = []
    for row in connection.execute(query.order_by(SecondAnswer.received_at, SecondAnswer.id)):
        seal = keys.seal_of_row(SecondAnswer.__tablename__, row.id, WrappedKey(row.key_id, row.wrapped_key))
        opened.append(SecondAnswerOpened(row.id, row.received_at, json.loads(seal.open(row.sealed, "sealed"))))
    return opened


def _opened(connection: Connection, keys: KeyRing, which: ColumnElement[bool]) -> list[CommentText]:
    query = (
        select(Comment, Response.key_id, Response.wrapped_key)
        .with_only_columns(
            Comment.id,
            Comment.response_id,
            Comment.question,
            Comment.line,
            Comment.sealed,
            Response.key_id,
            Response.wrapped_key,
        )
        .join(Response, Response.id == Comment.response_id)
        .where(which, Response.wrapped_key.is_not(None))
        .order_by(Comment.response_id, Comment.question, Comment.line)
    )
    seals: dict[str, RowSeal] = {}
    comments = []
    for row in connection.execute(query):
        seal = seals.get(row.response_id)
        if seal is None:
            wrapped = WrappedKey(row.key_id, row.wrapped_key)
            seal = seals[row.response_id] = keys.seal_of_row("responses", row.response_id, wrapped)
        words = seal.open(row.sealed, f"{row.question}|{row.line}")
        comments.append(CommentText(row.id, row.response_id, row.question, row.line, words))
    return comments
