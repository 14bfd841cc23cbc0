"""Find the names of people who work in the house, of its teams and of its parts of the county.

Why: the system knows them, and no list of names may hold them: a rare surname, a team named after a hill.
May not: hide every "young" and "hill" because somebody is called so. These names are told with every comment, whoever
it is about, so a word of the language is hidden only where it stands like a name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hscb_voice.language.language_signs import plain_english
from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_contexts import TITLES
from hscb_voice.language.redaction_lists import (
    KEPT,
    LITTLE_WORD,
    NAME,
    NAME_FIRST,
    ORDINARY,
    SURNAME,
    marks,
    marks_of,
    phrase_words,
    words_under,
)
from hscb_voice.language.redaction_reach import NameReach
from hscb_voice.language.redaction_words import LOWER, Word, Words, matched_length
from hscb_voice.language.spelling import Speller

RULE = "known name around"
_LONG_ENOUGH = 5
_SHORTEST = 2
_BEFORE_A_NAME = frozenset({"called", "named", "worker", "with"}) | TITLES
_AFTER_A_NAME = frozenset({"is", "was", "has", "listened", "helped", "helps", "listens", "said", "came"})


@dataclass(frozen=True, slots=True)
class Around:
    """Names that the system knows whoever a comment is about: of those who work there; of teams, and places."""

    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


_WORDS_FIRST = words_under("ambiguous.txt", "words first")
NOBODY = Around()


@dataclass(frozen=True, slots=True)
class _Phrase:
    keys: tuple[str, ...]
    kind: str
    is_a_phrase: bool  # of ordinary words: it must be written like a name


@dataclass(frozen=True, slots=True)
class _Prepared:
    phrases: dict[str, list[_Phrase]]  # by their first word, longest first
    single: frozenset[str]
    speller: Speller


@lru_cache(maxsize=64)
def _prepared(around: Around) -> _Prepared:
    phrases: dict[str, list[_Phrase]] = {}
    single: set[str] = set()
    for name in around.people:
        keys = _names_in(name)
        single.update(key for key in keys if len(key) > 1)
        if len(keys) > 1:
            phrases.setdefault(keys[0], []).append(_Phrase(keys, "person", is_a_phrase=False))
    for name in around.places:
        keys = tuple(phrase_words(name))
        if keys:
            phrases.setdefault(keys[0], []).append(
                _Phrase(keys, "place", is_a_phrase=all(map(_is_in_a_dictionary, keys)))
            )
    for found in phrases.values():
        found.sort(key=lambda phrase: -len(phrase.keys))
    listed = sorted(key for key in single if len(key) >= _LONG_ENOUGH and key.isascii() and not is_a_word(key))
    return _Prepared(phrases, frozenset(single), Speller(listed, lambda _: 1, _LONG_ENOUGH))


def _names_in(account: str) -> tuple[str, ...]:
    """Give the words of an account's name without titles; none where "Safeguarding Lead" is an account too."""
    keys = tuple(key for key in phrase_words(account) if key not in TITLES)
    return () if all(_is_in_a_dictionary(key) and not marks_of(key) & (NAME | SURNAME) for key in keys) else keys


def first_name_of(account: str) -> str:
    """Give the first name of whoever has an account, to be hidden in any case where it is a word as well.

    Args:
        account: how the account is called: "Grace Jones", "Dr Sarah Jones", "Play Therapist".

    Returns:
        The name; empty where it may be a word of the language that is nobody's first name, or a surname like one. Such
        words are hidden where they stand like a name.
    """
    keys = _names_in(account)
    if not keys or (_is_in_a_dictionary(keys[0]) and not marks_of(keys[0]) & NAME):
        return ""
    has_title = len(keys) < len(list(phrase_words(account)))
    return "" if has_title and len(keys) == 1 and _is_in_a_dictionary(keys[0]) else keys[0]


def is_a_word(key: str) -> bool:
    """Tell whether a name is a word as well: "rivers", "walker", "beer". Children write those of everything else."""
    is_listed = len(key) <= _SHORTEST or key in plain_english() or key in _WORDS_FIRST
    stands = marks().get(key, 0)  # as it is, and not because it is built like a word: "kindley" is none
    is_listed = is_listed or bool(stands & (ORDINARY | KEPT | LITTLE_WORD))
    return is_listed and not stands & NAME_FIRST


def _is_in_a_dictionary(key: str) -> bool:
    found = marks_of(key)
    return bool(found & (ORDINARY | KEPT | LITTLE_WORD)) and not found & NAME_FIRST


def find_around(words: Words, around: Around, reach: NameReach) -> Iterator[Mask]:
    """Find the names of those around.

    Args:
        words: the words of the comment.
        around: the names; preparing them takes a while, so the same ones are to be told with many comments.
        reach: tells whose name it is.

    Yields:
        Masks; they may overlap.
    """
    if around == NOBODY:
        return
    known = _prepared(around)
    for at, word in enumerate(words.words):
        if word.kept:
            continue
        for phrase in known.phrases.get(word.key.partition("-")[0], ()):
            length = matched_length(words.words, at, phrase.keys)
            last = at + length - 1
            if length and (not phrase.is_a_phrase or _stands_like_a_name(words, at, last)):
                role = reach.role(at, last) if phrase.kind == "person" else ""
                yield Mask(word.start, words.words[last].end, phrase.kind, RULE, role)
                break
        if _is_one_of(known, words, at, word):
            yield Mask(word.start, word.end, "person", RULE, reach.role(at, at))


def _is_one_of(known: _Prepared, words: Words, at: int, word: Word) -> bool:
    owner = word.key.removesuffix("s")
    is_owned = len(owner) > _SHORTEST and owner in known.single and not word.marks & ORDINARY
    if word.key in known.single or is_owned:
        return not is_a_word(word.key) or _is_meant(words, at, word)
    return not word.marks and known.speller.mended(word.key) != word.key


def _is_meant(words: Words, at: int, word: Word) -> bool:
    before = words.left(at)
    beside = before in _BEFORE_A_NAME and not word.comma and not words.words[at - 1].possessive
    if beside and not (word.case == LOWER and before == "with"):
        return True
    # Languages and months have capitals whoever is called so.
    if word.marks & (KEPT | LITTLE_WORD):
        return False
    if word.case == LOWER:
        return word.first and words.right(at) in _AFTER_A_NAME
    if not words.capitals_tell:
        return False
    return not word.first or bool(word.marks & NAME and words.right(at) in _AFTER_A_NAME)


def _stands_like_a_name(words: Words, first: int, last: int) -> bool:
    """Say whether a phrase of ordinary words has capitals that say something: "the River team" may be any team."""
    inside = words.words[first : last + 1]
    has_capitals = all(word.case != LOWER for word in inside if not word.marks & LITTLE_WORD)
    return words.capitals_tell and has_capitals and (len(inside) > 1 or not inside[0].first)
