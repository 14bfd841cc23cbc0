"""Says how far a language is: what is missing, doubtful, lost or broken, and what no speaker has read yet.

It judges only what a machine can: that every text has its words, and that nothing which must stay was changed.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message

from hscb_voice.translations.catalogues import is_checked
from hscb_voice.translations.sources import Source, own_contexts

_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
_NUMBERS = re.compile(r"\d+")
_SLIPS = re.compile(r"%(?!\(\w+\)s|%)")


@dataclass(frozen=True)
class Fault:
    """One text that needs a translator."""

    text: str
    context: str
    trouble: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"“{self.text}”{' (to grown-ups)' if self.context else ''}: {self.trouble}"


@dataclass(frozen=True)
class Standing:
    """How far one language is."""

    code: str
    total: int
    checked: int
    missing: tuple[Fault, ...]
    doubtful: tuple[Fault, ...]
    broken: tuple[Fault, ...]
    lost: tuple[Fault, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that the program can say is said in this language, and soundly."""
        return not (self.missing or self.doubtful or self.broken)

    @property
    def unchecked(self) -> int:
        """Return how many texts no speaker has read."""
        return self.total - self.checked


def standing_of(code: str, catalogue: Catalog, sources: Iterable[Source]) -> Standing:
    """Compare a catalogue with what there is to translate.

    Args:
        code: of the language.
        catalogue: its texts.
        sources: what `all_sources` found.

    Returns:
        How far the language is.
    """
    wanted = {source.key: source for source in sources}
    there = {_key(message): message for message in catalogue if message.id}
    missing, doubtful, broken = [], [], []
    for (context, text), source in wanted.items():
        message = there.get((context, text))
        if message is None or not all(_said(message)):
            missing.append(Fault(text, context, "has no translation"))
        elif message.fuzzy:
            doubtful.append(Fault(text, context, "is only a guess (fuzzy): look at it and take the mark away"))
        else:
            broken += [Fault(text, context, trouble) for trouble in _troubles(source, _said(message), catalogue)]
    known = set(wanted) | own_contexts()
    lost = [Fault(text, context, "is said no more") for context, text in there if (context, text) not in known]
    checked = sum(is_checked(there[key]) for key in wanted if key in there)
    return Standing(code, len(wanted), checked, tuple(missing), tuple(doubtful), tuple(broken), tuple(lost))


def _key(message: Message) -> tuple[str, str]:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", text


def _said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _troubles(source: Source, said: list[str], catalogue: Catalog) -> list[str]:
    wanted = catalogue.num_plurals if source.plural else 1
    if len(said) != wanted:
        return [f"needs {wanted} forms and has {len(said)}"]
    originals = [source.plural or source.text] * len(said)
    return [trouble for original, words in zip(originals, said, strict=True) for trouble in _broken(original, words)]


def _broken(original: str, words: str) -> list[str]:
    troubles = []
    lost = _differing(_PLACES.findall(original), _PLACES.findall(words))
    if lost:
        troubles.append(f"{', '.join(sorted(lost))} must stand in it as in the English")
    numbers = _differing(_NUMBERS.findall(_PLACES.sub("", original)), _NUMBERS.findall(_PLACES.sub("", words)))
    if numbers:
        troubles.append(f"the number {', '.join(sorted(numbers))} must stand in it as in the English")
    if _SLIPS.search(words) and not _SLIPS.search(original):
        troubles.append("a lone % stands in it")
    if words != words.strip():
        troubles.append("a space stands at its beginning or end")
    return troubles


def _differing(one: list[str], other: list[str]) -> Counter[str]:
    first, second = Counter(one), Counter(other)
    return (first - second) + (second - first)
