"""Keep the lists of names, places, schools and ordinary words, each word with its marks, loaded once.

Why: a name is known by lists and by its surroundings together; one look-up a word keeps reading fast, and lists in
plain text files can be widened by anyone.
May not: decide what is hidden; look at a comment.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from hscb_voice.language.errors import LanguageError

NAME = 1
NAME_FIRST = 2
WORD_FIRST = 4
LITTLE_WORD = 8
SURNAME = 16
ORDINARY = 32
KEPT = 64
AMBIGUOUS = NAME_FIRST | WORD_FIRST | LITTLE_WORD

_FIRST_NAME_FILES = (
    "english.txt",
    "celtic_traveller.txt",
    "polish_slavic.txt",
    "romance.txt",
    "asian_arabic.txt",
    "african_caribbean_east_asian.txt",
    "seldom.txt",
)
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "s", "æ": "a", "œ": "o", "ı": "i", "’": "'", "‘": "'"})
_CONTRACTED = ("n't", "'ll", "'re", "'ve", "'d", "'m", "'s")
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "r", "ly", "y", "ness", "ful", "less", "est", "in", "able", "ish")
_ONLY_LETTERS = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def folded(word: str) -> str:
    """Lower a word and take its accents away, so that "Zoë" and "ZOE" are one key.

    Args:
        word: one word as written.

    Returns:
        The key under which the lists hold it.
    """
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered.translate(_STROKES))
    return "".join(character for character in plain if not unicodedata.combining(character))


def _lines(file_name: str) -> Iterator[tuple[str, str]]:
    """Read a list as (heading, line) pairs, without remarks."""
    folder = resources.files("hscb_voice.language").joinpath("lexicons", "names")
    heading = ""
    for line in folder.joinpath(file_name).read_text(encoding="utf-8").splitlines():
        stripped = line.strip()
        if stripped.startswith("["):
            heading = stripped.strip("[]")
        elif stripped and not stripped.startswith("#"):
            yield heading, stripped


def _words(file_name: str, heading: str = "") -> set[str]:
    return {folded(word) for at, line in _lines(file_name) if at == heading for word in line.split()}


@cache
def words_under(file_name: str, heading: str) -> frozenset[str]:
    """Read the words under one heading of a list.

    Args:
        file_name: a file of `lexicons/names`.
        heading: as it stands in square brackets.

    Returns:
        Folded words.

    Raises:
        LanguageError: nothing stands under that heading; a rule without its words would hide nothing, silently.
    """
    found = frozenset(_words(file_name, heading))
    if not found:
        message = f"{file_name}: no words under [{heading}]"
        raise LanguageError(message)
    return found


def _general_words() -> set[str]:
    """Read the lower-case words of TextBlob's word list, without importing TextBlob (it is slow and large)."""
    spec = find_spec("textblob")
    if spec is None or spec.origin is None:
        message = "TextBlob's word list is not installed"
        raise LanguageError(message)
    path = Path(spec.origin).parent / "en" / "en-lexicon.txt"
    words: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, tag = line.partition(" ")
        if not tag.startswith("NNP") and _ONLY_LETTERS.fullmatch(word) is not None:
            words.add(word)
    return words


def _case_endings(name: str) -> Iterator[str]:
    """Give the Polish and Romanian forms of a name: Kasia, Kasi, Kasią; Marek, Marka, Markiem; Mariei."""
    if name.endswith("a"):
        stem = name[:-1]
        yield from (stem + ending for ending in ("y", "i", "ie", "e", "o", "u", "ei"))
        if stem.endswith("t"):
            yield stem[:-1] + "cie"
        elif stem.endswith("r"):
            yield stem + "ze"
        elif stem.endswith("k"):
            yield stem[:-1] + "ce"
        return
    stem = name[:-2] + name[-1] if name.endswith("ek") else name
    yield from (stem + ending for ending in ("a", "owi", "em", "iem", "ie", "u", "ului"))


_SHORTEST_FORM = 4
_SHORTEST_STEM = 3
_SHORTEST_PREFIXED = 6
_CHECKED_LENGTHS = range(4, 15)


@cache
def marks() -> dict[str, int]:
    """Load every list once.

    Returns:
        Word key -> marks.
    """
    general = _general_words()
    ordinary = general | _words("ordinary.txt") | _words("everyday.txt")
    kept = _words("kept.txt", "words")
    names = set().union(*(_words(file_name) for file_name in _FIRST_NAME_FILES))
    names_first = _words("ambiguous.txt", "names first")
    little = _words("ambiguous.txt", "function words")
    words_first = (_words("ambiguous.txt", "words first") | general | kept | ordinary) - names_first - little
    table = dict.fromkeys(ordinary, ORDINARY)
    for name in _words("polish_slavic.txt") | _words("romance.txt"):
        for form in _case_endings(name):
            if len(form) >= _SHORTEST_FORM and form not in ordinary and form not in kept:
                names.add(form)
    for group, mark in ((kept, KEPT), (names, NAME), (_words("surnames.txt"), SURNAME), (little, LITTLE_WORD)):
        for word in group:
            table[word] = table.get(word, 0) | mark
    for word in names & words_first:
        table[word] |= WORD_FIRST
    for word in names & names_first:
        table[word] |= NAME_FIRST
    return table


@lru_cache(maxsize=20_000)
def marks_of(key: str) -> int:
    """Tell what the lists and the shape of a word say.

    Args:
        key: a word as `folded` gives it.

    Returns:
        Its marks; 0 for a word that nothing knows.
    """
    found = marks().get(key)
    if found is not None:
        return found
    if "'" in key:
        return _marks_of_contraction(key)
    if "-" in key:
        return _marks_of_hyphenated(key)
    return _marks_by_shape(key)


def _marks_of_contraction(key: str) -> int:
    base, _, rest = key.partition("'")
    if key.endswith(_CONTRACTED):
        return ORDINARY
    if base in {"o", "d", "mc"} and len(rest) >= _SHORTEST_STEM:
        return SURNAME
    return marks_of(base)


def _marks_of_hyphenated(key: str) -> int:
    parts = [marks_of(part) for part in key.split("-") if part]
    if any(part & NAME and not part & (WORD_FIRST | LITTLE_WORD) for part in parts):
        return NAME
    if parts and all(part & NAME for part in parts):
        return NAME
    if all(part & (ORDINARY | KEPT | LITTLE_WORD) for part in parts):
        return ORDINARY
    return SURNAME if any(part & SURNAME for part in parts) else 0


def _marks_by_shape(key: str) -> int:
    table = marks()
    owner = key.removesuffix("s")
    if owner != key and len(owner) >= _SHORTEST_STEM and table.get(owner, 0) & (NAME | AMBIGUOUS | ORDINARY) == NAME:
        return NAME
    for ending in _ENDINGS:
        stem = key.removesuffix(ending)
        if stem != key and len(stem) >= _SHORTEST_STEM and table.get(stem, 0) & ORDINARY:
            return ORDINARY
    if key.startswith(("un", "re")) and len(key) >= _SHORTEST_PREFIXED and table.get(key[2:], 0) & ORDINARY:
        return ORDINARY
    # Second halves of joined names such as "lilymae" are enough to know a name that no list holds.
    for half in words_under("shapes.txt", "second halves"):
        stem = key.removesuffix(half)
        if stem != key and len(stem) >= _SHORTEST_STEM and table.get(stem, 0) & NAME:
            return NAME
    return 0


@lru_cache(maxsize=4_000)
def nearly_ordinary(key: str) -> bool:
    """Tell whether one wrong letter turns an ordinary word into this one.

    Args:
        key: a word that nothing knows.

    Returns:
        True for likely misspellings of words; always False for very short or very long ones.
    """
    if len(key) not in _CHECKED_LENGTHS:
        return False
    table = marks()
    return any(table.get(near, 0) & ORDINARY for near in one_letter_away(key))


def one_letter_away(key: str) -> Iterator[str]:
    """Give every word one letter added, dropped, changed or swapped away.

    Args:
        key: a folded word.

    Yields:
        Candidate words, most of them no words at all.
    """
    for i in range(len(key) + 1):
        left, right = key[:i], key[i:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]


def _entries(file_name: str, headings: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Read a list of names of several words as (words, is an ordinary word too)."""
    for heading, line in _lines(file_name):
        if heading not in headings:
            continue
        for entry in line.split("|"):
            name = entry.strip()
            if name:
                yield tuple(phrase_words(name.rstrip("~"))), name.endswith("~")


_PHRASE_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")


def phrase_words(text: str) -> list[str]:
    """Split the name of a thing into word keys, hyphens as gaps.

    Args:
        text: for example "Ross-on-Wye".

    Returns:
        Keys, for example `["ross", "on", "wye"]`.
    """
    return _PHRASE_WORD.findall(folded(text))


def _by_first_word(entries: Iterator[tuple[tuple[str, ...], bool]]) -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    table: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for words, doubtful in entries:
        table.setdefault(words[0], []).append((words, doubtful))
    for found in table.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return table


@cache
def places() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    """Load place names: first word -> [(words, is an ordinary word or first name too)], longest first."""
    lists = (("places.txt", ("local", "uk", "abroad")), ("places_wide.txt", ("",)))
    return _by_first_word(entry for file_name, headings in lists for entry in _entries(file_name, headings))


@cache
def schools() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    """Load school names in the same form as places."""
    return _by_first_word(_entries("schools.txt", ("",)))


@cache
def kept_phrases() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    """Load services, charities, brands and feasts that stay readable, in the same form as places."""
    return _by_first_word(_entries("kept.txt", ("phrases",)))
