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

from sqlalchemy import Connection, Engine, Row, Select, bindparam, case, func, select

from hscb_voice.board.periods import Period, quarters_of
from hscb_voice.responses.models import Tally, TallyState

Place = tuple[str, str, str]  # question, row, choice
Key = TypeVar("Key")
ValueT = TypeVar("ValueT")
SLICES = 4 + 1  # four quarters, and the rest
# How the questions begin that only the themes room counts; of these some are shown nowhere.
_THEMES, _NEVER_SHOWN = "theme", ("polarity", "standby:")
# What a process remembers at most: the blocks of four years and the sums of five, some ten megabytes.
_MOST_BLOCKS, _MOST_YEARS = 550, 60
_STATES = (
    select(TallyState.slug, TallyState.span_start, TallyState.span_end, TallyState.state)
    .where(TallyState.span_start <= bindparam("until"), TallyState.span_end >= bindparam("since"))
    .order_by(TallyState.slug, TallyState.span_start, TallyState.span_end)
)
# Grouped in the order of the table's own key, so that neither engine has to sort.
_WHERE = (Tally.span_start, Tally.span_end, Tally.question, Tally.row, Tally.choice, Tally.respondent, Tally.service)
_ROWS = (
    select(*_WHERE, func.sum(Tally.n), func.sum(case((Tally.invented, Tally.n), else_=0)))
    .where(Tally.slug == bindparam("slug"), Tally.span_start >= bindparam("first"))
    .where(Tally.span_start <= bindparam("last"), Tally.span_end <= bindparam("until"))
    .where(*(~Tally.question.startswith(name, autoescape=True) for name in _NEVER_SHOWN))
    .group_by(*_WHERE)
)
State = tuple[date, date, int]
_Counted = Row[date, date, str, str, str, str, str, int, int]


@dataclass(frozen=True)
class Raw:
    """One questionnaire's unguarded counts for a period."""

    counts: Mapping[Place, int] = field(default_factory=dict)
    by_respondent: Mapping[str, int] = field(default_factory=dict)
    invented: int = 0
    of_each: Mapping[str, Mapping[Place, int]] = field(default_factory=dict)  # of themes: respondent -> place -> count
    by_service: Mapping[str, int] = field(default_factory=dict)  # an empty name where none was noted

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


class _Memory:
    """What one process has read of one database."""

    def __init__(self, rows: Select[*tuple[Any, ...]]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._blocks: dict[tuple[str, date, date], tuple[int, Raw]] = {}
        self._years: dict[tuple[str, Period], tuple[tuple[State, ...], YearCounts]] = {}
        self._places: dict[Place, Place] = {}  # one object a place, however many blocks name it

    def year(self, connection: Connection, year: Period, slug: str, states: tuple[State, ...]) -> YearCounts:
        """Return a year's counts, reading what has another state than when it was read."""
        known = self._years.get((slug, year))
        if known is not None and known[0] == states:
            return known[1]
        found = _summed(year, self._blocks_of(connection, slug, states))
        with self._lock:
            _keep(self._years, (slug, year), (states, found), _MOST_YEARS)
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
        starts = [start for start, _ in spans]
        asked = {"slug": slug, "first": min(starts), "last": max(starts), "until": max(end for _, end in spans)}
        rows: dict[tuple[date, date], list[_Counted]] = {}
        for row in connection.execute(self._rows, asked):
            rows.setdefault((row[0], row[1]), []).append(row)
        return {span: self._block(rows[span]) for span in spans if span in rows}

    def _block(self, rows: Sequence[_Counted]) -> Raw:
        counts: dict[Place, int] = {}
        of_each: dict[str, dict[Place, int]] = {}
        who: dict[str, int] = {}
        served: dict[str, int] = {}
        invented = 0
        for _, _, question, line, choice, respondent, service, n, is_invented in rows:
            place = self._places.setdefault(named := (question, line, choice), named)
            if question.startswith(_THEMES):
                _add(of_each.setdefault(respondent, {}), place, n)
                continue
            _add(counts, place, n)
            if not question:
                _add(who, respondent, n)
                _add(served, service, n)
                invented += int(is_invented)
        themes = {one: _kept(own) for one, own in of_each.items()}
        return Raw(_kept(counts), _kept(who), invented, themes, _kept(served))


_MEMORIES: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()


def _summed(year: Period, blocks: Mapping[tuple[date, date], Raw]) -> YearCounts:
    parts: list[list[Raw]] = [[] for _ in range(SLICES)]
    quarters = quarters_of(year)
    for (start, end), block in blocks.items():
        if year.holds(start, end):
            parts[next((at for at, one in enumerate(quarters) if one.holds(start, end)), SLICES - 1)].append(block)
    slices = [sum_of(part) for part in parts]
    spans = tuple(span for span, block in blocks.items() if block.responses)
    return YearCounts((*slices, sum_of(slices)), spans)


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
    )


def add_up(parts: Collection[Mapping[Key, int]] | Iterator[Mapping[Key, int]]) -> dict[Key, int]:
    """Return the sums of several counts, place by place."""
    whole: Counter[Key] = Counter()
    for part in parts:
        whole.update(part)
    return dict(whole)


def _add(counts: dict[Key, int], key: Key, n: int) -> None:
    counts[key] = counts.get(key, 0) + int(n)


def _kept(counts: Mapping[Key, int]) -> dict[Key, int]:
    return {key: n for key, n in counts.items() if n}


def _keep(known: dict[Key, ValueT], key: Key, value: ValueT, most: int) -> None:
    """Remember something as the newest, and forget what was remembered longest ago."""
    known.pop(key, None)
    known[key] = value
    while len(known) > most:
        known.pop(next(iter(known)))
