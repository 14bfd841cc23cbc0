"""Mend the spelling of the few words that matter most for concern.

Why: "scard", "hurst" and "sucide" are how a frightened child writes; waiting for each slip to be listed would miss
some.
May not: change the comment that is stored or shown, or turn an ordinary word into a harmful one: a word is mended
only when it is in no rule, is not listed as a real word, and is one slip away from a listed word with the same
first letter.
"""

from hscb_voice.language.concern_lexicon import Lexicon

_SHORTEST = 4
_LONGEST = 20
_CACHE_LIMIT = 50_000


class Speller:
    """Mends words towards those that a lexicon lists as often misspelt."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        """Note every listed word with each of its letters left out.

        Args:
            lexicon: the lexicon whose words count; None mends nothing.
        """
        self._lexicon = lexicon
        self._known: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        for word in sorted(lexicon.often_misspelt) if lexicon is not None else ():
            for shorter in (word, *_one_left_out(word)):
                self._near.setdefault(shorter, []).append(word)

    def mended(self, word: str) -> str:
        """Give the word a rule should read.

        Args:
            word: a lower-case word as it was written.

        Returns:
            The listed word that is one slip away, or the word itself.
        """
        if len(word) < _SHORTEST or self._lexicon is None:
            return word
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _CACHE_LIMIT:
                self._known.clear()
            known = self._known[word] = self._mend(word, self._lexicon)
        return known

    def _mend(self, word: str, lexicon: Lexicon) -> str:
        if word in lexicon.real_words or not word.isalpha() or lexicon.finder.knows(word) or len(word) > _LONGEST:
            return word
        for shorter in (word, *_one_left_out(word)):
            for near in self._near.get(shorter, ()):
                if near[0] == word[0] and _one_slip(word, near):
                    return near
        return word


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
