"""Receipt codes: three plain words that let a child come back. Only a keyed hash of them is stored.

The words follow from the sitting's id by a keyed hash, so the same sitting always gets the same receipt.
"""

import unicodedata
from functools import cache
from pathlib import Path

from hscb_voice.foundation.keys import KeyRing

_WORDS_FILE = Path(__file__).parent / "receipt_words.txt"
_COUNT = 3


@cache
def receipt_words() -> tuple[str, ...]:
    """Return the words of which receipts are made: short, plain, and unlike one another."""
    return tuple(_WORDS_FILE.read_text(encoding="utf-8").split())


def receipt_for(keys: KeyRing, sitting_id: str, turn: int = 0) -> str:
    """Return the receipt of a sitting.

    Args:
        keys: the installation's keys.
        sitting_id: the sitting.
        turn: 0, or more when an earlier turn's words were already somebody else's.

    Returns:
        Three words with hyphens between.
    """
    words = receipt_words()
    number = int.from_bytes(keys.fingerprint("receipt words", f"{sitting_id}|{turn}"), "big")
    chosen = []
    for _ in range(_COUNT):
        number, place = divmod(number, len(words))
        chosen.append(words[place])
    return "-".join(chosen)


def receipt_hash(keys: KeyRing, receipt: str) -> bytes:
    """Return what is stored of a receipt, however a person has typed it.

    Args:
        keys: the installation's keys.
        receipt: three words with spaces or hyphens, any case.

    Returns:
        32 bytes.
    """
    plain = unicodedata.normalize("NFKC", receipt).casefold().replace("-", " ")
    return keys.fingerprint("receipt", " ".join(plain.split()))
