"""Guards a question that is split into lines (by service, age or helper) beside its year and quarters, guarded already.

A split hangs on the other figures in more ways than sums of a network can say: question by quarter, question by age and
age by quarter bind each other. So nothing is proven by sums here. For each small count a *witness* is looked for: the
same people, of whom one or two said something else, from which everything that is shown comes out just the same, but
this count is another. Where that needs more hidden counts, the cheapest are hidden; where there is none, the whole
split is. A reader cannot tell the witness from the truth, whatever he adds, subtracts or solves.

Pure arithmetic: it knows no table, no page and no database.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_side_by_side import ROWS, WHOLE

YEAR = -1  # the table of the year and its quarters, beside those of the cuts
BASE = ""  # the option that stands for all who answered
Cell = tuple[str, str]  # the row of a grid or "", and the option or BASE
Value = frozenset[Cell]  # in which cells one person's answer counts; empty for who skipped
Place = tuple[int, str | int, Cell]  # table, line of it, cell
Move = tuple[int, Value]  # which person, and what that person said instead
_USEFUL, _NOUGHT = 20, 6  # what it costs to hide a count
_TRIED, _MENDED, _CHECKED, _EACH = 1500, 120, 40, 3
_BEAM, _MOST_PEOPLE, _FEWEST_LINES = 12, 4, 2


@dataclass(frozen=True)
class Said:
    """What one person answered, in which row of the year, and to which line of each cut that person belongs."""

    row: int
    lines: tuple[str, ...]
    value: Value


@dataclass(frozen=True)
class Stood:
    """What the year and its quarters show of the question already."""

    hidden: frozenset[tuple[int, Cell]]
    least: Mapping[tuple[int, Cell], int] = field(default_factory=dict)  # lower bounds that stand on a page


@dataclass(frozen=True)
class Target:
    """A small count to keep: how it is made of cells, and how many it is."""

    table: int
    line: str | int
    watched: tuple[tuple[Cell, int], ...]
    n: int

    def is_moved(self, net: Mapping[Place, int]) -> bool:
        """Tell whether it is another in a world that differs by `net`."""
        return sum(sign * net.get((self.table, self.line, cell), 0) for cell, sign in self.watched) != 0


Changes = tuple[tuple[Said, Value], ...]  # people of which kinds say what else


def any_may_say_anything(_moves: Sequence[Move]) -> bool:
    """Tell that people could have answered so: nothing else ties their answers."""
    return True


class SplitQuestion:
    """One question and its splits."""

    def __init__(
        self,
        people: Sequence[Said],
        stood: Stood,
        *,
        is_ticks: bool = False,
        allows: Callable[[Sequence[Move]], bool] = any_may_say_anything,
    ) -> None:
        """Count people.

        Args:
            people: everybody who sent the form in the year.
            stood: what is shown already.
            is_ticks: whether several answers can be ticked, so that those who did not tick one are a count too.
            allows: tells whether some people could have said something else, with all else as it is shown.
        """
        self.people, self.is_ticks = people, is_ticks
        self.cuts = len(people[0].lines) if people else 0
        self.dropped = [False] * self.cuts
        self.hidden: set[Place] = {(YEAR, row, cell) for row, cell in stood.hidden}
        self.counts: Counter[Place] = Counter()
        self.totals: Counter[tuple[int, str | int]] = Counter()
        self._effects: dict[tuple[int, int], list[tuple[Place, int]]] = {}
        self.witnesses: list[tuple[Target, tuple[Move, ...]]] = []
        self._stood, self._allows = stood, allows
        self.kinds: dict[Said, list[int]] = defaultdict(list)
        for i, said in enumerate(people):
            self.kinds[said].append(i)
        for said, own in self.kinds.items():  # far fewer than people
            for table, line in _where(said):
                self.totals[table, line] += len(own)
                for cell in said.value:
                    self.counts[table, line, cell] += len(own)
        self.cells = sorted({cell for said in self.kinds for cell in said.value})
        self.values = sorted({said.value for said in self.kinds}, key=sorted)
        self._own: dict[tuple[int, str | int], list[Said]] = defaultdict(list)
        self._alike: dict[tuple[object, ...], list[Said]] = defaultdict(list)
        for said in self.kinds:
            for table, line in _where(said):
                self._own[table, line].append(said)
            for table in range(YEAR, self.cuts):
                self._alike[_likeness(said, table)].append(said)
            self._alike["row", said.row].append(said)

    def protect(self) -> None:
        """Hide what must be hidden in the splits; where that is not enough, drop one whole, or all."""
        targets = [list(self.targets(table)) for table in range(self.cuts)]
        self._hide_small_lines()
        for table, own in enumerate(targets):
            self.hidden.update((table, target.line, target.watched[0][0]) for target in own)
        # A cut into one line says nothing new, and is shown nowhere.
        self.dropped = [len({said.lines[table] for said in self.kinds}) < _FEWEST_LINES for table in range(self.cuts)]
        for table, own in enumerate(targets):
            self.dropped[table] = self.dropped[table] or not all(
                self._find(target) for target in sorted(own, key=lambda one: -one.n)
            )
        if not all(self.dropped) and not all(self._find(target) for target in self.of_the_year()):
            self.dropped = [True] * self.cuts

    def of_the_year(self) -> list[Target]:
        """Return the small counts that the year and its quarters keep."""
        return [
            target
            for target in self.targets(YEAR)
            if any((YEAR, target.line, cell) in self.hidden for cell, _ in target.watched)
        ]

    def absorbs(self, net: Mapping[Place, int], without: Sequence[int]) -> bool:
        """Tell whether a change of the splits that comes from elsewhere can go unseen, if need be by one exchange.

        Args:
            net: how counts change; of this question's splits only.
            without: people who have changed already.
        """
        if self._cost(net) == 0:
            return True
        lines = {(table, line) for (table, line, _), step in net.items() if step and not self.dropped[table]}
        for table, line in sorted(lines, key=str):
            for pair in islice(self._exchanges(table, line), _TRIED):
                both = self.effect(pair)
                for place, step in net.items():
                    both[place] = both.get(place, 0) + step
                if self._cost(both) == 0 and next(self.worlds(pair, without), None):
                    return True
        return False

    def candidates(self, target: Target) -> Iterator[Changes]:
        """Yield changes that would make a target another and leave the year and its quarters as they are shown."""
        for pair in self._changes(target):
            net = self.effect(pair)
            if target.is_moved(net) and self._cost(net) is not None:
                yield pair

    def effect(self, changes: Changes) -> dict[Place, int]:
        """Return how counts differ when people of some kinds say something else."""
        net: dict[Place, int] = {}
        for said, value in changes:
            for place, step in self._effect(said, value):
                net[place] = net.get(place, 0) + step
        return net

    def _effect(self, said: Said, value: Value) -> list[tuple[Place, int]]:
        key = (id(said), id(value))  # both live as long as this; comparing them would cost more than all the rest
        if key not in self._effects:
            cells = [(cell, 1 if cell in value else -1) for cell in said.value ^ value]
            self._effects[key] = [((table, line, cell), step) for table, line in _where(said) for cell, step in cells]
        return self._effects[key]

    def worlds(self, changes: Changes, without: Sequence[int] = ()) -> Iterator[tuple[Move, ...]]:
        """Yield people of some kinds who could have said something else.

        Args:
            changes: which kinds, and what they said instead.
            without: people who have changed already.
        """
        free = [[i for i in self.kinds[said] if i not in without][:_EACH] for said, _ in changes]
        for chosen in product(*free):
            moves = tuple((i, value) for i, (_, value) in zip(chosen, changes, strict=True))
            if len(set(chosen)) == len(chosen) and self._allows(moves):
                yield moves

    def targets(self, table: int) -> Iterator[Target]:
        """Yield the small counts of a table."""
        lines = range(ROWS) if table == YEAR else sorted({said.lines[table] for said in self.kinds})
        for line in lines:
            total = self.totals[table, line]
            for cell in self.cells:
                n, base = self.counts[table, line, cell], self.counts[table, line, (cell[0], BASE)]
                lack, itself = base - n, ((cell, 1),)
                if BOARD.is_small(n):
                    yield Target(table, line, itself, n)
                if (cell[1] == BASE or self.is_ticks) and BOARD.is_small(total - n):
                    yield Target(table, line, itself, total - n)
                is_alike = table != YEAR and 0 < n == base < BOARD.small_base
                if cell[1] != BASE and (is_alike or (self.is_ticks and BOARD.is_small(lack))):
                    yield Target(table, line, ((cell, 1), ((cell[0], BASE), -1)), lack)

    def _hide_small_lines(self) -> None:
        for table in range(self.cuts):
            for line in {said.lines[table] for said in self.kinds}:
                for cell in self.cells:
                    if cell[1] != BASE and self.counts[table, line, (cell[0], BASE)] < BOARD.percent_base:
                        self.hidden.add((table, line, cell))

    def _find(self, target: Target) -> bool:
        """Look for the cheapest witness, and hide what it needs."""
        near = (pair for pair in islice(self._changes(target), _TRIED) if target.is_moved(self.effect(pair)))
        return self._take(target, near) or self._take(target, self._far(target))

    def _take(self, target: Target, found: Iterator[Changes]) -> bool:
        priced = []
        for turn, changes in enumerate(found):
            net = self.effect(changes)
            if (cost := self._cost(net)) is not None:
                priced.append((cost, turn, changes, net))
        for _, _, changes, net in sorted(priced, key=lambda one: one[:2])[:_CHECKED]:
            if people := next(self.worlds(changes), None):
                self.hidden.update(place for place, step in net.items() if step)
                self.witnesses.append((target, people))
                return True
        return False

    def _changes(self, target: Target) -> Iterator[Changes]:
        """Yield one person who says something else where a year may show it, and pairs of people who exchange."""
        if target.table == YEAR:
            for said in self._own[YEAR, target.line]:
                yield from (((said, value),) for value in self.values if value != said.value)
        yield from self._exchanges(target.table, target.line)

    def _exchanges(self, table: int, line: str | int) -> Iterator[Changes]:
        """Yield pairs of people who exchange what they said and are alike in all but this table's line."""
        for said in self._own[table, line]:
            others = self._alike[_likeness(said, table)]
            yield from (((said, other.value), (other, said.value)) for other in others if other.value != said.value)

    def _far(self, target: Target) -> Iterator[Changes]:
        """Yield changes of up to four people: each next one mends what of the year the ones before would show."""
        own = (((said, value),) for said in self._own[target.table, target.line] for value in self.values)
        beam: list[Changes] = [one for one in islice(own, _TRIED) if target.is_moved(self.effect(one))]
        for _ in range(_MOST_PEOPLE):
            ranked = sorted(((*self._wrong(self.effect(one)), turn) for turn, one in enumerate(beam)))
            best = [beam[turn] for _, _, turn in ranked[:_BEAM]]
            yield from best
            beam = [
                longer
                for one in best
                for longer in islice(self._mended(one), _MENDED)
                if target.is_moved(self.effect(longer))
            ]

    def _mended(self, changes: Changes) -> Iterator[Changes]:
        net = self.effect(changes)
        wrong = [place for place, step in net.items() if step and self._price(place, step) is None]
        dear = [place for place, step in net.items() if step and self._price(place, step)]
        for place in (wrong or dear)[:1]:
            table, line, cell = place
            for said in self._own[table, line]:
                for value in self.values:
                    if (cell in value) - (cell in said.value) == (-1 if net[place] > 0 else 1):
                        yield (*changes, (said, value))

    def _wrong(self, net: Mapping[Place, int]) -> tuple[int, int]:
        wrong = cost = 0
        for place, step in net.items():
            if step:
                price = self._price(place, step)
                wrong, cost = (wrong + 1, cost) if price is None else (wrong, cost + price)
        return wrong, cost

    def _cost(self, net: Mapping[Place, int]) -> int | None:
        """Return what it costs to hide a change; None where it would be seen, or where a reader knows better."""
        wrong, cost = self._wrong(net)
        return None if wrong else cost

    def _price(self, place: Place, step: int) -> int | None:
        table, line, _ = place
        if table != YEAR and self.dropped[table]:
            return 0
        n, is_hidden = self.counts[place], place in self.hidden
        least = min(n, 1)
        if table == YEAR:
            if not is_hidden:
                return None
            least = max(least, self._stood.least.get((int(line), place[2]), 0))
        if n + step < least:
            return None
        return 0 if is_hidden else _USEFUL if n else _NOUGHT


def _where(said: Said) -> Iterator[tuple[int, str | int]]:
    yield YEAR, said.row
    yield YEAR, WHOLE
    yield from enumerate(said.lines)


def _likeness(said: Said, table: int) -> tuple[object, ...]:
    """Return what two people share who may exchange answers without changing any other table."""
    if table == YEAR:
        return table, said.lines
    return table, said.row, said.lines[:table], said.lines[table + 1 :]
