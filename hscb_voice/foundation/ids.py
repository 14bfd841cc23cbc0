"""Names for things: random, unguessable, and the same shape everywhere."""

import re
import uuid

_ID_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a new random id of 36 characters."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """Tell whether a text has the shape of an id made here or by a browser's randomUUID."""
    return _ID_SHAPE.fullmatch(text) is not None
