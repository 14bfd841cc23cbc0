"""Passwords: long, not easily guessed, hashed with argon2id. No rules about kinds of letters, no expiry.

It hashes without a web application, so that the command line and the demonstration add people in the same way.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hscb_voice.staff.errors import WeakPasswordError

SHORTEST = 12
# Long enough for any sentence; an end there must be, or hashing could be made to take all day.
LONGEST = 200
_FEWEST_DIFFERENT = 5
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "01234567890123456789",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_FIGURES_FOR_LETTERS = str.maketrans("0134578@$!", "oieastbasi")
_BLOCKLIST = Path(__file__).with_name("guessable_passwords.txt")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's second setting: 19 MiB


def normalised(password: str) -> str:
    """Return a password as it is hashed: the same whatever keyboard or system composed its letters."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Hash a password.

    Args:
        password: as typed.

    Returns:
        The hash with its parameters and salt.
    """
    return _HASHER.hash(normalised(password))


def password_fits(password: str, password_hash: str) -> bool:
    """Tell whether a password is the one that was hashed.

    Args:
        password: as typed.
        password_hash: what the account keeps; empty for an account that does not exist, which takes the same time.
    """
    try:
        return _HASHER.verify(password_hash or _hash_of_nothing(), normalised(password)) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def check_new_password(password: str, *about: str) -> None:
    """Refuse a password that is short or easily guessed.

    Args:
        password: as typed.
        *about: what is known of the person, such as name and email address, which no password may be made of.

    Raises:
        WeakPasswordError: with words for the person.
    """
    text = normalised(password)
    if len(text) < SHORTEST:
        message = f"The password must have at least {SHORTEST} characters. Three or four random words make a good one."
        raise WeakPasswordError(message)
    if len(text) > LONGEST:
        message = f"The password may have at most {LONGEST} characters."
        raise WeakPasswordError(message)
    if _is_guessable(text.lower(), about):
        message = "This password is too easily guessed. Three or four random words make a good one."
        raise WeakPasswordError(message)


def _is_guessable(text: str, about: tuple[str, ...]) -> bool:
    if len(set(text)) < _FEWEST_DIFFERENT or _is_a_run(text):
        return True
    known = {word for told in about for word in re.findall(r"[^\W\d_]{3,}", told.lower())}
    letters = re.sub(r"[\W\d_]+", "", text)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    spelt = re.sub(r"[\W\d_]+", "", core.translate(_FIGURES_FOR_LETTERS))
    return any(_is_made_of(candidate, _guessable_words() | known) for candidate in (letters, spelt))


def _is_made_of(letters: str, words: frozenset[str] | set[str]) -> bool:
    """Tell whether nothing is left of some letters but words from a list, one after another."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in words for start in reached):
            reached.add(end)
    return len(letters) in reached


def _is_a_run(text: str) -> bool:
    """Tell whether a password walks along the alphabet, the figures or the keyboard, forwards or back."""
    steps = [a + b for a, b in pairwise(text)]
    along = "".join(_RUNS) + " " + "".join(run[::-1] for run in _RUNS)
    return sum(step in along for step in steps) >= len(steps) * 0.8


@cache
def _guessable_words() -> frozenset[str]:
    lines = _BLOCKLIST.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _hash_of_nothing() -> str:
    return hash_password("a password that nobody has")
