"""Finds what else must be hidden so that counts of several tables, which add up to each other, give none away.

Every count is an arc of a network, and every sum that a reader knows (a row, a column, a year of its quarters) is a
node at which what flows in flows out. A hidden count can be one higher or lower just when a circle of hidden counts
leads through it; such a circle is another table, in whole numbers, that would be shown in the same way. So a count that
stands in a wide enough circle is safe, and the cheapest circle is what is hidden for one that stands in none.

Pure arithmetic, without any library, because it runs in web processes. May not: know what a table means.
"""

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

Node = Hashable
Place = Hashable
Step = tuple[Place, int]  # a count, and 1 where it rises or -1 where it falls

# How many values at least every hidden count of 1 to 4 may still have for a reader who adds and subtracts whatever is
# shown, and who knows as well that a single hidden count is never 0.
VALUES_LEFT = 2


@dataclass
class Arc:
    """One count: raising it carries one from `tail` to `head`."""

    tail: Node
    head: Node
    n: int
    hidden: bool = False
    lower: int = 0  # what a reader knows it reaches at least
    upper: int | None = None  # what he knows it cannot exceed
    cost: int | None = 10  # what hiding it costs; None where it may not be hidden (any more)

    def may(self, step: int, n: int) -> bool:
        """Tell whether, standing at n, it may still rise (1) or fall (-1) by one."""
        if step > 0:
            return self.upper is None or n < self.upper
        # Once hidden, it is known to be hidden, and that a single hidden count is not 0.
        return n > (self.lower if self.hidden or not self.n else max(self.lower, 1))


@dataclass
class Network:
    """Counts that are tied together by sums."""

    arcs: dict[Place, Arc] = field(default_factory=dict)

    def protect(self, places: Iterable[Place], values: int = VALUES_LEFT) -> bool:
        """Hide the cheapest further counts, until each of some hidden ones may have that many values.

        Args:
            places: the counts to keep safe, hidden already.
            values: how many.

        Returns:
            False when some cannot be kept safe by hiding more; then everything that can be hidden must be.
        """
        # What is hidden for one never narrows another, so one round is enough. The largest first: they need least.
        return all(self._protect(place, values) for place in sorted(places, key=lambda p: -self.arcs[p].n))

    def hidden(self) -> set[Place]:
        """Return the places of all hidden counts."""
        return {place for place, arc in self.arcs.items() if arc.hidden}

    def _protect(self, place: Place, values: int) -> bool:
        standing = {1: self._counts(), -1: self._counts()}
        left = 1
        while left < values:
            found = [
                (*circle, step)
                for step, counts in standing.items()
                if (circle := self._cheapest_circle(place, step, counts)) is not None
            ]
            if not found:
                return False
            _, steps, way = min(found, key=lambda one: (one[0], -one[2]))
            for passed, step in steps:
                self._hide(passed)
                standing[way][passed] += step
            left += 1
        return True

    def _counts(self) -> dict[Place, int]:
        return {place: arc.n for place, arc in self.arcs.items()}

    def _hide(self, place: Place) -> None:
        arc = self.arcs[place]
        if not arc.hidden:
            arc.lower = max(arc.lower, min(arc.n, 1))
            arc.hidden = True

    def _cheapest_circle(self, place: Place, step: int, counts: dict[Place, int]) -> tuple[int, list[Step]] | None:
        """Return the cost and the steps of the cheapest circle in which a count changes by one step."""
        arc = self.arcs[place]
        if not arc.may(step, counts[place]):
            return None
        start, end = (arc.head, arc.tail) if step > 0 else (arc.tail, arc.head)
        ways = self._ways(place, counts)
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, Step]] = {}
        waiting: list[tuple[int, int, Node]] = [(0, 0, start)]
        turn = 0
        while waiting:
            cost, _, node = heapq.heappop(waiting)
            if node == end:
                return cost, [(place, step), *_back(came, start, end)]
            if cost > best[node]:
                continue
            for onward, price, taken in ways[node]:
                if cost + price < best.get(onward, cost + price + 1):
                    best[onward], came[onward] = cost + price, (node, taken)
                    turn += 1
                    heapq.heappush(waiting, (cost + price, turn, onward))
        return None

    def _ways(self, without: Place, counts: dict[Place, int]) -> dict[Node, list[tuple[Node, int, Step]]]:
        ways: dict[Node, list[tuple[Node, int, Step]]] = defaultdict(list)
        for place, arc in self.arcs.items():
            if place == without or not (arc.hidden or arc.cost is not None):
                continue
            price = 0 if arc.hidden else arc.cost or 0
            n = counts[place]
            if arc.may(1, n):
                ways[arc.tail].append((arc.head, price, (place, 1)))
            if arc.may(-1, n):
                ways[arc.head].append((arc.tail, price, (place, -1)))
        return ways


def _back(came: dict[Node, tuple[Node, Step]], start: Node, end: Node) -> list[Step]:
    steps = []
    node = end
    while node != start:
        node, step = came[node]
        steps.append(step)
    return steps
