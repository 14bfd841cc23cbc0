"""Opening cleared quotes, masked: the one way by which words come to the Board's pages and packs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses.models import Response
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.models import CodedTheme, Coding, Quote
from hscb_voice.themes.queries import has_enough_approvals, mask_text, themes_of
from hscb_voice.themes.service import Mask


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
    connection: Connection, keys: KeyRing, start: date, end: date, *, slug: str = "", theme: str = "", limit: int = 60
) -> list[ApprovedQuote]:
    """Return the quotes that may be shown for a period, newest first.

    Args:
        connection: a reading connection.
        keys: open the words.
        start: the period's first day.
        end: its last day.
        slug: one questionnaire, or all when empty.
        theme: one theme, or all when empty.
        limit: at most so many.

    Returns:
        Quotes, masked. Withdrawn and erased ones, those whose respondent has said no, and those that still wait for
        the second person whom their service asks for, are not among them.
    """
    query = (
        select(Quote.comment_id, Quote.redactions, Coding.id.label("coding_id"), Coding.polarity)
        .add_columns(Response.id, Response.respondent, Response.slug, Response.source, Response.invented)
        .join(Response, Response.id == Quote.response_id)
        .join(Coding, (Coding.comment_id == Quote.comment_id) & Coding.in_force)
        .where(Quote.withdrawn_at.is_(None), Response.wrapped_key.is_not(None), Response.may_quote.is_not(False))
        .where(Response.span_start >= start, Response.span_end <= end, has_enough_approvals())
        .order_by(Response.span_end.desc(), Quote.comment_id)
        .limit(limit)
    )
    if slug:
        query = query.where(Response.slug == slug)
    if theme:
        query = query.where(Coding.id.in_(select(CodedTheme.coding_id).where(CodedTheme.theme == theme)))
    rows = connection.execute(query).all()
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
