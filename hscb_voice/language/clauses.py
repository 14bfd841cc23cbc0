"""Cut a comment into sentences and clauses.

Why: "she was kind but never on time" holds two feelings; each must be read in its own clause.
May not: drop a character that matters: clauses follow each other in order and never overlap.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from hscb_voice.language.normalise import Normalised

# A full stop between digits (3.30) or in a shortened phrase (e.g.) does not end a sentence.
_SENTENCE_END = re.compile(r"(?:(?<![0-9])\.|\.(?![0-9])|[!?;\n\r])[.!?;\s]*")
_CONTRAST = re.compile(
    r"(?:[,\s]+|^)(?=(?:but|although|though|however|except|whereas|nevertheless|yet|unfortunately|sadly|even though|"
    r"even if|apart from|other than that|on the other hand|having said that|that said|despite|in spite of|instead|"
    r"until)\b)"
    r"|\s+-+\s+|\s*[\u2013\u2014]\s*",
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One stretch of a comment; `start` and `end` are offsets in the normalised text."""

    start: int
    end: int
    text: str


def _trimmed(text: str, start: int, end: int) -> Clause | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Clause(start, end, text[start:end]) if start < end else None


def _pieces(text: str, start: int, end: int, breaks: re.Pattern[str], *, keep_break: bool) -> list[Clause]:
    found: list[Clause] = []
    at = start
    for match in breaks.finditer(text, start, end):
        piece = _trimmed(text, at, match.end() if keep_break else match.start())
        if piece is not None:
            found.append(piece)
        at = match.end()
    last = _trimmed(text, at, end)
    if last is not None:
        found.append(last)
    return found


def sentences(n: Normalised) -> tuple[Clause, ...]:
    """Split a comment into sentences, each with its closing marks.

    Args:
        n: the normalised comment.

    Returns:
        The sentences in order; empty for an empty comment.
    """
    return tuple(_pieces(n.text, 0, len(n.text), _SENTENCE_END, keep_break=True))


def clauses(n: Normalised) -> tuple[Clause, ...]:
    """Split a comment into clauses: at the end of each sentence, and before words of contrast ("but", "although").

    Args:
        n: the normalised comment.

    Returns:
        The clauses in order; a clause begins with its word of contrast where it has one. Empty for an empty comment.
    """
    return _clauses_of(n.text)


@lru_cache(maxsize=4)  # polarity and models ask for those of the same comment
def _clauses_of(text: str) -> tuple[Clause, ...]:
    return tuple(
        clause
        for sentence in _pieces(text, 0, len(text), _SENTENCE_END, keep_break=True)
        for clause in _pieces(text, sentence.start, sentence.end, _CONTRAST, keep_break=False)
    )
