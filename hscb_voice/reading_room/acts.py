"""What a reader does with a comment: each act marks it as read, is noted in the record, and can be taken back wholly.

Every act is one transaction. An act keeps the ids of the rows it made, so that undo removes those rows and no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.codebooks.queries import codebook_in_force
from hscb_voice.foundation.clock import Clock
from hscb_voice.reading_room.errors import NotUndoableError
from hscb_voice.reading_room.models import ReadingAct
from hscb_voice.reading_room.queries import Item
from hscb_voice.responses.models import Response, ToBeRead
from hscb_voice.responses.queries import EVERY_TEAM, Teams, visible_to
from hscb_voice.responses.reading_list import mark_read, mark_unread
from hscb_voice.safeguarding.queries import has_unclosed
from hscb_voice.themes.errors import CodingError, NotQuotableError
from hscb_voice.themes.masks import keep_masks, masks_of, person_shows, withdraw_masks
from hscb_voice.themes.queries import CommentCoding, coding_of, quote_standing
from hscb_voice.themes.quoting import approve_quote, put_quote_back, quote_state, withdraw_quote
from hscb_voice.themes.seen import check_codes_seen, hold, masks_as_seen
from hscb_voice.themes.service import (
    PERSON,
    UNREAD,
    NewCoding,
    ThemeCode,
    keep_codings,
    withdraw_person_coding,
)


class Act(StrEnum):
    """One thing that a reader does."""

    READ = "read"
    RIGHT = "right"
    CODES = "codes"
    THEME = "theme"
    FLIP = "flip"
    HIDE = "hide"
    QUOTE = "quote"
    WITHDRAW = "withdraw"
    CONCERN = "concern"


# As they stand in the record, and as the button says what it would take back.
NOTED = {
    Act.READ: "marked a comment as read",
    Act.RIGHT: "confirmed the machine's codes",
    Act.CODES: "coded a comment",
    Act.THEME: "added a theme to a comment",
    Act.FLIP: "turned how a comment reads",
    Act.HIDE: "changed what is hidden in a comment",
    Act.QUOTE: "approved a quote",
    Act.WITHDRAW: "withdrew a quote",
    Act.CONCERN: "raised a concern while reading",
}
_TURNED = {"positive": "negative", "negative": "positive"}
_FROM_LEVEL = "negative"  # what is hard to hear is the easiest to pass over


@dataclass(frozen=True)
class Reader:
    """Who reads, why, by which clock, and whose words they may meet."""

    person: str
    reason: str
    clock: Clock
    teams: Teams


@dataclass(frozen=True)
class Undone:
    """What was taken back, or would be, and where."""

    item_id: str
    act: Act
    number: int


def read(connection: Connection, item: Item, reader: Reader) -> None:
    """Say that the reader has read it, and nothing else."""
    _done(connection, item, reader, Act.READ, {})


def confirm(connection: Connection, item: Item, reader: Reader, seen: str) -> None:
    """Make the machine's codes the reader's own.

    Args:
        connection: a writing connection.
        item: which comment.
        reader: who.
        seen: the print of the codes on the page on which they were confirmed.

    Raises:
        CodingError: no machine has coded it.
        ChangedMeanwhileError: other codes are in force by now than the reader saw.
    """
    check_codes_seen(connection, _comment_of(item), seen)
    found = _coding_in_force(connection, item)
    _code(connection, item, reader, Act.RIGHT, found.polarity, found.themes)


def correct(
    connection: Connection, item: Item, reader: Reader, polarity: str, themes: Sequence[ThemeCode], seen: str
) -> None:
    """Give it the reader's own codes.

    Args:
        connection: a writing connection.
        item: which comment.
        reader: who.
        polarity: of the whole comment.
        themes: all of them.
        seen: the print of the codes on the page on which these were given.

    Raises:
        CodingError: a polarity is none, or it is no comment.
        ChangedMeanwhileError: other codes are in force by now than the reader saw.
    """
    check_codes_seen(connection, _comment_of(item), seen)
    _code(connection, item, reader, Act.CODES, polarity, themes)


def add_theme(connection: Connection, item: Item, reader: Reader, code: ThemeCode, seen: str) -> None:
    """Add one theme, or say otherwise how it is spoken of; the other codes stay.

    Args:
        connection: a writing connection.
        item: which comment.
        reader: who.
        code: the theme.
        seen: the print of the codes on the page on which it was added.

    Raises:
        CodingError: no machine and nobody has coded it: it needs codes as a whole first; or there is no such theme.
        ChangedMeanwhileError: other codes are in force by now than the reader saw.
    """
    if code.theme not in codebook_in_force(connection).theme_ids():
        message = "Choose a theme"
        raise CodingError(message)
    check_codes_seen(connection, _comment_of(item), seen)
    found = _coding_in_force(connection, item)
    others = [one for one in found.themes if one.theme != code.theme]
    _code(connection, item, reader, Act.THEME, found.polarity, [*others, code])


def flip(connection: Connection, item: Item, reader: Reader, seen: str) -> None:
    """Turn good into bad and bad into good, with the themes that were spoken of so; what is level becomes bad.

    Args:
        connection: a writing connection.
        item: which comment.
        reader: who.
        seen: the print of the codes on the page on which they were turned.

    Raises:
        CodingError: no machine and nobody has coded it.
        ChangedMeanwhileError: other codes are in force by now than the reader saw.
    """
    check_codes_seen(connection, _comment_of(item), seen)
    found = _coding_in_force(connection, item)
    turned = _TURNED.get(found.polarity, _FROM_LEVEL)
    themes = [replace(one, polarity=turned) if one.polarity == found.polarity else one for one in found.themes]
    _code(connection, item, reader, Act.FLIP, turned, themes)


def hide(
    connection: Connection, item: Item, reader: Reader, hidden: Sequence[Any], shown: Sequence[Any], *, why: str = ""
) -> None:
    """Change what is hidden. A quote that was approved with other words hidden is taken back with it.

    Args:
        connection: a writing connection.
        item: which comment.
        reader: who.
        hidden: every mask that is to be there.
        shown: masks that were there and are taken off.
        why: for what reason they are; noted in the record.

    Raises:
        CodingError: it is no comment, or a mask stands nowhere.
    """
    comment_id, now = _comment_of(item), reader.clock.now()
    traces: dict[str, Any] = {}
    hold(connection, comment_id)
    if quote_standing(connection, comment_id) is not None:
        traces["quote_before"] = quote_state(connection, comment_id)
        withdraw_quote(connection, comment_id, now)
        traces["quote_after"] = quote_state(connection, comment_id)
    taken_off = [*person_shows(connection, comment_id), *shown]
    traces["masks"] = keep_masks(connection, comment_id, hidden, taken_off, reader.person, now)
    _done(connection, item, reader, Act.HIDE, traces, why=why)


def approve(connection: Connection, item: Item, reader: Reader, seen: str) -> bool:
    """Clear it as a quote, as the reader saw it.

    Args:
        connection: a writing connection.
        item: which comment.
        reader: who.
        seen: the print of the quote on the page on which it was approved.

    Returns:
        True when the Board may see it now; False when a second person must approve it first.

    Raises:
        NotQuotableError: a concern is open, it was not allowed, or it is no comment; the message says which.
        ChangedMeanwhileError: its words, or what is hidden of them, are others by now than the reader saw.
    """
    if item.comment_id is None:
        message = "A second answer is never quoted."
        raise NotQuotableError(message)
    if has_unclosed(connection, item.response_id):
        message = "A concern about this response is still open, so none of its words may be quoted yet."
        raise NotQuotableError(message)
    masks = masks_as_seen(connection, item.comment_id, seen)
    before = quote_state(connection, item.comment_id)
    is_shown = approve_quote(connection, item.comment_id, masks, reader.person, reader.clock.now())
    traces = {"quote_before": before, "quote_after": quote_state(connection, item.comment_id)}
    _done(connection, item, reader, Act.QUOTE, traces)
    return is_shown


def withdraw(connection: Connection, item: Item, reader: Reader) -> None:
    """Take a quote back from the Board's pages."""
    comment_id = _comment_of(item)
    before = quote_state(connection, comment_id)
    withdraw_quote(connection, comment_id, reader.clock.now())
    _done(
        connection,
        item,
        reader,
        Act.WITHDRAW,
        {"quote_before": before, "quote_after": quote_state(connection, comment_id)},
    )


def concern_raised(connection: Connection, item: Item, reader: Reader) -> None:
    """Remember, after a concern was raised, that the reader did so here."""
    _done(connection, item, reader, Act.CONCERN, {})


def last_act(connection: Connection, reader: Reader) -> Undone | None:
    """Return what a reader would take back now; None when there is nothing. Another team's comment is not touched.

    Args:
        connection: a reading connection.
        reader: who.
    """
    row = connection.execute(_newest(reader)).first()
    return None if row is None else Undone(row.item_id, Act(row.act), row.number)


def undo(connection: Connection, reader: Reader, offered: str = "") -> Undone | None:
    """Take the reader's last act back wholly.

    Args:
        connection: a writing connection.
        reader: who.
        offered: the number of the act that the page offered to take back; the last one when left out.

    Returns:
        What was taken back, and where; None when there is nothing left to take back.

    Raises:
        NotUndoableError: it was a concern, somebody else has gone on from it, or the page offered another one.
    """
    row = connection.execute(_newest(reader).with_for_update(of=ReadingAct)).first()
    if row is None:
        return None
    if offered and offered != str(row.number):
        message = "Your last act is another one by now than this page said. Nothing was undone: look at it again."
        raise NotUndoableError(message)
    act, traces = Act(row.act), dict(row.traces)
    if act is Act.CONCERN:
        message = "A concern is never taken back from here. The safeguarding lead can close it."
        raise NotUndoableError(message)
    _take_back(connection, row.item_id, traces)
    if traces.get("marked"):
        mark_unread(connection, row.item_id)
    now = reader.clock.now()
    connection.execute(update(ReadingAct).where(ReadingAct.number == row.number).values(undone_at=now))
    subject = f"{act} of {row.item_id}"
    note(connection, reader.person, "took back an act while reading", subject, now=now, reason=reader.reason)
    return Undone(row.item_id, act, row.number)


def _take_back(connection: Connection, comment_id: str, traces: Mapping[str, Any]) -> None:
    if "coding" in traces:
        try:
            withdraw_person_coding(connection, comment_id, traces["coding"])
        except CodingError as trouble:
            message = "These codes have been taken back already, on another page."
            raise NotUndoableError(message) from trouble
    if "masks" in traces:
        withdraw_masks(connection, traces["masks"])
    if "quote_after" in traces:
        if quote_state(connection, comment_id) != traces["quote_after"]:
            message = "Somebody else has approved or withdrawn this quote meanwhile, so it stays as it is now."
            raise NotUndoableError(message)
        put_quote_back(connection, comment_id, traces["quote_before"])


def _code(
    connection: Connection, item: Item, reader: Reader, act: Act, polarity: str, themes: Sequence[ThemeCode]
) -> None:
    coding = NewCoding(
        comment_id=_comment_of(item),
        source=PERSON,
        coder=reader.person,
        codebook=str(codebook_in_force(connection).version),
        polarity=polarity,
        themes=themes,
        redactions=masks_of(connection, _comment_of(item)),
    )
    (coding_id,) = keep_codings(connection, item.response_id, [coding], reader.clock.now())
    _done(connection, item, reader, act, {"coding": coding_id})


def _done(
    connection: Connection, item: Item, reader: Reader, act: Act, traces: dict[str, Any], *, why: str = ""
) -> None:
    """Finish an act: mark it as read, remember how to take it back, and note it. The note comes last."""
    now = reader.clock.now()
    # Two who press at once wait for each other here, and the second finds it read.
    connection.execute(select(ToBeRead.id).where(ToBeRead.id == item.id).with_for_update()).first()
    traces["marked"] = mark_read(connection, item.id, reader.person, now)
    row = {"person": reader.person, "item_id": item.id, "act": act, "traces": traces, "made_at": now}
    connection.execute(insert(ReadingAct), row)
    subject = f"{'second answer' if item.is_second else 'comment'} {item.id}"
    note(connection, reader.person, NOTED[act], subject, now=now, reason=why or reader.reason)


def _newest(reader: Reader) -> Any:  # noqa: ANN401 - a selection of named columns has no short type
    columns = (ReadingAct.number, ReadingAct.item_id, ReadingAct.act, ReadingAct.traces)
    query = select(*columns).where(ReadingAct.person == reader.person, ReadingAct.undone_at.is_(None))
    if reader.teams is not EVERY_TEAM:
        listed = query.join(ToBeRead, ToBeRead.id == ReadingAct.item_id)
        query = visible_to(reader.teams, listed.join(Response, Response.id == ToBeRead.response_id))
    return query.order_by(ReadingAct.number.desc()).limit(1)


def _coding_in_force(connection: Connection, item: Item) -> CommentCoding:
    # Locked, so that of two who change codes at once the second builds on what the first has left.
    connection.execute(select(Response.id).where(Response.id == item.response_id).with_for_update()).first()
    found = coding_of(connection, _comment_of(item))
    if found is None or found.polarity == UNREAD:
        message = "No machine has read this comment. Give it codes of your own with “Wrong”."
        raise CodingError(message)
    return found


def _comment_of(item: Item) -> str:
    if item.comment_id is None:
        message = "A second answer has no codes and is never quoted. It is only read."
        raise CodingError(message)
    return item.comment_id
