"""An attacker of the Board's figures: he has every page of a year, adds, subtracts, and solves what is left.

He shares nothing with the guard but its results. What he knows is written down as sums and bounds, and linear
programming gives the least and the most that each count can be. He knows the rules as well: that a questionnaire which
is too small to show was answered by somebody, and that a count hidden alone beside others is not 0.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from hscb_voice.board import disclosure_side_by_side
from hscb_voice.board.disclosure import BOARD, Guarded, guard_base, guard_one_each, guard_ticks
from hscb_voice.board.disclosure_side_by_side import (
    REST,
    ROWS,
    Opens,
    Rows,
    guard_heads,
    guard_line,
    guard_rows,
    guard_tick_rows,
    with_whole,
)

_SURELY = 1 - 1e-6
_PLAIN_CHANCE = 0.6


@dataclass
class Knowledge:
    """What a reader knows, and what he wants to know."""

    true: list[int] = field(default_factory=list)
    bounds: list[tuple[float, float | None]] = field(default_factory=list)
    sums: list[dict[int, int]] = field(default_factory=list)  # each comes to 0
    limits: list[dict[int, int]] = field(default_factory=list)  # each comes to 0 or less
    targets: list[int] = field(default_factory=list)

    def count(self, n: int, *, shown: bool, least: int = 0, is_target: bool = True) -> int:
        """Note a count; a small one is what the attacker is after."""
        self.true.append(n)
        self.bounds.append((n, n) if shown else (least, None))
        if is_target and BOARD.is_small(n):
            self.targets.append(len(self.true) - 1)
        return len(self.true) - 1

    def add_up(self, total: int, parts: Sequence[int]) -> None:
        """Note that some counts add up to another."""
        self.sums.append({total: -1} | dict.fromkeys(parts, 1))

    def recovered(self) -> list[int]:
        """Return the small counts that can be no other whole number than they are."""
        open_still = set(self.targets)
        given = {"A_eq": self._matrix(self.sums), "b_eq": [0.0] * len(self.sums), "bounds": self.bounds}
        if self.limits:
            given |= {"A_ub": self._matrix(self.limits), "b_ub": [0.0] * len(self.limits)}
        for target in self.targets:
            for sign in (1.0, -1.0):
                if target not in open_still:
                    break
                wish = [0.0] * len(self.true)
                wish[target] = sign
                answer = linprog(wish, **given, method="highs")
                if answer.status == 3:
                    open_still.discard(target)
                    continue
                assert answer.status == 0, answer.message
                # One table in which it differs by 1 is enough; the same table clears others too.
                open_still -= {t for t in open_still if abs(answer.x[t] - self.true[t]) >= _SURELY}
        return sorted(self.true[target] for target in open_still)

    def _matrix(self, lines: list[dict[int, int]]) -> csr_matrix:
        where = [(row, place, n) for row, line in enumerate(lines) for place, n in line.items()]
        rows, places, values = zip(*where, strict=True)
        return csr_matrix((values, (rows, places)), shape=(len(lines), len(self.true)))


@dataclass(frozen=True)
class Year:
    """The true counts of two questionnaires in a year, and of four questions of the first."""

    heads: Rows
    one_each: Rows  # options, skipped
    ticks: Rows  # options, answered, skipped
    words: tuple[int, ...]  # how many answered in their own words


@dataclass(frozen=True)
class Published:
    """All that anybody can see of a year."""

    opens: tuple[tuple[bool, ...], ...]
    one_each: tuple[Guarded, ...]
    ticks: tuple[Guarded, ...]
    words: tuple[int | None, ...]


def a_year(chance: random.Random) -> Year:
    """Make up a year: some quarters large, some small or empty, sometimes with answers known by their year only."""
    size = chance.choice([4, 9, 20, 45])
    sizes = [chance.choice([0, chance.randint(1, 9), chance.randint(0, size), size]) for _ in range(4)]
    sizes.append(chance.randint(1, size) if chance.random() > _PLAIN_CHANCE else 0)
    weights = [chance.choice([1, 3, 8, 20]) for _ in range(chance.randint(2, 5))]
    options = chance.randint(2, 4)
    drawn = [_row(chance, n, weights, options) for n in sizes]
    other = [chance.randint(0, 12) for _ in sizes[:-1]] + [0]
    one_each, ticks = (with_whole(tuple(row[i] for row in drawn)) for i in (0, 1))
    words = tuple(chance.choice([n, chance.randint(0, n)]) for n in sizes)
    return Year(with_whole(tuple(zip(sizes, other, strict=True))), one_each, ticks, (*words, sum(words)))


def publish(year: Year) -> Published:
    """Publish a year as the Board's door does."""
    opens = guard_heads(year.heads)
    own = tuple(row[0] for row in opens)
    totals = tuple(row[0] for row in year.heads)
    return Published(
        opens, guard_rows(year.one_each, own), guard_tick_rows(year.ticks, own), guard_line(year.words, totals, own)
    )


def know(year: Year, shown: Published) -> Knowledge:
    """Write down all that the pages of a year tell, together."""
    known = Knowledge()
    heads = []
    for row, counts in enumerate(year.heads):
        parts = [_head(known, n, shown.opens[row][i]) for i, n in enumerate(counts)]
        total = _head(known, sum(counts), shown.opens[row][-1])
        known.add_up(total, parts)
        heads.append([*parts, total])
    totals = [row[0] for row in heads]
    know_rows(known, totals, year.one_each, shown.one_each)
    _know_ticks(known, totals, year.ticks, shown.ticks)
    words = [known.count(n, shown=shown.words[i] is not None) for i, n in enumerate(year.words)]
    lack = [known.count(head[0] - n, shown=False) for head, n in zip(year.heads, year.words, strict=True)]
    for total, n, rest in zip(totals, words, lack, strict=True):
        known.add_up(total, [n, rest])
    for table in (*zip(*heads, strict=True), words):
        known.add_up(table[-1], table[:-1])
    return known


def know_rows(known: Knowledge, totals: Sequence[int], rows: Rows, shown: Sequence[Guarded]) -> None:
    """Write down what is told of a question with one answer each.

    Args:
        known: where to.
        totals: the places of how many could answer, a row each.
        rows: true counts.
        shown: what is told of them.
    """
    table = []
    for row, counts in enumerate(rows):
        told = shown[row]
        is_partly = any(n is not None for n in told.counts)
        places = [_option(known, n, told, i, is_partly=is_partly) for i, n in enumerate(counts[:-1])]
        skipped = known.count(counts[-1], shown=told.base is not None)
        known.add_up(totals[row], [*places, skipped])
        table.append([*places, skipped])
    for column in zip(*table, strict=True):
        known.add_up(column[-1], column[:-1])


def views_lost(year: Year, shown: Published) -> tuple[int, int]:
    """Count the useful counts that would be shown if each view were guarded by itself, and those that are lost.

    Args:
        year: true counts.
        shown: what is told of them.

    Returns:
        How many of 5 and more are shown by themselves, and how many of these no longer.
    """
    useful = lost = 0
    for row in range(ROWS):
        total = year.heads[row][0]
        if row == REST or BOARD.is_small(total):
            continue
        (*options, skipped), (*ticks, base, silent) = year.one_each[row], year.ticks[row]
        alone = (*guard_one_each(options, skipped).counts, *guard_ticks(ticks, base, silent).counts)
        alone += (guard_base(year.words[row], total),)
        together = (*shown.one_each[row].counts, *shown.ticks[row].counts, shown.words[row])
        pairs = [(a, b) for a, b in zip(alone, together, strict=True) if (a or 0) >= BOARD.fewest]
        useful += len(pairs)
        lost += sum(b is None for _, b in pairs)
    return useful, lost


def forget_decisions() -> None:
    """Forget what was decided for tables seen before, so that a changed guard decides anew."""
    for name in ("guard_line", "guard_rows", "guard_tick_rows", "guard_heads"):
        getattr(disclosure_side_by_side, name).cache_clear()


def all_open(rows: Rows) -> Opens:
    """Return which rows may be shown where the numbers of responses hide none."""
    return tuple(row != REST or not any(counts) for row, counts in enumerate(rows))


def _row(chance: random.Random, n: int, weights: list[int], options: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    chosen = chance.choices(range(len(weights)), weights, k=n)
    sets = [[i for i in range(options) if chance.random() < (i + 1) / (options + 1)] for _ in range(n)]
    base = sum(1 for ticked in sets if ticked)
    ticks = tuple(sum(i in ticked for ticked in sets) for i in range(options))
    return tuple(chosen.count(i) for i in range(len(weights))), (*ticks, base, n - base)


def _head(known: Knowledge, n: int, is_open: bool) -> int:  # noqa: FBT001 - read beside its number
    return known.count(n, shown=is_open, least=min(n, 1))


def _option(known: Knowledge, n: int, told: Guarded, place: int, *, is_partly: bool) -> int:
    assert told.counts[place] in {None, n}
    least = told.at_least[place] or (min(n, 1) if is_partly else 0)
    assert least <= n
    return known.count(n, shown=told.counts[place] is not None, least=least)


def _know_ticks(known: Knowledge, totals: Sequence[int], rows: Rows, shown: Sequence[Guarded]) -> None:
    table = []
    for row, (*ticks, base, skipped) in enumerate(rows):
        told = shown[row]
        is_partly = any(n is not None for n in told.counts)
        answered = known.count(base, shown=told.base is not None)
        silent = known.count(skipped, shown=False)
        known.add_up(totals[row], [answered, silent])
        places = [_option(known, n, told, i, is_partly=is_partly) for i, n in enumerate(ticks)]
        for place, n in zip(places, ticks, strict=True):
            known.add_up(answered, [place, known.count(base - n, shown=False)])
        # Whoever answered ticked something.
        known.limits.append({answered: 1} | dict.fromkeys(places, -1))
        table.append([*places, answered])
    for column in zip(*table, strict=True):
        known.add_up(column[-1], column[:-1])
