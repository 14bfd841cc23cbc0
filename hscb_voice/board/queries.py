"""Reads the summary table for a period. Nothing here is guarded yet, so only `figures` and its neighbours call it.

A count belongs to a period when its whole span lies within: an answer of which only the year is known is in no quarter.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, case, cast, exists, func, literal_column, select

from hscb_voice.board.counts import SLICES, Place, Raw, YearCounts, year_counts
from hscb_voice.board.periods import Period, quarters_of
from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.responses.models import Response, SecondAnswer, Tally, TallyState

SECOND = "came:second"


def raw_slices(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, tuple[Raw, ...]]:
    """Sum the counts of some questionnaires, as they are now, in every slice of a reporting year.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: which questionnaires.

    Returns:
        Slug -> its four quarters, the rest of which only a wider time is known, and the whole year.
    """
    return {slug: one.slices for slug, one in year_counts(connection, year, slugs).items()}


def slices_of_arrival(
    connection: Connection, year: Period, live: Mapping[str, YearCounts]
) -> dict[str, tuple[Mapping[Place, int], ...]]:
    """Count by which way and in which language responses came, and of how many a second, different answer came.

    Args:
        connection: a reading connection.
        year: a reporting year.
        live: the counts of some questionnaires as they are, of which the ways and languages are a part.

    Returns:
        Slug -> slices, as `raw_slices` gives them: place -> count.
    """
    at = _slice_of(year)
    came = select(SecondAnswer.response_id).distinct().subquery()  # few, so they are gone through and not the responses
    query = select(Response.slug, at, func.count()).join_from(came, Response, Response.id == came.c.response_id)
    counted = (Response.taken_back_at.is_(None), Response.slug.in_(live))
    within = (*counted, Response.span_start >= year.start, Response.span_end <= year.end)
    seconds: dict[str, Counter[int]] = {slug: Counter() for slug in live}
    # Numbers of every team, as all of the Board's figures are; no response is looked at.
    with beyond_the_fence(connection):
        for slug, row, n in connection.execute(query.where(*within).group_by(Response.slug, at)):
            seconds[slug].update({row: n, SLICES: n})
    return {
        slug: tuple({**own, **_second(seconds[slug][row])} for row, own in enumerate(one.came))
        for slug, one in live.items()
    }


def _second(n: int) -> dict[Place, int]:
    return {(SECOND, "", "yes"): n} if n else {}


def spans_heard(connection: Connection) -> list[tuple[date, date]]:
    """Return the different spans of all responses, in order."""
    spans = (TallyState.span_start, TallyState.span_end)
    own = (Tally.slug == TallyState.slug, Tally.span_start == spans[0], Tally.span_end == spans[1])
    is_heard = exists().where(*own, Tally.question == "", Tally.n > 0)
    query = select(*spans).where(TallyState.slug.in_(published_slugs(connection)), is_heard)
    return sorted((start, end) for start, end in connection.execute(query.distinct()))


def _slice_of(year: Period) -> ColumnElement[int]:
    quarters = quarters_of(year)
    held = [
        ((Response.span_start >= one.start) & (Response.span_end <= one.end), row) for row, one in enumerate(quarters)
    ]
    return case(*((condition, literal_column(str(row))) for condition, row in held), else_=literal_column("4"))


@dataclass(frozen=True)
class Answered:
    """One response of a year, without words: unguarded, and only for `splits`."""

    row: int  # the quarter, or the rest of which only a wider time is known
    service: str
    version_id: int
    variant: str | None
    point: str
    answers: Mapping[str, Any]


def answered_in(connection: Connection, year: Period, slug: str) -> list[Answered]:
    """Return the responses to one questionnaire in a reporting year, one by one.

    Args:
        connection: a reading connection.
        year: a whole reporting year.
        slug: which questionnaire.

    Returns:
        Them, in an order that does not hang on the engine. Those who ticked the same share one object of answers.
    """
    what = (Response.service, Response.version_id, Response.variant, Response.point, cast(Response.answers, Text))
    within = (Response.span_start >= year.start, Response.span_end <= year.end)
    counted = (Response.slug == slug, Response.taken_back_at.is_(None))
    query = select(_slice_of(year), *what).where(*counted, *within).order_by(Response.id)
    read: dict[str, Mapping[str, Any]] = {}
    found = []
    with beyond_the_fence(connection):
        for row, service, version_id, variant, point, ticks in connection.execute(query):
            if ticks not in read:
                read[ticks] = json.loads(ticks)
            found.append(Answered(row, service, version_id, variant, point, read[ticks]))
    return found
