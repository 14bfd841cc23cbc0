"""Say which way a question leans, before any answer is read.

Why: "to be two hours" under "what would you change?" is a wish, and "the puppets" under "what did you like best?" is
praise; the words alone do not show it.
May not: decide a comment's polarity; the leaning is one weak input.
"""

import re
from functools import lru_cache
from typing import Literal

Leaning = Literal["praise", "change", "fault", "either"]

_KEYS: dict[str, Leaning] = {
    "liked_best": "praise",
    "best": "praise",
    "helped": "praise",
    "went_well": "praise",
    "good": "praise",
    "learned": "praise",
    "change": "fault",
    "would_change": "fault",
    "better": "fault",
    "one_thing": "fault",
    "want_more": "change",
    "q2a": "either",
    "q3a": "either",
    "anything_else": "either",
    "story": "either",
}
# The same key asks different things of children and of parents.
_BY_RESPONDENT: dict[tuple[str, str], Leaning] = {
    ("q6", "child"): "praise",
    ("q5", "child"): "change",
    ("q5", "parent"): "praise",
    ("q6", "parent"): "change",
}
_THEMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("child", "q2a"): ("feelings", "worker"),
    ("child", "liked_best"): ("activities",),
    ("child", "story"): ("home", "family"),
    ("parent", "q3a"): ("worker", "visits"),
    ("parent", "q5"): ("parenting",),
}
_ASKS_CHANGE = re.compile(
    r"chang|better|improv|differen|worse|not (?:go|like|help)|didn't|dislike|wish|should we|could we|do more|"
    r"want more|least",
)
_ASKS_PRAISE = re.compile(
    r"best|most help|helpful|well\b|like|enjoy|good|favourite|useful|positive|proud|learn|work(?:ed|s)\b",
)


@lru_cache(maxsize=512)
def leaning_of(question: str | None, respondent: str) -> Leaning:
    """Say which way a question leans.

    Args:
        question: its key ("q2a", "liked_best") or its words; None when unknown.
        respondent: child, parent or professional.

    Returns:
        "praise"; "change" where it asks for one thing to change; "fault" where it asks for little else; "either" when
        it leans neither way or is unknown.
    """
    if not question:
        return "either"
    key = question.strip().lower()
    known = _BY_RESPONDENT.get((key, respondent)) or _KEYS.get(key)
    if known is not None:
        return known
    if _ASKS_CHANGE.search(key) is not None:
        return "fault"
    if _ASKS_PRAISE.search(key) is not None:
        return "praise"
    return "either"


def themes_asked(question: str | None, respondent: str) -> tuple[str, ...]:
    """Say which themes a question asks about.

    Args:
        question: its key or its words; None when unknown.
        respondent: child, parent or professional.

    Returns:
        Ids of the first codebook, the likeliest first; empty when the question is open.
    """
    if respondent == "professional":
        return ("school",)
    key = (question or "").strip().lower()
    return _THEMES.get((respondent, key), ())
