"""An attacker who kept every page: those of each quarter when it ended, of the year as it grew, and of the whole year.

He has what the public was given as well. What he knows is written down for the solver of `attacking`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hscb_voice.board.counts import Raw
from hscb_voice.board.disclosure import Guarded
from hscb_voice.board.disclosure_side_by_side import (
    REST,
    ROWS,
    WHOLE,
    Kept,
    Rows,
    guard_heads,
    guard_line,
    guard_rows,
    guard_tick_rows,
    with_whole,
)
from hscb_voice.board.figures import Count, Distribution
from hscb_voice.board.public import public_row
from tests.support.attacking import Knowledge, Published, Year, know

_HALF = 2  # a rounded number stands for those up to two away


def publish_through_time(year: Year) -> list[tuple[Year, Published]]:
    """Publish a year as its pages show it at the end of each quarter, and once more when it is over."""
    published: list[tuple[Year, Published]] = []
    kept: Kept | None = None
    for ended in (1, 2, 3, 4, 5):
        is_over = ended > REST
        so_far = _so_far(year, ended)
        opens = guard_heads(so_far.heads, kept, is_over=is_over)
        own = tuple(row[0] for row in opens)
        totals = tuple(row[0] for row in so_far.heads)
        shown = Published(
            opens,
            guard_rows(so_far.one_each, own, is_over=is_over),
            guard_tick_rows(so_far.ticks, own, is_over=is_over),
            guard_line(so_far.words, totals, own, is_over=is_over),
        )
        published.append((so_far, shown))
        # Quarters that have ended stay as they were shown; the next quarter's numbers, and the year's, are new.
        kept = tuple(opens[row] if row < min(ended, REST) else (None,) * len(opens[row]) for row in range(ROWS))
        if ended == REST and not any(year.heads[REST]):
            kept = (*kept[:WHOLE], opens[WHOLE])
    return published


def know_through_time(year: Year, published: Sequence[tuple[Year, Published]]) -> Knowledge:
    """Write down what all these pages tell together."""
    *earlier, (_, last) = published
    merged = last
    for ended, (_, shown) in enumerate(earlier, start=1):
        merged = Published(
            tuple(
                tuple(a or (b and row < ended) for a, b in zip(one, other, strict=True))
                for row, (one, other) in enumerate(zip(merged.opens, shown.opens, strict=True))
            ),
            _both(merged.one_each, shown.one_each, ended),
            _both(merged.ticks, shown.ticks, ended),
            tuple(
                b if a is None and row < ended else a
                for row, (a, b) in enumerate(zip(merged.words, shown.words, strict=True))
            ),
        )
    known = know(year, merged)
    for so_far, shown in earlier:
        _know_growing_year(known, so_far, shown)
    return known


def know_the_public(known: Knowledge, rows: Rows, shown: Sequence[Guarded]) -> int:
    """Write down what the public's rounded numbers of a question tell beside all else.

    Args:
        known: made by `know_through_time`, whose first places of this question begin after the numbers of responses.
        rows: true counts of the question with one answer each.
        shown: what the Board is shown of them.

    Returns:
        How many rounded numbers were used.
    """
    used = 0
    for row, one in enumerate(shown):
        told = public_row(
            Distribution("", "", one.base, one.base, tuple(Count(str(i), "", n) for i, n in enumerate(one.counts)))
        )
        for column, count in enumerate(told.counts):
            if count.n is None:
                continue
            assert abs(count.n - rows[row][column]) <= _HALF
            place = known.count(rows[row][column], shown=False, is_target=False)
            known.bounds[place] = (max(count.n - _HALF, 0), count.n + _HALF)
            known.add_up(place, [_place_of(rows, row, column)])
            used += 1
    return used


@dataclass(frozen=True)
class Person:
    """Somebody who answered, and what."""

    id: int
    said: str


def slices_through_time(chance: random.Random, looks: int) -> list[frozenset[Person]]:
    """Make up who had answered at each look at a quarter: some come, some go, some are put right."""
    people: set[Person] = set()
    found = []
    for turn in range(looks):
        people |= {Person(turn * 100 + i, chance.choice("abc")) for i in range(chance.choice([0, 1, 2, 3, 6, 9]))}
        for one in chance.sample(sorted(people, key=lambda one: one.id), min(len(people), chance.choice([0, 0, 1, 6]))):
            people.remove(one)
            people |= {replace(one, said=chance.choice("abc"))} if chance.random() < 0.5 else set()
        found.append(frozenset(people))
    return found


def counted(people: frozenset[Person]) -> Raw:
    """Count them as the summary table would."""
    counts = {("", "", ""): len(people), ("q", "", ""): len(people)}
    counts |= {("q", "", said): sum(one.said == said for one in people) for said in "abc"}
    return Raw({place: n for place, n in counts.items() if n}, {"child": len(people)}, 0, {}, {"": len(people)})


def _so_far(year: Year, ended: int) -> Year:
    def cut(rows: Rows) -> Rows:
        nothing = (0,) * len(rows[0])
        return with_whole(tuple(row if at < ended else nothing for at, row in enumerate(rows[:WHOLE])))

    words = [n if at < ended else 0 for at, n in enumerate(year.words[:WHOLE])]
    return Year(cut(year.heads), cut(year.one_each), cut(year.ticks), (*words, sum(words)))


def _both(one: Sequence[Guarded], other: Sequence[Guarded], ended: int) -> tuple[Guarded, ...]:
    """Put together what two pages tell of quarters that had ended; those of a year that grows are other numbers."""
    merged = []
    for row, (a, b) in enumerate(zip(one, other, strict=True)):
        if row >= ended:
            merged.append(a)
            continue
        counts = tuple(y if x is None else x for x, y in zip(a.counts, b.counts, strict=True))
        bounds = [max(x or 0, y or 0) for x, y in zip(a.at_least, b.at_least, strict=True)]
        at_least = tuple(bound if n is None and bound else None for n, bound in zip(counts, bounds, strict=True))
        merged.append(Guarded(counts, at_least, b.base if a.base is None else a.base))
    return tuple(merged)


def _know_growing_year(known: Knowledge, so_far: Year, shown: Published) -> None:
    """Write down the sums that a page of a year that is not over shows."""
    told = shown.one_each[WHOLE]
    for column, n in enumerate(told.counts):
        if n is not None:
            assert n == so_far.one_each[WHOLE][column]
            total = known.count(n, shown=True, is_target=False)
            ended = [row for row in range(REST) if any(so_far.one_each[row])]
            known.add_up(total, [_place_of(so_far.one_each, row, column) for row in ended])


def _place_of(rows: Rows, row: int, column: int) -> int:
    """Return where `know` put a count of the question with one answer each: after the numbers of responses."""
    heads = ROWS * 3
    return heads + row * len(rows[0]) + column
