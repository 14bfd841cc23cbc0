"""Find many short phrases in a comment at once.

Why: the codebook and the polarity lexicon hold thousands of phrases; staff must be able to read and write them, and
reading a comment must stay fast whatever it holds. Phrases are found by their first word, so the cost of a comment does
not grow with the size of the lexicon.
May not: know what a phrase means; a phrase never reaches across the end of a sentence.

How a phrase is written (words in lower case, spelled as `normalise` spells them):

    listened            this word ("listened's" too)
    listen*             any word that begins so
    worker(s)           with or without the ending
    didn't              "did not" too
    mum/dad/nan         one of these; `social+worker/she` for one of more words
    really?             may be there
    ~  or  ~5           up to three (five) words between
    @me                 a named set of the lexicon's own, used like mum/dad
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

Label = TypeVar("Label")

_BETWEEN = r"(?>[^\w.!?;\n]+)"
_ANY_WORD = r"(?>\w+(?:'\w+)*)"
_WORD_END = r"(?!'?\w)"
_TOKEN = re.compile(r":[a-z_]+:|\w+(?:'\w+)*")
_GAP = re.compile(r"~(\d?)")
_ELEMENT = re.compile(r"[\w'*()+/@:-]+\??|~\d?")
_SHORTEST_STEM = 2
_DEEPEST_SET = 3
_MOST_WORDS_KEPT = 50_000
_MOST_PAIRS_KEPT = 30_000
_BEGINNING = 4
_NO_TOKEN = ("", 0, 0)


class PhraseError(ValueError):
    """A phrase is not written as the phrase language asks."""


class Hit(NamedTuple, Generic[Label]):
    """A phrase found; `start` and `end` are offsets in the text searched."""

    start: int
    end: int
    label: Label


@dataclass(slots=True)
class _Group(Generic[Label]):
    """The phrases that share a first word and a label; compiled when first needed.

    `is_word` says that one of them is this word alone. Of the others, `nexts` holds how the next word of any of them
    begins, and `is_open` says that one of them goes on with any word, or needs none.
    """

    label: Label
    sources: list[tuple[str, str]] = field(default_factory=list)  # the first word's, and what follows it
    is_word: bool = False
    nexts: set[str] = field(default_factory=set)
    is_open: bool = False
    compiled: re.Pattern[str] | None = None

    def add_word(self, source: str) -> None:
        self.sources.append((source, ""))
        self.is_word = True

    def add(self, first: str, rest: str, nexts: set[str] | None) -> None:
        self.sources.append((first, rest))
        self.nexts |= nexts or set()
        self.is_open = self.is_open or nexts is None

    def may_go_on(self, beginning: str) -> bool:
        """Tell whether a phrase of more than one word may stand where the next word begins so."""
        return (
            self.is_open
            or beginning in self.nexts
            or any(f"{beginning[:size]}*" in self.nexts for size in range(_BEGINNING))
        )

    def regex(self) -> re.Pattern[str]:
        if self.compiled is None:
            # The longest first: of two phrases that begin alike, the one that says more is taken.
            ordered = sorted(set(self.sources), key=lambda source: (-len("".join(source)), source))
            first, *others = dict.fromkeys(first for first, _ in ordered)
            if others:
                source = "|".join(map("".join, ordered))
            else:  # written once, for short regular expressions are compiled sooner
                source = f"{first}(?:{'|'.join(rest for _, rest in ordered)})"
            self.compiled = re.compile(f"(?:{source}){_WORD_END}")
        return self.compiled


_NOT = "n't"
_LONG_FORMS = {"can't": "can", "won't": "will", "shan't": "shall"}


def _before_not(word: str) -> str:
    """Give what stands before "not" when a short form is written out: "did" for "didn't"."""
    return _LONG_FORMS.get(word, word.removesuffix(_NOT))


def _word_regex(word: str) -> str:
    if word.startswith(":"):
        return re.escape(word)
    if word.endswith(_NOT) and word != "ain't":
        return f"(?:{word}|{_before_not(word)}{_BETWEEN}not)"
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"(?>\w*(?:'\w+)*)"
    stem, bracket, ending = word.partition("(")
    if bracket:
        return f"{re.escape(stem)}(?:{re.escape(ending.rstrip(')'))})?(?:'s)?"
    return re.escape(word) + ("" if "'" in word else "(?:'s)?")


def _alternatives(element: str, sets: Mapping[str, str], depth: int = 0) -> list[list[str]]:
    """Expand one element to its alternatives, each a list of words."""
    found: list[list[str]] = []
    for part in element.split("/"):
        if not part:
            message = f"an empty alternative in {element!r}"
            raise PhraseError(message)
        if part.startswith("@"):
            if part[1:] not in sets or depth > _DEEPEST_SET:
                message = f"no set of words is called {part[1:]!r}"
                raise PhraseError(message)
            for member in sets[part[1:]].split():
                found.extend(_alternatives(member, sets, depth + 1))
        else:
            found.append(part.replace("-", "+").split("+"))
    return found


def _element_regex(alternatives: list[list[str]]) -> str:
    if len(alternatives) > 1 and all(len(words) == 1 and words[0].isalnum() for words in alternatives):
        return f"(?:{'|'.join(words[0] for words in alternatives)})(?:'s)?{_WORD_END}"
    sources = [_BETWEEN.join(_word_regex(word) for word in words) for words in alternatives]
    return f"(?:{'|'.join(sources)}){_WORD_END}"


def _first_keys(alternatives: list[list[str]]) -> set[tuple[str, bool]]:
    """Give the keys of a first element: (word, False), or (stem, True) for words that begin so."""
    keys: set[tuple[str, bool]] = set()
    for words in alternatives:
        first = words[0]
        if first.endswith("*"):
            if len(first) <= _SHORTEST_STEM:
                message = f"the stem {first!r} is too short"
                raise PhraseError(message)
            keys.add((first[:-1], True))
        elif "(" in first:
            stem, _, ending = first.partition("(")
            keys.update({(stem, False), (stem + ending.rstrip(")"), False)})
        else:
            keys.add((first, False))
            if first.endswith(_NOT):
                keys.add((_before_not(first), False))
    return keys


def _beginnings(word: str) -> set[str]:
    """Give how a word in a text may begin that this word of a phrase stands for: its first four letters, or all.

    A stem of fewer letters keeps its star: anything may follow.
    """
    if word.endswith("*"):
        stem = word[:-1]
        return {stem[:_BEGINNING] if len(stem) >= _BEGINNING else word}
    stem, _, ending = word.strip(":").partition("(")
    forms = {form + owner for form in (stem, stem + ending.rstrip(")")) for owner in ("", "'s")}
    if word.endswith(_NOT):
        forms.add(_before_not(word))
    return {form[:_BEGINNING] for form in forms}


def _nexts(words: list[str], rest: list[str], sets: Mapping[str, str]) -> set[str] | None:
    """Give how the word after the first of a phrase may begin; None when it may be any word, or there may be none."""
    if len(words) > 1:
        return _beginnings(words[1]) | ({"not"} if words[0].endswith(_NOT) else set())
    found = {"not"} if words[0].endswith(_NOT) else set()
    for element in rest:
        if _GAP.fullmatch(element) is not None:
            return None
        for others in _alternatives(element.removesuffix("?"), sets):
            found |= _beginnings(others[0])
        if not element.endswith("?"):
            return found
    return None


def _rest_regex(elements: list[str], sets: Mapping[str, str]) -> str:
    source = ""
    for element in elements:
        gap = _GAP.fullmatch(element)
        if gap is not None:
            source += f"(?>{_BETWEEN}{_ANY_WORD}){{0,{gap.group(1) or 3}}}?"
        elif element.endswith("?"):
            source += f"(?:{_BETWEEN}{_element_regex(_alternatives(element[:-1], sets))})?"
        else:
            source += _BETWEEN + _element_regex(_alternatives(element, sets))
    return source


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[tuple[str, int, int], ...]:
    """Cut text into words.

    Args:
        text: normalised text.

    Returns:
        Each word with its first and one past last character, in order; a face such as `:happy:` is one word.
    """
    return tuple((match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text))


class PhraseBook(Generic[Label]):
    """Phrases with labels, ready to be found."""

    def __init__(self, phrases: Iterable[tuple[Label, str]], sets: Mapping[str, str] | None = None) -> None:
        """Prepare the phrases.

        Args:
            phrases: label and phrase; many phrases may share a label.
            sets: named sets of words, each a line of alternatives with spaces between.

        Raises:
            PhraseError: a phrase is not written as it should be.
        """
        self._words: dict[str, dict[Label, _Group[Label]]] = {}
        self._stems: dict[str, dict[Label, _Group[Label]]] = {}
        self._known: dict[str, tuple[_Group[Label], ...]] = {}
        self._likely: dict[tuple[str, str], tuple[tuple[_Group[Label], bool], ...]] = {}
        for label, phrase in phrases:
            self._add(label, phrase, sets or {})
        self._stem_sizes = sorted({len(stem) for stem in self._stems})

    def _add(self, label: Label, phrase: str, sets: Mapping[str, str]) -> None:
        elements = phrase.split()
        if not elements or not all(_ELEMENT.fullmatch(element) for element in elements):
            message = f"cannot read the phrase {phrase!r}"
            raise PhraseError(message)
        if elements[0].endswith("?") or elements[0].startswith("~") or elements[-1].startswith("~"):
            message = f"a phrase begins and ends with a word that must be there: {phrase!r}"
            raise PhraseError(message)
        first = _alternatives(elements[0], sets)
        rest = _rest_regex(elements[1:], sets)
        for alternative in first:
            source = _element_regex([alternative])
            nexts = _nexts(alternative, elements[1:], sets)
            is_one_word = len(alternative) == len(elements) == 1
            for key, is_stem in _first_keys([alternative]):
                table = self._stems if is_stem else self._words
                group = table.setdefault(key, {}).setdefault(label, _Group(label))
                if not is_one_word:
                    group.add(source, rest, nexts)
                elif alternative[0].endswith(_NOT) and key != alternative[0]:
                    group.add(source, "", {"not"})
                else:
                    group.add_word(source)

    def _groups(self, word: str) -> tuple[_Group[Label], ...]:
        known = self._known.get(word)
        if known is not None:
            return known
        found: list[_Group[Label]] = []
        for form in dict.fromkeys((word, word.removesuffix("'s"))):
            found.extend(self._words.get(form, {}).values())
        for size in self._stem_sizes:
            if size <= len(word):
                found.extend(self._stems.get(word[:size], {}).values())
        # Words of hostile or foreign text must not fill the memory.
        if len(self._known) < _MOST_WORDS_KEPT:
            self._known[word] = tuple(found)
        return tuple(found)

    def _before(
        self, word: str, after: str, groups: tuple[_Group[Label], ...]
    ) -> tuple[tuple[_Group[Label], bool], ...]:
        """Leave the groups none of whose phrases can stand, told by how the word that follows begins.

        Returns:
            The others, each with whether more than the one word may be meant.
        """
        known = self._likely.get((word, after))
        if known is not None:
            return known
        tried = [(group, group.may_go_on(after)) for group in groups]
        found = tuple((group, goes_on) for group, goes_on in tried if goes_on or group.is_word)
        if len(self._likely) < _MOST_PAIRS_KEPT:
            self._likely[word, after] = found
        return found

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Hit[Label]]:
        """Find every phrase, at most one a label at each word.

        Args:
            text: normalised text.
            start: where to begin; only words from here on begin a phrase.
            end: where to stop; a phrase does not reach past it.

        Returns:
            The hits in order of their first word.
        """
        stop = len(text) if end is None else end
        hits: list[Hit[Label]] = []
        words = tokens(text)
        for (word, at, word_end), after in zip(words, (*words[1:], _NO_TOKEN), strict=False):
            if at < start:
                continue
            if at >= stop:
                break
            groups = self._groups(word)
            for group, goes_on in self._before(word, after[0].strip(":")[:_BEGINNING], groups) if groups else ():
                if not goes_on and word_end <= stop:
                    hits.append(Hit(at, word_end, group.label))
                elif (match := (group.compiled or group.regex()).match(text, at, stop)) is not None:
                    hits.append(Hit(at, match.end(), group.label))
        return hits
