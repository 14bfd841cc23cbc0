"""Count how often a theme was said, was so, and was said rightly; F1 and its interval.

Why: training, the pages and the command line must not each count in a way of their own.
May not: load anything heavy, or know where the counts come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Counts:
    """How often something was said rightly, was said, and was so."""

    right: int
    said: int
    so: int

    @property
    def f1(self) -> float:
        """Return F1, from 0 to 1; 0 when it was never said and never so."""
        return 2 * self.right / (self.said + self.so) if self.said + self.so else 0.0

    def interval(self) -> tuple[float, float]:
        """Return the bounds of F1 at 95 %.

        F1 is 2J / (1 + J) of the share J of rightly said among all that were said or so: the Wilson bounds of that
        share are carried over.
        """
        low, high = wilson(self.right, self.said + self.so - self.right)
        return 2 * low / (1 + low), 2 * high / (1 + high)


def counts_of(said: Iterable[bool], so: Iterable[bool]) -> Counts:
    """Count a label over some comments.

    Args:
        said: whether it was said of each.
        so: whether it is so of each.

    Returns:
        The counts.
    """
    pairs = [(bool(one), bool(two)) for one, two in zip(said, so, strict=True)]
    return Counts(sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the Wilson bounds of a share at 95 %; 0 and 1 when there is nothing to count.

    Args:
        hits: how many of `n`.
        n: how many in all.
    """
    if not n:
        return 0.0, 1.0
    share = hits / n
    middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * ((share * (1 - share) + _Z * _Z / (4 * n)) / n) ** 0.5 / (1 + _Z * _Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
