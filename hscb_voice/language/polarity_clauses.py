"""Weigh the words of one clause that speak well or ill.

Why: "not scared", "I would like it to be fun" and "I used to love it" hold words that must be turned round or set
aside; what stands in the same clause shows it.
May not: look beyond the clause, or decide a comment's polarity.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hscb_voice.language.clauses import Clause
from hscb_voice.language.evidence import Evidence, evidence_at
from hscb_voice.language.normalise import Normalised
from hscb_voice.language.phrases import Hit, tokens
from hscb_voice.language.polarity_lexicon import Sign

Token = tuple[str, int, int]


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_NEGATORS = _set(
    "not no never nobody noone none nothing neither nor without hardly barely rarely scarcely cannot lack less nowhere",
    "ain't stopped stop isn't wasn't weren't aren't don't didn't doesn't won't wouldn't can't couldn't shouldn't",
    "haven't hasn't hadn't mustn't needn't fewer",
)
_SCOPE_ENDS = _set("and but because so then while which who plus also just only")
_NEGATION_REACH = 4
_NO_THING = _set("nothing no none nobody noone never")
_RESTARTS = _set("it's its it she's he's they're i'm we're she he they i we")
_STRONGER = _set(
    "very really so proper dead well bare absolutely totally extremely incredibly completely super truly such most",
    "always utterly genuinely hella pure mega",
)
_WEAKER = _set("bit little slightly quite fairly somewhat kind sort sometimes mostly")
_CONDITION = _set("if when whenever")
_CONDITION_REACH = 5
# A clause that begins so asks for something: it is a wish, neither praise nor blame.
_ASKS = re.compile(
    r"(?:and |but |also |maybe |or )?(?:please )?"
    r"(?:put|tell|let|make|give|do|have|bring|keep|ask|send|show|use|start|get|add|try|offer|more|less|fewer|longer|"
    r"post|ring|call|come|allow|teach|help|write|pick|move|change|can|could|please|need|bigger|smaller|"
    r"another|extra|a few more|someone should|you should|they should|there should)\b",
)


@dataclass(frozen=True, slots=True)
class ClauseFeeling:
    """What one clause says; `start` and `end` are offsets in the normalised text, the weights are not below nought."""

    start: int
    end: int
    well: float
    ill: float
    wish: bool


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


def clause_feeling(
    clause: Clause,
    hits: Sequence[Hit[Sign]],
    markers: Sequence[Hit[Sign]],
    n: Normalised,
) -> tuple[ClauseFeeling, list[Evidence]]:
    """Weigh the hits of one clause.

    Args:
        clause: the clause, in normalised offsets.
        hits: words of the lexicon that speak well or ill, none overlapping another.
        markers: words of the lexicon that begin a wish, or tell of how things were.
        n: the normalised comment.

    Returns:
        What the clause says, and the words that say it.
    """
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
