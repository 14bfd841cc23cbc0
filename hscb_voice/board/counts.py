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
# How the questions begin that only the themes room counts, and of these the ones that are shown.
_OF_THEMES, _THEMES = ("theme", "polarity", "standby:"), "theme"
# What a process remembers at most of either kind: the blocks of four years and the sums of five, some ten megabytes.
_MOST_BLOCKS, _MOST_YEARS = 550, 60
_STATES = (
    select(TallyState.slug, TallyState.span_start, TallyState.span_end, TallyState.state)
    .where(TallyState.span_start <= bindparam("until"), TallyState.span_end >= bindparam("since"))
    .order_by(TallyState.slug, TallyState.span_start, TallyState.span_end)
)
# Grouped in the order of the table's own key, so that neither engine has to sort.
_WHERE = (Tally.span_start, Tally.span_end, Tally.question, Tally.row, Tally.choice, Tally.respondent)
_ROWS = (
    select(*_WHERE, func.sum(Tally.n), func.sum(case((Tally.invented, Tally.n), else_=0)))
    .where(Tally.slug == bindparam("slug"), Tally.span_start >= bindparam("first"))
    .where(Tally.span_start <= bindparam("last"), Tally.span_end <= bindparam("until"))
    .group_by(*_WHERE)
)
_ANSWERS_ONLY = _ROWS.where(*(~Tally.question.startswith(name, autoescape=True) for name in _OF_THEMES))
_THEMES_ONLY = _ROWS.where(Tally.question.startswith(_THEMES, autoescape=True))
_State = tuple[date, date, int]
_Counted = Row[date, date, str, str, str, str, int, int]


@dataclass(frozen=True)
class Raw:
    """One questionnaire's unguarded counts for a period."""

    counts: Mapping[Place, int] = field(default_factory=dict)
    by_respondent: Mapping[str, int] = field(default_factory=dict)
    invented: int = 0
    of_each: Mapping[str, Mapping[Place, int]] = field(default_factory=dict)  # of themes: respondent -> place -> count

    @property
    def responses(self) -> int:
        """Return how many responses there are."""
        return self.counts.get(("", "", ""), 0)


@dataclass(frozen=True)
class YearCounts:
    """One questionnaire's unguarded counts of a reporting year."""

    slices: tuple[Raw, ...]  # its four quarters, the rest of which only a wider time is known, and the whole year
    spans: tuple[tuple[date, date], ...]  # between which days the answers were said that may belong to the year

    def has_wider(self, period: Period) -> bool:
        """Tell whether there are answers that may belong to a period, but of which only a wider one is known."""
        return any(
            start <= period.end and end >= period.start and not period.holds(start, end) for start, end in self.spans
        )


def year_counts(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, YearCounts]:
    """Sum the counts of some questionnaires in every slice of a reporting year; those of themes are left out.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: which questionnaires.

    Returns:
        Slug -> its counts.
    """
    return _memories_of(connection.engine)[0].years(connection, year, slugs)


def year_of_themes(connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, YearCounts]:
    """Sum the counts of themes, apart by respondent, in every slice of a reporting year.

    Args:
        connection: a reading connection.
        year: a reporting year.
        slugs: of which questionnaires.

    Returns:
        Slug -> its counts.
    """
    return _memories_of(connection.engine)[1].years(connection, year, slugs)


def forget_all() -> None:
    """Forget everything that this process has read, as if it had just begun; for whoever measures or tests that."""
    _MEMORIES.clear()


class _Memory:
    """What one process has read of one database."""

    def __init__(self, rows: Select[*tuple[Any, ...]]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._blocks: dict[tuple[str, date, date], tuple[int, Raw]] = {}
        self._years: dict[tuple[str, Period], tuple[tuple[_State, ...], YearCounts]] = {}
        self._places: dict[Place, Place] = {}  # one object a place, however many blocks name it

    def years(self, connection: Connection, year: Period, slugs: Collection[str]) -> dict[str, YearCounts]:
        """Return a year's counts, reading what has another state than when it was read."""
        states: dict[str, list[_State]] = {slug: [] for slug in slugs}
        for slug, start, end, state in connection.execute(_STATES, {"since": year.start, "until": year.end}):
            if slug in states:
                states[slug].append((start, end, state))
        return {slug: self._year(connection, year, slug, tuple(known)) for slug, known in states.items()}

    def _year(self, connection: Connection, year: Period, slug: str, states: tuple[_State, ...]) -> YearCounts:
        known = self._years.get((slug, year))
        if known is not None and known[0] == states:
            return known[1]
        found = _summed(year, self._blocks_of(connection, slug, states))
        with self._lock:
            _keep(self._years, (slug, year), (states, found), _MOST_YEARS)
        return found

    def _blocks_of(self, connection: Connection, slug: str, states: Sequence[_State]) -> dict[tuple[date, date], Raw]:
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
        invented = 0
        for _, _, question, line, choice, respondent, n, is_invented in rows:
            place = self._places.setdefault(named := (question, line, choice), named)
            if question.startswith(_THEMES):
                of_each.setdefault(respondent, {})[place] = int(n)
                continue
            counts[place] = counts.get(place, 0) + int(n)
            if not question:
                who[respondent] = who.get(respondent, 0) + int(n)
                invented += int(is_invented)
        return Raw(_kept(counts), _kept(who), invented, {one: _kept(own) for one, own in of_each.items()})


_MEMORIES: WeakKeyDictionary[Engine, tuple[_Memory, _Memory]] = WeakKeyDictionary()


def _memories_of(engine: Engine) -> tuple[_Memory, _Memory]:
    return _MEMORIES.setdefault(engine, (_Memory(_ANSWERS_ONLY), _Memory(_THEMES_ONLY)))


def _summed(year: Period, blocks: Mapping[tuple[date, date], Raw]) -> YearCounts:
    parts: list[list[Raw]] = [[] for _ in range(SLICES)]
    quarters = quarters_of(year)
    for (start, end), block in blocks.items():
        if year.holds(start, end):
            parts[next((at for at, one in enumerate(quarters) if one.holds(start, end)), SLICES - 1)].append(block)
    slices = [_sum(part) for part in parts]
    spans = tuple(span for span, block in blocks.items() if block.responses)
    return YearCounts((*slices, _sum(slices)), spans)


def _sum(parts: Sequence[Raw]) -> Raw:
    if len(parts) == 1:
        return parts[0]
    respondents = {who for part in parts for who in part.of_each}
    return Raw(
        add_up(part.counts for part in parts),
        add_up(part.by_respondent for part in parts),
        sum(part.invented for part in parts),
        {who: add_up(part.of_each.get(who, {}) for part in parts) for who in sorted(respondents)},
    )


def add_up(parts: Collection[Mapping[Key, int]] | Iterator[Mapping[Key, int]]) -> dict[Key, int]:
    """Return the sums of several counts, place by place."""
    whole: Counter[Key] = Counter()
    for part in parts:
        whole.update(part)
    return dict(whole)


def _kept(counts: Mapping[Key, int]) -> dict[Key, int]:
    return {key: n for key, n in counts.items() if n}


def _keep(known: dict[Key, ValueT], key: Key, value: ValueT, most: int) -> None:
    """Remember something as the newest, and forget what was remembered longest ago."""
    known.pop(key, None)
    known[key] = value
    while len(known) > most:
        known.pop(next(iter(known)))
