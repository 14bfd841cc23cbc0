"""Read whether a comment speaks well or ill, clause by clause, and which words say so.

Why: the Board must know what children praise and what hurts them; "not scared any more" is good news and "thanks for
not coming" is not, so words are weighed in their clause: turned round by "not", set aside in a wish, reversed after
"used to", weighed more after "but".
May not: decide from TextBlob alone, which reads children worse than no reading at all; it only tips the scales when the
lexicon says next to nothing. Load TextBlob before it is needed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from hscb_voice.language.clauses import Clause, clauses
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.phrases import Hit, tokens
from hscb_voice.language.polarity_lexicon import Sign, lexicon
from hscb_voice.language.questions import Leaning, leaning_of

Polarity = Literal["positive", "negative", "mixed", "neutral"]
Token = tuple[str, int, int]

_NEGATORS = frozenset(
    "not no never nobody noone none nothing neither nor without hardly barely rarely scarcely cannot lack less "
    "nowhere ain't stopped stop isn't wasn't weren't aren't don't didn't doesn't won't wouldn't can't couldn't "
    "shouldn't haven't hasn't hadn't mustn't needn't fewer".split(),
)
_SCOPE_ENDS = frozenset({"and", "but", "because", "so", "then", "while", "which", "who", "plus", "also", "just", "only"})
_NEGATION_REACH = 4
_NO_THING = frozenset({"nothing", "no", "none", "nobody", "noone", "never"})
_RESTARTS = frozenset({"it's", "its", "it", "she's", "he's", "they're", "i'm", "we're", "she", "he", "they", "i", "we"})
_STRONGER = frozenset(
    "very really so proper dead well bare absolutely totally extremely incredibly completely super truly such most "
    "always utterly genuinely hella pure mega".split(),
)
_WEAKER = frozenset("bit little slightly quite fairly somewhat kind sort sometimes mostly".split())
_CONDITION = frozenset({"if", "when", "whenever"})
_CONDITION_REACH = 5
_CONTRAST = re.compile(r"(?:but|although|though|however|except|apart from|yet|unfortunately|sadly|whereas|even though)\b")
_ONLY_NOT = re.compile(r"not\b[\s!.]*")
_EMPTY = re.compile(
    r"[\W_]*(?:n/?a|none|nope|no|nothing|nil|idk|i? ?(?:don't|do not) know|not sure|no comment|nothing (?:really|much|else|to add)"
    r"|no idea|dunno|not really|yes|ok|okay|fine|can't think(?: of (?:any|some)thing)?|can not think of anything)?[\W_]*(?:really|thanks|sorry)?[\W_]*",
)
# A clause that begins so asks for something: it is a wish, neither praise nor blame.
_ASKS = re.compile(
    r"(?:and |but |also |maybe |or )?(?:please |pls )?"
    r"(?:put|tell|let|make|give|do|have|bring|keep|ask|send|show|use|start|get|add|try|offer|more|less|fewer|longer|"
    r"post|ring|call|come|allow|teach|help|write|pick|move|change|can|could|please|need|bigger|smaller|"
    r"another|extra|a few more|someone should|you should|they should|there should)\b",
)
_NOW = re.compile(
    r"\b(?:now|nowadays|these days|today|any ?more|no longer|no more|not since|never since|since then|hasn't since|haven't since|has gone|"
    r"have gone|stopped|years ago|months ago|ages ago|this year|all over|in the end|finally|at last)\b",
)
_WAS = re.compile(r"\b(?:was|were|used to|had|before|ago|didn't|couldn't|wouldn't|at first|when we first|last year|does not|doesn't|don't|has|have)\b")
_NO_NOW = re.compile(r"\b(?:nothing|nobody|no one|noone|worse|not|still|but|only|never|again|left|gone quiet)\b")
_DECIDED_AT = 0.45
_MIXED_FROM = 0.8
_MIXED_SHARE = 0.4
_ILL_WHEN_PRAISING = 0.2
_KNOWN_WHEN_PRAISING = 0.5
_ILL_WHEN_OVER = 0.3
_OVER = 1.0
_WELL_WHEN_CHANGING = 0.6
_PRAISE_LEANS = 0.9
_CHANGE_LEANS = 0.9
_TEXTBLOB_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class ClauseFeeling:
    """What one clause says; `start` and `end` are offsets in the normalised text, the weights are not below nought."""

    start: int
    end: int
    well: float
    ill: float
    wish: bool


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


@cache
def _textblob() -> Callable[[str], float]:
    from textblob import TextBlob  # noqa: PLC0415  (100 MB and a second to load: only when first needed)

    def polarity(text: str) -> float:
        return float(TextBlob(text).sentiment.polarity)

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


def _words_before(words: Sequence[Token], at: int, text: str, reach: int) -> list[str]:
    """Give the words that stand before a hit, nearest first, up to a comma or a joining word."""
    found: list[str] = []
    restarted = False
    index = next((i for i, word in enumerate(words) if word[1] >= at), len(words))
    right = at
    for word, _, end in reversed(words[max(0, index - reach) : index]):
        if word in _SCOPE_ENDS or "," in text[end:right]:
            break
        # "nothing it's perfect": a new clause has begun, which "nothing" does not reach.
        if restarted and word in _NO_THING:
            break
        restarted = restarted or word in _RESTARTS
        found.append(word)
        right = end
    return found


@dataclass(frozen=True, slots=True)
class _Scope:
    """What stands in one clause beside the hits: where a wish begins, and whether it tells of how things were."""

    words: Sequence[Token]
    text: str
    wish_from: int | None
    past_from: int | None
    first: bool


def _weight(hit: Hit[Sign], scope: _Scope, n: Normalised) -> float:
    """Weigh one hit in its clause."""
    weight = hit.label.weight
    before = _words_before(scope.words, hit.start, scope.text, _NEGATION_REACH)
    if hit.label.kind == "word":
        if any(word in _NEGATORS for word in before):
            weight = -weight if weight > 0 else -0.6 * weight
        elif weight < 0 and any(
            word in _CONDITION for word in _words_before(scope.words, hit.start, scope.text, _CONDITION_REACH)
        ):
            weight *= 0.5
    if before and before[0] in _STRONGER:
        weight *= 1.25
    elif before and before[0] in _WEAKER:
        weight *= 0.75
    start, end = n.original_span(hit.start, hit.end)
    if n.original[start:end].isupper() and not n.original.isupper():
        weight *= 1.2
    if hit.label.kind == "complaint":
        return weight
    if scope.wish_from is not None and hit.start >= scope.wish_from:
        weight *= 0.0 if weight > 0 else 0.3
    if scope.past_from is not None and hit.start >= scope.past_from:
        weight *= -0.7
    return weight * 0.6 if scope.first else weight


def _clause_feeling(
    clause: Clause,
    hits: Sequence[Hit[Sign]],
    markers: Sequence[Hit[Sign]],
    n: Normalised,
) -> tuple[ClauseFeeling, list[Evidence]]:
    """Weigh the hits of one clause."""
    words = [word for word in tokens(n.text) if clause.start <= word[1] < clause.end]
    here = [hit for hit in markers if clause.start <= hit.start < clause.end]
    asks = [clause.start] if _ASKS.match(clause.text) is not None else []
    scope = _Scope(
        words=words,
        text=n.text,
        wish_from=min([*asks, *(hit.start for hit in here if hit.label.kind == "wish")], default=None),
        past_from=min((hit.start for hit in here if hit.label.kind == "past"), default=None),
        first=any(hit.label.kind == "first" for hit in here),
    )
    well = ill = 0.0
    evidence: list[Evidence] = []
    for hit in hits:
        if not clause.start <= hit.start < clause.end:
            continue
        weight = _weight(hit, scope, n)
        well, ill = well + max(weight, 0.0), ill + max(-weight, 0.0)
        if weight:
            evidence.append(evidence_at(n, hit.start, hit.end, f"polarity.{hit.label.kind}{weight:+.1f}"))
    wish = scope.wish_from is not None or any(
        hit.label.kind == "complaint" and clause.start <= hit.start < clause.end for hit in hits
    )
    return ClauseFeeling(clause.start, clause.end, well, ill, wish), evidence


def _turned_by_sarcasm(feelings: Sequence[ClauseFeeling], n: Normalised) -> list[ClauseFeeling]:
    """Turn round a bare cheer ("Great!!") that stands beside bad news, and praise followed by a lone "not"."""
    turned: list[ClauseFeeling] = []
    bad = sum(feeling.ill for feeling in feelings)
    good = sum(feeling.well for feeling in feelings)
    for index, feeling in enumerate(feelings):
        after = feelings[index + 1] if index + 1 < len(feelings) else None
        lone_not = after is not None and _ONLY_NOT.fullmatch(n.text, after.start, after.end) is not None
        text = n.text[feeling.start : feeling.end]
        bare_cheer = (
            feeling.ill == 0 < feeling.well and text.count(" ") <= 1 and bad >= 2 and good == feeling.well and len(feelings) > 1
            and not text.startswith("thank")
        )
        if lone_not or bare_cheer:
            feeling = ClauseFeeling(feeling.start, feeling.end, 0.0, feeling.well + feeling.ill, feeling.wish)
        turned.append(feeling)
    return turned


def _turned_by_now(feelings: Sequence[ClauseFeeling], n: Normalised) -> list[ClauseFeeling]:
    """Read "it was bad; now it is not" as good news: what is over is told because it is over."""
    last = len(feelings) - 1
    for index in range(last, -1, -1):
        later = feelings[index]
        found = _NOW.search(n.text, later.start, later.end)
        if found is None:
            continue
        after_is_bad = later.ill > 0 and index > 0 or any(one.ill > 0 for one in feelings[index + 1 :])
        if after_is_bad or _NO_NOW.search(n.text, found.end(), later.end) is not None:
            return list(feelings)
        before = feelings[: index + 1]
        if not any(one.ill > 0 and _WAS.search(n.text, one.start, one.end) for one in before):
            return list(feelings)
        eased = [ClauseFeeling(one.start, one.end, one.well, one.ill * _ILL_WHEN_OVER, one.wish) for one in before[:-1]]
        now = ClauseFeeling(later.start, later.end, later.well + _OVER, later.ill * _ILL_WHEN_OVER, later.wish)
        return [*eased, now, *feelings[index + 1 :]]
    return list(feelings)


def _score(feelings: Sequence[ClauseFeeling], n: Normalised) -> tuple[float, float, float]:
    """Add up the clauses: all that is well, all that is ill, and the balance, where the words after "but" weigh more."""
    balance = 0.0
    contrasts = [index for index, one in enumerate(feelings) if _CONTRAST.match(n.text, one.start) is not None]
    for index, feeling in enumerate(feelings):
        part = feeling.well - feeling.ill
        if index in contrasts:
            part *= 1.2
        elif index + 1 in contrasts:
            part *= 0.8
        balance += part
    return sum(one.well for one in feelings), sum(one.ill for one in feelings), balance


def _leant(scores: tuple[float, float, float], asked: Leaning, known: float) -> tuple[float, float, float]:
    """Weigh the words by what was asked, and add what is known beside them.

    Bad words in an answer to "what helped most?" mostly name what got better; kind words in an answer to "what would
    you change?" mostly soften the blow. What is known beside the words counts as words would.
    """
    well, ill, balance = scores
    if asked == "praise":
        known *= _KNOWN_WHEN_PRAISING
        balance += (1 - _ILL_WHEN_PRAISING) * ill + _PRAISE_LEANS
        ill *= _ILL_WHEN_PRAISING
    elif asked == "change":
        balance -= (1 - _WELL_WHEN_CHANGING) * well
        well *= _WELL_WHEN_CHANGING
        if well + ill > 0:
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
        feeling, words = _clause_feeling(clause, hits, markers, n)
        feelings.append(feeling)
        evidence.extend(words)
    feelings = _turned_by_now(_turned_by_sarcasm(feelings, n), n)
    wish = any(feeling.wish for feeling in feelings)
    if _EMPTY.fullmatch(n.text) is not None:
        return PolarityReading("neutral", 0.0, wish, tuple(evidence), tuple(feelings))
    well, ill, score = _leant(_score(feelings, n), leaning_of(question, respondent), leaning or 0.0)
    if well + ill < _DECIDED_AT:
        score += _TEXTBLOB_WEIGHT * _textblob()(n.text)
    return PolarityReading(_verdict(well, ill, score), round(score, 3), wish, tuple(evidence), tuple(feelings))
