"""How sure a share is: Wilson's interval, which stays honest for small numbers and for shares near 0 and 1."""

from dataclasses import dataclass
from math import sqrt

# The normal distribution's 97.5 % point: of 100 such intervals, 95 hold the share that all together would have given.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """A share of a base and its 95 % interval, each between 0 and 1."""

    value: float
    low: float
    high: float


def wilson(n: int, base: int, *, z: float = _Z) -> Share:
    """Return a share with its Wilson 95 % interval.

    Args:
        n: how many of the base, 0 to base.
        base: how many in all, at least 1.
        z: the normal distribution's point; that of 95 % when left out.

    Returns:
        The share and the interval's ends. Formula: E. B. Wilson, Journal of the American Statistical Association 22
        (1927), page 209; without continuity correction.

    Raises:
        ValueError: n does not lie between 0 and base, or the base is empty.
    """
    if not 0 <= n <= base or base < 1:
        message = f"{n} of {base} is no share"
        raise ValueError(message)
    share, squared = n / base, z * z
    centre = (share + squared / (2 * base)) / (1 + squared / base)
    half = z / (1 + squared / base) * sqrt(share * (1 - share) / base + squared / (4 * base * base))
    return Share(share, max(0.0, centre - half) if n else 0.0, min(1.0, centre + half) if n < base else 1.0)
