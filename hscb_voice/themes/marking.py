"""Shows a comment with the words that decided marked, and where words will be hidden. Pure text; no page, no table."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    for start, end in pairwise(cuts):
        why = {_told(d, names): None for d in inside if d.start <= start and end <= d.end}
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
    hiding = [
        told.get((mask.start, mask.end))
        or Deciding(mask.start, mask.end, mask.kind if mask in by_machine else "", REDACTION)
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
    masks: list[Mask] = []
    lowered = text.lower()
    for words in {words.strip().lower() for words in more_words if words.strip()}:
        # Lower case may change a text's length in a few alphabets; then only the exact words are looked for.
        hay = lowered if len(lowered) == len(text) else text
        at = hay.find(words)
        while at >= 0:
            masks.append(Mask(at, at + len(words), "other"))
            at = hay.find(words, at + len(words))
    return list(joined(kept, masks))


def covers(masks: Sequence[Mask], others: Sequence[Mask]) -> bool:
    """Tell whether every letter that others hide is hidden by these masks."""
    hidden = {place for mask in masks for place in range(mask.start, mask.end)}
    return all(hidden.issuperset(range(mask.start, mask.end)) for mask in others)


def joined(masks: Sequence[Mask], more: Sequence[Mask]) -> tuple[Mask, ...]:
    """Return masks with whatever more hides besides, in order."""
    besides = dict.fromkeys(mask for mask in more if not covers(masks, [mask]))
    return tuple(sorted([*masks, *besides], key=lambda mask: (mask.start, mask.end)))


def overlap(one: Mask, other: Mask) -> bool:
    """Tell whether two masks hide a letter in common."""
    return one.start < other.end and other.start < one.end


def within(mask: Mask, shown: Mask) -> bool:
    """Tell whether a mask lies inside a stretch."""
    return shown.start <= mask.start and mask.end <= shown.end


def _told(deciding: Deciding, names: dict[str, str]) -> str:
    what = names.get(deciding.decided, deciding.decided)
    if not deciding.rule:
        return f"{what} (a person)"
    by = "model" if deciding.rule.startswith(_LEARNED) else "rule"
    return f"{what} ({by} “{deciding.rule}”)"
