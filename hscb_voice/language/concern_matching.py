"""Meet the phrases of a book in the words of a comment.

Why: thousands of phrases over a thousand comments a second need one look per word, not one search per phrase. Only the
phrases whose rarest word stands in the comment are tried, outwards from that word, within a bounded number of
words: the time grows with the comment's length, whatever it holds.
May not: decide whether a met phrase is a concern; that is for the guards.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from hscb_voice.language.concern_phrases import Choice, Phrase, PhraseBook, Step
from hscb_voice.language.concern_words import Word

_CACHE_LIMIT = 50_000
_ORDER = itemgetter(0)
_BEFORE, _AFTER, _ANYWHERE = range(3)


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase met in a comment: the rule's number, its first and one past last word, and the words it is made of."""

    rule: int
    first: int
    last: int
    used: frozenset[int]


_Ordered = tuple[int, Phrase]  # a phrase with its place in the order of trying


@dataclass(frozen=True, slots=True)
class _Beside:
    """Phrases by a choice without which they cannot stand."""

    choices: frozenset[int]
    phrases: Mapping[int, Sequence[_Ordered]]


@dataclass(frozen=True, slots=True)
class _About:
    """What a book knows of one word.

    `meets` holds the choices that it satisfies, `opens` and `closes` also those of which it is the first or last of
    several words. The phrases to try where it stands, if `is_tried`, are sorted by what must be there too: the next
    word of several that belong together, or else a choice that the word before or after must satisfy, or one somewhere
    in the comment.
    """

    meets: frozenset[int]
    opens: frozenset[int]
    closes: frozenset[int]
    is_tried: bool = False
    alone: Sequence[_Ordered] = ()
    by_next: Mapping[str, Sequence[_Ordered]] | None = None
    by_before: _Beside | None = None
    by_after: _Beside | None = None
    by_other: _Beside | None = None


_NOTHING = _About(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class _Page:
    """The comment while it is read: its words, their plain texts and what the book knows of each."""

    words: Sequence[Word]
    texts: Sequence[str]
    about: Sequence[_About]


class Matcher:
    """Finds the phrases of one book; remembers what it worked out about each word."""

    def __init__(self, book: PhraseBook) -> None:
        """Keep the book; nothing is worked out until a comment comes."""
        self._book = book
        self._known: dict[str, _About] = {}

    def knows(self, word: str) -> bool:
        """Say whether a phrase names this very word."""
        return word in self._book.exact

    def find(self, words: Sequence[Word], texts: Sequence[str]) -> Iterator[Match]:
        """Find every place where a phrase stands.

        Args:
            words: the words of the comment.
            texts: the same words as they are to be read (spelling mended).

        Yields:
            Matches in the order of their rarest words; one phrase may match at several places.
        """
        known = self._known
        about = [known.get(text) or self._about(text) for text in texts]
        tried = [place for place, one in enumerate(about) if one.is_tried]
        if not tried:
            return
        page = _Page(words, texts, about)
        there = frozenset().union(*[one.opens for one in about if one is not _NOTHING])
        for place in tried:
            for _, phrase in _likely(page, place, there):
                match = _tried(page, phrase, place) if phrase.needs <= there else None
                if match is not None:
                    yield match

    def _about(self, word: str) -> _About:
        """Work out what the book knows of a word, and keep it."""
        book = self._book
        meets = set(book.exact.get(word, ()))
        meets.update(number for stem, number in book.beginnings.get(word[:3], ()) if word.startswith(stem))
        phrases = [phrase for number in sorted(meets) for phrase in book.by_choice.get(number, ())]
        seen = {id(phrase) for phrase in phrases}
        phrases.extend(phrase for phrase in book.by_first.get(word, ()) if id(phrase) not in seen)
        if len(self._known) >= _CACHE_LIMIT:
            self._known.clear()
        opens, closes = meets | book.begun.get(word, set()), meets | book.ended.get(word, set())
        found = _NOTHING if not opens and not closes else _sorted(word, phrases, meets, opens, closes)
        self._known[word] = found
        return found


def _sorted(word: str, phrases: Iterable[Phrase], meets: set[int], opens: set[int], closes: set[int]) -> _About:
    """Sort the phrases to try at a word by the choice that is seldomest met beside it."""
    alone: list[_Ordered] = []
    by_next: dict[str, list[_Ordered]] = {}
    tables: tuple[dict[int, list[_Ordered]], ...] = {}, {}, {}
    for order, phrase in enumerate(phrases):
        choice = phrase.steps[phrase.anchor].choice
        ways = _ways(word, phrase)
        if choice.number not in meets:
            for after in dict.fromkeys(group[1] for group in choice.by_first[word]):
                by_next.setdefault(after, []).append((order, phrase))
        elif ways:
            _, table, number = min(ways)
            tables[table].setdefault(number, []).append((order, phrase))
        else:
            alone.append((order, phrase))
    beside = [_Beside(frozenset(table), table) if table else None for table in tables]
    kinds = (frozenset(meets), frozenset(opens), frozenset(closes))
    is_tried = bool(alone or by_next or any(tables))
    return _About(*kinds, is_tried, alone, by_next or None, *beside)


def _ways(word: str, phrase: Phrase) -> list[tuple[int, int, int]]:
    """List by what else a phrase may be sought: how often it is met; before, after or anywhere; and which choice."""
    steps, anchor = phrase.steps, phrase.anchor
    ways: list[tuple[int, int, int]] = []
    if anchor and not steps[anchor].gap:
        ways.append((steps[anchor - 1].choice.weight, _BEFORE, steps[anchor - 1].choice.number))
    # Where the anchor may be several words, the next word is not yet what follows it.
    if anchor + 1 < len(steps) and not steps[anchor + 1].gap and word not in steps[anchor].choice.by_first:
        ways.append((steps[anchor + 1].choice.weight, _AFTER, steps[anchor + 1].choice.number))
    if ways:
        return ways
    return [(step.choice.weight, _ANYWHERE, step.choice.number) for at, step in enumerate(steps) if at != anchor]


def _likely(page: _Page, place: int, there: frozenset[int]) -> Sequence[_Ordered]:
    """Give the phrases that may stand at a place, in the order of trying: all their choices are somewhere there."""
    here = page.about[place]
    found = list(here.alone)
    if here.by_next is not None and place + 1 < len(page.texts):
        found += here.by_next.get(page.texts[place + 1], ())
    if here.by_before is not None and place:
        for number in here.by_before.choices & page.about[place - 1].closes:
            found += here.by_before.phrases[number]
    if here.by_after is not None and place + 1 < len(page.about):
        for number in here.by_after.choices & page.about[place + 1].opens:
            found += here.by_after.phrases[number]
    if here.by_other is not None:
        for number in here.by_other.choices & there:
            found += here.by_other.phrases[number]
    if len(found) > 1:
        found.sort(key=_ORDER)
    return found


def _tried(page: _Page, phrase: Phrase, place: int) -> Match | None:
    """Try a phrase with its anchor beginning at one place."""
    step = phrase.steps[phrase.anchor]
    for end in _ends(page, step, place):
        before = _backward(page, phrase.steps, phrase.anchor, place, set())
        if before is None:
            continue
        after = _forward(page, phrase.steps, phrase.anchor + 1, end, set())
        if after is None:
            continue
        spans = [*before, (place, end), *after]
        used = frozenset(word for first, last in spans for word in range(first, last))
        return Match(phrase.rule, spans[0][0], spans[-1][1], used)
    return None


def _holds(page: _Page, choice: Choice, place: int) -> bool:
    """Say whether a choice begins at a place."""
    if not 0 <= place < len(page.texts):
        return False
    if choice.number in page.about[place].meets:
        return True
    groups = choice.by_first.get(page.texts[place])
    return groups is not None and any(_group_at(page, group, place) for group in groups)


def _group_at(page: _Page, group: tuple[str, ...], place: int) -> bool:
    end = place + len(group)
    return (
        end <= len(page.texts)
        and tuple(page.texts[place:end]) == group
        and page.words[place].sentence == page.words[end - 1].sentence
    )


def _fits(page: _Page, step: Step, first: int, last: int) -> bool:
    """Check what must or must not stand beside a step's words."""
    words = page.words
    if step.begins and not words[first].after_break:
        return False
    if step.ends and last < len(words) and not words[last].after_break:
        return False
    if step.not_before is not None and first > 0 and words[first - 1].sentence == words[first].sentence:
        choice = step.not_before
        if choice.number in page.about[first - 1].meets or any(
            _group_at(page, group, first - len(group))
            for group in choice.by_last.get(page.texts[first - 1], ())
            if first >= len(group)
        ):
            return False
    return not (
        step.not_after is not None
        and last < len(words)
        and words[last].sentence == words[first].sentence
        and _holds(page, step.not_after, last)
    )


def _ends(page: _Page, step: Step, place: int) -> Iterator[int]:
    """Yield where a step that begins at a place may end."""
    choice = step.choice
    if choice.number in page.about[place].meets and _fits(page, step, place, place + 1):
        yield place + 1
    for group in choice.by_first.get(page.texts[place], ()) if choice.by_first else ():
        if _group_at(page, group, place) and _fits(page, step, place, place + len(group)):
            yield place + len(group)


def _starts(page: _Page, step: Step, end: int) -> Iterator[int]:
    """Yield where a step whose last word is before `end` may begin."""
    last = end - 1
    if step.choice.number in page.about[last].meets and _fits(page, step, last, end):
        yield last
    for group in step.choice.by_last.get(page.texts[last], ()):
        first = end - len(group)
        if first >= 0 and _group_at(page, group, first) and _fits(page, step, first, end):
            yield first


def _forward(
    page: _Page, steps: Sequence[Step], index: int, at: int, failed: set[tuple[int, int]]
) -> list[tuple[int, int]] | None:
    """Match the steps from `index` on, the first of them at `at` or within its gap."""
    if index == len(steps):
        return []
    if (index, at) in failed:
        return None
    sentence = page.words[at - 1].sentence
    for place in range(at, min(at + steps[index].gap + 1, len(page.texts))):
        if page.words[place].sentence != sentence:
            break
        for end in _ends(page, steps[index], place):
            rest = _forward(page, steps, index + 1, end, failed)
            if rest is not None:
                return [(place, end), *rest]
    failed.add((index, at))
    return None


def _backward(
    page: _Page, steps: Sequence[Step], index: int, at: int, failed: set[tuple[int, int]]
) -> list[tuple[int, int]] | None:
    """Match the steps before `index`, the last of them ending at `at` or within the gap before it."""
    if index == 0:
        return []
    if (index, at) in failed:
        return None
    sentence = page.words[at].sentence
    for end in range(at, max(at - steps[index].gap - 1, 0), -1):
        if page.words[end - 1].sentence != sentence:
            break
        for first in _starts(page, steps[index - 1], end):
            rest = _backward(page, steps, index - 1, first, failed)
            if rest is not None:
                return [*rest, (first, end)]
    failed.add((index, at))
    return None
