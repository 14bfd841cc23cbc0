"""Keeps packs from telling by their difference what no one of them tells: a period still open, few answers since.

Whoever has two packs of the same days can subtract one from the other. Where fewer than five answers to a questionnaire
came between, the difference is what those few said. A person may still issue it, and says why; the reason is kept.
It may not: look into the packs themselves. What they showed is what was kept when they were issued.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from hscb_voice.audit.service import PLATFORM
from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.periods import Period, period_named
from hscb_voice.foundation.clock import written_date, written_day
from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.packs.models import IssuedPack
from hscb_voice.responses.models import Erasure, Response
from hscb_voice.responses.service import ANSWER_GONE
from hscb_voice.responses.showing import short_titles


def why_not_now(connection: Connection, period: Period, today: date) -> str:
    """Say why a pack of a period had better not be issued now.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.
        today: the present day.

    Returns:
        A reason in plain words; empty when there is none.
    """
    if period.end >= today:
        return (
            f"This period is not over until {written_date(period.end)}. Answers that come later would stand out as the "
            "difference between this pack and the next. Wait, or say why it must be issued now"
        )
    query = select(IssuedPack.period_name, IssuedPack.issued_at).order_by(IssuedPack.issued_at.desc())
    # What the program itself put right has the figures of the pack before it, which is looked at here.
    query = query.where(IssuedPack.issued_by != PLATFORM)
    titles = short_titles(connection)
    for name, issued_at in connection.execute(query):
        shared = _shared(period, period_named(name))
        few = _few_since(connection, shared, issued_at) if shared else {}
        if few:
            since = written_day(issued_at)
            of = ", ".join(titles.get(slug, slug) for slug in few) if "" not in few else "answers taken back"
            return (
                f"Since the pack of {since}, fewer than five answers came or went ({of}). Whoever has both packs could "
                "tell what these few said. Wait until there are more, or say why it must be issued now"
            )
    return ""


def _shared(one: Period, other: Period) -> Period | None:
    """Return the days that two periods share: years and quarters lie within each other, or apart."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Period(start, end) if start <= end else None


def _few_since(connection: Connection, period: Period, issued_at: datetime) -> Mapping[str, int]:
    """Return of which questionnaires a few answers came since; an empty name where a few were taken back."""
    within = (Response.span_start >= period.start, Response.span_end <= period.end)
    came = (Response.received_at > issued_at, Response.taken_back_at.is_(None))
    query = select(Response.slug, func.count()).where(*within, *came).group_by(Response.slug).order_by(Response.slug)
    # Of an answer that is gone nobody can say any more what it answered, nor when it was said.
    went = select(func.count()).select_from(Erasure).where(Erasure.act == ANSWER_GONE, Erasure.at > issued_at)
    # Numbers of every team, as all of the Board's figures are.
    with beyond_the_fence(connection):
        found = {slug: n for slug, n in connection.execute(query) if BOARD.is_small(n)}
        gone = connection.execute(went).scalar_one()
    return found | ({"": gone} if BOARD.is_small(gone) else {})
