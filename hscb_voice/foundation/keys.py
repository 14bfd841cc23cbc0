"""Keys, and the sealing of words at rest.

Each row has its own data key, wrapped by a key-encryption key that never enters the database. Destroying a row's
wrapped key makes its words unreadable for good. Failing is always closed: without the right key nothing is stored and
nothing shown. Where the keys lie is told by `key_sources`; this module may not read a file.
"""

import hmac
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_sources import KEY_BYTES, KeyFolder, KeySource

_NONCE_BYTES = 12
# How long a new key in the folder may go unnoticed by a process that is running.
NOTICED_WITHIN_SECONDS = 1.0
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WrappedKey:
    """A row's data key as the database keeps it: wrapped, with the id of the key that wrapped it."""

    key_id: str
    wrapped: bytes


class RowSeal:
    """Seals and opens the words of one row with that row's own data key."""

    def __init__(self, data_key: bytes, table: str, row_id: str) -> None:
        """Bind a data key to its row, so that words cannot be moved to another."""
        self._cipher = AESGCM(data_key)
        self._place = f"{table}|{row_id}|"

    def close(self, words: str, column: str) -> bytes:
        """Seal words for one column.

        Args:
            words: the text.
            column: where it will stand; part of what is authenticated.

        Returns:
            Nonce and ciphertext.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, words.encode(), (self._place + column).encode())

    def open(self, sealed: bytes, column: str) -> str:
        """Open what `close` sealed.

        Args:
            sealed: nonce and ciphertext.
            column: where it stood.

        Returns:
            The text.

        Raises:
            KeyMissingError: the key is not the one that sealed it, or the bytes were changed or moved.
        """
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], (self._place + column).encode())
        except (InvalidTag, ValueError) as fault:
            message = "A stored text could not be opened with the keys that are here."
            raise KeyMissingError(message) from fault
        return plain.decode()


@dataclass(frozen=True)
class _Held:
    """The keys as they were read at one moment; never changed, only followed by another."""

    ciphers: dict[str, AESGCM]
    first_index_key: bytes
    current: str


class KeyRing:
    """The key-encryption keys of this installation; the newest wraps, all of them unwrap.

    A ring that watches its source notices a new key within a second, and looks again when it meets an unknown one.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Hold keys by id.

        Args:
            keys: key id -> 32 bytes; ids sort by age, the last is current.

        Raises:
            KeyMissingError: there is no key, or one has the wrong length.
        """
        self._source: KeySource | None = None
        self._stamp = 0
        self._look_again = 0.0
        self._held: _Held | None = _held(keys)
        self._register: Callable[[KeyRing], bytes] | None = None
        self._index: bytes | None = None
        self._turn = threading.Lock()

    @classmethod
    def watching(cls, source: KeySource) -> Self:
        """Return a ring that reads its keys when they are first needed, and again when they change.

        Args:
            source: where the keys lie. Without a usable key every use fails, until there is one: nothing is kept
                open meanwhile, and a form can still be shown.
        """
        ring = cls.__new__(cls)
        ring._source, ring._stamp, ring._look_again = source, 0, 0.0  # noqa: SLF001 - a way to make one of its own
        ring._held, ring._register, ring._index = None, None, None  # noqa: SLF001 - the same
        ring._turn = threading.Lock()  # noqa: SLF001 - the same
        return ring

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Read every `*.key` file (64 hexadecimal digits) of a folder.

        Args:
            folder: where the keys lie, outside the database and its backups.

        Returns:
            The ring.

        Raises:
            KeyMissingError: no key, or one that cannot be read.
        """
        ring = cls.watching(KeyFolder(folder))
        ring._fresh()  # noqa: SLF001 - a way to make one of its own
        return ring

    @property
    def current(self) -> str:
        """Return the id of the key that wraps now.

        Raises:
            KeyMissingError: there is no usable key.
        """
        return self._fresh().current

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all keys that are here, oldest first.

        Raises:
            KeyMissingError: there is no usable key.
        """
        return tuple(sorted(self._fresh().ciphers))

    @property
    def first_index_key(self) -> bytes:
        """Return the index key that follows from the oldest key: what an installation begins with.

        Raises:
            KeyMissingError: there is no usable key.
        """
        return self._fresh().first_index_key

    def ask_register(self, register: Callable[["KeyRing"], bytes]) -> None:
        """Check every new set of keys against the installation's register before using it.

        Args:
            register: takes this ring and returns the index key; raises KeyMissingError when a key is not the one
                that the register knows by that id.
        """
        self._register, self._index = register, None

    def seal_for_new_row(self, table: str, row_id: str) -> tuple[RowSeal, WrappedKey]:
        """Make a data key for a new row.

        Args:
            table: the row's table.
            row_id: the row's id.

        Returns:
            The seal to use now, and the wrapped key to keep in the row.

        Raises:
            KeyMissingError: there is no usable key, or it is not this installation's: nothing may be stored.
        """
        self._index_key()
        data_key = os.urandom(KEY_BYTES)
        return RowSeal(data_key, table, row_id), self.wrap(table, row_id, data_key)

    def seal_of_row(self, table: str, row_id: str, key: WrappedKey) -> RowSeal:
        """Unwrap a row's data key.

        Args:
            table: the row's table.
            row_id: the row's id.
            key: what the row keeps.

        Returns:
            The row's seal.

        Raises:
            KeyMissingError: the wrapping key is not here or is another one.
        """
        return RowSeal(self.unwrap(table, row_id, key), table, row_id)

    def wrap(self, table: str, row_id: str, data_key: bytes) -> WrappedKey:
        """Wrap a data key for one row with the current key.

        Args:
            table: the row's table.
            row_id: the row's id.
            data_key: 32 bytes.

        Returns:
            What the row keeps.

        Raises:
            KeyMissingError: there is no usable key.
        """
        held = self._fresh()
        nonce = os.urandom(_NONCE_BYTES)
        wrapped = nonce + held.ciphers[held.current].encrypt(nonce, data_key, f"{table}|{row_id}".encode())
        return WrappedKey(held.current, wrapped)

    def unwrap(self, table: str, row_id: str, key: WrappedKey) -> bytes:
        """Return the data key of one row.

        Args:
            table: the row's table.
            row_id: the row's id.
            key: what the row keeps.

        Returns:
            32 bytes.

        Raises:
            KeyMissingError: the wrapping key is not here or is another one.
        """
        cipher = self._cipher(key.key_id)
        try:
            return cipher.decrypt(key.wrapped[:_NONCE_BYTES], key.wrapped[_NONCE_BYTES:], f"{table}|{row_id}".encode())
        except (InvalidTag, ValueError) as fault:
            message = f"The encryption key “{key.key_id}” is not the one that was used."
            raise KeyMissingError(message) from fault

    def fingerprint(self, purpose: str, text: str) -> bytes:
        """Return a keyed hash: equal texts give equal bytes, and nothing can be guessed without the key.

        Args:
            purpose: keeps hashes of different things apart.
            text: what to hash.

        Returns:
            32 bytes, made with the index key, which outlives every key that wraps it.

        Raises:
            KeyMissingError: there is no usable key.
        """
        return hmac.digest(self._index_key(), f"{purpose}|{text}".encode(), "sha256")

    def _index_key(self) -> bytes:
        self._fresh()
        if self._register is None:
            return self.first_index_key
        if self._index is None:
            with self._turn:
                self._index = self._index or self._register(self)
        return self._index

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._fresh().ciphers.get(key_id)
        if cipher is None and self._source is not None:
            # Another process may have used a key that was brought here a moment ago.
            cipher = self._read_again(self._source).ciphers.get(key_id)
        if cipher is None:
            message = f"The encryption key “{key_id}” is not here."
            raise KeyMissingError(message)
        return cipher

    def _fresh(self) -> _Held:
        held = self._held
        if self._source is None:
            if held is None:
                message = "There is no encryption key here."
                raise KeyMissingError(message)
            return held
        if held is None:
            return self._read_again(self._source)
        now = time.monotonic()
        if now < self._look_again:
            return held
        self._look_again = now + NOTICED_WITHIN_SECONDS
        return held if self._source.stamp() == self._stamp else self._read_again(self._source)

    def _read_again(self, source: KeySource) -> _Held:
        # The stamp first: what changes while we read is then noticed at the next look.
        stamp, before = source.stamp(), self._held
        try:
            held = _held(source.read())
        except KeyMissingError as fault:
            # A strange file beside the keys must not turn children away. But nothing is sealed with a key that has
            # gone: its words would be lost with this process.
            if before is None or not source.has(before.current):
                self._held = None
                raise
            _LOG.warning("the keys could not be read again", trouble=str(fault))
            held = before
        if before is None or held.ciphers.keys() != before.ciphers.keys():
            self._index = None
        self._held, self._stamp = held, stamp
        return held


def _held(keys: Mapping[str, bytes]) -> _Held:
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        message = "No usable encryption key was found. Run “hscb-voice migrate” once, or set VOICE_KEYS."
        raise KeyMissingError(message)
    first = hmac.digest(keys[min(keys)], b"hscb-voice index", "sha256")
    return _Held({key_id: AESGCM(key) for key_id, key in keys.items()}, first, max(keys))
