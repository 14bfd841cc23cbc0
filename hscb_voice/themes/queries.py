"""Reading codes and quotes. What may be shown as a figure is decided by the board's one door, not here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from hscb_voice.foundation.jobs import Job
from hscb_voice.responses.models import Comment, Response, ToBeRead
from hscb_voice.responses.queries import Teams, visible_to
from hscb_voice.responses.reading_list import Spanned
from hscb_voice.responses.service import READ_JOB
from hscb_voice.themes.learning_models import LearnedModel
from hscb_voice.themes.models import CodedTheme, Coding, Quote, TwoToApprove
from hscb_voice.themes.service import MACHINE, UNREAD, Deciding, Mask, ThemeCode

REPLACEMENTS = {"person": "[name]", "place": "[place]", "school": "[school]", "contact": "[contact]", "date": "[date]"}
_OTHER = "[…]"
NO_THEME, NOT_READ = "none", "not-read"


@dataclass(frozen=True)
class CommentCoding:
    """A comment's coding in force."""

    comment_id: str
    response_id: str
    source: str
    coder: str
    codebook: str
    polarity: str
    themes: tuple[ThemeCode, ...]
    redactions: tuple[Mask, ...]
    evidence: tuple[Deciding, ...]
    learned: int | None = None  # the number of the model learned from people by which a machine read it
    is_model_known: bool = True  # False of a number of which nothing is kept


@dataclass(frozen=True)
class CommentUnderTheme:
    """A comment in a theme's list, without its words."""

    comment_id: str
    response_id: str
    slug: str
    respondent: str
    polarity: str  # of the theme in this comment
    source: str  # machine or person
    span_end: date
    may_quote: bool | None
    is_quote: bool
    invented: bool


def mask_text(text: str, masks: Sequence[Mask]) -> str:
    """Return a text with its masked stretches replaced by what stands there, as the Board's own report does.

    Args:
        text: the comment.
        masks: places in it; they may touch or overlap.

    Returns:
        The text that may be shown.
    """
    shown, place = [], 0
    for mask in sorted(masks, key=lambda mask: (mask.start, -mask.end)):
        if mask.start >= place:
            shown += [text[place : mask.start], REPLACEMENTS.get(mask.kind, _OTHER)]
        place = max(place, mask.end)
    return "".join([*shown, text[place:]])


def codings_of(connection: Connection, response_id: str) -> dict[str, CommentCoding]:
    """Return the codings in force of one response's comments.

    Args:
        connection: a reading connection.
        response_id: which response; the caller has checked that it may be seen.

    Returns:
        Comment id -> coding; comments not yet read are missing.
    """
    return _codings(connection, (Coding.response_id == response_id) & Coding.in_force)


def machine_coding_of(connection: Connection, comment_id: str) -> CommentCoding | None:
    """Return what the machine said of a comment, whether or not a person has said otherwise; None when it has not.

    Args:
        connection: a reading connection.
        comment_id: which comment; the caller has checked that it may be seen.
    """
    is_machines = (Coding.comment_id == comment_id) & (Coding.source == MACHINE)
    return _codings(connection, is_machines).get(comment_id)


def machine_codings_of(connection: Connection, comment_ids: Sequence[str]) -> dict[str, CommentCoding]:
    """Return what the machine says of some comments, whatever people say.

    Args:
        connection: a reading connection.
        comment_ids: at most some hundreds.

    Returns:
        Comment id -> coding; comments that it cannot read are missing.
    """
    is_machines = Coding.comment_id.in_(comment_ids) & (Coding.source == MACHINE) & (Coding.polarity != UNREAD)
    return _codings(connection, is_machines)


def coding_of(connection: Connection, comment_id: str) -> CommentCoding | None:
    """Return the coding in force of one comment; None when nobody has read it yet.

    Args:
        connection: a reading connection.
        comment_id: which comment; the caller has checked that it may be seen.
    """
    return _codings(connection, (Coding.comment_id == comment_id) & Coding.in_force).get(comment_id)


def comments_under(
    connection: Connection, teams: Teams, theme: str, *, polarity: str = "", page: int = 1, size: int = 20
) -> tuple[list[CommentUnderTheme], int]:
    """List the comments that carry a theme, newest first, without their words.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        theme: the theme's id; `none` for comments without one, `not-read` for those that only a person can read.
        polarity: of the theme in the comment, or any when empty.
        page: from 1.
        size: comments a page.

    Returns:
        One page, and how many there are in all.
    """
    query = _comments_query(teams)
    if theme == NOT_READ:
        query = query.where(Coding.polarity == UNREAD)
    elif theme == NO_THEME:
        query = query.where(CodedTheme.theme.is_(None), Coding.polarity != UNREAD)
    else:
        query = query.where(CodedTheme.theme == theme)
    if polarity:
        query = query.where(CodedTheme.polarity == polarity)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(Response.span_end.desc(), Response.received_at.desc(), Coding.comment_id)
    rows = connection.execute(ordered.limit(size).offset((page - 1) * size))
    return [
        CommentUnderTheme(
            comment_id=row.comment_id,
            response_id=row.response_id,
            slug=row.slug,
            respondent=row.respondent,
            polarity=row.theme_polarity or row.whole,
            source=row.coding_source,
            span_end=row.span_end,
            may_quote=row.may_quote,
            is_quote=row.quoted is not None,
            invented=row.invented,
        )
        for row in rows
    ], total


def _comments_query(teams: Teams) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Coding.comment_id,
            Coding.response_id,
            Coding.polarity.label("whole"),
            Coding.source.label("coding_source"),
            CodedTheme.polarity.label("theme_polarity"),
            Response.slug,
            Response.respondent,
            Response.span_end,
            Response.may_quote,
            Response.invented,
            Quote.comment_id.label("quoted"),
        )
        .join(Response, Response.id == Coding.response_id)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)
        .outerjoin(Quote, (Quote.comment_id == Coding.comment_id) & Quote.withdrawn_at.is_(None))
        .where(Coding.in_force, Response.wrapped_key.is_not(None))
    )
    return visible_to(teams, query)


def theme_counts(connection: Connection, teams: Teams) -> dict[str, dict[str, int]]:
    """Count the comments under each theme, for those who may read comments. Not for publication: nothing is hidden.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.

    Returns:
        Theme id (or `none`, `not-read`) -> polarity -> comments.
    """
    whole = func.coalesce(CodedTheme.polarity, Coding.polarity)
    query = (
        select(CodedTheme.theme, whole.label("polarity"), func.count().label("n"))
        .select_from(Coding)
        .join(Response, Response.id == Coding.response_id)
        .outerjoin(CodedTheme, CodedTheme.coding_id == Coding.id)
        .where(Coding.in_force, Response.wrapped_key.is_not(None))
        .group_by(CodedTheme.theme, whole)
    )
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(visible_to(teams, query)):
        place = row.theme or (NOT_READ if row.polarity == UNREAD else NO_THEME)
        counts.setdefault(place, {})[row.polarity] = row.n
    return counts


def uncoded_within(connection: Connection, start: date, end: date) -> dict[Spanned, int]:
    """Count the comments between two days that have no code: in a language that no machine reads, or not read yet.

    These few are looked for, and not all comments looked through.

    Args:
        connection: a reading connection.
        start: the first day.
        end: the last day.

    Returns:
        First and last day between which they were said, and respondent -> how many; nothing is hidden here.
    """
    unreadable = select(Coding.comment_id).where(Coding.polarity == UNREAD, Coding.in_force)
    waiting = select(Job.subject_id).where(Job.kind == READ_JOB)
    listed = select(ToBeRead.id).where(ToBeRead.comment_id.is_not(None))
    lacks = listed.where(ToBeRead.comment_id.in_(unreadable)).union(listed.where(ToBeRead.response_id.in_(waiting)))
    place = (ToBeRead.span_start, ToBeRead.span_end, ToBeRead.respondent)
    within = (ToBeRead.span_start >= start, ToBeRead.span_end <= end)
    query = select(*place, func.count()).where(ToBeRead.id.in_(lacks), *within).group_by(*place)
    return {(first, last, who): n for first, last, who, n in connection.execute(query)}


@dataclass(frozen=True)
class QuoteStanding:
    """How far a comment is on its way to the Board."""

    approved_by: str
    second_by: str | None
    is_shown: bool  # the Board may see it; else a second person must approve it


def quote_standing(connection: Connection, comment_id: str) -> QuoteStanding | None:
    """Return how a comment's quote stands; None when nobody has approved it, or it was taken back.

    Args:
        connection: a reading connection.
        comment_id: which comment.
    """
    query = (
        select(Quote.approved_by, Quote.second_by, has_enough_approvals().label("is_shown"))
        .join(Response, Response.id == Quote.response_id)
        .where(Quote.comment_id == comment_id, Quote.withdrawn_at.is_(None))
    )
    row = connection.execute(query).first()
    return None if row is None else QuoteStanding(row.approved_by, row.second_by, bool(row.is_shown))


def services_with_two(connection: Connection) -> list[str]:
    """Return the services whose quotes two people must approve, in order."""
    return list(connection.execute(select(TwoToApprove.service).order_by(TwoToApprove.service)).scalars())


def has_enough_approvals() -> ColumnElement[bool]:
    """Ask of a quote whether enough people have cleared it.

    It asks now, and not when it was approved: a service that asks for two from today on hides what one has cleared.
    """
    asked = select(TwoToApprove.service).where(TwoToApprove.service == Response.service).exists()
    return or_(Quote.second_by.is_not(None), Response.source != "", ~asked)


def comment_place(connection: Connection, teams: Teams, comment_id: str) -> str | None:
    """Return the response to which a comment belongs, if this reader may see it.

    Args:
        connection: a reading connection.
        teams: whose responses may be seen.
        comment_id: which comment.

    Returns:
        The response's id, or None.
    """
    query = select(Response.id).join(Comment, Comment.response_id == Response.id).where(Comment.id == comment_id)
    return connection.execute(visible_to(teams, query)).scalar()


def _codings(connection: Connection, which: ColumnElement[bool]) -> dict[str, CommentCoding]:
    rows = connection.execute(select(*Coding.__table__.columns).where(which)).all()
    themes = themes_of(connection, [row.id for row in rows])
    numbers = {row.learned for row in rows if row.learned is not None}
    kept = select(LearnedModel.number).where(LearnedModel.number.in_(numbers))
    known = set(connection.execute(kept).scalars()) if numbers else set()
    return {
        row.comment_id: CommentCoding(
            comment_id=row.comment_id,
            response_id=row.response_id,
            source=row.source,
            coder=row.coder,
            codebook=row.codebook,
            polarity=row.polarity,
            themes=tuple(themes.get(row.id, ())),
            redactions=tuple(Mask(**mask) for mask in row.redactions),
            evidence=tuple(Deciding(**deciding) for deciding in row.evidence),
            learned=row.learned,
            is_model_known=row.learned is None or row.learned in known,
        )
        for row in rows
    }


def themes_of(connection: Connection, coding_ids: Sequence[str]) -> dict[str, list[ThemeCode]]:
    """Return the themes of codings.

    Args:
        connection: a reading connection.
        coding_ids: of which.

    Returns:
        By coding; one without themes is not among them.
    """
    query = select(*CodedTheme.__table__.columns).where(CodedTheme.coding_id.in_(coding_ids))
    found: dict[str, list[ThemeCode]] = {}
    for row in connection.execute(query.order_by(CodedTheme.start, CodedTheme.theme)):
        found.setdefault(row.coding_id, []).append(ThemeCode(row.theme, row.polarity, row.start, row.end))
    return found
