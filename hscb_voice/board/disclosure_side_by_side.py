"""Guards the views of one year together, so that none can be had by subtracting the others from each other.

A year's counts are six rows: its quarters, the rest of which only a wider time is known, and the whole year. Anybody
can ask for the quarters and the year; the rest is shown nowhere, but it is what is left when they are subtracted. Each
row is guarded by itself first (`disclosure`), then more of the year is hidden where the rows together would tell a
count of 1 to 4. A quarter is shown as it is safe by itself, whatever comes after it: whoever kept its page has it. So
a year that is not over is the sum of what its quarters show.
Pure arithmetic: it knows no table, no page and no database. What it decides is remembered by content.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from hscb_voice.board.disclosure import BOARD, Guarded, guard_base, guard_one_each, guard_ticks, guard_total
from hscb_voice.board.disclosure_network import VALUES_LEFT, Arc, Network, Place

REST, WHOLE = 4, 5  # rows, after the four quarters
ROWS = 6
Rows = tuple[tuple[int, ...], ...]  # one tuple a row; the whole is the sum of the others
Opens = tuple[bool, ...]  # a row: may anything of it be shown
Kept = tuple[tuple[bool | None, ...], ...]  # of each number of responses, what was decided before; None for nothing
_YEAR, _NOUGHT, _SKIPPED = 25, 6, 10  # what it costs to hide a count
_TOTAL, _HEAD, _YEARS_HEAD = 5, 60, 300


def with_whole(parts: Rows) -> Rows:
    """Return the rows of a year with their sum set at the end.

    Args:
        parts: the quarters and the rest, each as long as the others.

    Returns:
        Those and the whole.
    """
    return (*parts, tuple(sum(column) for column in zip(*parts, strict=True)))


@lru_cache(maxsize=4096)
def guard_line(
    rows: tuple[int, ...], within: tuple[int, ...] | None, opens: Opens, *, is_over: bool = True
) -> tuple[int | None, ...]:
    """Guard one number through a year, such as how many of those who were heard were taken up.

    Args:
        rows: six numbers.
        within: the whole of which each is a part, shown where the row is open; None when it is a part of nothing.
        opens: which rows may be shown; the rest never is.
        is_over: whether the year is over; until then it is no more than the sum of what its quarters show.

    Returns:
        Six numbers; None where it is hidden.
    """
    few = {row for row in range(ROWS) if _is_few(rows[row], within[row] if within else None)}
    alone = [n if row not in few and _is_open(row, opens) else None for row, n in enumerate(rows)]
    if not is_over:
        return (*alone[:WHOLE], _sum_of_shown(alone[:REST]))
    network = Network()
    for row, n in enumerate(rows):
        network.arcs[row] = _line_arc(row, n, within[row] if within else None, hidden=alone[row] is None)
    if not network.protect(few):
        is_nothing = within is not None and within[WHOLE] == 0 and opens[WHOLE]
        return (*alone[:WHOLE], 0 if is_nothing else None)
    return (*alone[:WHOLE], None if WHOLE in network.hidden() else alone[WHOLE])


@lru_cache(maxsize=4096)
def guard_rows(rows: Rows, opens: Opens, *, is_over: bool = True, apart: int | None = None) -> tuple[Guarded, ...]:
    """Guard a question of which everybody gave one answer at most, through a year.

    Args:
        rows: six rows: how many gave each answer, and last how many gave none. A row's sum is known if it is open.
        opens: which rows may be shown.
        is_over: whether the year is over.
        apart: the place of an answer that stands against all others (`guard_one_each`).

    Returns:
        What may be shown of each row.
    """
    alone = [_alone(rows[row], _is_open(row, opens) or not any(rows[row]), apart) for row in range(ROWS)]
    if not is_over:
        return (*alone[:WHOLE], _summed(alone[:REST], is_open=opens[WHOLE]))
    network = Network()
    for row, counts in enumerate(rows):
        places = (*alone[row].counts, alone[row].base)
        bounds = (*alone[row].at_least, None)
        is_partly = any(n is not None for n in places)
        for column, n in enumerate(counts):
            hidden = places[column] is None
            lower = bounds[column] or (
                min(n, 1) if hidden and is_partly and sum(counts[:-1]) >= BOARD.percent_base else 0
            )
            cost = _cost(row, n, is_skip=column == len(counts) - 1) if any(counts) else None
            ends = (("column", column), ("row", row)) if row == WHOLE else (("row", row), ("column", column))
            network.arcs[row, column] = Arc(*ends, n, hidden=hidden, lower=lower, cost=cost)
    few = [place for place, arc in network.arcs.items() if BOARD.is_small(arc.n)]
    few += _hidden_noughts(rows, alone, apart)
    if not network.protect(few):
        return (*alone[:WHOLE], _all_hidden(rows[WHOLE], alone[WHOLE]))
    hidden_places = network.hidden()
    hidden_whole = [(WHOLE, column) in hidden_places for column in range(len(rows[WHOLE]))]
    return (*alone[:WHOLE], _narrowed(alone[WHOLE], hidden_whole))


def _hidden_noughts(rows: Rows, alone: Sequence[Guarded], apart: int | None) -> list[Place]:
    """Return where nobody gave the answer that stands against all others, in rows that hide this and show more."""
    if apart is None:
        return []
    return [
        (row, apart)
        for row, shown in enumerate(alone)
        if rows[row][apart] == 0 and shown.counts[apart] is None and any(n is not None for n in shown.counts)
    ]


@lru_cache(maxsize=4096)
def guard_tick_rows(rows: Rows, opens: Opens, *, is_over: bool = True) -> tuple[Guarded, ...]:
    """Guard a question at which any number of answers could be ticked, through a year.

    Args:
        rows: six rows: how many ticked each answer, then how many answered at all, last how many did not.
        opens: which rows may be shown.
        is_over: whether the year is over.

    Returns:
        What may be shown of each row.
    """
    alone = []
    for row, (*options, base, skipped) in enumerate(rows):
        is_open = _is_open(row, opens) or base + skipped == 0
        alone.append(
            guard_ticks(options, base, skipped)
            if is_open
            else Guarded((None,) * len(options), (None,) * len(options), None)
        )
    if not is_over:
        return (*alone[:WHOLE], _summed(alone[:REST], is_open=opens[WHOLE]))
    bases = _guard_bases(rows, alone)
    if bases is None:
        return (*alone[:WHOLE], _all_hidden((*rows[WHOLE][:-2], rows[WHOLE][-1]), alone[WHOLE]))
    hidden = [_guard_option(rows, alone, option) for option in range(len(rows[0]) - 2)]
    hidden_whole = [*(places is None or WHOLE in places for places in hidden), WHOLE in bases]
    return (*alone[:WHOLE], _narrowed(alone[WHOLE], hidden_whole))


@lru_cache(maxsize=256)
def guard_heads(rows: Rows, kept: Kept | None = None, *, is_over: bool = True) -> tuple[tuple[bool, ...], ...]:
    """Decide of which questionnaires, and of their sum, the number of responses may be shown, through a year.

    Args:
        rows: six rows: how many responses each questionnaire had.
        kept: what was decided before of numbers that have not changed since, each the sum of all last; None for those
            that have. What has been shown cannot be taken back, so it hides nothing.
        is_over: whether the year is over; until then it is shown where each of its quarters is.

    Returns:
        Six rows of whether each number may be shown, the sum of all last. Of a questionnaire whose number may not,
        nothing may be shown in that row.
    """
    last = len(rows[0])
    kept = kept or ((None,) * (last + 1),) * ROWS
    network = Network()
    for row, counts in enumerate(rows):
        for column, n in enumerate((*counts, sum(counts))):
            is_few = BOARD.is_small(n) or (column == last and guard_total(n, counts) is None)
            was = kept[row][column]
            hidden = bool(n) and (is_few or row == REST or was is False)
            arc = Arc(*_head_ends(row, column, last), n, hidden=hidden, lower=min(n, 1))
            weight = (_HEAD, _YEARS_HEAD) if column < last else (_TOTAL, 4 * _TOTAL)
            arc.cost = weight[row == WHOLE] + n // 10 if n and not was else None
            network.arcs[row, column] = arc
    if not is_over:
        return _heads_of_an_open_year(network, last)
    few = [place for place, arc in network.arcs.items() if BOARD.is_small(arc.n)]
    hidden_places = network.hidden() if network.protect(few) else _all_that_can_be(network, kept)
    return tuple(tuple((row, column) not in hidden_places for column in range(last + 1)) for row in range(ROWS))


def _heads_of_an_open_year(network: Network, last: int) -> tuple[tuple[bool, ...], ...]:
    hidden = network.hidden()
    opens = [[(row, column) not in hidden for column in range(last + 1)] for row in range(WHOLE)]
    return (*map(tuple, opens), tuple(all(opens[row][column] for row in range(REST)) for column in range(last + 1)))


def _all_that_can_be(network: Network, kept: Kept) -> set[Place]:
    places = ((row, column) for row in range(ROWS) for column in range(len(kept[row])))
    return {at for at in places if network.arcs[at].n and (network.arcs[at].hidden or not kept[at[0]][at[1]])}


def _sum_of_shown(parts: Sequence[int | None]) -> int | None:
    shown = [n for n in parts if n is not None]
    return sum(shown) if len(shown) == len(parts) else None


def _summed(parts: Sequence[Guarded], *, is_open: bool) -> Guarded:
    """Add up what is shown of a year's quarters. It tells nothing that they do not tell; a hidden sum has a bound."""
    columns = list(zip(*(one.counts for one in parts), strict=True))
    counts = tuple(_sum_of_shown(column) if is_open else None for column in columns)
    bounds = tuple(zip(*(one.at_least for one in parts), strict=True))
    least = [sum(n or bound or 0 for n, bound in zip(*both, strict=True)) for both in zip(columns, bounds, strict=True)]
    at_least = tuple(bound if n is None and bound and is_open else None for n, bound in zip(counts, least, strict=True))
    return Guarded(counts, at_least, _sum_of_shown([one.base for one in parts]) if is_open else None)


def _is_open(row: int, opens: Opens) -> bool:
    return opens[row] and row != REST


def _is_few(n: int, most: int | None) -> bool:
    return BOARD.is_small(n) or (most is not None and guard_base(n, most) is None)


def _cost(row: int, n: int, *, is_skip: bool = False) -> int | None:
    """Return what it costs to hide a count of the year. A quarter's own stays as it is: it may have been shown."""
    return _YEAR + (_SKIPPED if is_skip else 0) + (0 if n else _NOUGHT) if row == WHOLE else None


def _line_arc(row: int, n: int, most: int | None, *, hidden: bool) -> Arc:
    ends = ("head", "tail") if row == WHOLE else ("tail", "head")
    # Nobody need be told that a part of nothing, or a rest that is not there, is nothing.
    is_known = most == 0 or (row == REST and n == 0 and most is None)
    return Arc(
        *ends,
        n,
        hidden=hidden and not is_known,
        lower=min(n, 1),
        upper=most if most is None or n == most else most - 1,
        cost=None if is_known or (n == 0 and most is None) else _cost(row, n),
    )


def _alone(row: tuple[int, ...], is_open: bool, apart: int | None) -> Guarded:  # noqa: FBT001 - read beside its row
    nothing = (None,) * (len(row) - 1)
    return guard_one_each(row[:-1], row[-1], apart=apart) if is_open else Guarded(nothing, nothing, None)


def _narrowed(alone: Guarded, hidden: list[bool]) -> Guarded:
    """Hide more of a row. A lower bound goes with the base from which it was reckoned."""
    has_lost_base = alone.base is not None and hidden[-1]
    return Guarded(
        counts=tuple(None if is_hidden else n for n, is_hidden in zip(alone.counts, hidden[:-1], strict=True)),
        at_least=(None,) * len(alone.at_least) if has_lost_base else alone.at_least,
        base=None if hidden[-1] else alone.base,
    )


def _all_hidden(row: tuple[int, ...], alone: Guarded) -> Guarded:
    nothing = (None,) * len(alone.counts)
    return Guarded(nothing, nothing, None) if any(row) else alone


def _guard_bases(rows: Rows, alone: list[Guarded]) -> set[object] | None:
    """Guard how many answered a question of ticks: it lies between the most ticked answer and the sum of all ticks."""
    network = Network()
    for row, (*ticks, base, skipped) in enumerate(rows):
        total = base + skipped
        is_hidden = alone[row].base is None
        arc = _line_arc(row, skipped, total, hidden=is_hidden)
        known = min(skipped, 1) if is_hidden and total and row != REST else 0
        arc.lower = max(total - sum(ticks), known)
        arc.upper = max(total - max(ticks, default=0), skipped)
        arc.cost = _cost(row, skipped, is_skip=True) if total else None
        network.arcs[row] = arc
    few = [row for row, (*_, base, skipped) in enumerate(rows) if BOARD.is_small(skipped) or BOARD.is_small(base)]
    return network.hidden() if network.protect(few) else None


def _guard_option(rows: Rows, alone: list[Guarded], option: int) -> set[object] | None:
    """Guard one answer to tick, with those who answered and did not tick it."""
    network = Network()
    for row, (*ticks, base, _) in enumerate(rows):
        n, bound = ticks[option], alone[row].at_least[option]
        is_partly = any(count is not None for count in alone[row].counts)
        arc = _line_arc(row, n, base, hidden=alone[row].counts[option] is None)
        arc.lower = bound or (min(n, 1) if is_partly else 0)
        arc.upper = base if not is_partly or n == base else base - 1
        # Everybody who answered ticked something: where that leaves no room, the count cannot be thought lower.
        if sum(ticks) - base < VALUES_LEFT - 1:
            arc.lower = n
        network.arcs[row] = arc
    return network.hidden() if network.protect(_few_ticks(rows, option)) else None


def _few_ticks(rows: Rows, option: int) -> Iterator[int]:
    for row, (*ticks, base, skipped) in enumerate(rows):
        n = ticks[option]
        if base and any(BOARD.is_small(few) for few in (n, base - n, base - n + skipped)):
            yield row


def _head_ends(row: int, column: int, last: int) -> tuple[tuple[str, int], tuple[str, int]]:
    ends = ("row", row), ("column", column)
    return ends[::-1] if (row == WHOLE) != (column == last) else ends
