"""Split a comment into words that know their place: capital, start of a sentence, marks from the lists.

Why: the same word is a name or not by where it stands and how its writer uses capitals; every rule reads these words.
May not: decide what is hidden.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from hscb_voice.language.redaction_lists import (
    AMBIGUOUS,
    KEPT,
    LITTLE_WORD,
    NAME,
    ORDINARY,
    folded,
    kept_phrases,
    marks_of,
    words_under,
)

_WORD = re.compile(r"[^\W\d_]+(?:['’‘\-][^\W\d_]+)*")
_SOFT_GAP = frozenset(" \t,('’‘\"&/")
_ABBREVIATED = words_under("shapes.txt", "abbreviated")
_PLACEHOLDER = re.compile(r"\[([^\[\]\n]{1,40})\]")
_PLACEHOLDER_PIECE = re.compile(r"[^\s_/,.-]+")
_PLACEHOLDER_ROLES = words_under("shapes.txt", "placeholder roles")
_PLACEHOLDER_FILLERS = words_under("shapes.txt", "placeholder fillers")
_PLACEHOLDER_LABEL = re.compile(r"(?:[a-z]|\d{1,2})(?:'s)?")
_MOST_IN_A_PLACEHOLDER = 6
LOWER, CAPITAL, SHOUTED = 0, 1, 2


@dataclass(slots=True)
class Word:
    """One word of a comment; `start` and `end` are offsets in the original, a possessive 's left out of `end`."""

    start: int
    end: int
    key: str
    marks: int
    case: int
    first: bool
    comma: bool
    possessive: bool
    kept: bool = False


@dataclass(slots=True)
class Words:
    """The words of a comment and how its writer uses capitals."""

    text: str
    words: list[Word]
    capitals_tell: bool = True
    loose: bool = False
    placeholders: list[tuple[int, int]] = field(default_factory=list)

    def left(self, at: int, steps: int = 1) -> str:
        """Give the key of a word before `at` in the same sentence, or "" where there is none."""
        for i in range(at, at - steps, -1):
            if i <= 0 or self.words[i].first:
                return ""
        return self.words[at - steps].key

    def right(self, at: int, steps: int = 1) -> str:
        """Give the key of a word after `at` in the same sentence, or "" where there is none."""
        for i in range(at + 1, at + steps + 1):
            if i >= len(self.words) or self.words[i].first:
                return ""
        return self.words[at + steps].key

    def closed(self, at: int) -> bool:
        """Tell whether a stop, a comma or the end comes straight after a word."""
        end = self.words[at].end
        return self.text[end : end + 1] in ".!?,)" or end >= len(self.text.rstrip())


def _case(word: str) -> int:
    if not word[0].isupper():
        return LOWER
    return SHOUTED if len(word) > 1 and word.isupper() else CAPITAL


@lru_cache(maxsize=20_000)
def _by_itself(word: str) -> tuple[str, int, int, int]:
    """Give what a word is wherever it stands: key, characters of a possessive ending ("Jo's": 2), marks and case."""
    key, cut = folded(word), 0
    if key.endswith("'s") and len(key) > len("'s"):
        key, cut = key[:-2], 2
    return key, cut, marks_of(key), _case(word)


def split_words(text: str) -> Words:
    """Split a comment into words.

    Args:
        text: the comment as written.

    Returns:
        Its words; those inside placeholders and kept phrases are marked as kept.
    """
    found: list[Word] = []
    before_end = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        raw = match.group()
        key, cut, known, case = _by_itself(raw)
        gap = text[before_end:start]
        hard = not found or not _SOFT_GAP.issuperset(gap)
        if hard and found and gap[:1] == "." and (gap == "." or gap[1:].isspace()):
            hard = not (found[-1].key in _ABBREVIATED or (len(found[-1].key) == 1 and found[-1].case == CAPITAL))
        found.append(
            Word(start, end - cut, key, known, case, hard, "," in gap or "(" in gap, cut > 0),
        )
        before_end = end
    words = Words(text, found)
    _keep_placeholders(words)
    _keep_phrases(found)
    _judge_capitals(words)
    return words


def _keep_placeholders(words: Words) -> None:
    if "[" not in words.text:
        return
    words.placeholders = [match.span() for match in _PLACEHOLDER.finditer(words.text) if _only_says_who(match[1])]
    spans = iter(words.placeholders)
    span = next(spans, None)
    for word in words.words:
        while span is not None and span[1] <= word.start:
            span = next(spans, None)
        if span is None:
            return
        word.kept = span[0] <= word.start


def _only_says_who(inside: str) -> bool:
    """Tell whether brackets hold nothing but what somebody is: "the CIDVA worker", "Child A's school"; never a name."""
    pieces = [folded(piece) for piece in _PLACEHOLDER_PIECE.findall(inside)]
    labels = [piece for piece in pieces if piece not in _PLACEHOLDER_ROLES and piece not in _PLACEHOLDER_FILLERS]
    says_who = len(pieces) <= _MOST_IN_A_PLACEHOLDER and not _PLACEHOLDER_ROLES.isdisjoint(pieces)
    return says_who and len(labels) <= 1 and all(_PLACEHOLDER_LABEL.fullmatch(label) for label in labels)


def matched_length(found: list[Word], at: int, wanted: tuple[str, ...]) -> int:
    """Tell how many words from `at` on spell a phrase.

    Args:
        found: all words.
        at: index of the first.
        wanted: the keys of the phrase.

    Returns:
        The number of words used (a hyphenated word may hold several keys), or 0.
    """
    # Most phrases end here, at the first letter of their second word; a word of mere marks has no letter.
    after = found[at + 1].key if at + 1 < len(found) else ""
    if len(wanted) > 1 and not after.startswith(wanted[1][0]) and "-" not in found[at].key:
        return 0
    used = 0
    i = at
    while used < len(wanted):
        if i >= len(found) or (i > at and found[i].first and found[i - 1].key != "st"):
            return 0
        word = found[i]
        parts = (word.key + "'s" if word.possessive and wanted[used].endswith("'s") else word.key).split("-")
        if tuple(parts) != wanted[used : used + len(parts)]:
            return 0
        used += len(parts)
        i += 1
    return i - at


def candidates(table: dict[str, list[tuple[tuple[str, ...], bool]]], word: Word) -> list[tuple[tuple[str, ...], bool]]:
    """Give the phrases of a list that may begin with a word, with its possessive or without.

    Args:
        table: first word -> phrases.
        word: a word of the comment.

    Returns:
        Phrases to compare, longest first within each form.
    """
    plain = table.get(word.key, [])
    return table.get(word.key + "'s", []) + plain if word.possessive else plain


def _keep_phrases(found: list[Word]) -> None:
    table = kept_phrases()
    for at, word in enumerate(found):
        if word.key not in table and not word.possessive:
            continue
        for wanted, _ in candidates(table, word):
            length = matched_length(found, at, wanted)
            for kept in found[at : at + length]:
                kept.kept = True
            if length:
                break


def _judge_capitals(words: Words) -> None:
    """See whether this writer's capitals say anything: not in ALL CAPS, Title Case or scattered ones."""
    plain = [word for word in words.words if len(word.key) > 1]
    if all(word.case == LOWER or (word.first and word.case == CAPITAL) for word in plain):
        return
    shouted = sum(word.case == SHOUTED for word in plain)
    inner = [word for word in plain if not word.first]
    ordinary = [word for word in inner if word.marks & (ORDINARY | LITTLE_WORD) and not word.marks & (NAME | KEPT)]
    scattered = sum(word.case == CAPITAL for word in ordinary)
    words.capitals_tell = shouted * 2 <= len(plain) and scattered * 2 <= len(ordinary)
    words.loose = scattered > 1 and scattered * 6 >= len(ordinary)


def is_plain_name(word: Word) -> bool:
    """Tell whether the lists hold this word as a name and as nothing else."""
    return bool(word.marks & NAME) and not word.marks & AMBIGUOUS
