"""Cuts a comment into words that can each be hidden or shown, and puts masks together again. Pure text.

Whole words are hidden, never parts: half a name is a name. Full stops and commas at a word's ends stay outside.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hscb_voice.themes.service import Mask

_WORD = re.compile(r"\S+")
_EDGE = re.compile(r"^\W+|\W+$")
_ADDED = "other"


@dataclass(frozen=True)
class Word:
    """One word of a comment."""

    number: int
    text: str
    start: int
    end: int
    is_hidden: bool
    before: str  # what stands between the word before and this one: a space, or the end of a line


@dataclass(frozen=True)
class Choice:
    """What somebody chose to hide and to show."""

    hidden: tuple[Mask, ...]
    shown: tuple[Mask, ...]  # masks that were there and are taken off


def words_of(text: str, masks: Sequence[Mask]) -> list[Word]:
    """Cut a comment into its words.

    Args:
        text: the comment.
        masks: what is hidden now.

    Returns:
        The words in order; a word is hidden when any part of it is.
    """
    words, last = [], 0
    for number, found in enumerate(_WORD.finditer(text)):
        start, end = found.span()
        is_hidden = any(mask.start < end and start < mask.end for mask in masks)
        words.append(Word(number, found[0], start, end, is_hidden, text[last:start]))
        last = end
    return words


def chosen(text: str, masks: Sequence[Mask], hidden: Collection[int]) -> Choice:
    """Turn the words that somebody wants hidden into masks.

    Args:
        text: the comment.
        masks: what was hidden before.
        hidden: the numbers of the words to hide.

    Returns:
        What is hidden now and what was taken off. A mask of which every word stays hidden stays as it was; of one
        that is taken off in part, the words that stay hidden keep its kind.
    """
    words = words_of(text, masks)
    kept: list[Mask] = []
    shown: list[Mask] = []
    for mask in masks:
        covered = {word.number for word in words if mask.start < word.end and word.start < mask.end}
        (kept if covered <= set(hidden) else shown).append(mask)
    bare = [w for w in words if w.number in hidden and not any(m.start < w.end and w.start < m.end for m in kept)]
    return Choice(tuple(sorted([*kept, *_joined(bare, shown)], key=lambda mask: (mask.start, mask.end))), tuple(shown))


def _joined(words: Sequence[Word], before: Sequence[Mask]) -> Iterator[Mask]:
    """Yield one mask for words that follow each other; two names side by side read better as one gap."""
    run: list[Word] = []
    for word in words:
        if run and word.number != run[-1].number + 1:
            yield _mask(run, before)
            run = []
        run.append(word)
    if run:
        yield _mask(run, before)


def _mask(run: Sequence[Word], before: Sequence[Mask]) -> Mask:
    kind = next((m.kind for m in before for w in run if m.start < w.end and w.start < m.end), _ADDED)
    start, end = _core(run[0])[0], _core(run[-1])[1]
    return Mask(start, end, kind)


def _core(word: Word) -> tuple[int, int]:
    """Return a word without the marks at its ends; a word of marks alone is taken whole."""
    bare = _EDGE.sub("", word.text)
    if not bare:
        return word.start, word.end
    start = word.start + word.text.index(bare)
    return start, start + len(bare)
