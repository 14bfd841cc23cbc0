"""Meet the phrases of a book in the words of a comment.

Why: thousands of phrases over a thousand comments a second need one look per word, not one search per phrase. Only the
phrases whose rarest word stands in the comment are tried, outwards from that word, within a bounded number of
words: the time grows with the comment's length, whatever it holds.
May not: decide whether a met phrase is a concern; that is for the guards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hscb_voice.language.concern_phrases import Choice, Phrase, PhraseBook, Step
from hscb_voice.language.concern_words import Word

_CACHE_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase met in a comment: the rule's number, its first and one past last word, and the words it is made of."""

    rule: int
    first: int
    last: int
    used: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Page:
    """The comment while it is read: its words, their plain texts and the choices that each satisfies."""

    words: Sequence[Word]
    texts: Sequence[str]
    masks: Sequence[int]


class Matcher:
    """Finds the phrases of one book; remembers what it worked out about each word."""

    def __init__(self, book: PhraseBook) -> None:
        """Keep the book; nothing is worked out until a comment comes."""
        self._book = book
        self._known: dict[str, tuple[int, int, tuple[Phrase, ...]]] = {}

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
        about = [self._about(text) for text in texts]
        page = _Page(words, texts, [mask for mask, _, _ in about])
        there = 0
        for _, could, _ in about:
            there |= could
        for place, (_, _, phrases) in enumerate(about):
            for phrase in phrases:
                if phrase.needs & there != phrase.needs:
                    continue
                match = _tried(page, phrase, place)
                if match is not None:
                    yield match

    def _about(self, word: str) -> tuple[int, int, tuple[Phrase, ...]]:
        """Give the choices that a word satisfies, those that it satisfies or begins, and the phrases to try at it."""
        known = self._known.get(word)
        if known is not None:
            return known
        book = self._book
        mask = book.exact.get(word, 0)
        for stem, bit in book.beginnings.get(word[:3], ()):
            if word.startswith(stem):
                mask |= bit
        phrases = [phrase for bit in _bits(mask) for phrase in book.by_bit.get(bit, ())]
        seen = {id(phrase) for phrase in phrases}
        phrases.extend(phrase for phrase in book.by_first.get(word, ()) if id(phrase) not in seen)
        if len(self._known) >= _CACHE_LIMIT:
            self._known.clear()
        self._known[word] = mask, mask | book.begun.get(word, 0), tuple(phrases)
        return self._known[word]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


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
    if page.masks[place] & choice.bit:
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
        if page.masks[first - 1] & choice.bit or any(
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
    if page.masks[place] & choice.bit and _fits(page, step, place, place + 1):
        yield place + 1
    for group in choice.by_first.get(page.texts[place], ()) if choice.by_first else ():
        if _group_at(page, group, place) and _fits(page, step, place, place + len(group)):
            yield place + len(group)


def _starts(page: _Page, step: Step, end: int) -> Iterator[int]:
    """Yield where a step whose last word is before `end` may begin."""
    last = end - 1
    if page.masks[last] & step.choice.bit and _fits(page, step, last, end):
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
