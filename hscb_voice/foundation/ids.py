"""Names for things: random, unguessable, and the same shape everywhere."""

import os
import re

_ID_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a new random id of 36 characters."""
    drawn = bytearray(os.urandom(16))
    drawn[6], drawn[8] = drawn[6] & 15 | 64, drawn[8] & 63 | 128  # RFC 9562, section 5.4: drawn by lot
    text = drawn.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    """Tell whether a text has the shape of an id made here or by a browser's randomUUID."""
    return _ID_SHAPE.fullmatch(text) is not None
