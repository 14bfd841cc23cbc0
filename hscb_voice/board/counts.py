"""Reads the summary table once, and remembers what it has read for as long as it holds.

A questionnaire's counts of one span (a month, mostly) are a block. Every change of a block gives it another state, in
the transaction that changes it (`responses/tallies.py`). So one small query tells which blocks must be read again; a
page of a period in which nothing has happened reads nothing else, and none is ever out of date. Nothing is guarded.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, Select, bindparam, func, select, type_coerce
from sqlalchemy.types import NullType

from hscb_voice.board.periods import Period, quarters_of
from hscb_voice.responses.models import Tally, TallyState
from hscb_voice.responses.tallies import CAME

Place = tuple[str, str, str]  # question, row, choice
Key = TypeVar("Key")
ValueT = TypeVar("ValueT")
SLICES = 4 + 1  # four quarters, and the rest
OUTSIDE = SLICES  # blocks that may belong to a year, but reach beyond it, and so are in none of its slices
# How the questions begin that only the themes room counts; of these some are shown nowhere.
_THEMES, _NEVER_SHOWN = "theme", ("polarity", "standby:")
# What a process remembers at most: the blocks of four years and the sums of five, some ten megabytes.
_MOST_BLOCKS, _MOST_YEARS = 550, 60
_MOST_SLICES = _MOST_YEARS * (SLICES + 1)
_STATES = (
    select(TallyState.slug, TallyState.span_start, TallyState.span_end, TallyState.state)
    .where(TallyState.span_start <= bindparam("until"), TallyState.span_end >= bindparam("since"))
    .order_by(TallyState.slug, TallyState.span_start, TallyState.span_end)
)
# Added up here and not by the database: there are hardly fewer sums than rows, and to group them took it twice as long.
# A day is read as the driver gives it, text or date: to make a date of it in each row would cost more than the rest.
_DAYS = (type_coerce(Tally.span_start, NullType()), type_coerce(Tally.span_end, NullType()))
_ROWS = (
    select(*_DAYS, Tally.question, Tally.row, Tally.choice, Tally.respondent, Tally.service, Tally.n, Tally.invented)
    .where(Tally.slug == bindparam("slug"), Tally.span_start >= bindparam("first"))
    .where(Tally.span_start <= bindparam("last"), Tally.span_end <= bindparam("until"))
    .where(*(~Tally.question.startswith(name, autoescape=True) for name in _NEVER_SHOWN))
)
_RESPONSES = (
    select(Tally.span_start, Tally.span_end, func.sum(Tally.n))
    .where(Tally.slug == bindparam("slug"), Tally.span_start >= bindparam("first"), Tally.question == "")
    .where(Tally.span_start <= bindparam("last"), Tally.span_end <= bindparam("until"))
    .group_by(Tally.span_start, Tally.span_end)
)
State = tuple[date, date, int]
_Counted = Row[Any, Any, str, str, str, str, str, int, bool]


@dataclass(frozen=True)
class Raw:
    """One questionnaire's unguarded counts for a period."""

    counts: Mapping[Place, int] = field(default_factory=dict)
    by_respondent: Mapping[str, int] = field(default_factory=dict)
    invented: int = 0
    of_each: Mapping[str, Mapping[Place, int]] = field(default_factory=dict)  # of themes: respondent -> place -> count
    by_service: Mapping[str, int] = field(default_factory=dict)  # an empty name where none was noted
    came: Mapping[Place, int] = field(default_factory=dict, compare=False)  # by which ways and in which languages

    @property
    def responses(self) -> int:
        """Return how many responses there are."""
        return self.counts.get(("", "", ""), 0)


@dataclass(frozen=True)
class YearCounts:
    """One questionnaire's unguarded counts of a reporting year."""

    slices: tuple[Raw, ...]  # its four quarters, the rest of which only a wider time is known, and the whole year
    spans: tuple[tuple[date, date], ...]  # between which days the answers were said that may belong to the year
    came: tuple[Mapping[Place, int], ...] = ({},) * (SLICES + 1)  # by which ways, in which languages; as it is shown
    as_of: tuple[date | None, ...] = (None,) * (SLICES + 1)  # on which day each slice was so; None where none is shown

    def has_wider(self, period: Period) -> bool:
        """Tell whether there are answers that may belong to a period, but of which only a wider one is known."""
        return any(
            start <= period.end and end >= period.start and not period.holds(start, end) for start, end in self.spans
        )


def states_of(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, tuple[State, ...]]:
    """Return the state of every block of some questionnaires in a reporting year: the same states, the same counts.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: which questionnaires.

    Returns:
        Slug -> first day, last day and state, in order.
    """
    states: dict[str, list[State]] = {slug: [] for slug in slugs}
    for slug, start, end, state in connection.execute(_STATES, {"since": year.start, "until": year.end}):
        if slug in states:
            states[slug].append((start, end, state))
    return {slug: tuple(own) for slug, own in states.items()}


def parted(year: Period, states: Sequence[State]) -> tuple[tuple[State, ...], ...]:
    """Part the states of a year's blocks by its slices.

    Args:
        year: the reporting year.
        states: of the blocks of one questionnaire.

    Returns:
        Those of each slice, and last of what is in none.
    """
    parts: list[list[State]] = [[] for _ in range(SLICES + 1)]
    quarters = quarters_of(year)
    for state in states:
        start, end, _ = state
        row = next((at for at, one in enumerate(quarters) if one.holds(start, end)), SLICES - 1)
        parts[row if year.holds(start, end) else OUTSIDE].append(state)
    return tuple(map(tuple, parts))


def slice_counts(
    connection: Connection, year: Period, slug: str, states: Mapping[int, tuple[State, ...]]
) -> dict[int, Raw]:
    """Sum the counts of some slices of a year, as they are now.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slug: which questionnaire.
        states: row of the slice -> its part of `parted`.

    Returns:
        Row -> counts.
    """
    memory = _MEMORIES.setdefault(connection.engine, _Memory(_ROWS))
    return {row: one.raw for row, one in memory.slices(connection, year, slug, states).items()}


def year_counts(
    connection: Connection, year: Period, slugs: Collection[str], states: Mapping[str, tuple[State, ...]] | None = None
) -> dict[str, YearCounts]:
    """Sum the counts of some questionnaires, as they are now, in every slice of a reporting year.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: which questionnaires.
        states: their states, if they have been read in this transaction.

    Returns:
        Slug -> its counts.
    """
    memory = _MEMORIES.setdefault(connection.engine, _Memory(_ROWS))
    known = states_of(connection, year, slugs) if states is None else states
    return {slug: memory.year(connection, year, slug, known[slug]) for slug in slugs}


def forget_all() -> None:
    """Forget everything that this process has read, as if it had just begun; for whoever measures or tests that."""
    _MEMORIES.clear()


def response_counts(connection: Connection, slug: str, states: Mapping[int, tuple[State, ...]]) -> dict[int, int]:
    """Count the responses of some slices of a year, as they are now, reading nothing of what they answered.

    Args:
        connection: a reading connection.
        slug: which questionnaire.
        states: row of the slice -> its part of `parted`.

    Returns:
        Row -> how many.
    """
    rows = {(start, end): row for row, own in states.items() for start, end, _ in own}
    found = dict.fromkeys(states, 0)
    for start, end, n in connection.execute(_RESPONSES, _asked(slug, rows)) if rows else ():
        if (start, end) in rows:
            found[rows[start, end]] += int(n)
    return found


@dataclass(frozen=True)
class _Slice:
    """What was read of one slice of a questionnaire's year."""

    states: tuple[State, ...]
    raw: Raw
    spans: tuple[tuple[date, date], ...]  # of its blocks in which there is any response


class _Memory:
    """What one process has read of one database."""

    def __init__(self, rows: Select[*tuple[Any, ...]]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._blocks: dict[tuple[str, date, date], tuple[int, Raw]] = {}
        self._slices: dict[tuple[str, Period, int], _Slice] = {}
        self._years: dict[tuple[str, Period], tuple[tuple[State, ...], YearCounts]] = {}
        self._places: dict[Place, Place] = {}  # one object a place, however many blocks name it

    def year(self, connection: Connection, year: Period, slug: str, states: tuple[State, ...]) -> YearCounts:
        """Return a year's counts, reading what has another state than when it was read."""
        known = self._years.get((slug, year))
        if known is not None and known[0] == states:
            return known[1]
        read = self.slices(connection, year, slug, dict(enumerate(parted(year, states))))
        found = _summed([read[row] for row in range(SLICES)], read[OUTSIDE])
        with self._lock:
            _keep(self._years, (slug, year), (states, found), _MOST_YEARS)
        return found

    def slices(
        self, connection: Connection, year: Period, slug: str, wanted: Mapping[int, tuple[State, ...]]
    ) -> dict[int, _Slice]:
        """Return slices of a year, reading and adding up only those that have another state than when it was done."""
        known = {row: self._slices.get((slug, year, row)) for row in wanted}
        found = {row: one for row, one in known.items() if one is not None and one.states == wanted[row]}
        lacking = {row: states for row, states in wanted.items() if row not in found}
        blocks = self._blocks_of(connection, slug, [state for states in lacking.values() for state in states])
        for row, states in lacking.items():
            own = {(start, end): blocks[start, end] for start, end, _ in states}
            heard = tuple(span for span, block in own.items() if block.responses)
            found[row] = _Slice(states, sum_of(list(own.values())), heard)
            with self._lock:
                _keep(self._slices, (slug, year, row), found[row], _MOST_SLICES)
        return found

    def _blocks_of(self, connection: Connection, slug: str, states: Sequence[State]) -> dict[tuple[date, date], Raw]:
        blocks, lacking = {}, {}
        for start, end, state in states:
            was, block = self._blocks.get((slug, start, end), (None, None))
            if block is not None and was == state:
                blocks[start, end] = block
            else:
                lacking[start, end] = state
        if lacking:
            read = self._read(connection, slug, lacking)
            for (start, end), state in lacking.items():
                block = blocks[start, end] = read.get((start, end)) or Raw()
                with self._lock:
                    _keep(self._blocks, (slug, start, end), (state, block), _MOST_BLOCKS)
        return blocks

    def _read(
        self, connection: Connection, slug: str, spans: Collection[tuple[date, date]]
    ) -> dict[tuple[date, date], Raw]:
        rows: dict[tuple[object, object], list[_Counted]] = {}
        for row in connection.execute(self._rows, _asked(slug, spans)):
            rows.setdefault((row[0], row[1]), []).append(row)
        named = {(str(start), str(end)): own for (start, end), own in rows.items()}
        texts = {span: (str(span[0]), str(span[1])) for span in spans}
        return {span: self._block(named[text]) for span, text in texts.items() if text in named}

    def _block(self, rows: Sequence[_Counted]) -> Raw:
        counts: dict[Place, int] = {}
        of_each: dict[str, dict[Place, int]] = {}
        came: dict[Place, int] = {}
        who: dict[str, int] = {}
        served: dict[str, int] = {}
        invented = 0
        for _, _, question, line, choice, respondent, service, n, is_invented in rows:
            place = self._places.setdefault(named := (question, line, choice), named)
            if question.startswith(_THEMES):
                _add(of_each.setdefault(respondent, {}), place, n)
                continue
            _add(came if question.startswith(CAME) else counts, place, n)
            if not question:
                _add(who, respondent, n)
                _add(served, service, n)
                invented += n if is_invented else 0
        themes = {one: _kept(own) for one, own in of_each.items()}
        return Raw(_kept(counts), _kept(who), invented, themes, _kept(served), _kept(came))


_MEMORIES: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()


def _asked(slug: str, spans: Collection[tuple[date, date]]) -> dict[str, object]:
    starts = [start for start, _ in spans]
    return {"slug": slug, "first": min(starts), "last": max(starts), "until": max(end for _, end in spans)}


def _summed(slices: Sequence[_Slice], outside: _Slice) -> YearCounts:
    parts = [one.raw for one in slices]
    whole = sum_of(parts)
    spans = sorted(span for one in (*slices, outside) for span in one.spans)
    return YearCounts((*parts, whole), tuple(spans), tuple(raw.came for raw in (*parts, whole)))


def sum_of(parts: Sequence[Raw]) -> Raw:
    """Return the counts of several slices together."""
    if len(parts) == 1:
        return parts[0]
    respondents = {who for part in parts for who in part.of_each}
    return Raw(
        add_up(part.counts for part in parts),
        add_up(part.by_respondent for part in parts),
        sum(part.invented for part in parts),
        {who: add_up(part.of_each.get(who, {}) for part in parts) for who in sorted(respondents)},
        add_up(part.by_service for part in parts),
        add_up(part.came for part in parts),
    )


def add_up(parts: Collection[Mapping[Key, int]] | Iterator[Mapping[Key, int]]) -> dict[Key, int]:
    """Return the sums of several counts, place by place."""
    whole: Counter[Key] = Counter()
    for part in parts:
        whole.update(part)
    return dict(whole)


def _add(counts: dict[Key, int], key: Key, n: int) -> None:
    counts[key] = counts.get(key, 0) + n


def _kept(counts: Mapping[Key, int]) -> dict[Key, int]:
    return {key: n for key, n in counts.items() if n}


def _keep(known: dict[Key, ValueT], key: Key, value: ValueT, most: int) -> None:
    """Remember something as the newest, and forget what was remembered longest ago."""
    known.pop(key, None)
    known[key] = value
    while len(known) > most:
        known.pop(next(iter(known)))
