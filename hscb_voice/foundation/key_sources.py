"""Where the key-encryption keys lie: files of a folder, or one setting. Read here and nowhere else.

A key file that others than its owner may read is refused, like an unlocked door. No message here repeats a key.
"""

import contextlib
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from hscb_voice.foundation.errors import KeyMissingError

KEY_BYTES = 32
_SUFFIX = ".key"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")
# The group may read (a service manager hands keys over so), but nobody else, and only the owner may write.
_TOO_OPEN = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP
_FOLDER_TOO_OPEN = stat.S_IWGRP | stat.S_IWOTH


class KeySource(Protocol):
    """Anything that holds keys."""

    def read(self) -> dict[str, bytes]:
        """Return the keys by id."""

    def stamp(self) -> int:
        """Return a number that changes when the keys may have changed."""

    def has(self, key_id: str) -> bool:
        """Tell whether the key of this id is still there."""


@dataclass(frozen=True)
class KeyFolder:
    """A folder of `*.key` files, each 64 hexadecimal digits."""

    place: Path

    def read(self) -> dict[str, bytes]:
        """Return the keys by id.

        Raises:
            KeyMissingError: a file cannot be read, is no key, or lies open to others.
        """
        keys: dict[str, bytes] = {}
        files = sorted(self.place.glob(f"*{_SUFFIX}"))
        if files:
            _refuse_open(self.place, _FOLDER_TOO_OPEN, "700")
        for file in files:
            try:
                _refuse_open(file, _TOO_OPEN, "600")
                keys[checked_id(file.stem)] = _key(file.read_text(encoding="ascii"))
            except (OSError, ValueError) as fault:
                message = f"The key file {file.name} cannot be read."
                raise KeyMissingError(message) from fault
        return keys

    def stamp(self) -> int:
        """Return when the folder last changed, in nanoseconds; 0 when it is not there."""
        try:
            return self.place.stat().st_mtime_ns
        except OSError:
            return 0

    def has(self, key_id: str) -> bool:
        """Tell whether the key's file is still there."""
        return (self.place / f"{key_id}{_SUFFIX}").is_file()


@dataclass(frozen=True)
class KeyValues:
    """Keys given in one setting; they change only when the program starts again."""

    text: str = field(repr=False)  # “id:64 hexadecimal digits”, with spaces or commas between

    def read(self) -> dict[str, bytes]:
        """Return the keys by id.

        Raises:
            KeyMissingError: a value is no key, or an id stands twice.
        """
        keys: dict[str, bytes] = {}
        for number, part in enumerate(re.split(r"[\s,]+", self.text.strip()), start=1):
            key_id, _, digits = part.partition(":")
            try:
                keys_so_far = len(keys)
                keys[checked_id(key_id)] = _key(digits)
            except ValueError:
                message = f"VOICE_KEY_VALUES: value {number} is not an id, a colon and 64 hexadecimal digits."
                raise KeyMissingError(message) from None  # the fault's own words could repeat the key
            if len(keys) == keys_so_far:
                message = f"VOICE_KEY_VALUES: the id “{key_id}” stands there twice."
                raise KeyMissingError(message)
        return keys

    def stamp(self) -> int:
        """Return always the same."""
        return 1

    def has(self, key_id: str) -> bool:
        """Tell whether the key is there."""
        return key_id in self.read()


def source_of(folder: Path, values: str) -> KeySource:
    """Return where an installation's keys lie.

    Args:
        folder: the keys' folder.
        values: the setting that holds keys; empty when they lie in the folder.

    Raises:
        KeyMissingError: both hold keys. Which of them counts must never be a guess.
    """
    if not values:
        return KeyFolder(folder)
    if any(folder.glob(f"*{_SUFFIX}")):
        message = f"Keys stand in VOICE_KEY_VALUES and in {folder}. Take one of them away."
        raise KeyMissingError(message)
    return KeyValues(values)


def make_key(folder: Path, key_id: str) -> Path:
    """Write a new key-encryption key, readable by its owner only.

    Args:
        folder: the keys' folder, made when missing.
        key_id: its name; ids sort by age.

    Returns:
        The file. It appears at once and whole: a process that is running may look at any moment.

    Raises:
        FileExistsError: a key of that id is there.
        ValueError: the id cannot be one.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{checked_id(key_id)}{_SUFFIX}"
    draft = folder / f".{key_id}-{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, place)
    finally:
        draft.unlink()
    make_lasting(folder)
    return place


def new_key() -> str:
    """Return a new key, as its 64 hexadecimal digits."""
    return secrets.token_hex(KEY_BYTES)


def next_id(ids: tuple[str, ...], today: date) -> str:
    """Return an id that sorts after all the others.

    Args:
        ids: the ids in use.
        today: gives the id where the others are no plain numbers.

    Returns:
        The next number (0001, 0002 ...), else today's date, else the newest id with “-2”.
    """
    newest = max(ids, default="0000")
    if newest.isdecimal() and len(follows := f"{int(newest) + 1:0{len(newest)}}") == len(newest):
        return follows
    return today.isoformat() if today.isoformat() > newest else f"{newest}-2"


def checked_id(key_id: str) -> str:
    """Return a key's id when it can be one.

    Args:
        key_id: up to 40 letters, digits and hyphens.

    Raises:
        ValueError: it cannot.
    """
    if _ID.fullmatch(key_id) is None:
        message = "A key's id is made of up to 40 letters, digits and hyphens."
        raise ValueError(message)
    return key_id


def make_lasting(folder: Path) -> None:
    """Have the list of a folder's files written to the disk, so that a new file outlives a power cut.

    Args:
        folder: which.
    """
    # A share of another machine may not know how to do this; there it is that machine's business.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _key(digits: str) -> bytes:
    key = bytes.fromhex(digits.strip())
    if len(key) != KEY_BYTES:
        message = "A key has 64 hexadecimal digits."
        raise ValueError(message)
    return key


def _refuse_open(place: Path, too_open: int, mode: str) -> None:
    if place.stat().st_mode & too_open:
        message = f"{place.name} lies open to others on this machine. Run: chmod {mode} {place}"
        raise KeyMissingError(message)
