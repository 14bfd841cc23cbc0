"""Find the names that the system was told: any case, with a possessive, with one wrong letter.

Why: a worker's or child's own name is what most needs hiding, however a child spells it.
May not: hide an ordinary word merely because it is one letter from a known name. `redaction_around` finds the names of
those who only work in the same house.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache

from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_lists import (
    LITTLE_WORD,
    ORDINARY,
    marks_of,
    one_letter_away,
    phrase_words,
    places,
    words_under,
)
from hscb_voice.language.redaction_reach import NameReach
from hscb_voice.language.redaction_words import LOWER, Word, Words, matched_length

_LONG_ENOUGH = 5
_SCHOOL_WORDS = words_under("shapes.txt", "school words")
_JOINING = words_under("shapes.txt", "joining")
_Known = tuple[dict[str, str], frozenset[str], tuple[tuple[tuple[str, ...], str], ...]]


@lru_cache(maxsize=512)
def _prepared(names: tuple[str, ...]) -> _Known:
    """Turn known names into single words with kinds, their misspellings, and whole names."""
    single: dict[str, str] = {}
    whole: list[tuple[tuple[str, ...], str]] = []
    for name in names:
        keys = tuple(phrase_words(name))
        if not keys:
            continue
        kind = "school" if _SCHOOL_WORDS.intersection(keys) else "place" if keys[0] in places() else "person"
        whole.append((keys, kind))
        for key in keys:
            told = kind == "person" and key not in _JOINING
            if len(keys) == 1 or (told and len(key) > 1):
                single.setdefault(key, kind)
    near = {close for key in single if len(key) >= _LONG_ENOUGH and key.isascii() for close in one_letter_away(key)}
    return single, frozenset(near), tuple(sorted(whole, key=lambda entry: -len(entry[0])))


def find_known(words: Words, known_names: Collection[str], reach: NameReach) -> Iterator[Mask]:
    """Find known names.

    Args:
        words: the words of the comment.
        known_names: the names, as the system writes them.
        reach: tells whose name it is.

    Yields:
        Masks; they may overlap.
    """
    if not known_names:
        return
    single, near, whole = _prepared(tuple(sorted(known_names)))
    starts = {keys[0] for keys, _ in whole}
    for at, word in enumerate(words.words):
        if word.key.partition("-")[0] in starts:
            yield from _whole_names(words, at, whole, reach)
        kind = single.get(word.key) or single.get(word.key.removesuffix("s"))
        if kind is not None and _is_meant(words, at, word):
            yield Mask(word.start, word.end, kind, "known name", reach.role(at, at) if kind == "person" else "")
        elif kind is None and word.key in near and not marks_of(word.key) & (ORDINARY | LITTLE_WORD):
            yield Mask(word.start, word.end, "person", "known name, one letter off", reach.role(at, at))


def _whole_names(
    words: Words, at: int, whole: tuple[tuple[tuple[str, ...], str], ...], reach: NameReach
) -> Iterator[Mask]:
    for keys, kind in whole:
        length = matched_length(words.words, at, keys) if len(keys) > 1 else 0
        if length:
            last = at + length - 1
            role = reach.role(at, last) if kind == "person" else ""
            yield Mask(words.words[at].start, words.words[last].end, kind, "known name", role)
            return


def _is_meant(words: Words, at: int, word: Word) -> bool:
    """Doubt only little words in lower case: a worker called Will is not in every "will"."""
    if not word.marks & LITTLE_WORD:
        return True
    if word.case != LOWER and words.capitals_tell and not word.first:
        return True
    beside = words.left(at) in {
        "with",
        "called",
        "named",
        "worker",
        "thanks",
        "and",
        "by",
        "sister",
        "brother",
        "friend",
    }
    return beside or words.right(at) in {"is", "was", "has", "listened", "helped", "helps", "listens", "said", "came"}
