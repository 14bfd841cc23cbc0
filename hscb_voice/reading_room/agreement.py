"""What two people said of the same comments: how far a sample is, where they differ, and pairs for statistics.

It counts nothing that leaves the house: agreement is worked out from the pairs by whoever asks for them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from hscb_voice.codebooks.queries import codebook_of, versions
from hscb_voice.reading_room.acts import Act
from hscb_voice.reading_room.blind import Codes
from hscb_voice.reading_room.models import BlindCoding, BlindSample, ReadingAct
from hscb_voice.reading_room.seeing import seen_by
from hscb_voice.responses.models import Response
from hscb_voice.responses.periods import period_names
from hscb_voice.themes.learning_queries import learned_at
from hscb_voice.themes.models import Coding
from hscb_voice.themes.queries import CommentCoding, machine_codings_of
from hscb_voice.themes.service import PERSON

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
    stood: frozenset[str] | None = None  # themes of both people's codebooks; None when that is not known of one
    machine_stood: frozenset[str] | None = None  # of the machine's and the second person's
    was_lesson: bool = False  # the machine read it by a model that had learned from a person's code of it


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
    """Return the next comment of a sample that somebody may code blind: one of which they have seen no codes.

    Args:
        connection: a reading connection.
        sample_id: the sample.
        person: the person's id.

    Returns:
        The comment; None when nothing is left for this person.
    """
    query = _pairs().where(BlindCoding.sample_id == sample_id, BlindCoding.second_coder.is_(None))
    rows = connection.execute(query.order_by(BlindCoding.place)).all()
    seen = seen_by(connection, [row.comment_id for row in rows], person)
    return next((_pair(row) for row in rows if row.comment_id not in seen), None)


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
    learned, books = learned_at(connection), _Books(connection)
    for begin in range(0, len(rows), _MANY):
        some = rows[begin : begin + _MANY]
        machine = machine_codings_of(connection, [row.comment_id for row in some])
        coded = _first_coded(connection, [row.comment_id for row in some])
        for row in some:
            found = machine.get(row.comment_id)
            lesson = found is not None and _was_lesson(found, coded.get(row.comment_id), learned)
            yield _double(row, found, books, was_lesson=lesson)


def quarter_of(start: date, end: date) -> str | None:
    """Return the reporting quarter in which some days lie; None when they are more than one quarter."""
    names = [name for name in period_names(start, end) if " Q" in name]
    return names[0] if len(names) == 1 else None


class _Books:
    """The themes of each version by which somebody coded."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, frozenset[str] | None] = {}

    def both(self, one: str | None, other: str | None) -> frozenset[str] | None:
        """Return the themes that stand in both; None when one of the versions is not known."""
        first, second = self._themes(one or ""), self._themes(other or "")
        return None if first is None or second is None else first & second

    def _themes(self, version: str) -> frozenset[str] | None:
        if version not in self._known:
            known = {str(one.number) for one in versions(self._connection)}
            themes = codebook_of(self._connection, int(version)).theme_ids() if version in known else None
            self._known[version] = None if themes is None else frozenset(themes)
        return self._known[version]


def _first_coded(connection: Connection, comment_ids: Sequence[str]) -> dict[str, datetime]:
    """Return when each comment was first coded by a person, as far as is known."""
    of_samples = select(BlindCoding.comment_id, func.min(BlindSample.drawn_at).label("at"))
    drawn = of_samples.join(BlindSample, BlindSample.id == BlindCoding.sample_id).where(
        BlindCoding.comment_id.in_(comment_ids)
    )
    found = {row.comment_id: row.at for row in connection.execute(drawn.group_by(BlindCoding.comment_id))}
    by_person = select(Coding.comment_id, func.min(Coding.made_at).label("at")).where(
        Coding.comment_id.in_(comment_ids), Coding.source == PERSON
    )
    # What was coded and taken back may have taught a model meanwhile.
    codes = (Act.RIGHT, Act.CODES, Act.THEME, Act.FLIP)
    by_act = select(ReadingAct.item_id.label("comment_id"), func.min(ReadingAct.made_at).label("at")).where(
        ReadingAct.item_id.in_(comment_ids), ReadingAct.act.in_(codes)
    )
    for query in (by_person.group_by(Coding.comment_id), by_act.group_by(ReadingAct.item_id)):
        for row in connection.execute(query):
            found[row.comment_id] = min(row.at, found.get(row.comment_id, row.at))
    return found


def _was_lesson(machine: CommentCoding, coded: datetime | None, learned: Mapping[int, datetime]) -> bool:
    """Tell whether the model that read a comment may have learned from it; of a model long gone nobody knows."""
    if machine.learned is None:
        return False
    made_at = learned.get(machine.learned)
    return made_at is None or coded is None or coded <= made_at


def _double(row: Any, machine: CommentCoding | None, books: _Books, *, was_lesson: bool) -> DoubleCoded:  # noqa: ANN401 - a row of columns put together at run time
    themes = {code.theme: code.polarity for code in machine.themes} if machine else {}
    return DoubleCoded(
        comment_id=row.comment_id,
        quarter=quarter_of(row.span_start, row.span_end),
        respondent=row.respondent,
        codebook=row.codebook,
        first_coder=row.first_coder,
        first=Codes(row.first_polarity, row.first_themes),
        second_coder=row.second_coder,
        second=Codes(row.second_polarity, row.second_themes),
        machine=Codes(machine.polarity, themes) if machine else None,
        invented=row.invented,
        stood=books.both(row.codebook, row.second_codebook),
        machine_stood=books.both(machine.codebook, row.second_codebook) if machine else None,
        was_lesson=was_lesson,
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
