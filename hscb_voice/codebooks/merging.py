"""Which exceptions two themes can take along when one goes into the other. No table and no page.

A theme's `unless` lines hold for all of its phrases. Joined with another theme's they would also silence phrases of
that one: "family worker" is nobody's family, but it is what "worker" is about. A codebook cannot keep an exception for
some phrases of a theme alone, so such a line is left out, and the person who merges is told which.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

from hscb_voice.language.codebook import Theme
from hscb_voice.language.phrases import PhraseBook

_WORD = re.compile(r"[a-z']+")
_ANY = "something"  # stands in a gap
_DEEPEST_SET = 3
_MOST_SAID = 200  # of choices made together


def exceptions_kept(stays: Theme, goes: Theme, sets: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort the exceptions of two themes that become one.

    Args:
        stays: the theme that takes over the other.
        goes: the other.
        sets: the codebook's named sets of words.

    Returns:
        The `unless` lines that hold for both, and those that are left out because they would silence a phrase of the
        theme from which they do not come.
    """
    kept: list[str] = []
    left_out: list[str] = []
    for mine, other in ((stays, goes), (goes, stays)):
        own = {*mine.patterns, *mine.hints, *mine.unless}
        foreign = [phrase for phrase in (*other.patterns, *other.hints) if phrase not in own]
        book: PhraseBook[str] = PhraseBook(((phrase, phrase) for phrase in foreign), sets)
        words = frozenset(_WORD.findall(" ".join((*foreign, *sets.values()))))
        for line in mine.unless:
            silences = line not in other.unless and _silences(line, book, words, sets)
            (left_out if silences else kept).append(line)
    return tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(left_out))


def _silences(line: str, book: PhraseBook[str], words: Collection[str], sets: Mapping[str, str]) -> bool:
    """Tell whether a phrase of the book stands within what the line stands for; one that says more is not silenced."""
    return any(book.find(text) for text in _said(line.split(), words, sets))


def _said(elements: Sequence[str], words: Collection[str], sets: Mapping[str, str]) -> Iterator[str]:
    """Yield what a phrase may stand for: every word of it once beside the first choice of each other one, then more."""
    choices = [_choices(element, words, sets) for element in elements]
    first = [options[0] for options in choices]
    for place, options in enumerate(choices):
        for option in options:
            yield " ".join(piece for piece in (*first[:place], option, *first[place + 1 :]) if piece)
    for chosen in islice(product(*choices), _MOST_SAID):
        yield " ".join(filter(None, chosen))


def _choices(element: str, words: Collection[str], sets: Mapping[str, str]) -> list[str]:
    if element.startswith("~"):
        return ["", _ANY]
    found = list(dict.fromkeys(_alternatives(element.removesuffix("?").split("/"), words, sets)))
    return [*found, ""] if element.endswith("?") else found


def _alternatives(
    parts: Iterable[str], words: Collection[str], sets: Mapping[str, str], depth: int = 0
) -> Iterator[str]:
    for part in parts:
        stem, bracket, ending = part.partition("(")
        if part.startswith("@") and depth <= _DEEPEST_SET:
            yield from _alternatives(sets.get(part[1:], "").split(), words, sets, depth + 1)
        elif part.endswith("*"):
            yield part[:-1]
            yield from sorted(word for word in words if word.startswith(part[:-1]))
        elif bracket:
            yield from (stem, stem + ending.rstrip(")"))
        else:
            yield re.sub(r"[+-]", " ", part)
