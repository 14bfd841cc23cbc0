"""Say of one word whether English knows it: what every guess of a comment's language rests on.

Why: nobody can list the words of every language, but the words that children write in English can be known. Of a
hundred words in their comments one is in no list, so that three such words beside each other are hardly English.
May not: look at more than one word, or load the long lists in a web process, where the short ones must do.
"""

import re
from functools import cache, lru_cache

from hscb_voice.language.concern_words import plain_letters
from hscb_voice.language.language_signs import CODES, common_words, own_letters, plain_english, shared_words
from hscb_voice.language.redaction_lists import folded, marks, marks_of, places, words_under
from hscb_voice.language.sounding import sounds_english
from hscb_voice.language.spelling import common_speller, listed_common

ENGLISH, EITHER, BY_EAR, UNKNOWN, FOREIGN = -1, 0, 1, 2, 3
"""A word of English; of English too, or a name, or too short to tell; in no list but sounding like a common word, as
children spell by ear; in no list; of a listed language."""

STRANGE = {ENGLISH: 0.0, EITHER: 0.0, BY_EAR: 0.5, UNKNOWN: 1.0, FOREIGN: 1.0}
"""How much each speaks for another language."""

_SHORTEST = 2  # letters: one alone is of every language
_LATIN_END = "\u0250"
_LATIN_MORE = ("\u1e00", "\u1eff")
# In Arabic written with Latin letters a figure stands for a letter, as in "ma3o"; other figures are a child's "gr8".
_FIGURE_WITHIN = re.compile(r"[a-z][3579][a-z]")


@cache
def _english() -> frozenset[str]:
    """Give the words that every child writes, of which none is only a word of a book."""
    everyday = words_under("everyday.txt", "") | words_under("ordinary.txt", "")
    return everyday | plain_english() | listed_common() | common_words("short English") | common_words("rare English")


@cache
def _of_elsewhere() -> frozenset[str]:
    listed = frozenset().union(*(common_words(code) for code in (*CODES, "other")))
    return listed - common_words("english") - shared_words()


@cache
def _special_letters() -> frozenset[str]:
    of_vietnamese = frozenset(map(chr, range(0x1EA0, 0x1EFA)))
    return of_vietnamese.union(*(own_letters(code) for code in (*CODES, "other")))


def other_script(word: str) -> bool:
    """Say whether a word is written in other than Latin letters."""
    return word[0] >= _LATIN_END and not _LATIN_MORE[0] <= word[0] <= _LATIN_MORE[1]


def bare(word: str) -> str:
    """Take off what an apostrophe joins to a word: "mae'n" is "mae", "l'homme" is "homme"."""
    head, _, tail = word.partition("'")
    return head if len(head) >= _SHORTEST or not tail else tail


@lru_cache(maxsize=2_000)
def by_short_lists(word: str) -> int:
    """Say what the short lists know of a lower-case word.

    Args:
        word: a word of a comment, lower case, with its accents.

    Returns:
        `ENGLISH`, `EITHER` or `FOREIGN`.
    """
    plain = plain_letters(bare(word))
    if plain in plain_english() or word.replace("'", "") in plain_english():
        return ENGLISH
    if other_script(word) or not _special_letters().isdisjoint(word) or plain in _of_elsewhere():
        return FOREIGN
    return EITHER


@lru_cache(maxsize=10_000)
def by_all_lists(word: str) -> int:
    """Say what all lists know of a lower-case word, names among them.

    Args:
        word: a word of a comment, lower case, with its accents.

    Returns:
        One of the five.
    """
    found = by_short_lists.__wrapped__(word)  # kept here already
    if found != EITHER:
        return found
    key = folded(bare(word))
    if len(key) < _SHORTEST or key in shared_words():
        return EITHER
    if key in _english() or folded(word) in _english() or folded(word).replace("'", "") in _english():
        return ENGLISH
    if not key.isalpha():
        return UNKNOWN if _FIGURE_WITHIN.search(key) else EITHER
    is_known = key in marks() or marks_of(key) or key in places() or common_speller().mended(key) != key
    if is_known:
        return EITHER
    return BY_EAR if sounds_english(key) else UNKNOWN
