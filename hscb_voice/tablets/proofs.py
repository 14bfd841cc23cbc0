"""What proves something on a tablet: the code that sets it up once, its token, and the PIN of the worker who holds it.

Of code and token the database holds keyed hashes only. The PIN is checked by the tablet itself, which may be offline,
so its salted hash travels in the kit: it keeps a child on the children's screen, and guards no answer.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.tablets.errors import WeakPinError
from hscb_voice.tablets.sealing import to_base64url

CODE_LASTS = timedelta(minutes=15)
# No letter or digit that could be taken for another one.
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"
_CODE_LENGTH, _HALF = 10, 5
_TOKEN_BYTES, _TOKEN_LENGTH = 32, 43
_PIN = re.compile(r"[0-9]{6,12}")
_PIN_ITERATIONS = 600_000
_SALT_BYTES = 16


@dataclass(frozen=True)
class HashedPin:
    """What a tablet needs to check a PIN."""

    salt: bytes
    iterations: int
    hash: bytes


def new_set_up_code() -> str:
    """Return a new code, fit to be read from a screen and typed: ten letters and digits with a hyphen between."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def set_up_code_hash(keys: KeyRing, code: str) -> bytes:
    """Return what is stored of a code, however it was typed.

    Args:
        keys: the installation's keys.
        code: with or without spaces and hyphens, in any case.
    """
    return keys.fingerprint("tablet code", "".join(re.findall(r"[A-Z0-9]", code.upper())))


def new_token() -> str:
    """Return a new token: 32 random bytes, as base64url."""
    return to_base64url(os.urandom(_TOKEN_BYTES))


def token_hash(keys: KeyRing, token: str) -> bytes:
    """Return what is stored of a token."""
    return keys.fingerprint("tablet token", token)


def is_token(text: str) -> bool:
    """Tell whether a text has the shape of a token."""
    return len(text) == _TOKEN_LENGTH and re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None


def hash_pin(pin: str, iterations: int = _PIN_ITERATIONS) -> HashedPin:
    """Return what a tablet needs to check a PIN.

    Args:
        pin: 6 to 12 digits.
        iterations: of PBKDF2 with SHA-256.

    Raises:
        WeakPinError: it is none, or would be guessed at once.
    """
    refuse_weak_pin(pin)
    salt = os.urandom(_SALT_BYTES)
    return HashedPin(salt, iterations, hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, iterations))


def refuse_weak_pin(pin: str) -> None:
    """Refuse what is no PIN, or would be guessed at once.

    Args:
        pin: as typed.

    Raises:
        WeakPinError: the message says why.
    """
    if _PIN.fullmatch(pin) is None:
        message = "The PIN must have 6 to 12 digits"
        raise WeakPinError(message)
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        message = "This PIN would be guessed at once. Do not repeat one digit or count up or down"
        raise WeakPinError(message)
