"""Keys, and the sealing of words at rest.

Each row has its own data key, wrapped by a key-encryption key that never enters the database. Destroying a row's
wrapped key makes its words unreadable everywhere, backups included. Failing is always closed: without the right key
nothing is stored and nothing shown.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hscb_voice.foundation.errors import KeyMissingError

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SUFFIX = ".key"


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


class KeyRing:
    """The key-encryption keys of this installation; the newest wraps, all of them unwrap."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        """Hold keys by id.

        Args:
            keys: key id -> 32 bytes; ids sort by age, the last is current.

        Raises:
            KeyMissingError: there is no key, or one has the wrong length.
        """
        if not keys or any(len(key) != _KEY_BYTES for key in keys.values()):
            message = "No usable encryption key was found. Run “hscb-voice migrate” once, or set VOICE_KEYS."
            raise KeyMissingError(message)
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._index_keys = {key_id: hmac.digest(key, b"hscb-voice index", "sha256") for key_id, key in keys.items()}
        self.current = max(keys)
        self._oldest = min(keys)

    @classmethod
    def from_folder(cls, folder: Path) -> "KeyRing":
        """Read every `*.key` file (64 hexadecimal digits) of a folder.

        Args:
            folder: where the keys lie, outside the database and its backups.

        Returns:
            The ring.

        Raises:
            KeyMissingError: no key, or one that cannot be read.
        """
        keys: dict[str, bytes] = {}
        for file in sorted(folder.glob(f"*{_SUFFIX}")):
            try:
                keys[file.stem] = bytes.fromhex(file.read_text(encoding="ascii").strip())
            except (OSError, ValueError) as fault:
                message = f"The key file {file.name} cannot be read."
                raise KeyMissingError(message) from fault
        return cls(keys)

    def seal_for_new_row(self, table: str, row_id: str) -> tuple[RowSeal, WrappedKey]:
        """Make a data key for a new row.

        Args:
            table: the row's table.
            row_id: the row's id.

        Returns:
            The seal to use now, and the wrapped key to keep in the row.
        """
        data_key = os.urandom(_KEY_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        wrapped = nonce + self._ciphers[self.current].encrypt(nonce, data_key, f"{table}|{row_id}".encode())
        return RowSeal(data_key, table, row_id), WrappedKey(self.current, wrapped)

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
        cipher = self._ciphers.get(key.key_id)
        if cipher is None:
            message = f"The encryption key “{key.key_id}” is not here."
            raise KeyMissingError(message)
        try:
            data_key = cipher.decrypt(
                key.wrapped[:_NONCE_BYTES], key.wrapped[_NONCE_BYTES:], f"{table}|{row_id}".encode()
            )
        except (InvalidTag, ValueError) as fault:
            message = f"The encryption key “{key.key_id}” is not the one that was used."
            raise KeyMissingError(message) from fault
        return RowSeal(data_key, table, row_id)

    def fingerprint(self, purpose: str, text: str) -> bytes:
        """Return a keyed hash: equal texts give equal bytes, and nothing can be guessed without the key.

        Args:
            purpose: keeps hashes of different things apart.
            text: what to hash.

        Returns:
            32 bytes. The oldest key is used, so that a rotation does not orphan what was hashed before.
        """
        return hmac.new(self._index_keys[self._oldest], f"{purpose}|{text}".encode(), hashlib.sha256).digest()


def make_key(folder: Path, key_id: str) -> Path:
    """Write a new key-encryption key, readable by its owner only.

    Args:
        folder: the keys' folder, made when missing.
        key_id: its name; ids sort by age.

    Returns:
        The file.

    Raises:
        FileExistsError: a key of that id is there.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{key_id}{_SUFFIX}"
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    return place
