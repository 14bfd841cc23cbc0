"""Read the phrases of strangers' codebooks as our phrase language has them: “don’t wait”, “A&E”, “e-mail.”.

Why: nobody who wrote a codebook elsewhere knows our phrase language, and one phrase that cannot be read must not keep
all the others from being tried.
May not: be used for the staff's own codebook: whoever writes phrases there is told what is wrong with them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hscb_voice.language.normalise import normalise
from hscb_voice.language.phrases import PhraseBook, PhraseError

_BREAKS = re.compile(r"[|;,\n]")
_OURS = re.compile(r"[*~/()@+?]")  # a phrase with one of these is written in our language, or tries to be
_HYPHENS = re.compile("[\u2010\u2011\u2012\u2013\u2212]")
_AND = re.compile(r"(?<=[\w.])\s*&\s*(?=\w)")
_BOTH = re.compile(r"(?<=\d)/(?=\d)|(?<=\b\w)/(?=\w\b)")  # "24/7" and "N/A" are no choice between two words
_SLASH = re.compile(r"\s*/\s*")
_INITIALS = re.compile(r"\b(?:[^\W\d]\.){2,}[^\W\d]\b\.?")
_EDGES = "'\".,;:!…–—„«»[]{}<>#$£€%^=|\\/+-&@_`¡¿•·"
_FACE = re.compile(r":[a-z_]+:")
_GAP = re.compile(r"~\d?")
_TWO_PARTS = re.compile(r"(\w+)-(\w+)(\*?)")
_WORD = re.compile(r"\w+(?:'\w+)*(?:\(\w+(?:'\w+)*\))?\*?|:[a-z_]+:")
_BETWEEN = re.compile(r"[/+-]")
_MOST_GAPS, _MOST_WORDS, _LONGEST = 3, 20, 200
_EXAMPLE_WORDS = 3


@dataclass(frozen=True)
class PublicPhrases:
    """What can be read of somebody's phrases, in our language; and what cannot, as it was written."""

    readable: tuple[str, ...]
    unreadable: tuple[str, ...]


def public_phrases(written: Iterable[str]) -> PublicPhrases:
    """Read phrases as strangers write them.

    Args:
        written: phrases, or several with commas, semicolons, bars or line ends between.

    Returns:
        Each phrase once, in order.
    """
    found: dict[str, None] = {}
    bad: dict[str, None] = {}
    for part in written:
        for piece in _BREAKS.split(part):
            phrase = " ".join(piece.split())
            if not phrase:
                continue
            read = readable_phrase(phrase)
            if read is None:
                bad[phrase[:_LONGEST]] = None
            else:
                found[read] = None
    return PublicPhrases(tuple(found), tuple(bad))


def short_examples(written: Iterable[str]) -> list[str]:
    """Return the examples that are so short that they may stand as phrases; whole sentences are none.

    Args:
        written: examples as they stand in a codebook.
    """
    return [one for one in written if not one.rstrip().endswith((".", "!", "?")) and _is_short(one)]


def _is_short(example: str) -> bool:
    return all(len(piece.split()) <= _EXAMPLE_WORDS for piece in _BREAKS.split(example))


def readable_phrase(written: str) -> str | None:
    """Write one phrase in our phrase language.

    Args:
        written: as somebody wrote it; comments are met as `normalise` spells them, and so is this.

    Returns:
        The phrase; None when there is none that a comment could meet.
    """
    if len(written) > _LONGEST:
        return None
    plain = _INITIALS.sub(lambda found: found[0].replace(".", ""), _HYPHENS.sub("-", written))
    plain = _BOTH.sub("+", _SLASH.sub("/", plain))
    # Quotes are folded in any case; a child's spelling only where no sign of our language could be taken for a face.
    is_plain = _OURS.search(plain) is None or not any(map(str.isalnum, plain))
    plain = normalise(plain).text if is_plain else _folded(plain)
    read = [_element(one) for one in _AND.sub(" and? ", plain).split()]
    elements = [one for one in read if one]
    while elements and (_GAP.fullmatch(elements[0]) or elements[0] == "and?"):
        elements.pop(0)
    while elements and _GAP.fullmatch(elements[-1]):
        elements.pop()
    gaps = sum(one.startswith("~") for one in elements)
    if not elements or None in read or len(elements) > _MOST_WORDS or gaps > _MOST_GAPS:
        return None
    # A question mark at either end is no “may be there”: those words must stand there.
    elements[0], elements[-1] = elements[0].rstrip("?"), elements[-1].rstrip("?")
    phrase = " ".join(elements)
    try:
        PhraseBook([("", phrase)])
    except PhraseError:
        return None
    return phrase


def _folded(text: str) -> str:
    # Signs of our language are put aside for a moment, so that "(:" or "/" is no face.
    return "".join(one if _OURS.match(one) else normalise(one).text for one in re.split(r"([*~/()@+?:])", text))


def _element(written: str) -> str | None:
    """Read one word of a phrase; empty when nothing of it is left, None when no comment could ever hold it."""
    if _GAP.fullmatch(written) or _FACE.fullmatch(written.rstrip("?")):
        return written
    word = _bare(written)
    is_optional = word.endswith("?")
    word = _bare(word.rstrip("?"))
    if not word.strip("*"):
        return ""
    both = _TWO_PARTS.fullmatch(word)
    if both is not None:  # "e-mail" is as often one word
        word = f"{word}/{''.join(both.groups())}"
    if not all(_WORD.fullmatch(part) for part in _BETWEEN.split(word)):
        return None
    return f"{word}?" if is_optional else word


def _bare(word: str) -> str:
    """Take away what stands at a word's edges and says nothing: full stops, quotes, one half of a pair of brackets."""
    before = None
    while word != before:
        before = word
        word = word.strip(_EDGES)
        word = word.removeprefix("(")
        if word.endswith(")") and "(" not in word:
            word = word[:-1]
    return word
