"""The memory of the Board's figures: what was shown last, kept when it is shown, and shown until it may move.

Every way out of the figures reads a year here, so that page, pack, export and API of one day, and of two days, can be
subtracted from each other without telling what one to four people answered in between (`moving`). What is written here
is counts, before they are guarded; who reads without showing anything may read `counts` themselves.
"""

import contextlib
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from hscb_voice.board.counts import (
    SLICES,
    State,
    YearCounts,
    parted,
    response_counts,
    slice_counts,
    states_of,
    year_counts,
)
from hscb_voice.board.disclosure_side_by_side import Opens
from hscb_voice.board.models import ShownYear
from hscb_voice.board.moving import waits
from hscb_voice.board.periods import Period
from hscb_voice.board.queries import slices_of_arrival
from hscb_voice.board.shown_body import NOTHING, Kept, as_body, from_body, seen_in
from hscb_voice.board.shown_opens import ALL, as_counts, brought_up, decided, is_of, with_arrival
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Database, is_writing, upsert
from hscb_voice.foundation.errors import DatabaseUnreachableError

_MARK_BITS = 62
_MUCH = 2  # so many slices a questionnaire are looked at again only when all that is counted may have changed
_NOTHING = as_counts(NOTHING, is_over=True)
_Key = tuple[str, Period]


@dataclass(frozen=True)
class YearShown:
    """A reporting year as it is shown."""

    counts: Mapping[str, YearCounts]
    opens: Mapping[str, Opens]  # of which questionnaires, in which row, the number of responses may be shown
    sums_open: Opens  # in which rows that of all together may be
    is_over: bool


@dataclass
class _Memory:
    """What a process needs to look after one database's figures, and what it has read of them."""

    database: Database
    clock: Clock
    read: dict[_Key, tuple[int, Kept]] = field(default_factory=dict)  # with the mark of each
    looked: dict[_Key, tuple[int, tuple[State, ...]]] = field(default_factory=dict)  # at which nothing had to move
    sums: dict[tuple[_Key, bool], tuple[int, YearCounts]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Standing:
    """What is kept of a year, and the states of the counts beside it."""

    kept: Mapping[str, tuple[int, Kept]]
    states: Mapping[str, tuple[State, ...]]

    def of(self, slug: str) -> Kept:
        return self.kept[slug][1] if slug in self.kept else NOTHING

    def mark(self, slug: str) -> int:
        return self.kept[slug][0] if slug in self.kept else 0


_MEMORIES: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()


def look_after(database: Database, clock: Clock) -> None:
    """Take a database's figures into care; without it none of them can be shown.

    Args:
        database: whose figures.
        clock: tells which years are over, and as of which day figures are.
    """
    _MEMORIES[database.engine] = _Memory(database, clock)


def forget_what_was_read() -> None:
    """Forget what this process has read of what was shown, for whoever measures; the database forgets nothing."""
    for memory in _MEMORIES.values():
        memory.read.clear()
        memory.looked.clear()
        memory.sums.clear()


def year_as_shown(connection: Connection, year: Period, slugs: Collection[str]) -> YearShown:
    """Return a year as it is shown: as it was shown last, and brought up to date where that may be.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: every questionnaire there is; their numbers are guarded together.

    Returns:
        The year. What is new in it has been kept as shown before this returns.

    Raises:
        DatabaseUnreachableError: something would be shown for the first time, and cannot be kept.
    """
    memory = _MEMORIES[connection.engine]
    is_over = memory.clock.today() > year.end
    standing = _Standing(_read(memory, connection, year), states_of(connection, year, slugs))
    if _has_to_move(memory, connection, year, standing, is_over=is_over):
        try:
            with _writing(memory, connection) as writer:
                standing = _renewed(memory, writer, year, slugs, is_over=is_over)
        except DatabaseUnreachableError:
            if not standing.kept:
                raise
    return _shown(memory, year, standing, is_over=is_over)


def _has_to_move(memory: _Memory, connection: Connection, year: Period, standing: _Standing, *, is_over: bool) -> bool:
    """Tell whether anything is to be shown otherwise than it was last; looks only at what has changed since."""
    if ALL in standing.kept and is_of(standing.of(ALL)) != is_over:
        return True
    many, today = 0, memory.clock.today()
    for slug, states in standing.states.items():
        look = (standing.mark(slug), states)
        if memory.looked.get((slug, year)) != look:
            moved, slices = _looked_at(connection, year, standing, slug, today)
            if moved is not standing.of(slug):
                return True
            memory.looked[slug, year] = look
            many += slices
    return many > _MUCH * len(standing.states)  # written down, so that no other process has to look at so much again


def _looked_at(connection: Connection, year: Period, standing: _Standing, slug: str, today: date) -> tuple[Kept, int]:
    """Bring a questionnaire's year up to date, reading no more than is needed to know whether it moves.

    Returns:
        The year, the same object where nothing moves; and how many of its slices had other counts than were known.
    """
    was, parts = standing.of(slug), parted(year, standing.states[slug])
    has_seen = was.has_seen(seen_in(parts))
    new = {row: parts[row] for row in range(SLICES) if not has_seen[row]}
    numbers = response_counts(connection, slug, {row: states for row, states in new.items() if was.slices[row].sizes})
    free = {row: own for row, own in new.items() if row not in numbers or not waits(was.slices[row], numbers[row])}
    return brought_up(was, slice_counts(connection, year, slug, free), today) if free else was, len(new)


@contextlib.contextmanager
def _writing(memory: _Memory, connection: Connection) -> Iterator[Connection]:
    if is_writing(connection):
        yield connection
        return
    with memory.database.writing() as writer:
        yield writer


def _renewed(memory: _Memory, writer: Connection, year: Period, slugs: Collection[str], *, is_over: bool) -> _Standing:
    """Bring a year up to date and keep it so, one process after the other, and each on what the last has kept."""
    _wait_for_turn(writer, year)
    standing = _Standing(_read(memory, writer, year), states_of(writer, year, slugs))
    today = memory.clock.today()
    moved = {slug: _looked_at(writer, year, standing, slug, today)[0] for slug in slugs}
    changed = [slug for slug in slugs if moved[slug] is not standing.of(slug)]
    live = year_counts(writer, year, changed, standing.states)
    came = slices_of_arrival(writer, year, live) if changed else {}
    moved |= {slug: with_arrival(standing.of(slug), moved[slug], live[slug], came[slug]) for slug in changed}
    new = decided({slug: standing.of(slug) for slug in slugs}, moved, standing.of(ALL), is_over=is_over)
    kept = dict(standing.kept)
    for slug, one in new.items():
        if slug == ALL or not one.is_of_nothing:
            seen = one if slug == ALL else replace(one, seen=seen_in(parted(year, standing.states[slug])))
            if seen != standing.of(slug):
                kept[slug] = (_keep(writer, slug, year, seen), seen)
    return _Standing(kept, standing.states)


def _wait_for_turn(writer: Connection, year: Period) -> None:
    """Keep others from bringing the same year up to date meanwhile: SQLite lets one write anyway."""
    row = {"slug": ALL, "year": year.start.year, "mark": 0, "body": as_body(NOTHING)}
    writer.execute(upsert(writer, ShownYear).on_conflict_do_nothing(), row)
    own = (ShownYear.slug == ALL, ShownYear.year == year.start.year)
    writer.execute(select(ShownYear.mark).where(*own).with_for_update())


def _keep(writer: Connection, slug: str, year: Period, kept: Kept) -> int:
    mark = secrets.randbits(_MARK_BITS)
    new = {"mark": mark, "body": as_body(kept)}
    statement = upsert(writer, ShownYear).values(slug=slug, year=year.start.year, **new)
    writer.execute(statement.on_conflict_do_update(index_elements=["slug", "year"], set_=new))
    return mark


def _read(memory: _Memory, connection: Connection, year: Period) -> dict[str, tuple[int, Kept]]:
    """Read what is kept of a year, and of that only what this process has not read."""
    of_year = ShownYear.year == year.start.year
    marks = [(slug, mark) for slug, mark in connection.execute(select(ShownYear.slug, ShownYear.mark).where(of_year))]
    known = {slug: memory.read[slug, year] for slug, _ in marks if (slug, year) in memory.read}
    found = {slug: known[slug] for slug, mark in marks if slug in known and known[slug][0] == mark}
    lacking = [slug for slug, mark in marks if mark and slug not in found]
    if lacking:
        query = select(ShownYear.slug, ShownYear.mark, ShownYear.body).where(of_year, ShownYear.slug.in_(lacking))
        for slug, mark, body in connection.execute(query):
            found[slug] = memory.read[slug, year] = (mark, from_body(body))
    return found


def _shown(memory: _Memory, year: Period, standing: _Standing, *, is_over: bool) -> YearShown:
    counts = {}
    for slug in standing.states:
        if slug not in standing.kept:
            counts[slug] = _NOTHING
            continue
        key = ((slug, year), is_over)
        mark, known = memory.sums.get(key, (None, _NOTHING))
        if mark != standing.mark(slug):
            known = as_counts(standing.of(slug), is_over=is_over)
            memory.sums[key] = (standing.mark(slug), known)
        counts[slug] = known
    opens = {slug: standing.of(slug).opens for slug in standing.states}
    return YearShown(counts, opens, standing.of(ALL).opens, is_over)
