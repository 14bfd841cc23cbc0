"""Codes that can be said, read out and typed: three plain words. Pure text work and chance.

There are 1,161 words, so about 1.56 thousand million codes (30.5 bits). While 5,000 codes are open, one try in some
313,000 finds one; tries are counted elsewhere, so that nobody can make that many.
"""

import re
import secrets
import unicodedata

from hscb_voice.responses.receipts import receipt_words

LONGEST_CODE = 80
_COUNT = 3
_TYPED = re.compile(r"[A-Za-z0-9 ,._-]{1,80}")
_PARTS = re.compile(r"[a-z0-9]+")
_SHORTEST_WORD, _LONGEST_WORD = 4, 8


def new_code() -> str:
    """Return three words by chance, with hyphens between; they may be taken already."""
    words = receipt_words()
    return "-".join(secrets.choice(words) for _ in range(_COUNT))


def tidied_code(typed: str) -> str:
    """Return a code as it stands in addresses, however somebody typed it.

    Args:
        typed: in capitals or not, with blanks, commas, hyphens or nothing between the words, with or without accents.

    Returns:
        Small letters, digits and hyphens; empty when there were none.
    """
    plain = unicodedata.normalize("NFKD", typed).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    parts = _PARTS.findall(plain)
    if len(parts) == 1:
        parts = _parted(parts[0]) or parts
    return "-".join(parts)[:LONGEST_CODE]


def is_typed(code: str) -> bool:
    """Tell whether an address may hold a code as somebody typed it, such as `Maple River Stone`."""
    return _TYPED.fullmatch(code) is not None and tidied_code(code) != ""


def typed_code(code: str) -> str:
    """Return a code as a person would type it, to be mended; empty when nobody would."""
    return " ".join(re.split(r"[ ,._-]+", code)).strip() if is_typed(code) else ""


def _parted(run: str) -> list[str]:
    """Part three words that were typed without a gap; nothing when they are none of ours, or could be parted twice."""
    words = frozenset(receipt_words())
    if not _COUNT * _SHORTEST_WORD <= len(run) <= _COUNT * _LONGEST_WORD:
        return []
    ways = [
        [run[:first], run[first:second], run[second:]]
        for first in range(_SHORTEST_WORD, len(run))
        if run[:first] in words
        for second in range(first + _SHORTEST_WORD, len(run))
        if run[first:second] in words and run[second:] in words
    ]
    return ways[0] if len(ways) == 1 else []
