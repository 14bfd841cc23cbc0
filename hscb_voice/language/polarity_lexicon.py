"""Read the lexicon of words that speak well or ill.

Why: the words live in a plain text file that people can read and change; this is the one place that knows its form.
May not: read comments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

from hscb_voice.language.phrases import PhraseBook

Kind = Literal["word", "fixed", "wish", "complaint", "past", "first"]
_HEADING = re.compile(r"\[(\w+)(?: (-?[\d.]+))?\]")
_SET = re.compile(r"@(\w+)\s*=\s*(.+)")


@dataclass(frozen=True, slots=True)
class Sign:
    """What a phrase of the lexicon says; `weight` is above nought for well, below for ill."""

    kind: Kind
    weight: float


def _lines() -> Iterator[str]:
    text = resources.files("hscb_voice.language").joinpath("lexicons", "polarity.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        kept = line.partition("#")[0].strip()
        if kept:
            yield kept


def _kind(name: str) -> Kind:
    for kind in get_args(Kind):
        if kind == name:
            found: Kind = kind
            return found
    message = f"the polarity lexicon has no kind of phrase called {name!r}"
    raise ValueError(message)


@cache
def lexicon() -> PhraseBook[Sign]:
    """Give the polarity lexicon, compiled once a process.

    Returns:
        The phrases, each labelled with what it says.

    Raises:
        ValueError: the file holds a heading or a phrase that cannot be read.
    """
    sets: dict[str, str] = {}
    phrases: list[tuple[Sign, str]] = []
    sign = Sign("word", 0.0)
    for line in _lines():
        named, heading = _SET.fullmatch(line), _HEADING.fullmatch(line)
        if named is not None:
            sets[named.group(1)] = named.group(2)
        elif heading is not None:
            sign = Sign(_kind(heading.group(1)), float(heading.group(2) or 0))
        else:
            phrases.extend((sign, phrase) for part in line.split(",") if (phrase := part.strip()))
    return PhraseBook(phrases, sets)
