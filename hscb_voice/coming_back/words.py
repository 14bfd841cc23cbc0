"""Reads three words as somebody typed them, and helps with a slip, without telling whether anybody has them.

It knows only the list of words, which is public, and asks no database.
"""

import difflib
import re
import unicodedata
from dataclasses import dataclass

from hscb_voice.responses.receipts import receipt_words

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 80
_COUNT = 3


@dataclass(frozen=True)
class Typed:
    """What somebody typed."""

    words: tuple[str, ...]
    strange: str = ""  # the first word that no receipt has
    nearest: str = ""  # the one that was perhaps meant

    @property
    def can_be_asked(self) -> bool:
        """Whether these could be somebody's words at all."""
        return len(self.words) == _COUNT and not self.strange

    @property
    def receipt(self) -> str:
        """Return the words as one receipt."""
        return " ".join(self.words)


def read_words(typed: str) -> Typed:
    """Read three words, whatever stands between them, large or small.

    Args:
        typed: as it came.

    Returns:
        The words; with a hint where one of them stands in no receipt.
    """
    words = tuple(_WORD.findall(unicodedata.normalize("NFKC", typed[:_LONGEST]).casefold()))
    known = receipt_words()
    strange = next((word for word in words if word not in known), "")
    nearest = difflib.get_close_matches(strange, known, n=1, cutoff=0.7) if strange else []
    return Typed(words, strange, nearest[0] if nearest else "")
