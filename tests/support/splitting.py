"""Made-up people for splits: what each said, in which quarter, at which service, how old, and who helped."""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations, product

from hscb_voice.board.disclosure import BOARD, guard_one_each, guard_ticks
from hscb_voice.board.disclosure_side_by_side import (
    REST,
    ROWS,
    WHOLE,
    Rows,
    guard_heads,
    guard_rows,
    guard_tick_rows,
    with_whole,
)
from hscb_voice.board.disclosure_witness import BASE, YEAR, Cell, Said, SplitQuestion, Stood, Value
from hscb_voice.board.splits import together
from tests.support.attacking import Knowledge

OPTIONS = ("a", "b", "c", "d")


def people(chance: random.Random, size: int, *, is_ticks: bool = False) -> list[Said]:
    """Make people up: lines of very different sizes, as services and ages are."""
    cuts = [[(chr(97 + i), chance.choice([1, 3, 9])) for i in range(chance.randint(2, 5))] for _ in range(3)]
    weights = [chance.choice([1, 2, 6, 14]) for _ in OPTIONS]
    leans = {line: chance.choice([0, 1, 2]) for line, _ in cuts[0]}
    rows = chance.choices(range(5), [chance.choice([2, 5, 8]) for _ in range(4)] + [chance.choice([0, 0, 1])], k=size)
    raw = []
    for row in rows:
        lines = tuple(chance.choices([n for n, _ in cut], [w for _, w in cut])[0] for cut in cuts)
        own = [w * (3 if i == leans[lines[0]] else 1) for i, w in enumerate(weights)]
        raw.append(Said(row, lines, _value(chance, own, is_ticks=is_ticks)))
    return _lined(raw)


def _lined(raw: Sequence[Said]) -> list[Said]:
    """Put lines that are too small together, as the door does."""
    kept = []
    for cut in range(3):
        names = sorted({said.lines[cut] for said in raw})
        numbers = [sum(said.lines[cut] == name for said in raw) for name in names]
        told = guard_one_each(numbers, 0).counts
        kept.append({line.key for line in together(list(zip(names, names, told, strict=True)), len(raw))})
    return [
        Said(s.row, tuple(x if x in own else "*others" for x, own in zip(s.lines, kept, strict=True)), s.value)
        for s in raw
    ]


def _value(chance: random.Random, weights: Sequence[int], *, is_ticks: bool) -> Value:
    if chance.random() < 0.1:
        return frozenset()
    if is_ticks:
        top = sum(weights)
        chosen = [o for o, w in zip(OPTIONS, weights, strict=True) if chance.random() < w / top] or [OPTIONS[0]]
    else:
        chosen = chance.choices(OPTIONS, weights)
    return frozenset([("", BASE), *(("", o) for o in chosen)])


def rows_of(said: Sequence[Said], *, is_ticks: bool) -> Rows:
    """Count people by quarter: how many gave each answer, for ticks how many answered, and how many skipped."""
    rows = []
    for row in range(REST + 1):
        own = [one.value for one in said if one.row == row]
        base = sum(bool(value) for value in own)
        counts = [sum(("", option) in value for value in own) for option in OPTIONS]
        rows.append((*counts, base, len(own) - base) if is_ticks else (*counts, len(own) - base))
    return with_whole(tuple(rows))


def published(said: Sequence[Said], *, is_ticks: bool) -> tuple[Stood, tuple[bool, ...]]:
    """Guard the year and its quarters, and say what they hide."""
    rows = rows_of(said, is_ticks=is_ticks)
    totals = [row[-1] + (row[-2] if is_ticks else sum(row[:-1])) for row in rows]
    opens = tuple(row[0] for row in guard_heads(tuple((n,) for n in totals)))
    shown = (guard_tick_rows if is_ticks else guard_rows)(rows, opens)
    hidden: set[tuple[int, Cell]] = set()
    least = {}
    for row, told in enumerate(shown):
        if told.base is None or row == REST:
            hidden.add((row, ("", BASE)))
        for option, n, bound in zip(OPTIONS, told.counts, told.at_least, strict=True):
            if n is None or row == REST:
                hidden.add((row, ("", option)))
            if bound:
                least[row, ("", option)] = bound
    return Stood(frozenset(hidden), least), opens


def split(said: Sequence[Said], *, is_ticks: bool = False) -> SplitQuestion:
    """Split a made-up question as the door does."""
    stood, _ = published(said, is_ticks=is_ticks)
    question = SplitQuestion(said, stood, is_ticks=is_ticks)
    question.protect()
    return question


def know_split(said: Sequence[Said], question: SplitQuestion, *, is_ticks: bool = False) -> Knowledge:
    """Write down all that a reader has of a question: its year, its quarters and its splits, tied together.

    Everybody is one of the people that there could be: a quarter, a line of each cut, an answer. How many of each kind
    there are nobody knows; every count that is shown is a sum of them.
    """
    stood, opens = published(said, is_ticks=is_ticks)
    lines = [sorted({one.lines[cut] for one in said}) for cut in range(3)]
    places = product(sorted({one.row for one in said}), product(*lines), values_of(is_ticks=is_ticks))
    world = _World(said, [Said(row, where, value) for row, where, value in places], is_ticks=is_ticks)
    for row in range(ROWS):
        hidden = {cell for at, cell in stood.hidden if at == row}
        world.know(
            [kind for kind in world.joint if row in {WHOLE, kind.row}], hidden, has_total=opens[row] and row != REST
        )
    for cut, names in enumerate(lines):
        for name in names if len(names) > 1 and not question.dropped[cut] else ():
            hidden = {cell for table, line, cell in question.hidden if (table, line) == (cut, name)}
            world.know([kind for kind in world.joint if kind.lines[cut] == name], hidden, has_total=True)
    return world.known


class _World:
    """Every kind of person that there could be, and what is known of how many there are."""

    def __init__(self, said: Sequence[Said], kinds: Sequence[Said], *, is_ticks: bool) -> None:
        true = Counter(said)
        self.known, self._is_ticks = Knowledge(), is_ticks
        self.joint = {kind: self.known.count(true[kind], shown=False, is_target=False) for kind in kinds}

    def know(self, own: Sequence[Said], hidden: Collection[Cell], *, has_total: bool) -> None:
        """Write down what a line tells."""
        base = ("", BASE)
        self._sum(own, shown=has_total, is_target=False)
        answered = [kind for kind in own if base in kind.value]
        self._sum(answered, shown=base not in hidden)
        self._sum([kind for kind in own if base not in kind.value], shown=False)
        # Where something of a line is shown, a count that is hidden there is not 0, as the attacker is told.
        is_partly = any(("", option) not in hidden for option in OPTIONS)
        for option in OPTIONS:
            cell = ("", option)
            self._sum([kind for kind in own if cell in kind.value], shown=cell not in hidden, is_known=is_partly)
            if self._is_ticks:
                self._sum([kind for kind in answered if cell not in kind.value], shown=False)

    def _sum(self, kinds: Sequence[Said], *, shown: bool, is_target: bool = True, is_known: bool = False) -> None:
        parts = [self.joint[kind] for kind in kinds]
        n = sum(self.known.true[part] for part in parts)
        self.known.add_up(
            self.known.count(n, shown=shown, least=min(n, 1) if is_known else 0, is_target=is_target), parts
        )


def values_of(*, is_ticks: bool) -> list[Value]:
    """Return all that one person could have answered."""
    if not is_ticks:
        return [frozenset(), *(frozenset([("", BASE), ("", option)]) for option in OPTIONS)]
    ticked = (some for many in range(1, len(OPTIONS) + 1) for some in combinations(OPTIONS, many))
    return [frozenset(), *(frozenset([("", BASE), *(("", option) for option in some)]) for some in ticked)]


def told(said: Sequence[Said], question: SplitQuestion) -> dict[tuple[int, str | int, Cell], int]:
    """Return every count of a question that is shown, counted anew from people."""
    counts: Counter[tuple[int, str | int, Cell]] = Counter()
    for one in said:
        for cell in one.value:
            counts.update([(YEAR, one.row, cell), (YEAR, WHOLE, cell)])
            counts.update((cut, line, cell) for cut, line in enumerate(one.lines) if not question.dropped[cut])
    return {place: n for place, n in counts.items() if place not in question.hidden}


def splits_lost(question: SplitQuestion) -> tuple[int, int]:
    """Count the useful counts of splits.

    Args:
        question: guarded.

    Returns:
        How many of 5 and more each line guarded by itself would show, and how many of these are lost.
    """
    useful = lost = 0
    for (cut, line), total in question.totals.items():
        if cut == YEAR or total == len(question.people):
            continue
        counts = [question.counts[cut, line, ("", option)] for option in OPTIONS]
        base = question.counts[cut, line, ("", BASE)]
        alone = guard_ticks(counts, base, total - base) if question.is_ticks else guard_one_each(counts, total - base)
        for option, n in zip(OPTIONS, alone.counts, strict=True):
            if (n or 0) >= BOARD.fewest:
                useful += 1
                lost += question.dropped[cut] or (cut, line, ("", option)) in question.hidden
    return useful, lost
