"""Find places, streets, named buildings and schools.

Why: "Year 6 at Marlbrook" or a village name tells a reader of a small county who is speaking.
May not: hide plain words such as "my new school", "the high street" or the name of a language.
"""

from collections.abc import Iterator

from hscb_voice.language import redaction_contexts as around
from hscb_voice.language.redaction_contacts import Mask
from hscb_voice.language.redaction_lists import (
    KEPT,
    LITTLE_WORD,
    NAME,
    ORDINARY,
    SURNAME,
    nearly_ordinary,
    places,
    schools,
    words_under,
)
from hscb_voice.language.redaction_words import CAPITAL, LOWER, Word, Words, candidates, matched_length

_SCHOOL_KIND = words_under("shapes.txt", "school kind")
_SCHOOL_TAIL = _SCHOOL_KIND | words_under("shapes.txt", "school tail")
_BUILDING = words_under("shapes.txt", "building")
_STREET = words_under("shapes.txt", "street")
_GENERAL = words_under("shapes.txt", "general")
_MIDDLE = words_under("shapes.txt", "middle of a name")
_WHERE = words_under("shapes.txt", "where")
_LIVE = words_under("shapes.txt", "live")
_MAX_NAME_WORDS = 5


def find_places(words: Words) -> Iterator[Mask]:
    """Find schools first, then streets and buildings, then places.

    Args:
        words: the words of a comment.

    Yields:
        Masks; they may overlap.
    """
    yield from _known_schools(words)
    found = words.words
    for at, word in enumerate(found):
        if word.kept:
            continue
        if word.key in _SCHOOL_KIND:
            yield from _named_before(words, at, "school", "school by its kind")
        elif word.key in _BUILDING or word.key in _STREET:
            yield from _named_before(words, at, "place", "street or building")
        elif word.key in {"st", "saint", "sant"}:
            yield from _saint(words, at)
    yield from _known_places(words)


def _known_schools(words: Words) -> Iterator[Mask]:
    found = words.words
    table = schools()
    for at, word in enumerate(found):
        if word.key not in table and not word.possessive:
            continue
        for wanted, doubtful in candidates(table, word):
            length = 0 if word.kept else matched_length(found, at, wanted)
            if not length:
                continue
            last = _tail(words, at + length - 1)
            if doubtful and last == at + length - 1 and not _doubtful_school(words, at):
                continue
            yield Mask(word.start, _whole_end(words, last), "school", "school list")
            break


def _doubtful_school(words: Words, at: int) -> bool:
    word = words.words[at]
    return word.case == CAPITAL and words.capitals_tell and words.left(at) in {"at", "to", "from", "in"}


def _tail(words: Words, last: int) -> int:
    """Take the words "RC primary school" after a school's name into its span."""
    found = words.words
    best = last
    i = last + 1
    while (
        i < len(found)
        and not found[i].first
        and not found[i].comma
        and found[i].key in _SCHOOL_TAIL
        and i - last <= _MAX_NAME_WORDS
    ):
        if found[i].key in _SCHOOL_KIND or found[i].key in {"rc", "ce", "form"}:
            best = i
        i += 1
    return best


def _whole_end(words: Words, last: int) -> int:
    """End a span after the possessive of its last word: "St Mary's", not "St Mary"."""
    word = words.words[last]
    return word.end + 2 if word.possessive else word.end


def _named_before(words: Words, at: int, kind: str, rule: str) -> Iterator[Mask]:
    """Hide the name before a word such as "primary" or "road", together with that word."""
    found = words.words
    first = at
    while first > 0 and at - first < _MAX_NAME_WORDS and not found[first].first and not found[first].comma:
        if not _names_a_thing(words, first - 1, at, kind):
            break
        first -= 1
    while first < at and found[first].key in {"of", "the", "and", "&"}:
        first += 1
    if first == at:
        return
    last = _tail(words, at) if kind == "school" else at
    yield Mask(found[first].start, found[last].end, kind, rule)


def _names_a_thing(words: Words, at: int, thing: int, kind: str) -> bool:
    word = words.words[at]
    if word.key in _MIDDLE and word.case == CAPITAL and at > 0 and not word.first and not word.kept:
        return _own_name(words, at - 1) and not words.words[at - 1].kept
    if word.kept or (word.key in _GENERAL and not (word.key in {"of", "the", "and"} and at < thing - 1)):
        return False
    if word.key in {"of", "the", "and"}:
        return at > 0 and _own_name(words, at - 1) and not words.words[at].first
    if word.key in {"st", "saint"} or word.key in _SCHOOL_KIND:
        return True
    return _fits_thing(words, word, words.words[thing], kind, own=_own_name(words, at))


def _fits_thing(words: Words, word: Word, after: Word, kind: str, *, own: bool) -> bool:
    """Tell "Hollins Park" and "Mill Lane" from "Jo house" and "busy road"."""
    if own:
        telling = word.case != LOWER and (after.case != LOWER or not word.marks & NAME)
        return kind == "school" or after.key in _STREET or telling
    same_case = word.case == CAPITAL and after.case == CAPITAL
    if word.marks & (LITTLE_WORD | KEPT) or word.key in around.ROLES or not same_case or not words.capitals_tell:
        return False
    return not word.first or (kind == "school" and not words.loose)


def _own_name(words: Words, at: int) -> bool:
    """Tell whether a word is no ordinary word: a place, a name, or unknown."""
    word = words.words[at]
    if word.marks & (LITTLE_WORD | KEPT) or word.key in around.ROLES:
        return False
    if word.key in places() and len(places()[word.key][-1][0]) == 1:
        return not word.marks & ORDINARY or word.case != LOWER
    if word.marks & ORDINARY:
        return False
    capital = word.case == CAPITAL and words.capitals_tell and not (word.first and nearly_ordinary(word.key))
    return capital or (bool(word.marks & (NAME | SURNAME)) and not word.possessive)


def _saint(words: Words, at: int) -> Iterator[Mask]:
    """Hide "St Mary's", whatever it is."""
    found = words.words
    if at + 1 >= len(found) or (
        found[at].case == LOWER and not found[at + 1].possessive and not found[at + 1].marks & NAME
    ):
        return
    after = found[at + 1]
    if (after.first and words.text[found[at].end : after.start] != ". ") or (
        not after.marks & (NAME | SURNAME) and not after.possessive
    ):
        return
    last = _tail(words, at + 1)
    kind = "school" if last > at + 1 or words.left(at) in {"at", "to"} else "place"
    yield Mask(found[at].start, _whole_end(words, last), kind, "saint's name")


def _known_places(words: Words) -> Iterator[Mask]:
    found = words.words
    table = places()
    for at, word in enumerate(found):
        key = word.key.partition("-")[0] if "-" in word.key else word.key
        if key not in table and not word.possessive:
            continue
        for wanted, doubtful in candidates(table, word) if key == word.key else table.get(key, ()):
            length = 0 if word.kept else matched_length(found, at, wanted)
            if not length and not word.kept and len(wanted) == 1 and key == word.key:
                length = 1
            if length and not (len(wanted) == 1 and not _single_place(words, at, word, doubtful=doubtful)):
                yield Mask(word.start, found[at + length - 1].end, "place", "place list")
                break


def _single_place(words: Words, at: int, word: Word, *, doubtful: bool) -> bool:
    """Tell "in Reading" from "reading", and Chelsea the town from Chelsea the girl."""
    left = words.left(at)
    if word.marks & (NAME | SURNAME) and word.marks & (NAME | ORDINARY) and left not in _WHERE:
        return False
    if not doubtful and not (word.case == LOWER and word.marks & (ORDINARY | LITTLE_WORD)):
        return True
    if left not in _WHERE:
        return False
    if word.case == CAPITAL and words.capitals_tell and not word.first:
        return words.right(at) not in around.NOUNS_RIGHT
    return left in {"in", "to", "from", "near"} and words.left(at, 2) in _LIVE
