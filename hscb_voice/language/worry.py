"""Tell at once, by the rules alone, whether an answer sounds worrying: a child is told so on the very next page.

Why: help must be named while the child is still there, and what that page promises must be kept, so the same reading
raises the concern. A quick look for some word beginnings comes first, because most answers need no more.
May not: load a learned model, or say that a comment is harmless; every answer is screened whole by the worker as well.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter

from hscb_voice.language.concern import ConcernReading, screen
from hscb_voice.language.normalise import normalise
from hscb_voice.language.reading import Comment

# A longer comment is left to the worker: nobody's reply waits for the reading of a page of prose.
LONGEST_AT_ONCE = 3000
FAINT = "signs."
_FOREIGN_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
_NOTHING = ConcernReading(flag=False, reasons=(), evidence=())


def worry_by_rules(comment: Comment) -> ConcernReading:
    """Screen one comment by the plain rules alone, if it holds a word at which they could begin.

    Args:
        comment: the comment.

    Returns:
        The reading; nothing found when no such word stands in it, when it is too long to be read at once, or when only
        faint signs add up.
    """
    if len(comment.text) > LONGEST_AT_ONCE or not _may_worry(comment.text):
        return _NOTHING
    plain = normalise(comment.text)
    read = screen(
        plain, respondent=comment.respondent, question=comment.question, language=comment.language, thorough=False
    )
    # Faint signs that only together make a worry are right in half of all cases: they need the worker's second look.
    by_signs = all(evidence.rule.startswith(FAINT) for evidence in read.evidence)
    return _NOTHING if by_signs else read


def _may_worry(text: str) -> bool:
    # Letters beyond plain English may be a language that the list of beginnings does not know.
    foreign = not text.isascii() and _FOREIGN_LETTER.search(text) is not None
    return foreign or _stems().search(text.casefold().replace("\u2019", "'")) is not None


@cache
def _stems() -> re.Pattern[str]:
    file = resources.files("hscb_voice.language").joinpath("lexicons", "worry_stems.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    starts = sorted(re.escape(word[1:]) + r"\b" if word.startswith("=") else re.escape(word) for word in words)
    # By first letter, so that a word is held against a few of them only: every comment passes here before its reply.
    letters = groupby(starts, itemgetter(0))
    return re.compile(rf"\b(?:{'|'.join(f'{first}(?:{_one_of(first, group)})' for first, group in letters)})")


def _one_of(first: str, starts: Iterable[str]) -> str:
    return "|".join(start.removeprefix(first) for start in starts)
