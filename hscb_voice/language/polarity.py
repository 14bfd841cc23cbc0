"""Read whether a comment speaks well or ill, and which words say so.

Why: the Board must know what children praise and what hurts them; "not scared any more" is good news and "thanks for
not coming" is not. Words are weighed in their clause, clauses are turned where they are not meant as they stand, and
what was asked tips the scales.
May not: decide from TextBlob alone, which reads children worse than no reading at all; it only tips the scales when the
lexicon says next to nothing. Load TextBlob before it is needed.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Literal

from hscb_voice.language.clauses import clauses
from hscb_voice.language.evidence import Evidence
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.phrases import Hit, tokens
from hscb_voice.language.polarity_clauses import ClauseFeeling, clause_feeling
from hscb_voice.language.polarity_lexicon import Sign, lexicon
from hscb_voice.language.polarity_turns import turned_by_now, turned_by_sarcasm
from hscb_voice.language.questions import Leaning, leaning_of

Polarity = Literal["positive", "negative", "mixed", "neutral"]

_CONTRAST = re.compile(
    r"(?:but|although|though|however|except|apart from|yet|unfortunately|sadly|whereas|even though)\b",
)
_EMPTY = re.compile(
    r"[\W_]*(?:n/?a|none|nope|no|nothing|nil|idk|i? ?(?:don't|do not) know|not sure|no comment|"
    r"nothing (?:really|much|else|to add)|no idea|dunno|not really|yes|ok|okay|fine|"
    r"can't think(?: of (?:any|some)thing)?|can not think of anything)?[\W_]*(?:really|thanks|sorry)?[\W_]*",
)
_DECIDED_AT = 0.45
_MIXED_FROM = 0.8
_MIXED_SHARE = 0.4
_AFTER_CONTRAST = 1.2
_BEFORE_CONTRAST = 0.8
_ILL_WHEN_PRAISING = 0.1
_KNOWN_WHEN_PRAISING = 0.5
_KNOWN_WHEN_WISHING = 0.4
_WELL_WHEN_CHANGING = 0.6
_PRAISE_LEANS = 0.9
_CHANGE_LEANS = 0.9
_TEXTBLOB_WEIGHT = 0.3
_NOTHING = ("nothing", "none of it", "not a thing")
_NOTHING_TO_PRAISE = 3.0
_AT_LENGTH = 8
_UNUSED_BY_TEXTBLOB = ("matplotlib", "numpy", "pandas", "scipy", "sklearn")


@dataclass(frozen=True, slots=True)
class PolarityReading:
    """What a whole comment says; `score` is above nought for well and below for ill."""

    polarity: Polarity
    score: float
    wish: bool
    evidence: tuple[Evidence, ...]
    clauses: tuple[ClauseFeeling, ...]

    def around(self, spans: Sequence[tuple[int, int]]) -> tuple[Polarity, bool]:
        """Read the polarity of the clauses that some words stand in.

        Args:
            spans: first and one past last character of each stretch, in the normalised text.

        Returns:
            The polarity, that of the whole comment where these clauses say nothing; and whether they hold a wish.
        """
        near = [
            clause for clause in self.clauses if any(start < clause.end and clause.start < end for start, end in spans)
        ]
        well, ill = sum(clause.well for clause in near), sum(clause.ill for clause in near)
        wish = any(clause.wish for clause in near)
        if well + ill < _DECIDED_AT:
            return ("neutral" if wish else self.polarity), wish
        return _verdict(well, ill, well - ill), wish


def _verdict(well: float, ill: float, score: float) -> Polarity:
    if min(well, ill) >= _MIXED_FROM and min(well, ill) >= _MIXED_SHARE * max(well, ill):
        return "mixed"
    if score >= _DECIDED_AT:
        return "positive"
    return "negative" if score <= -_DECIDED_AT else "neutral"


@contextmanager
def _kept_out(names: Collection[str]) -> Iterator[None]:
    """Make libraries look as if they were not installed, but for those already loaded."""
    barred = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(barred))  # type: ignore[arg-type]  # None is how Python itself bars an import
    try:
        yield
    finally:
        for name in barred:
            del sys.modules[name]


@cache
def _textblob() -> Callable[[str], float]:
    # Only when first needed: it takes 35 MB; and 100 MB more for libraries that it would load wherever they happen
    # to be installed, and that its word list does not use.
    with _kept_out(_UNUSED_BY_TEXTBLOB):
        from textblob.en import sentiment  # noqa: PLC0415  (see above)

    def polarity(text: str) -> float:
        # What TextBlob(text).sentiment.polarity says, without the type that it makes anew for every text.
        return float(sentiment(text)[0])

    return polarity


def _longest(hits: Sequence[Hit[Sign]]) -> list[Hit[Sign]]:
    """Of hits that overlap keep the longest, for "not bad at all" says more than "bad"."""
    kept: list[Hit[Sign]] = []
    taken = bytearray(max((hit.end for hit in hits), default=0))
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start, one.label.weight)):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


def _score(feelings: Sequence[ClauseFeeling], n: Normalised) -> tuple[float, float, float]:
    """Add up the clauses: all that is well, all that is ill, and the balance, where "but" weighs the words after it."""
    balance = 0.0
    contrasts = [index for index, one in enumerate(feelings) if _CONTRAST.match(n.text, one.start) is not None]
    for index, feeling in enumerate(feelings):
        part = feeling.well - feeling.ill
        if index in contrasts:
            part *= _AFTER_CONTRAST
        elif index + 1 in contrasts:
            part *= _BEFORE_CONTRAST
        balance += part
    return sum(one.well for one in feelings), sum(one.ill for one in feelings), balance


def _leant(
    scores: tuple[float, float, float],
    asked: Leaning,
    known: float,
    *,
    wish: bool,
) -> tuple[float, float, float]:
    """Weigh the words by what was asked, and add what is known beside them.

    Bad words in an answer to "what helped most?" mostly name what got better; kind words in an answer to "what would
    you change?" mostly soften the blow. What is known beside the words counts as words would.
    """
    well, ill, balance = scores
    if asked == "praise":
        known *= _KNOWN_WHEN_PRAISING
        balance += (1 - _ILL_WHEN_PRAISING) * ill + _PRAISE_LEANS
        ill *= _ILL_WHEN_PRAISING
    elif asked in {"change", "fault"}:
        balance -= (1 - _WELL_WHEN_CHANGING) * well
        well *= _WELL_WHEN_CHANGING
        if well + ill > 0 and not wish:
            balance -= _CHANGE_LEANS
    return well + max(known, 0.0), ill + max(-known, 0.0), balance + known


def read_polarity(
    n: Normalised,
    *,
    respondent: str,
    question: str | None = None,
    leaning: float | None = None,
) -> PolarityReading:
    """Read the polarity of a comment.

    Args:
        n: the normalised comment.
        respondent: child, parent or professional.
        question: key or words of the question it answers, when known.
        leaning: what faces and ticks of the same response, or a concern in the text, already say: from -1 (ill) to
            1 (well); None when nothing is known.

    Returns:
        The reading, with the words that decided and the feeling of each clause.
    """
    found = lexicon().find(n.text)
    markers = [hit for hit in found if hit.label.kind in {"wish", "past", "first"}]
    hits = _longest([hit for hit in found if hit.label.kind in {"word", "fixed", "complaint"}])
    feelings: list[ClauseFeeling] = []
    evidence: list[Evidence] = []
    for clause in clauses(n):
        feeling, words = clause_feeling(clause, hits, markers, n)
        feelings.append(feeling)
        evidence.extend(words)
    feelings = turned_by_now(turned_by_sarcasm(feelings, n), n)
    wish = any(feeling.wish for feeling in feelings)
    if _EMPTY.fullmatch(n.text) is not None:
        return PolarityReading("neutral", 0.0, wish, tuple(evidence), tuple(feelings))
    asked = leaning_of(question, respondent)
    known = (leaning or 0.0) * (_KNOWN_WHEN_WISHING if wish else 1.0)
    if asked == "praise" and n.text.startswith(_NOTHING):
        known -= _NOTHING_TO_PRAISE
    well, ill, score = _leant(_score(feelings, n), asked, known, wish=wish)
    if well + ill < _DECIDED_AT:
        score += _TEXTBLOB_WEIGHT * _textblob()(n.text)
        # Who is asked what to change and tells what happened, at length and without a wish, tells a fault.
        if asked == "fault" and not wish and len(tokens(n.text)) >= _AT_LENGTH:
            score -= _CHANGE_LEANS
    return PolarityReading(_verdict(well, ill, score), round(score, 3), wish, tuple(evidence), tuple(feelings))
