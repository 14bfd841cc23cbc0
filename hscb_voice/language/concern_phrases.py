"""Turn the phrases of the concern lexicons into something that can be met quickly in a comment.

Why: a safeguarding lead should read and mend the rules without knowing regular expressions. The way they are written:
    hits me                 these words, one after the other
    hit/slap/kick           any one of these
    (beat up/lay into)      any one of these, each may be several words
    {adult}                 any word of the list of that name in the lexicon's `lists`
    [really]                may be there or not
    ...                     up to three other words; `...6` up to six; never beyond the end of the sentence
    bruis*                  any word that begins so
    !ball                   the word at this place is not this one (also with lists and brackets)
    ^  $                    the beginning or end of a part of a sentence; (me/us/$) is "me", "us" or the end
May not: know any rule or any harmful word itself; those stand in the lexicons.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from hscb_voice.language.concern_words import words_of
from hscb_voice.language.errors import LanguageError

_ITEM = re.compile(r"\.\.\.(\d*)|(\^|\$)|\[((?:[^\[\]])+)\]|(!?(?:\([^()]*\)|[^\s()\[\]]+))|\s+")
_COMMON_WEIGHT = 60
_GAP = 3
_SHORTEST_DOUBLED = 3


class BadLexiconError(LanguageError):
    """A concern lexicon cannot be read; the message names the file, the place and what is wrong."""

    def __init__(self, source: str, problem: str) -> None:
        """Say where and what.

        Args:
            source: the lexicon's file or language.
            problem: what cannot be read there.
        """
        super().__init__(f"{source}: {problem}")


@dataclass(slots=True)
class Choice:
    """What may stand at one place of a phrase: single words (kept in the vocabulary under `number`) or more."""

    number: int
    weight: int
    by_first: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    by_last: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase, with how many other words may come before it and what must not stand beside it."""

    choice: Choice
    gap: int
    begins: bool = False
    ends: bool = False
    not_before: Choice | None = None
    not_after: Choice | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase; `anchor` is the place tried first, the one with the rarest words.

    `needs` holds the choices of all its steps: a comment that lacks one of them cannot hold the phrase.
    """

    rule: int
    steps: tuple[Step, ...]
    anchor: int
    needs: frozenset[int]


def inflected(verb: str) -> Iterator[str]:
    """Give the forms of a verb, with those that children make up ("hitted", "hiting").

    Args:
        verb: the plain form, and after each slash an irregular past form: "hit", "throw/threw/thrown".

    Yields:
        Every form once or more.
    """
    base, *past = verb.split("/")
    yield base
    yield from past
    stem = base.removesuffix("e")
    yield base + "s"
    if base.endswith(("s", "sh", "ch", "x", "z")):
        yield base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        yield base[:-1] + "ies"
        yield base[:-1] + "ied"
    yield stem + "ing"
    yield stem + "in"
    yield stem + "ed"
    if len(base) >= _SHORTEST_DOUBLED and base[-1] not in "aeiouwxy" and base[-2] in "aeiou":
        yield base + base[-1] + "ing"
        yield base + base[-1] + "in"
        yield base + base[-1] + "ed"


class PhraseBook:
    """All phrases of a set of rules, with the lists of words that they use."""

    def __init__(self, lists: Mapping[str, Iterable[str]], source: str) -> None:
        """Begin an empty book.

        Args:
            lists: each list's entries by name, written out (verbs already inflected).
            source: the lexicon's name, for messages.
        """
        self._lists = {name: tuple(entries) for name, entries in lists.items()}
        self._common = frozenset(self._lists.get("very_common", ()))
        self._source = source
        self._choices: dict[str, Choice] = {}
        self.by_choice: dict[int, list[Phrase]] = {}
        self.by_first: dict[str, list[Phrase]] = {}
        self.exact: dict[str, set[int]] = {}
        self.begun: dict[str, set[int]] = {}
        self.ended: dict[str, set[int]] = {}
        self.beginnings: dict[str, list[tuple[str, int]]] = {}

    def add(self, rule: int, text: str) -> None:
        """Compile one written phrase into the book.

        Args:
            rule: the number the caller knows its rule by.
            text: the phrase, as the module's notation has it.

        Raises:
            BadLexiconError: the phrase cannot be read.
        """
        for items in self._written_out(text):
            self._add_plain(rule, items, text)

    def _written_out(self, text: str) -> Iterator[list[str]]:
        """Yield the phrase once with and once without each part in square brackets."""
        parts: list[tuple[list[str], ...]] = []
        at = 0
        for match in _ITEM.finditer(text):
            if match.start() != at:
                break
            at = match.end()
            inner = match.group(3)
            if inner is not None:
                parts.append((inner.split(" "), []))
            elif "/$" in match.group():
                parts.append(([match.group().replace("/$", "")], ["$"]))
            elif not match.group().isspace():
                parts.append(([match.group()],))
        if at != len(text) or not parts:
            raise BadLexiconError(self._source, f"cannot read the phrase “{text}”")
        for combination in product(*parts):
            yield [item for part in combination for item in part]

    def _add_plain(self, rule: int, items: list[str], text: str) -> None:
        steps: list[Step] = []
        gap, begins = 0, False
        forbidden: Choice | None = None
        for item in items:
            if item.startswith("..."):
                gap = int(item[3:] or _GAP)
            elif item == "^":
                begins = True
            elif item == "$" and steps:
                steps[-1] = _changed(steps[-1], ends=True)
                gap = 0
            elif item.startswith("!"):
                forbidden = self._choice(item[1:], text)
                if steps and not gap:
                    steps[-1] = _changed(steps[-1], not_after=forbidden)
                    forbidden = None
            else:
                steps.append(Step(self._choice(item, text), gap, begins=begins, not_before=forbidden))
                gap, begins, forbidden = 0, False, None
        if not steps:
            raise BadLexiconError(self._source, f"the phrase “{text}” holds no word")
        anchor = min(range(len(steps)), key=lambda place: steps[place].choice.weight)
        phrase = Phrase(rule, tuple(steps), anchor, frozenset(step.choice.number for step in steps))
        choice = steps[anchor].choice
        self.by_choice.setdefault(choice.number, []).append(phrase)
        for first in choice.by_first:
            self.by_first.setdefault(first, []).append(phrase)

    def _choice(self, item: str, text: str) -> Choice:
        known = self._choices.get(item)
        if known is not None:
            return known
        choice = Choice(number=len(self._choices), weight=0)
        self._choices[item] = choice
        for entry in dict.fromkeys(self._entries(item, text)):
            self._put(choice, entry)
        return choice

    def _entries(self, item: str, text: str) -> Iterator[str]:
        inner = item[1:-1] if item.startswith("(") else item
        for alternative in inner.split("/"):
            name = alternative.strip()
            if name.startswith("{") and name.endswith("}"):
                if name[1:-1] not in self._lists:
                    raise BadLexiconError(self._source, f"“{text}” names an unknown list {name}")
                yield from self._lists[name[1:-1]]
            elif name and not set(name) & set("{}()[]!^$"):
                yield name
            else:
                raise BadLexiconError(self._source, f"cannot read “{item}” in “{text}”")

    def _put(self, choice: Choice, entry: str) -> None:
        """Enter one word, beginning of a word, or group of words under a choice."""
        if entry.endswith("*"):
            stem = entry[:-1]
            self.beginnings.setdefault(stem[:3], []).append((stem, choice.number))
            choice.weight += 5
            return
        words = tuple(word.text for word in words_of(entry))
        if not words:
            raise BadLexiconError(self._source, f"the entry “{entry}” holds no word")
        choice.weight += _COMMON_WEIGHT if words[0] in self._common else 1
        if len(words) == 1:
            self.exact.setdefault(words[0], set()).add(choice.number)
        else:
            self.begun.setdefault(words[0], set()).add(choice.number)
            self.ended.setdefault(words[-1], set()).add(choice.number)
            choice.by_first.setdefault(words[0], []).append(words)
            choice.by_last.setdefault(words[-1], []).append(words)


def _changed(step: Step, *, ends: bool | None = None, not_after: Choice | None = None) -> Step:
    """Give the step with an end mark or a forbidden next word added."""
    return Step(
        step.choice,
        step.gap,
        begins=step.begins,
        ends=step.ends if ends is None else ends,
        not_before=step.not_before,
        not_after=not_after or step.not_after,
    )
