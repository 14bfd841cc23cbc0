"""Turn round what a comment's clauses say where they are not meant as they stand.

Why: "Great!!" beside bad news is no praise, and "my rages have gone" tells of a bad thing because it is over.
May not: weigh words; it only turns clauses that are weighed already.
"""

import re
from collections.abc import Sequence

from hscb_voice.language.normalise import Normalised
from hscb_voice.language.polarity_clauses import ClauseFeeling

_ONLY_NOT = re.compile(r"not\b[\s!.]*")
_BARE_CHEER = re.compile(
    r"[(\"']*(?:(?:oh|just|well|very|really|so|how|that's|that was|absolutely|simply|isn't that|,)\s*)*"
    r"(?:great|brilliant|lovely|wonderful|fantastic|marvellous|excellent|perfect|charming|nice|good|super|superb|"
    r"amazing|awesome|helpful|inclusive|professional|kind|thoughtful|cheers|welcoming|respectful|reassuring|impressive)"
    r"[\s!.)\"']*",
)
_NOW = re.compile(
    r"\b(?:now|nowadays|these days|today|any ?more|no longer|no more|not since|never since|since then|hasn't since|"
    r"haven't since|has gone|have gone|stopped|years ago|months ago|ages ago|this year|all over|in the end|finally|"
    r"at last)\b",
)
_WAS = re.compile(
    r"\b(?:was|were|used to|had|before|ago|didn't|couldn't|wouldn't|at first|when we first|last year|does not|"
    r"doesn't|don't|has|have)\b",
)
_NO_NOW = re.compile(r"\b(?:nothing|nobody|no one|noone|worse|not|still|but|only|never|again|left|gone quiet)\b")
_ILL_WHEN_OVER = 0.3
_OVER = 1.0
_BAD_NEWS = 2.0


def turned_by_sarcasm(feelings: Sequence[ClauseFeeling], n: Normalised) -> list[ClauseFeeling]:
    """Turn round a bare cheer ("Great!!") that stands beside bad news, and praise followed by a lone "not".

    Args:
        feelings: what each clause says, in order.
        n: the normalised comment.

    Returns:
        The same clauses, some turned.
    """
    bad = sum(feeling.ill for feeling in feelings)
    good = sum(feeling.well for feeling in feelings)
    turned: list[ClauseFeeling] = []
    for index, feeling in enumerate(feelings):
        after = feelings[index + 1] if index + 1 < len(feelings) else None
        lone_not = after is not None and _ONLY_NOT.fullmatch(n.text, after.start, after.end) is not None
        alone = feeling.ill == 0 and 0 < feeling.well == good and len(feelings) > 1
        if lone_not or (alone and bad >= _BAD_NEWS and _BARE_CHEER.fullmatch(n.text, feeling.start, feeling.end)):
            well_and_ill = feeling.well + feeling.ill
            turned.append(ClauseFeeling(feeling.start, feeling.end, 0.0, well_and_ill, feeling.wish))
        else:
            turned.append(feeling)
    return turned


def turned_by_now(feelings: Sequence[ClauseFeeling], n: Normalised) -> list[ClauseFeeling]:
    """Read "it was bad; now it is not" as good news: what is over is told because it is over.

    Args:
        feelings: what each clause says, in order.
        n: the normalised comment.

    Returns:
        The same clauses, some eased.
    """
    last = len(feelings) - 1
    for index in range(last, -1, -1):
        later = feelings[index]
        found = _NOW.search(n.text, later.start, later.end)
        if found is None:
            continue
        after_is_bad = (later.ill > 0 and index > 0) or any(one.ill > 0 for one in feelings[index + 1 :])
        if after_is_bad or _NO_NOW.search(n.text, found.end(), later.end) is not None:
            return list(feelings)
        before = feelings[: index + 1]
        if not any(one.ill > 0 and _WAS.search(n.text, one.start, one.end) for one in before):
            return list(feelings)
        eased = [ClauseFeeling(one.start, one.end, one.well, one.ill * _ILL_WHEN_OVER, one.wish) for one in before[:-1]]
        now = ClauseFeeling(later.start, later.end, later.well + _OVER, later.ill * _ILL_WHEN_OVER, later.wish)
        return [*eased, now, *feelings[index + 1 :]]
    return list(feelings)
