"""What is heard more, or less, than before: said only when the interval of the difference leaves no doubt.

Many themes are compared at once, so the interval is wider than that of a single share: of a hundred differences that
are only chance, one is called a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from hscb_voice.board.intervals import Share, wilson
from hscb_voice.board.themes_heard import GroupHeard, ThemeHeard

_Z = 2.5758293035489004  # the normal distribution's 99.5 % point
_FEWEST = 10  # below this no share is given, so no difference either


@dataclass(frozen=True)
class Change:
    """One theme of one group, now and before."""

    respondent: str
    id: str  # the theme's
    theme: str
    now: Share
    before: Share
    now_counts: tuple[int, int]  # of how many
    before_counts: tuple[int, int]
    low: float  # of the difference, -1 to 1
    high: float

    @property
    def is_rise(self) -> bool:
        """Tell whether it is surely heard more than before."""
        return self.low > 0

    @property
    def is_fall(self) -> bool:
        """Tell whether it is surely heard less than before."""
        return self.high < 0


def difference(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """Return the interval of the difference of two shares of different people.

    Args:
        now: how many of how many.
        before: how many of how many.

    Returns:
        Its ends, between -1 and 1. Formula: R. G. Newcombe, Statistics in Medicine 17 (1998), page 873, method 10.
    """
    one, other = wilson(*now, z=_Z), wilson(*before, z=_Z)
    gap = one.value - other.value
    low = gap - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = gap + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return low, high


def changes(now: Sequence[GroupHeard], before: Sequence[GroupHeard]) -> tuple[Change, ...]:
    """Compare the themes of two periods, the surest change first.

    Args:
        now: guarded themes of a period.
        before: those of the one before.

    Returns:
        Those that surely rose or fell; nothing of a theme whose number, or whose base, is hidden in either.
    """
    earlier = {group.respondent: group for group in before}
    found = []
    for group in now:
        other = earlier.get(group.respondent)
        if other is None or (group.written or 0) < _FEWEST or (other.written or 0) < _FEWEST:
            continue
        counted = {theme.id: theme for theme in other.themes}
        for theme in group.themes:
            change = _change(group, theme, other, counted.get(theme.id))
            if change is not None and (change.is_rise or change.is_fall):
                found.append(change)
    return tuple(sorted(found, key=lambda one: -max(one.low, -one.high)))


def _change(group: GroupHeard, theme: ThemeHeard, other: GroupHeard, was: ThemeHeard | None) -> Change | None:
    if was is None or theme.count.n is None or was.count.n is None or not group.written or not other.written:
        return None
    now, before = (theme.count.n, group.written), (was.count.n, other.written)
    low, high = difference(now, before)
    return Change(group.respondent, theme.id, theme.name, wilson(*now), wilson(*before), now, before, low, high)
