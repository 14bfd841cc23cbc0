"""Files of learned models: gzipped JSON with a hash of its own, so that a damaged or changed one is never used.

May not: load code. A model is numbers and names, whoever made the file.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, TypeVar

from hscb_voice.language.errors import LanguageError

ModelT = TypeVar("ModelT")
MOST_BYTES = 64_000_000
"""So large may the numbers and names of a model be; a file of a few kilobytes could hold any amount of nothing."""
_GZIP = 16 + zlib.MAX_WBITS


def packed(body: Mapping[str, Any]) -> bytes:
    """Pack what a model is made of, the same way each time.

    Args:
        body: numbers, texts, lists and objects.

    Returns:
        Gzipped JSON with the hash of the body.
    """
    canonical = _canonical(body)
    digest = hashlib.sha256(canonical).hexdigest().encode()
    return gzip.compress(b'{"model":' + canonical + b',"sha256":"' + digest + b'"}', mtime=0)


def opened(content: bytes, build: Callable[[Any, str], ModelT], what: str) -> ModelT:
    """Open what `packed` made.

    Args:
        content: the file.
        build: makes the model of the body and its hash; whatever it finds wrong counts as damage.
        what: the model's name in messages.

    Returns:
        What `build` returned.

    Raises:
        LanguageError: it is not a model, or not the one that its hash names.
    """
    try:
        raw: dict[str, Any] = json.loads(_unpacked(content), parse_constant=_refused)
        digest = hashlib.sha256(_canonical(raw["model"])).hexdigest()
        is_whole = digest == raw["sha256"]
        model = build(raw["model"], digest) if is_whole else None
    except LanguageError:
        raise
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        message = f"{what} is damaged: it cannot be read."
        raise LanguageError(message) from fault
    except (RecursionError, OverflowError, MemoryError) as fault:
        message = f"{what} is damaged: no model is nested so deeply or so large."
        raise LanguageError(message) from fault
    if model is None:
        message = f"{what} is damaged: its hash does not fit."
        raise LanguageError(message)
    return model


def _unpacked(content: bytes) -> bytes:
    """Unpack up to so many bytes: the file may come from anybody."""
    unpacking = zlib.decompressobj(wbits=_GZIP)
    unpacked = unpacking.decompress(content, MOST_BYTES)
    if unpacking.unconsumed_tail or not unpacking.eof or unpacking.unused_data:
        message = "more than a model, or less"
        raise ValueError(message)
    return unpacked


def _refused(name: str) -> None:
    message = f"{name} is no number"
    raise ValueError(message)


def shipped(file: str, what: str) -> bytes:
    """Return a file that comes with the program.

    Args:
        file: its path below the room of language.
        what: the model's name in messages.

    Raises:
        LanguageError: it is missing.
    """
    try:
        return (resources.files("hscb_voice.language") / file).read_bytes()
    except OSError as fault:
        message = f"{what} that belongs to the program cannot be read."
        raise LanguageError(message) from fault


def _canonical(body: Any) -> bytes:  # noqa: ANN401 - as JSON has it
    return json.dumps(body, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
