"""Read a word that nobody knows as the listed word from which it is one slip away.

Why: "scard", "swiming" and "sucide" are how a child writes; waiting for each slip to be listed would miss most.
May not: change the comment that is stored or shown; or turn a word that is one into another: a word is mended only
when no list holds it, and only towards a listed word with the same first letter.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib import resources

from hscb_voice.language.normalise import Normalised, with_replaced
from hscb_voice.language.redaction_lists import marks, marks_of

_SHORTEST, _SHORTEST_COMMON = 4, 5  # of three letters nearly every word is one slip away from another
_LONGEST = 20
_CACHE_LIMIT = 50_000
_WORD = re.compile(r"(?<![\w'])[a-z]+(?![\w'])")


class Speller:
    """Mends words towards those of a list."""

    def __init__(self, listed: Iterable[str], sure_letters: Callable[[str], int], shortest: int = _SHORTEST) -> None:
        """Note every listed word with each of its letters left out.

        Args:
            listed: the words to mend towards; of two that are as near the one that is listed first is taken.
            sure_letters: tells how many letters at the start of a word are as they were meant: one at least; all of
                them where it is a word, which then stays as it is.
            shortest: how many letters a word has at least that is mended.
        """
        self._sure_letters = sure_letters
        self._shortest = shortest
        self._seen: dict[str, str] = {}
        self._near: dict[str, list[tuple[int, str]]] = {}
        for place, word in enumerate(listed):
            for shorter in (word, *_one_left_out(word)):
                self._near.setdefault(shorter, []).append((place, word))

    def mended(self, word: str) -> str:
        """Give the word that is to be read.

        Args:
            word: a lower-case word as it was written.

        Returns:
            The listed word that is one slip away, or the word itself.
        """
        if len(word) < self._shortest:
            return word
        seen = self._seen.get(word)
        if seen is None:
            if len(self._seen) >= _CACHE_LIMIT:
                self._seen.clear()
            seen = self._seen[word] = self._mend(word)
        return seen

    def _mend(self, word: str) -> str:
        if len(word) > _LONGEST or not word.isalpha() or (sure := self._sure_letters(word)) >= len(word):
            return word
        near = {one for shorter in (word, *_one_left_out(word)) for one in self._near.get(shorter, ())}
        found = [one for _, one in sorted(near) if one[:sure] == word[:sure] and _one_slip(word, one)]
        # A whole word with a letter too many is that word: "shoutd" is to shout, however common "should" may be.
        return next(filter(word.startswith, found), found[0] if found else word)


def _one_left_out(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _one_slip(left: str, right: str) -> bool:
    """Say whether two words differ by one letter put in, left out, changed, or swapped with its neighbour."""
    short, long = sorted((left, right), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) != len(long):
        return short[start:] == long[start + 1 :]
    return short[start + 1 :] == long[start + 1 :] or (
        short[start + 2 :] == long[start + 2 :] and short[start : start + 2] == long[start : start + 2][::-1]
    )


@cache
def common_speller() -> Speller:
    """Return what mends slips towards the words that people write most."""
    return Speller(_common_words(), _sure_letters, _SHORTEST_COMMON)


@cache
def listed_common() -> frozenset[str]:
    """Return the words of five letters or more that people write most."""
    return frozenset(_common_words())


def _common_words() -> list[str]:
    file = resources.files("hscb_voice.language").joinpath("lexicons", "common_words.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _sure_letters(word: str) -> int:
    """Trust what the lists hold; and of what is only built like a word, such as "swiming", the first half."""
    if word in marks():
        return len(word)
    return len(word) // 2 + 1 if marks_of(word) else 1


def with_slips_mended(n: Normalised, hidden: Collection[tuple[int, int]]) -> Normalised:
    """Mend the slips in an English comment.

    Args:
        n: the normalised comment.
        hidden: the places in the original of what is to be hidden: a name that nobody knows is no slip.

    Returns:
        The comment with its common words as they should be spelled.
    """
    return with_replaced(n, _slips(n, hidden))


def _slips(n: Normalised, hidden: Collection[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    speller = common_speller()
    for found in _WORD.finditer(n.text):
        mended = speller.mended(found[0])
        if mended != found[0] and not _is_hidden(*n.original_span(*found.span()), hidden):
            yield *found.span(), mended


def _is_hidden(start: int, end: int, hidden: Collection[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in hidden)
