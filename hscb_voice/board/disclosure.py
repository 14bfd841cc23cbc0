"""Hides what would give somebody away. Pure arithmetic: it knows no table, no page and no database.

What is kept from a reader who can add and subtract, and who knows these very rules:

* a count of 1 to 4 is hidden, and so is the difference of two counts that are shown (those who skipped a question);
* what is hidden cannot be worked out from the totals that are shown: another count is hidden with it where needed;
* in a small base a row in which everybody said the same is hidden, because it tells on every one of them; so is
  nobody, of an answer that stands against all others (nobody alone is everybody with help).

A count that is hidden only because nearly all said the same is given as “at least”, which leaves the few unsure.
What is not kept yet: differences between two periods or two filters (docs/figures-json.md says so).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Level:
    """How strict the rules are for one circle of readers."""

    fewest: int = 5  # the smallest count above 0 that is shown
    percent_base: int = 10  # no share, and no part, of a base below this
    small_base: int = 20  # below this, a row in which all said the same is hidden

    def is_small(self, n: int) -> bool:
        """Tell whether a count is too small to be shown. A 0 is not: it is hidden only where it tells of all others."""
        return 0 < n < self.fewest


BOARD = Level()


@dataclass(frozen=True)
class Guarded:
    """What may be shown of one set of counts; None is hidden."""

    counts: tuple[int | None, ...]
    at_least: tuple[int | None, ...]  # for a hidden count that is nearly all: its lower bound
    base: int | None  # how many answered


@dataclass(frozen=True)
class _Plan:
    """Which places are hidden, those who skipped last; and the lower bound of at most one of them."""

    hidden: frozenset[int]
    nearly_all: tuple[int, int] | None = None  # place, lower bound


def guard_base(base: int, total: int, level: Level = BOARD) -> int | None:
    """Return how many answered, or None when that, or how many did not, is too few to show.

    Args:
        base: how many answered.
        total: how many could have, which is shown.
        level: for whom.

    Returns:
        The base or None.
    """
    return None if level.is_small(base) or level.is_small(total - base) else base


def guard_total(total: int, parts: Sequence[int], level: Level = BOARD) -> int | None:
    """Return a total beside whose parts the small ones are hidden, or None when it would give one of them away.

    Args:
        total: the sum of the parts.
        parts: all parts; those that are small are hidden, all others shown.
        level: for whom.

    Returns:
        The total or None.
    """
    hidden = [n for n in parts if level.is_small(n)]
    return total if not hidden or _could_differ(hidden, level) else None


def guard_one_each(options: Sequence[int], skipped: int, level: Level = BOARD, apart: int | None = None) -> Guarded:
    """Guard a question of which everybody gave one answer at most. All responses are a total that is shown.

    Args:
        options: how many gave each answer.
        skipped: how many gave none.
        level: for whom.
        apart: the place of an answer that stands against all others, such as alone against with help. In a small base
            it is a row of two: that nobody gave it tells on everybody, and looks like few or nearly all.

    Returns:
        What may be shown.
    """
    parts = (*options, skipped)
    plan = _plan(parts, level, apart)
    place, bound = plan.nearly_all or (-1, 0)
    last = len(options)
    return Guarded(
        counts=tuple(None if i in plan.hidden else n for i, n in enumerate(options)),
        at_least=tuple(bound if i == place else None for i in range(last)),
        base=None if last in plan.hidden else sum(options),
    )


def guard_ticks(options: Sequence[int], base: int, skipped: int, level: Level = BOARD) -> Guarded:
    """Guard a question at which any number of answers could be ticked, and those who answered ticked one at least.

    Args:
        options: how many ticked each.
        base: how many answered.
        skipped: how many did not.
        level: for whom.

    Returns:
        What may be shown. An option is guarded together with those who did not tick it.
    """
    shown_base = guard_base(base, base + skipped, level)
    nothing = (None,) * len(options)
    if shown_base == 0:
        return Guarded(tuple(options), nothing, 0)
    if base < level.percent_base:
        return Guarded(nothing, nothing, shown_base)
    # What a reader can be sure of: with the base hidden, all he knows is how many sent the form.
    surely = base - level.fewest + 1 if shown_base is not None else base + skipped - 2 * (level.fewest - 1)
    hidden = {i for i, n in enumerate(options) if _tells(n, base, skipped, level)}
    _cover(options, base, hidden, level)
    return Guarded(
        counts=tuple(None if i in hidden else n for i, n in enumerate(options)),
        at_least=tuple(surely if i in hidden and n > base - level.fewest else None for i, n in enumerate(options)),
        base=shown_base,
    )


def _tells(n: int, base: int, skipped: int, level: Level) -> bool:
    """Tell whether a ticked count gives away few who ticked, few who did not, or everybody of a small base."""
    everybody = n == base and base < level.small_base
    return everybody or level.is_small(n) or level.is_small(base - n) or level.is_small(base - n + skipped)


def _cover(options: Sequence[int], base: int, hidden: set[int], level: Level) -> None:
    """Hide more where the shown counts fall so far short of the base that the hidden ones must fill it up."""
    most = level.fewest - 1
    while hidden:
        shown = [i for i in range(len(options)) if i not in hidden]
        lacking = base - sum(options[i] for i in shown)
        few = [i for i in hidden if options[i] < level.fewest]
        forced = lacking >= most * len(few) if len(few) == len(hidden) else len(hidden) == 1 and lacking >= base
        if not forced or not shown:
            return
        # The smallest count above 0 says least; a 0 is hidden only when nothing else is left.
        hidden.add(min(shown, key=lambda i: (options[i] == 0, options[i])))


@lru_cache(maxsize=4096)
def _plan(parts: tuple[int, ...], level: Level, apart: int | None = None) -> _Plan:
    """Decide what to hide, and hide all when a reader who knows the rules could still tell a small count."""
    plan = _first_plan(parts, level, apart)
    if plan is None:
        return _Plan(frozenset(range(len(parts))))
    if sum(parts[:-1]) < level.percent_base:
        return plan
    if all(_is_unsure(parts, place, plan, level, apart) for place in _telling(parts, level, apart)):
        return plan
    return _Plan(frozenset(range(len(parts))))


def _telling(parts: tuple[int, ...], level: Level, apart: int | None) -> list[int]:
    """Return the places whose count tells on somebody: the small ones, and nobody where all are on one side."""
    is_small = sum(parts[:-1]) < level.small_base
    return [place for place, n in enumerate(parts) if level.is_small(n) or (place == apart and n == 0 and is_small)]


def _first_plan(parts: tuple[int, ...], level: Level, apart: int | None) -> _Plan | None:
    """Hide the small parts, and the smallest other part where the small ones could be told from their sum."""
    base, skip = sum(parts[:-1]), len(parts) - 1
    if base < level.percent_base:
        is_few = level.is_small(base) or level.is_small(parts[skip])
        is_open = base == 0 and not is_few  # nobody answered: there is nothing to hide
        return _Plan(frozenset(range(0 if is_open else len(parts) if is_few else skip)))
    few = _telling(parts, level, apart)
    if not few:
        return _all_alike(parts, base, level)
    if _could_differ([parts[place] for place in few], level):
        return _Plan(frozenset(few))
    others = [place for place, n in enumerate(parts) if n >= level.fewest]
    if not others:
        return None
    partner = min(others, key=lambda place: (parts[place], -place))
    bound = sum(parts[place] for place in few) + parts[partner] - level.fewest + 1
    is_bounded = len(few) == 1 and partner != skip and bound * 2 >= base
    return _Plan(frozenset([*few, partner]), (partner, bound) if is_bounded else None)


def _all_alike(parts: tuple[int, ...], base: int, level: Level) -> _Plan:
    """In a small base, let a row in which all said the same look like one in which nearly all did."""
    alike = [place for place, n in enumerate(parts[:-1]) if n == base]
    if not alike or base >= level.small_base:
        return _Plan(frozenset())
    beside = [place for place in range(len(parts) - 1) if place != alike[0]][:1]
    return _Plan(frozenset([alike[0], *beside]), (alike[0], base - level.fewest + 1))


def _could_differ(hidden: Sequence[int], level: Level) -> bool:
    """Tell whether small counts of a known sum could be others than they are: each lies between 1 and the most."""
    return len(hidden) < sum(hidden) < (level.fewest - 1) * len(hidden) and len(hidden) > 1


def _is_unsure(parts: tuple[int, ...], place: int, plan: _Plan, level: Level, apart: int | None) -> bool:
    """Tell whether other counts, with this place differing, would be shown in just the same way."""
    return any(
        sum(other[:-1]) >= level.percent_base and _first_plan(other, level, apart) == plan
        for other in _neighbours(parts, place, plan, level)
    )


def _neighbours(parts: tuple[int, ...], place: int, plan: _Plan, level: Level) -> Iterator[tuple[int, ...]]:
    """Yield the counts in which a few people stand at another hidden place."""
    for beside in plan.hidden - {place}:
        for step in range(1 - level.fewest, level.fewest):
            other = list(parts)
            other[place] += step
            other[beside] -= step
            if step and min(other[place], other[beside]) >= 0:
                yield tuple(other)
