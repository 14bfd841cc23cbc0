"""Weigh praise, blame and what lies between against each other, once each has been scored by itself.

Why: a comment that scores high for praise and for blame is mixed, and one that scores low for both is neither; no sum
of words can say so, for it adds each word by itself. Products of the scores can.
May not: see words; it knows the scores alone, and what the rules made of the comment.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WAYS = ("positive", "negative", "even")
"""What is weighed; "even" is both, or neither."""

SCORES = ("polarity:positive", "polarity:negative", "polarity:even", "polarity:mixed", "concern")
_WIDEST, _LOUDEST = 6.0, 3.0


def terms(scores: Mapping[str, float], by_rules: float) -> tuple[float, ...]:
    """Make what is weighed: each score, what the rules made of the comment, and every product of two of them.

    Args:
        scores: at least those of `SCORES`.
        by_rules: the score of the rules; above nought for well and below for ill.

    Returns:
        Always as many numbers, in the same order.
    """
    each = [_within(scores[label], _WIDEST) for label in SCORES]
    each.append(_within(by_rules, _LOUDEST))
    return (*each, *(one * other for place, one in enumerate(each) for other in each[place:]))


def _within(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


@dataclass(frozen=True, slots=True)
class Together:
    """Weights of the terms for each of `WAYS`, and where each starts."""

    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...]

    def shares(self, scores: Mapping[str, float], by_rules: float) -> dict[str, float]:
        """Say how likely each of `WAYS` is.

        Args:
            scores: what the models say of the comment.
            by_rules: the score of the rules.

        Returns:
            A share for each way; together they are 1.
        """
        weighed = terms(scores, by_rules)
        totals = [
            bias + sum(weight * term for weight, term in zip(row, weighed, strict=True))
            for row, bias in zip(self.weights, self.biases, strict=True)
        ]
        most = max(totals)
        parts = [math.exp(total - most) for total in totals]
        whole = sum(parts)
        return {way: part / whole for way, part in zip(WAYS, parts, strict=True)}


def together_from(written: Mapping[str, Any]) -> Together:
    """Read the weights as a model's file holds them.

    Args:
        written: `weights`, a row for each of `WAYS`, and `biases`.

    Returns:
        The weights.

    Raises:
        ValueError: there are not as many as there are terms.
    """
    rows: Sequence[Sequence[Any]] = written["weights"]
    found = Together(tuple(tuple(float(w) for w in row) for row in rows), tuple(float(b) for b in written["biases"]))
    needed = len(terms(dict.fromkeys(SCORES, 0.0), 0.0))
    if len(found.biases) != len(WAYS) or [len(row) for row in found.weights] != [needed] * len(WAYS):
        message = "a weight for each term and way is needed"
        raise ValueError(message)
    return found
