"""What two people said of the same comments: how far a sample is, where they differ, and pairs for statistics.

It counts nothing that leaves the house: agreement is worked out from the pairs by whoever asks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from hscb_voice.reading_room.blind import Codes
from hscb_voice.reading_room.models import BlindCoding, BlindSample
from hscb_voice.responses.models import Response
from hscb_voice.responses.periods import period_names
from hscb_voice.themes.queries import machine_codes_of

_MANY = 500


@dataclass(frozen=True)
class Sample:
    """One sample and how far it is."""

    id: str
    start: date
    end: date
    seed: str
    drawn_by: str
    drawn_at: datetime
    size: int
    coded: int
    differing: int  # of those coded, where two people said different things
    to_settle: int  # of those, how many wait


@dataclass(frozen=True)
class Pair:
    """One comment that two people have coded, or are to code."""

    sample_id: str
    comment_id: str
    response_id: str
    place: int
    first_coder: str
    first: Codes
    second_coder: str | None
    second: Codes | None  # None until it is coded blind
    settled: str | None


@dataclass(frozen=True)
class DoubleCoded:
    """One comment that two people have coded, for measuring how far they agree."""

    comment_id: str
    quarter: str | None  # such as 2026-27 Q3; None when only a longer time is known
    respondent: str
    codebook: str
    first_coder: str
    first: Codes
    second_coder: str
    second: Codes
    machine: Codes | None  # what the machine says of it now; None when it cannot read it
    invented: bool


def samples(connection: Connection) -> list[Sample]:
    """Return every sample, the newest first.

    Args:
        connection: a reading connection.
    """
    is_coded, is_open = BlindCoding.second_coder.is_not(None), BlindCoding.settled.is_(None)
    differs = is_coded & func.coalesce(BlindCoding.settled, "").notin_(["agreed"])
    query = (
        select(BlindSample.id, BlindSample.span_start, BlindSample.span_end, BlindSample.seed)
        .add_columns(BlindSample.drawn_by, BlindSample.drawn_at, func.count(BlindCoding.comment_id))
        .add_columns(func.count().filter(is_coded), func.count().filter(differs))
        .add_columns(func.count().filter(is_coded & is_open))
        .outerjoin(BlindCoding, BlindCoding.sample_id == BlindSample.id)
        .group_by(BlindSample.id)
        .order_by(BlindSample.drawn_at.desc(), BlindSample.id)
    )
    return [Sample(*row) for row in connection.execute(query)]


def next_to_code(connection: Connection, sample_id: str, person: str) -> Pair | None:
    """Return the next comment of a sample that somebody may code blind: one to which they gave no first codes.

    Args:
        connection: a reading connection.
        sample_id: the sample.
        person: the person's id.

    Returns:
        The comment; None when nothing is left for this person.
    """
    query = _pairs().where(BlindCoding.sample_id == sample_id, BlindCoding.second_coder.is_(None))
    query = query.where(BlindCoding.first_coder != person).order_by(BlindCoding.place).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _pair(row)


def pair_of(connection: Connection, sample_id: str, comment_id: str) -> Pair | None:
    """Return one comment of a sample; None when it is not in it."""
    query = _pairs().where(BlindCoding.sample_id == sample_id, BlindCoding.comment_id == comment_id)
    row = connection.execute(query).first()
    return None if row is None else _pair(row)


def next_to_settle(connection: Connection, sample_id: str) -> Pair | None:
    """Return the next comment of a sample of which two people said different things, unsettled; None when all are."""
    query = _pairs().where(BlindCoding.sample_id == sample_id, BlindCoding.second_coder.is_not(None))
    row = connection.execute(query.where(BlindCoding.settled.is_(None)).order_by(BlindCoding.place).limit(1)).first()
    return None if row is None else _pair(row)


def double_coded(connection: Connection, start: date | None = None, end: date | None = None) -> Iterator[DoubleCoded]:
    """Yield every comment that two people have coded, the second one blind: material for kappa and alpha.

    Args:
        connection: a reading connection.
        start: only what was said from this day on.
        end: only what was said until this day.

    Yields:
        Pairs by quarter, then comment. The codes are those that each person gave; what was settled later plays no part.
    """
    about = (Response.span_start, Response.span_end, Response.respondent, Response.invented)
    query = (
        select(*BlindCoding.__table__.columns, *about)
        .join(Response, Response.id == BlindCoding.response_id)
        .where(BlindCoding.second_coder.is_not(None))
        .order_by(Response.span_start, BlindCoding.comment_id)
    )
    if start is not None:
        query = query.where(Response.span_start >= start)
    if end is not None:
        query = query.where(Response.span_end <= end)
    rows = connection.execute(query).all()
    for begin in range(0, len(rows), _MANY):
        some = rows[begin : begin + _MANY]
        machine = machine_codes_of(connection, [row.comment_id for row in some])
        for row in some:
            found = machine.get(row.comment_id)
            yield _double(row, Codes(*found) if found else None)


def quarter_of(start: date, end: date) -> str | None:
    """Return the reporting quarter in which some days lie; None when they are more than one quarter."""
    names = [name for name in period_names(start, end) if " Q" in name]
    return names[0] if len(names) == 1 else None


def _double(row: Any, machine: Codes | None) -> DoubleCoded:  # noqa: ANN401 - a row of columns put together at run time
    return DoubleCoded(
        comment_id=row.comment_id,
        quarter=quarter_of(row.span_start, row.span_end),
        respondent=row.respondent,
        codebook=row.codebook,
        first_coder=row.first_coder,
        first=Codes(row.first_polarity, row.first_themes),
        second_coder=row.second_coder,
        second=Codes(row.second_polarity, row.second_themes),
        machine=machine,
        invented=row.invented,
    )


def _pairs() -> Any:  # noqa: ANN401 - a selection of named columns has no short type
    # What has been erased since it was drawn can be coded by nobody.
    query = select(*BlindCoding.__table__.columns).join(Response, Response.id == BlindCoding.response_id)
    return query.where(Response.wrapped_key.is_not(None))


def _pair(row: Row[Any]) -> Pair:
    second = Codes(row.second_polarity, row.second_themes) if row.second_coder is not None else None
    return Pair(
        sample_id=row.sample_id,
        comment_id=row.comment_id,
        response_id=row.response_id,
        place=row.place,
        first_coder=row.first_coder,
        first=Codes(row.first_polarity, row.first_themes),
        second_coder=row.second_coder,
        second=second,
        settled=row.settled,
    )
