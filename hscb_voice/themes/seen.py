"""Holds what somebody decided on a page against what stands there now: nobody clears or confirms what they did not see.

A page carries a print of what it shows; the act that follows is refused when the print has changed meanwhile, because
a colleague or the machine was quicker. May not: open words. A print says nothing to whoever reads it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple

from sqlalchemy import Connection, select

from hscb_voice.responses.models import Comment, Response
from hscb_voice.themes.errors import ChangedMeanwhileError
from hscb_voice.themes.queries import CommentCoding, coding_of
from hscb_voice.themes.quoting import quote_masks
from hscb_voice.themes.service import Mask, hold_off_switch

_QUOTE_CHANGED = (
    "What is hidden in this comment has changed since you opened the page: a colleague or the machine was quicker. "
    "Nothing was saved. Look at it as it is now, and do it again if it is right."
)
_CODES_CHANGED = (
    "The codes have changed since you opened this page: a colleague or the machine was quicker. Nothing was saved. "
    "Look at them as they are now, and do it again if it is still right."
)


def quote_print(connection: Connection, comment_id: str) -> str:
    """Return the print of a comment as it would be quoted now: its words and what is hidden of them.

    Args:
        connection: a reading connection.
        comment_id: which comment.
    """
    return _quote_print(connection, comment_id, quote_masks(connection, comment_id))


def codes_print(coding: CommentCoding | None) -> str:
    """Return the print of codes as a page shows them: how the comment reads, and its themes."""
    if coding is None:
        return _print("uncoded")
    themes = sorted((code.theme, code.polarity) for code in coding.themes)
    return _print(coding.comment_id, coding.source, coding.polarity, themes)


def masks_as_seen(connection: Connection, comment_id: str, seen: str) -> tuple[Mask, ...]:
    """Return what a comment hides as a quote, if that is what the page showed. Nobody can change it until the end.

    Args:
        connection: a writing connection.
        comment_id: which comment.
        seen: the print that the page carried.

    Returns:
        All masks.

    Raises:
        ChangedMeanwhileError: the words, or what is hidden of them, are others now.
    """
    hold(connection, comment_id)
    masks = quote_masks(connection, comment_id)
    if seen != _quote_print(connection, comment_id, masks):
        raise ChangedMeanwhileError(_QUOTE_CHANGED)
    return masks


def check_codes_seen(connection: Connection, comment_id: str, seen: str) -> None:
    """Refuse to build on codes that a page did not show. Nobody can change them until the end of the transaction.

    Args:
        connection: a writing connection.
        comment_id: which comment.
        seen: the print that the page carried.

    Raises:
        ChangedMeanwhileError: the codes in force are others now.
    """
    hold(connection, comment_id)
    if seen != codes_print(coding_of(connection, comment_id)):
        raise ChangedMeanwhileError(_CODES_CHANGED)


def hold(connection: Connection, comment_id: str) -> None:
    """Let nobody else change codes or masks of a comment until this transaction ends.

    Args:
        connection: a writing connection.
        comment_id: which comment.
    """
    hold_off_switch(connection)
    whose = select(Comment.response_id).where(Comment.id == comment_id).scalar_subquery()
    connection.execute(select(Response.id).where(Response.id == whose).with_for_update()).first()


def _quote_print(connection: Connection, comment_id: str, masks: Sequence[Mask]) -> str:
    # The sealed words stand for the words: they change together, and nothing needs to be opened.
    sealed = connection.execute(select(Comment.sealed).where(Comment.id == comment_id)).scalar() or b""
    return _print(comment_id, hashlib.sha256(sealed).hexdigest(), [astuple(mask) for mask in masks])


def _print(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
