"""Guess whether a short comment is English, Polish, Romanian, Welsh or something else.

Why: a worry written in a language that no lexicon covers must reach a person, not pass as silence.
May not: call short or badly spelt English foreign: without clear signs the answer is English.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from hscb_voice.language.concern_words import plain_letters
from hscb_voice.language.own_yaml import own_plain_yaml

_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[^.!?;:,\n()\u2013\u2014]+")
_PART_WORDS = 3  # fewer are a name or a word that somebody likes
_CODES = ("pl", "ro", "cy")
_LATIN_END = "\u0250"
_LATIN_MORE = ("\u1e00", "\u1eff")
_CLEAR = 2
_CLEAR_OTHER = 3
_ENGLISH_QUARTER = 4


@dataclass(frozen=True, slots=True)
class _Signs:
    """By what each language is known."""

    words: dict[str, frozenset[str]]
    letters: dict[str, frozenset[str]]


@cache
def _signs() -> _Signs:
    file = resources.files("hscb_voice.language").joinpath("lexicons", "concern_languages.yaml")
    content = own_plain_yaml(file.read_text(encoding="utf-8"))
    return _Signs(
        words={name: frozenset(words.split()) for name, words in content["words"].items()},
        letters={name: frozenset(letters) for name, letters in content["letters"].items()},
    )


@lru_cache(maxsize=16)  # every step of reading asks again for the comment in hand
def guess_language(text: str) -> str:
    """Guess the language of a short comment.

    Args:
        text: the comment, lower case.

    Returns:
        "en", "pl", "ro", "cy", or "other" for a language that no lexicon covers.
    """
    if text.isascii() and not _may_be_foreign(text):
        return "en"
    words = _WORD.findall(text)
    if not words:
        return "en"
    if 2 * sum(_other_script(word) for word in words) > len(words):
        return "other"
    plain = [plain_letters(word) for word in words]
    english = sum(word in _plain_english() for word in plain)
    marks = {code: _score(code, words, plain) for code in _CODES}
    best = max(marks, key=lambda code: marks[code])
    other = _score("other", words, plain)
    if marks[best] >= _CLEAR and marks[best] > english and marks[best] >= other:
        return best
    if other >= _CLEAR_OTHER and other > 2 * english and other > marks[best]:
        return "other"
    return "en"


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """A part of a comment in a language of its own; `start` and `end` are places in the text that was guessed."""

    start: int
    end: int
    language: str


def other_parts(text: str, whole: str) -> tuple[LanguagePart, ...]:
    """Find the parts of a comment that are in another language than most of it.

    Args:
        text: the comment, lower case.
        whole: what `guess_language` says of it.

    Returns:
        The parts in order, each between two marks and of three words or more; empty when all is in one language.
    """
    if whole == "en" and text.isascii() and not _may_hold_foreign(text):
        return ()
    found = []
    for part in _PART.finditer(text):
        if len(part[0].split()) < _PART_WORDS:
            continue
        language = guess_language(part[0])
        if language != whole and (language != "en" or _is_clearly_english(part[0])):
            found.append(LanguagePart(part.start(), part.end(), language))
    return tuple(found)


def _may_hold_foreign(text: str) -> bool:
    """Say, quickly, whether any part of a comment in plain letters may be other than English."""
    return any(_may_be_foreign(part) for part in _PART.findall(text))


def _is_clearly_english(text: str) -> bool:
    words = [plain_letters(word) for word in _WORD.findall(text)]
    return 2 * sum(word in _plain_english() for word in words) >= len(words)


def common_words(code: str) -> frozenset[str]:
    """Give the common words by which a language is known.

    Args:
        code: "pl", "ro" or "cy".

    Returns:
        Words in plain letters; English and names may share some.
    """
    return _signs().words[code]


@cache
def _plain_english() -> frozenset[str]:
    """Give the common English words that no other language here shares."""
    return _signs().words["english"] - _signs().words["ambiguous"]


def _may_be_foreign(text: str) -> bool:
    """Say, quickly, whether a comment in plain letters may be other than English."""
    words, english = text.split(), _plain_english()
    if _ENGLISH_QUARTER * len(english.intersection(words)) >= len(words):
        return False
    return _ENGLISH_QUARTER * sum(word in english for word in words) < len(words)


def _other_script(word: str) -> bool:
    return word[0] >= _LATIN_END and not _LATIN_MORE[0] <= word[0] <= _LATIN_MORE[1]


def _score(code: str, words: list[str], plain: list[str]) -> int:
    """Count the words that are common in a language, and those with letters of its own."""
    signs, english = _signs().words[code], _signs().words["english"]
    common = {word for word in plain if word in signs and word not in english}
    weak = {word for word in plain if word in signs and word in _signs().words["ambiguous"] and word not in common}
    own = {word for word in words if _signs().letters[code] & set(word)}
    return len(common) + len(own) + (1 if len(weak) > 1 and (common or own) else 0)
