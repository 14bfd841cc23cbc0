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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

Label = TypeVar("Label")

_ENDS_SENTENCE = re.compile(r"[.!?;\n]")
_TOKEN = re.compile(r":[a-z_]+:|\w+(?:'\w+)*")
_GAP = re.compile(r"~(\d?)")
_ELEMENT = re.compile(r"[\w'*()+/@:-]+\??|~\d?")
_SHORTEST_STEM = 2
_DEEPEST_SET = 3
_MOST_WORDS_KEPT = 50_000
_MOST_PAIRS_KEPT = 60_000
_BEGINNING = 4


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
    sources: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)  # first words, and the rest
    is_word: bool = False
    nexts: set[str] = field(default_factory=set)
    is_open: bool = False
    compiled: re.Pattern[str] | None = None

    def add_word(self, first: tuple[str, ...]) -> None:
        self.sources.append((first, ()))
        self.is_word = True

    def add(self, first: tuple[str, ...], rest: tuple[str, ...], nexts: set[str] | None) -> None:
        self.sources.append((first, rest))
        self.nexts |= nexts or set()
        self.is_open = self.is_open or nexts is None

    def may_go_on(self, beginnings: Sequence[str]) -> bool:
        """Tell whether a phrase of more than one word may stand where the next word begins so, or so, or so."""
        return self.is_open or not self.nexts.isdisjoint(beginnings)

    def regex(self, elements: "_Elements") -> re.Pattern[str]:
        if self.compiled is None:
            # The longest first: of two phrases that begin alike, the one that says more is taken.
            written = {
                (_element_regex([first]), elements.rest_regex(rest)): len(first) + len(rest)
                for first, rest in sorted(self.sources)
            }
            ordered = sorted(written, key=lambda source: (-written[source], -len("".join(source)), source))
            first, *others = dict.fromkeys(first for first, _ in ordered)
            if others:
                source = "|".join(map("".join, ordered))
            else:  # written once, for short regular expressions are compiled sooner
                source = f"{first}(?:{'|'.join(rest for _, rest in ordered)})"
            self.compiled = re.compile(source)
        return self.compiled


_NOT = "n't"
_LONG_FORMS = {"can't": "can", "won't": "will", "shan't": "shall"}


def _before_not(word: str) -> str:
    """Give what stands before "not" when a short form is written out: "did" for "didn't"."""
    return _LONG_FORMS.get(word, word.removesuffix(_NOT))


def _word_regex(word: str) -> str:
    if word.startswith(":"):
        return word.strip(":")
    if word.endswith(_NOT) and word != "ain't":
        return f"(?:{word}|{_before_not(word)} not)"
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"\S*"
    stem, bracket, ending = word.partition("(")
    if bracket:
        return f"{re.escape(stem)}(?:{re.escape(ending.rstrip(')'))})?(?:'s)?"
    return re.escape(word) + ("" if "'" in word else "(?:'s)?")


def _alternatives(element: str, sets: Mapping[str, str], depth: int = 0) -> list[tuple[str, ...]]:
    """Expand one element to its alternatives, each some words."""
    found: list[tuple[str, ...]] = []
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
            found.append(tuple(part.replace("-", "+").split("+")))
    return found


def _element_regex(alternatives: Sequence[tuple[str, ...]]) -> str:
    if len(alternatives) > 1 and all(len(words) == 1 and words[0].isalnum() for words in alternatives):
        return f"(?:{'|'.join(words[0] for words in alternatives)})(?:'s)? "
    sources = [" ".join(_word_regex(word) for word in words) for words in alternatives]
    return f"{sources[0]} " if len(sources) == 1 else f"(?:{'|'.join(sources)}) "


def _first_keys(first: str) -> set[tuple[str, bool]]:
    """Give the keys of a first word: (word, False), or (stem, True) for words that begin so."""
    if first.endswith("*"):
        if len(first) <= _SHORTEST_STEM:
            message = f"the stem {first!r} is too short"
            raise PhraseError(message)
        return {(first[:-1], True)}
    if "(" in first:
        stem, _, ending = first.partition("(")
        return {(stem, False), (stem + ending.rstrip(")"), False)}
    return {(first, False), (_before_not(first), False)} if first.endswith(_NOT) else {(first, False)}


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


class _Elements:
    """What the elements of a book's phrases stand for; each is worked out once, for thousands of phrases share them."""

    def __init__(self, sets: Mapping[str, str]) -> None:
        self._sets = sets
        self._alternatives: dict[str, list[tuple[str, ...]]] = {}
        self._beginnings: dict[str, set[str]] = {}

    def alternatives(self, element: str) -> list[tuple[str, ...]]:
        found = self._alternatives.get(element)
        if found is None:
            found = self._alternatives[element] = _alternatives(element, self._sets)
        return found

    def nexts(self, first: tuple[str, ...], rest: tuple[str, ...]) -> set[str] | None:
        """Give how the word after the first of a phrase may begin; None when it may be any word or none."""
        found = {"not"} if first[0].endswith(_NOT) else set()
        if len(first) > 1:
            return found | _beginnings(first[1])
        for element in rest:
            if _GAP.fullmatch(element) is not None:
                return None
            found |= self._begins(element.removesuffix("?"))
            if not element.endswith("?"):
                return found
        return None

    def _begins(self, element: str) -> set[str]:
        found = self._beginnings.get(element)
        if found is None:
            words = self.alternatives(element)
            found = self._beginnings[element] = set().union(*(_beginnings(others[0]) for others in words))
        return found

    def rest_regex(self, rest: tuple[str, ...]) -> str:
        """Write what follows a phrase's first word as a regular expression."""
        source = ""
        for element in rest:
            gap = _GAP.fullmatch(element)
            if gap is not None:
                source += rf"(?:\S+ ){{0,{gap.group(1) or 3}}}?"
            elif element.endswith("?"):
                source += f"(?:{_element_regex(self.alternatives(element[:-1]))})?"
            else:
                source += _element_regex(self.alternatives(element))
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


# A word where a phrase may begin, with how the next one begins; where it stands in the text; and where in the line.
_Place = tuple[tuple[str, str], int, int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    """A text as its words alone, a blank after each and a line's end between sentences, which no phrase crosses.

    `ends` tells where in the text a phrase ends that ends so far on in the line; it ends within the signs of a face.
    """

    text: str
    places: tuple[_Place, ...]
    ends: Mapping[int, int]


@lru_cache(maxsize=8)
def _line(text: str) -> _Line:
    words = tokens(text)
    plain = [word.strip(":") for word, _, _ in words]
    after = (*(word[:_BEGINNING] for word in plain[1:]), "")
    places: list[_Place] = []
    pieces: list[str] = []
    ends: dict[int, int] = {}
    at = last = 0
    for (word, start, end), bare, near in zip(words, plain, after, strict=False):
        if _ENDS_SENTENCE.search(text, last, start) is not None:
            pieces.append("\n")
            at += 1
        places.append(((word, near), start, end, at))
        pieces.append(f"{bare} ")
        at += len(bare) + 1
        ends[at] = last = end
        if len(bare) < len(word):
            ends[at] = end - 1
    return _Line("".join(pieces), tuple(places), ends)


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
        self._elements = _Elements(sets or {})
        for label, phrase in phrases:
            self._add(label, phrase)
        self._stem_sizes = sorted({len(stem) for stem in self._stems})

    def _add(self, label: Label, phrase: str) -> None:
        elements = tuple(phrase.split())
        if not elements or not all(_ELEMENT.fullmatch(element) for element in elements):
            message = f"cannot read the phrase {phrase!r}"
            raise PhraseError(message)
        if elements[0].endswith("?") or elements[0].startswith("~") or elements[-1].startswith("~"):
            message = f"a phrase begins and ends with a word that must be there: {phrase!r}"
            raise PhraseError(message)
        rest = elements[1:]
        for element in rest:  # what cannot be read is said now, not when a comment meets it
            if not element.startswith("~"):
                self._elements.alternatives(element.removesuffix("?"))
        for alternative in self._elements.alternatives(elements[0]):
            nexts = self._elements.nexts(alternative, rest)
            is_one_word = len(alternative) == len(elements) == 1
            for key, is_stem in _first_keys(alternative[0]):
                table = self._stems if is_stem else self._words
                group = table.setdefault(key, {}).setdefault(label, _Group(label))
                if not is_one_word:
                    group.add(alternative, rest, nexts)
                elif alternative[0].endswith(_NOT) and key != alternative[0]:
                    group.add(alternative, (), {"not"})
                else:
                    group.add_word(alternative)

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

    def _before(self, pair: tuple[str, str]) -> tuple[tuple[_Group[Label], bool], ...]:
        """Give the groups of a word some of whose phrases can stand, told by how the word that follows begins.

        Returns:
            Each with whether more than the one word may be meant.
        """
        word, after = pair
        beginnings = (after, *(f"{after[:size]}*" for size in range(_BEGINNING)))
        tried = [(group, group.may_go_on(beginnings)) for group in self._groups(word)]
        found = tuple((group, goes_on) for group, goes_on in tried if goes_on or group.is_word)
        if len(self._likely) < _MOST_PAIRS_KEPT:
            self._likely[pair] = found
        return found

    def find(self, text: str) -> list[Hit[Label]]:
        """Find every phrase, at most one a label at each word.

        Args:
            text: normalised text.

        Returns:
            The hits in order of their first word.
        """
        hits: list[Hit[Label]] = []
        known, line = self._likely, _line(text)
        for pair, start, end, at in line.places:
            likely = known.get(pair)
            for group, goes_on in self._before(pair) if likely is None else likely:
                if not goes_on:
                    hits.append(Hit(start, end, group.label))
                elif (match := (group.compiled or group.regex(self._elements)).match(line.text, at)) is not None:
                    hits.append(Hit(start, max(line.ends[match.end()], end), group.label))
        return hits
