"""Opening cleared quotes, masked: the one way by which words come to the Board's pages and packs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.models import CodedTheme, Coding, Quote
from hscb_voice.themes.queries import has_enough_approvals, mask_text, themes_of
from hscb_voice.themes.service import Mask

# Words as they were shown somewhere -> the ids of the comments that say them.
Quoted = Mapping[str, Sequence[str]]
# A quote that is withdrawn by mistake can be put back for so long before it is taken out of what was issued.
_SECOND_THOUGHTS = timedelta(days=1)


@dataclass(frozen=True)
class ApprovedQuote:
    """Words that a person has cleared, as the Board may see them."""

    comment_id: str
    response_id: str
    redacted: str
    themes: dict[str, str]  # theme id -> polarity
    polarity: str
    respondent: str
    slug: str
    source: str
    invented: bool


def approved_quotes(
    connection: Connection, keys: KeyRing, start: date, end: date, *, slug: str = "", theme: str = "", size: int = 200
) -> Iterator[list[ApprovedQuote]]:
    """Yield the quotes that may be shown for a period, newest first, page by page.

    Args:
        connection: a reading connection.
        keys: open the words.
        start: the period's first day.
        end: its last day.
        slug: one questionnaire, or all when empty.
        theme: one theme, or all when empty.
        size: quotes a page; whoever has enough asks for no further page, and its words stay sealed.

    Yields:
        Quotes, masked. Withdrawn and erased ones, those whose respondent has said no, and those that still wait for
        the second person whom their service asks for, are not among them.
    """
    query = (
        select(Quote.comment_id, Quote.redactions, Coding.id.label("coding_id"), Coding.polarity)
        .add_columns(
            Response.id, Response.span_end, Response.respondent, Response.slug, Response.source, Response.invented
        )
        .join(Response, Response.id == Quote.response_id)
        .join(Coding, (Coding.comment_id == Quote.comment_id) & Coding.in_force)
        .where(Quote.withdrawn_at.is_(None), Response.wrapped_key.is_not(None), Response.may_quote.is_not(False))
        .where(Response.span_start >= start, Response.span_end <= end, has_enough_approvals())
        .order_by(Response.span_end.desc(), Quote.comment_id)
        .limit(size)
    )
    if slug:
        query = query.where(Response.slug == slug)
    if theme:
        query = query.where(Coding.id.in_(select(CodedTheme.coding_id).where(CodedTheme.theme == theme)))
    rows = connection.execute(query).all()
    while rows:
        yield _opened(connection, keys, rows)
        last = rows[-1]
        after = (Response.span_end == last.span_end) & (Quote.comment_id > last.comment_id)
        rows = connection.execute(query.where((Response.span_end < last.span_end) | after)).all()


def _opened(connection: Connection, keys: KeyRing, rows: Sequence[Row[Any]]) -> list[ApprovedQuote]:
    texts = {comment.id: comment.text for comment in comments_of(connection, keys, list({row.id for row in rows}))}
    themes = themes_of(connection, [row.coding_id for row in rows])
    return [
        ApprovedQuote(
            comment_id=row.comment_id,
            response_id=row.id,
            redacted=mask_text(texts[row.comment_id], [Mask(**mask) for mask in row.redactions]),
            themes={code.theme: code.polarity for code in themes.get(row.coding_id, ())},
            polarity=row.polarity,
            respondent=row.respondent,
            slug=row.slug,
            source=row.source,
            invented=row.invented,
        )
        for row in rows
        if row.comment_id in texts
    ]


def quotes_gone(connection: Connection, keys: KeyRing, quoted: Quoted, now: datetime) -> frozenset[str]:
    """Return which words that were shown once must not be shown any more.

    Gone are words of an answer that was taken back or put right, whose respondent has said no since, that are masked
    otherwise now, or that were withdrawn a day ago. Words that have only become too old to be kept stay.

    Args:
        connection: a reading connection.
        keys: open what stands now.
        quoted: what was shown.
        now: the present moment.
    """
    ids = {comment_id for comment_ids in quoted.values() for comment_id in comment_ids}
    query = (
        select(Comment.id, Comment.response_id, Response.erased_at, Quote.redactions, Quote.withdrawn_at)
        .join(Response, Response.id == Comment.response_id)
        .outerjoin(Quote, Quote.comment_id == Comment.id)
        .where(Comment.id.in_(ids), Response.taken_back_at.is_(None), Response.may_quote.is_not(False))
    )
    rows = {row.id: row for row in connection.execute(query)}
    texts = {
        one.id: one.text for one in comments_of(connection, keys, list({row.response_id for row in rows.values()}))
    }
    return frozenset(
        words
        for words, comment_ids in quoted.items()
        if not any(_stands(words, rows.get(one), texts.get(one, ""), now) for one in comment_ids)
    )


def _stands(words: str, row: Row[Any] | None, text: str, now: datetime) -> bool:
    if row is None:
        return False
    if row.erased_at is not None:
        return True
    if row.redactions is None or mask_text(text, [Mask(**mask) for mask in row.redactions]) != words:
        return False
    return row.withdrawn_at is None or row.withdrawn_at > now - _SECOND_THOUGHTS
