"""Add up faint signs when no rule speaks.

Why: much is told sideways: a chair against the door, shoes kept on in bed, "he answers ours". No one of these words
is a worry; several together, with nothing of praise, play or the past beside them, are worth a person's minute.
May not: silence a rule, or be more than one sum that a person can check by hand in the lexicon.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hscb_voice.language.concern_guards import Guards
from hscb_voice.language.concern_lexicon import Lexicon, SignalText
from hscb_voice.language.concern_matching import Match
from hscb_voice.language.concern_words import Word

_SPEAKS_ALONE = 1.5
"""A single sign is a worry only from this weight on: "he" alone, or "brother" alone, is nothing."""


_ROUNDED_OFF = 1e-9


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sum of the signs in a comment, and where each group of signs first stands."""

    total: float
    met: tuple[tuple[SignalText, Match], ...]


def weigh(lexicon: Lexicon, words: Sequence[Word], texts: Sequence[str], guards: Guards, respondent: str) -> Weighed:
    """Add up the signs in a comment, each group once.

    Args:
        lexicon: the lexicon whose signals count.
        words: the comment's words.
        texts: the same words as they are read.
        guards: the guards met in the comment; a worrying sign that they silence does not count.
        respondent: "child", "parent" or "professional"; some signs count only from some.

    Returns:
        The sum and the groups met, heaviest first; nothing where they cannot be enough.
    """
    found = [
        match for match in lexicon.signal_finder.find(words, texts) if respondent in lexicon.signals[match.rule].only
    ]
    first: dict[int, Match] = {}
    # Where even all signs together are too little, nobody need ask what silences them.
    if _most(lexicon, found) < lexicon.enough.get(respondent, math.inf):
        return Weighed(0.0, ())
    for match in found:
        signal = lexicon.signals[match.rule]
        if match.rule not in first and (signal.weight <= 0 or guards.silence(match) is None):
            first[match.rule] = match
    met = [(lexicon.signals[number], match) for number, match in first.items()]
    met.sort(key=lambda pair: (-pair[0].weight, pair[1].first))
    return Weighed(sum(signal.weight for signal, _ in met), tuple(met))


def _most(lexicon: Lexicon, found: Sequence[Match]) -> float:
    """Give what all signs together may come to at the most, whatever order they are added in."""
    return _ROUNDED_OFF + sum(lexicon.signals[number].weight for number in {match.rule for match in found})


def enough(lexicon: Lexicon, weighed: Weighed, respondent: str) -> bool:
    """Say whether the signs in a comment add up to a worry.

    Args:
        lexicon: the lexicon that holds the limits.
        weighed: the sum.
        respondent: "child", "parent" or "professional".

    Returns:
        True when the limit for the respondent is reached; False where the lexicon sets none.
    """
    limit = lexicon.enough.get(respondent)
    if limit is None or weighed.total < limit:
        return False
    worrying = [signal.weight for signal, _ in weighed.met if signal.weight > 0]
    return len(worrying) > 1 or (bool(worrying) and worrying[0] >= _SPEAKS_ALONE)
