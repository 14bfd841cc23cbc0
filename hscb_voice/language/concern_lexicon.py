"""Read the concern lexicons and compile them once per process.

Why: what counts as a worry is written in `lexicons/concern_*.yaml`, where a safeguarding lead can read and mend it; a
slip there must be told with the file's name and the place, not met as a silent gap.
May not: hold rules or words itself, or read anything outside the package.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hscb_voice.language.concern_matching import Matcher
from hscb_voice.language.concern_phrases import BadLexiconError, PhraseBook, inflected
from hscb_voice.language.own_yaml import own_plain_yaml

GuardKind = Literal["idiom", "negation", "past", "learning", "still", "unless"]
Where = Literal["over", "before", "after", "sentence", "near", "comment"]
Respondent = Literal["child", "parent", "professional"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WordList(_Strict):
    """A named list: `words` as they are, `nouns` also with -s, `verbs` in every form, and other lists."""

    words: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class RuleText(_Strict):
    """One rule as it is written in a lexicon."""

    rule: str = Field(pattern=r"^[a-z_]+\.[a-z0-9-]+$")
    reason: str = Field(pattern=r"^[a-z_]+$")
    says: str
    phrases: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    even_if: tuple[Literal["idiom", "negation", "past", "learning"], ...] = ()
    only: tuple[Respondent, ...] = ("child", "parent", "professional")


class GuardText(_Strict):
    """A group of phrases that make a met rule harmless, and where they must stand for that."""

    guard: GuardKind
    where: Where
    phrases: tuple[str, ...] = Field(min_length=1)


class SignalText(_Strict):
    """A group of faint signs with the weight that it adds, or takes away when below nought."""

    signal: str = Field(pattern=r"^[a-z-]+$")
    reason: str = Field(pattern=r"^[a-z_]+$")
    weight: float
    only: tuple[Respondent, ...] = ("child", "parent", "professional")
    phrases: tuple[str, ...] = Field(min_length=1)


class LexiconFile(_Strict):
    """What one lexicon file may hold."""

    lists: dict[str, WordList] = {}
    rules: tuple[RuleText, ...] = ()
    guards: tuple[GuardText, ...] = ()
    signals: tuple[SignalText, ...] = ()
    enough: dict[Respondent, float] = {}
    often_misspelt: tuple[str, ...] = ()
    real_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """A compiled guard: `rule` is the number of the one rule it belongs to, or None when it is for all."""

    kind: GuardKind
    where: Where
    rule: int | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything needed to screen comments in one language."""

    rules: tuple[RuleText, ...]
    finder: Matcher
    guards: tuple[Guard, ...]
    guard_finder: Matcher
    signals: tuple[SignalText, ...]
    signal_finder: Matcher
    enough: Mapping[str, float]
    often_misspelt: frozenset[str]
    real_words: frozenset[str]


def parse_lexicon(text: str, source: str) -> LexiconFile:
    """Read one lexicon file.

    Args:
        text: the YAML.
        source: the file's name, for messages.

    Returns:
        The checked content.

    Raises:
        BadLexiconError: the YAML is broken, or a key is unknown or has a wrong value.
    """
    try:
        return LexiconFile.model_validate(own_plain_yaml(text))
    except yaml.YAMLError as error:
        raise BadLexiconError(source, f"not readable as YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadLexiconError(source, f"{place}: {first['msg']}") from error


def compile_lexicon(files: tuple[LexiconFile, ...], source: str) -> Lexicon:
    """Compile checked lexicon files of one language together.

    Args:
        files: the files' content; lists of one file can be used by the rules of another.
        source: the language, for messages.

    Returns:
        The lexicon, ready to screen with.

    Raises:
        BadLexiconError: a phrase cannot be read, a list is unknown, or two rules have one name.
    """
    written = {name: entry for file in files for name, entry in file.lists.items()}
    lists = {name: tuple(dict.fromkeys(_entries(name, written, source, ()))) for name in written}
    rules = tuple(rule for file in files for rule in file.rules)
    names = [rule.rule for rule in rules]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadLexiconError(source, f"two rules are called {twice}")
    book, guard_book = PhraseBook(lists, source), PhraseBook(lists, source)
    guards: list[Guard] = []
    for number, rule in enumerate(rules):
        for phrase in rule.phrases:
            book.add(number, phrase)
        for phrase in rule.unless:
            guard_book.add(len(guards), phrase)
        guards.append(Guard("unless", "sentence", number))
    for group in (group for file in files for group in file.guards):
        for phrase in group.phrases:
            guard_book.add(len(guards), phrase)
        guards.append(Guard(group.guard, group.where))
    signals = tuple(signal for file in files for signal in file.signals)
    signal_book = PhraseBook(lists, source)
    for number, signal in enumerate(signals):
        for phrase in signal.phrases:
            signal_book.add(number, phrase)
    return Lexicon(
        rules=rules,
        finder=Matcher(book),
        guards=tuple(guards),
        guard_finder=Matcher(guard_book),
        signals=signals,
        signal_finder=Matcher(signal_book),
        enough={who: enough for file in files for who, enough in file.enough.items()},
        often_misspelt=frozenset(word for file in files for word in file.often_misspelt),
        real_words=frozenset(word for file in files for word in file.real_words),
    )


def _entries(name: str, written: dict[str, WordList], source: str, inside: tuple[str, ...]) -> Iterator[str]:
    """Write out a list: its words, its nouns and verbs in every form, and the lists it takes in."""
    if name not in written or name in inside:
        raise BadLexiconError(source, f"the list {inside[-1] if inside else name} takes in {name}, which cannot be")
    entry = written[name]
    yield from entry.words
    for noun in entry.nouns:
        yield noun
        yield noun + "s"
    for verb in entry.verbs:
        head, _, rest = verb.partition(" ")
        for form in inflected(head):
            yield f"{form} {rest}".strip()
    for other in entry.also:
        yield from _entries(other, written, source, (*inside, name))


@cache
def lexicon_for(language: str) -> Lexicon | None:
    """Give the lexicon of a language, compiled when first asked for.

    Args:
        language: "en", "pl", "ro" or "cy".

    Returns:
        The lexicon, or None when there is none for the language.

    Raises:
        BadLexiconError: a lexicon file of the package is broken.
    """
    folder = resources.files("hscb_voice.language").joinpath("lexicons")
    names = sorted(
        file.name
        for file in folder.iterdir()
        if file.name.startswith(f"concern_{language}_") and file.name.endswith(".yaml")
    )
    if not names:
        return None
    files = tuple(parse_lexicon(folder.joinpath(name).read_text(encoding="utf-8"), name) for name in names)
    return compile_lexicon(files, language)
