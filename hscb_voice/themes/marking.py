"""Shows a comment with the words that decided marked, and where words will be hidden. Pure text; no page, no table."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hscb_voice.themes.service import REDACTION, Deciding, Mask

_LEARNED = "learned"  # how the names of the models' reasons begin


@dataclass(frozen=True)
class Stretch:
    """A piece of a comment, and what it decided; plain text when it decided nothing."""

    text: str
    why: tuple[str, ...] = ()


def stretches(text: str, deciding: Sequence[Deciding], names: dict[str, str]) -> list[Stretch]:
    """Cut a comment at the words that decided.

    Args:
        text: the comment.
        deciding: places, with what they decided.
        names: theme id -> its name.

    Returns:
        The whole text in pieces; a piece says all that it decided, in plain words.
    """
    inside = [d for d in deciding if 0 <= d.start < d.end <= len(text)]
    cuts = sorted({0, len(text), *(d.start for d in inside), *(d.end for d in inside)})
    pieces = []
    opening = sorted(range(len(inside)), key=lambda place: inside[place].start, reverse=True)
    here: list[int] = []  # which of them reach over the piece, in the order in which they came
    for start, end in pairwise(cuts):
        while opening and inside[opening[-1]].start <= start:
            here.append(opening.pop())
        here = sorted(place for place in here if inside[place].end >= end)
        why = {_told(inside[place], names): None for place in here}
        pieces.append(Stretch(text[start:end], tuple(why)))
    return pieces


def with_masks(evidence: Sequence[Deciding], by_machine: Sequence[Mask], masks: Sequence[Mask]) -> list[Deciding]:
    """Return what decided, with what is hidden now in place of what the machine hid.

    Args:
        evidence: what the machine rested on.
        by_machine: what it hid.
        masks: what is hidden now, by the machine and by people.

    Returns:
        Places, with what they decided; a mask kept without its rule says its kind, and nothing when it is a person's.
    """
    told = {(one.start, one.end): one for one in evidence if one.decided == REDACTION}
    its_own = frozenset(by_machine)
    hiding = [
        told.get((mask.start, mask.end))
        or Deciding(mask.start, mask.end, mask.kind if mask in its_own else "", REDACTION)
        for mask in masks
    ]
    return [*(one for one in evidence if one.decided != REDACTION), *hiding]


def masks_for(text: str, kept: Sequence[Mask], more_words: Sequence[str]) -> list[Mask]:
    """Return what is hidden in a quote: what the machine found, and the words that a person adds.

    Args:
        text: the comment.
        kept: the masks that are there.
        more_words: words or phrases to hide wherever they stand, in any case.

    Returns:
        All masks, in order.
    """
    found: list[tuple[int, int]] = []
    lowered = text.lower()
    for words in {words.strip().lower() for words in more_words if words.strip()}:
        # Lower case may change a text's length in a few alphabets; then only the exact words are looked for.
        hay = lowered if len(lowered) == len(text) else text
        at = hay.find(words)
        while at >= 0:
            found.append((at, at + len(words)))
            at = hay.find(words, at + len(words))
    return list(joined(kept, [Mask(start, end, "other") for start, end in _runs(found)]))


def covers(masks: Sequence[Mask], others: Sequence[Mask]) -> bool:
    """Tell whether every letter that others hide is hidden by these masks."""
    hidden = _runs((mask.start, mask.end) for mask in masks)
    return all(_lies_in(mask, hidden) for mask in others)


def joined(masks: Sequence[Mask], more: Sequence[Mask]) -> tuple[Mask, ...]:
    """Return masks with whatever more hides besides, in order."""
    hidden = _runs((mask.start, mask.end) for mask in masks)
    besides = dict.fromkeys(mask for mask in more if not _lies_in(mask, hidden))
    return tuple(sorted([*masks, *besides], key=lambda mask: (mask.start, mask.end)))


def without(masks: Sequence[Mask], taken: Sequence[Mask]) -> tuple[Mask, ...]:
    """Return what is left of some stretches once others are taken out of them, in order.

    Args:
        masks: the stretches.
        taken: what is taken out; of a stretch of which only a part is, the rest stays.
    """
    gone = _runs((mask.start, mask.end) for mask in taken)
    return tuple(
        sorted((rest for mask in masks for rest in _rest_of(mask, gone)), key=lambda one: (one.start, one.end))
    )


def decided(masks: Sequence[Mask], hidden: Sequence[Mask], shown: Sequence[Mask]) -> frozenset[Mask]:
    """Return the masks of which a person has shown a part, and has hidden or shown all of the rest.

    Args:
        masks: what the machine, or an earlier clearing, hides.
        hidden: what the person hides.
        shown: the stretches that the person shows.
    """
    touched, settled = _runs((one.start, one.end) for one in shown), _runs((m.start, m.end) for m in (*hidden, *shown))
    return frozenset(mask for mask in masks if _touches(mask, touched) and _lies_in(mask, settled))


def _runs(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put places together that touch or overlap, in order."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return runs


def _run_at(place: int, runs: Sequence[tuple[int, int]]) -> int:
    """Return the number of the last run that begins at a place or before it; -1 when none does."""
    return bisect_right(runs, place, key=lambda run: run[0]) - 1


def _lies_in(mask: Mask, runs: Sequence[tuple[int, int]]) -> bool:
    number = _run_at(mask.start, runs)
    return number >= 0 and mask.end <= runs[number][1]


def _touches(mask: Mask, runs: Sequence[tuple[int, int]]) -> bool:
    number = _run_at(mask.end - 1, runs)
    return number >= 0 and mask.start < runs[number][1]


def _rest_of(mask: Mask, gone: Sequence[tuple[int, int]]) -> Iterator[Mask]:
    start = mask.start
    for first, last in gone[max(0, _run_at(mask.start, gone)) :]:
        if first >= mask.end:
            break
        if start < first:
            yield replace(mask, start=start, end=first)
        start = max(start, last)
    if start < mask.end:
        yield replace(mask, start=start)


def _told(deciding: Deciding, names: dict[str, str]) -> str:
    what = names.get(deciding.decided, deciding.decided)
    if not deciding.rule:
        return f"{what} (a person)"
    by = "model" if deciding.rule.startswith(_LEARNED) else "rule"
    return f"{what} ({by} “{deciding.rule}”)"
