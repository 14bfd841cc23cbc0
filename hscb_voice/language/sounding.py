"""Tell whether a word that no list holds sounds like a common English word: "lyk", "gaymz", "kynd".

Why: a child who spells by ear writes word after word that nobody knows, and is writing English all the same.
May not: say which word was meant; only that there may be one.
"""

import re
from functools import cache, lru_cache

from hscb_voice.language.language_signs import common_words
from hscb_voice.language.spelling import listed_common

_VOWELS = re.compile(r"[aeiouy]+")
_LAUGHTER = re.compile(r"(.{1,3}?)\1+.?")
_SILENT_E = re.compile(r"(?<=[^aeiou])e(?=s?$)")
# In order. Letters that children put for each other become one: "fink" and "think", "wos" and "was", "gaymz".
_ALIKE = (
    (re.compile(r"gh|(?<=m)b$|^h"), ""),
    (re.compile(r"tch|sh|ch|j|dg(?=e)|g(?=e|i|y)|ti(?=on)"), "j"),
    (re.compile(r"c(?=e|i|y)|z"), "s"),
    (re.compile(r"ck|c|q"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"kn|gn(?=[aeiou])"), "n"),
    (re.compile(r"wr"), "r"),
    (re.compile(r"ph|th|v|d(?=[aeiou])(?<=^d)"), "f"),
    (re.compile(r"w|h"), ""),
    (re.compile(r"(?<=[aeiou])r(?=[^aeiouy]|$)"), ""),
    (re.compile(r"(.)\1"), r"\1"),
)


@lru_cache(maxsize=1_000)
def sounds_english(word: str) -> bool:
    """Say whether a word may be a common English word, written by ear.

    Args:
        word: a lower-case word in plain letters.

    Returns:
        True when its sounds, vowels not told apart, are those of a common word; also for what is no word at all:
        laughter, and letters among which no vowel is.
    """
    return _VOWELS.search(word) is None or _LAUGHTER.fullmatch(word) is not None or _sounds(word) in _common_sounds()


def _sounds(word: str) -> tuple[str, int]:
    """Give the consonants of a word as they sound, with its first vowel, and how many vowels it is spoken with."""
    heard = _SILENT_E.sub("", word)
    for written, sound in _ALIKE:
        heard = written.sub(sound, heard)
    begins = "a" if _VOWELS.match(heard) else ""
    return begins + _VOWELS.sub("", heard), len(_VOWELS.findall(heard))


@cache
def _common_sounds() -> frozenset[tuple[str, int]]:
    words = listed_common() | common_words("short English") | common_words("english")
    return frozenset(_sounds(word) for word in words)
