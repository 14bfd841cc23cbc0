"""The file of a backup: compressed, then sealed in parts under a key of its own, which the installation's key wraps.

Each part is bound to the file, to its place in it and to whether it is the last: a part that was changed, moved, left
out or taken from another backup is noticed, and so is a file that was cut short. Memory does not grow with the file.
It knows nothing of what is written into it, and no key stands in it open.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_sources import KEY_BYTES
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.keeping.errors import DamagedBackupError

MAGIC = b"HSCB Voice backup 1\n"
_PLACE = "backups"  # stands for the table's name where a backup's own key is wrapped
_PART_BYTES = 256 * 1024
_TAG_BYTES = 16
_COUNT_BYTES = 11
_LONGEST_HEAD = 4096
_LAST, _NOT_LAST = b"\x01", b"\x00"


class ArchiveWriter:
    """Writes one backup's file; nothing counts until `finish`."""

    def __init__(self, file: BinaryIO, ring: KeyRing, backup_id: str, head: dict[str, str]) -> None:
        """Begin the file.

        Args:
            file: to be written; the caller opens and closes it.
            ring: its current key wraps the file's own.
            backup_id: the backup's id.
            head: what may be read without a key; nothing that anybody said.

        Raises:
            KeyMissingError: there is no usable key.
        """
        key = os.urandom(KEY_BYTES)
        wrapped = ring.wrap(_PLACE, backup_id, key)
        whole = {**head, "backup": backup_id, "key": wrapped.key_id, "wrapped": wrapped.wrapped.hex()}
        text = json.dumps(whole).encode()
        self._file = file
        self._parts = _Parts(key, text)
        self._packer = zlib.compressobj(6)
        self._waiting = bytearray()
        file.write(MAGIC + len(text).to_bytes(4, "big") + text)

    def write(self, data: bytes) -> None:
        """Add bytes.

        Args:
            data: any number of them.
        """
        self._waiting += self._packer.compress(data)
        while len(self._waiting) > _PART_BYTES:
            self._write_part(bytes(self._waiting[:_PART_BYTES]), _NOT_LAST)
            del self._waiting[:_PART_BYTES]

    def finish(self) -> None:
        """Write what waits, and the mark of the end."""
        self._waiting += self._packer.flush()
        while len(self._waiting) > _PART_BYTES:
            self._write_part(bytes(self._waiting[:_PART_BYTES]), _NOT_LAST)
            del self._waiting[:_PART_BYTES]
        self._write_part(bytes(self._waiting), _LAST)

    def _write_part(self, plain: bytes, last: bytes) -> None:
        sealed = self._parts.close(plain, last)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)


class ArchiveReader:
    """Reads one backup's file, and hands out nothing that it has not proved."""

    def __init__(self, file: BinaryIO, ring: KeyRing) -> None:
        """Read the file's head and open its key.

        Args:
            file: at its beginning.
            ring: the keys that are here.

        Raises:
            DamagedBackupError: this is no backup of ours, or its head was changed.
            KeyMissingError: the key under which it was made is not here.
        """
        if file.read(len(MAGIC)) != MAGIC:
            message = "This file is no backup of HSCB Voice, or its beginning was changed."
            raise DamagedBackupError(message)
        text = file.read(_length(file, _LONGEST_HEAD))
        self.head = _head(text)
        self._file = file
        self._parts = _Parts(_own_key(self.head, ring), text)

    def lines(self) -> Iterator[bytes]:
        """Read what was written, line by line.

        Yields:
            Each line, without its end.

        Raises:
            DamagedBackupError: the file is not as it was written. What was yielded before was.
        """
        begun = b""
        for plain in self._plain():
            *whole, begun = (begun + plain).split(b"\n")
            yield from whole
        if begun:
            message = "The backup ends in the middle of a line."
            raise DamagedBackupError(message)

    def _plain(self) -> Iterator[bytes]:
        unpacker = zlib.decompressobj()
        for part in self._opened_parts():
            waiting = part
            while waiting:
                yield unpacker.decompress(waiting, _PART_BYTES)
                waiting = unpacker.unconsumed_tail
        yield unpacker.flush()

    def _opened_parts(self) -> Iterator[bytes]:
        length = self._file.read(4)
        while True:
            size = _checked_length(length)
            sealed = self._file.read(size)
            if len(sealed) < size:
                message = "The backup was cut short: its end is missing."
                raise DamagedBackupError(message)
            length = self._file.read(4)
            yield self._parts.open(sealed, _NOT_LAST if length else _LAST)
            if not length:
                return


class _Parts:
    """Seals or opens the parts of one file, in order."""

    def __init__(self, key: bytes, head: bytes) -> None:
        self._cipher = AESGCM(key)
        self._file = hashlib.sha256(MAGIC + head).digest()
        self._number = 0

    def close(self, plain: bytes, last: bytes) -> bytes:
        sealed = self._cipher.encrypt(self._nonce(last), plain, self._file)
        self._number += 1
        return sealed

    def open(self, sealed: bytes, last: bytes) -> bytes:
        try:
            plain = self._cipher.decrypt(self._nonce(last), sealed, self._file)
        except InvalidTag as fault:
            message = f"The backup was changed or damaged: part {self._number + 1} of it does not open."
            if last == _LAST and self._opens_as_another(sealed):
                message = "The backup was cut short: its end is missing."
            raise DamagedBackupError(message) from fault
        self._number += 1
        return plain

    def _nonce(self, last: bytes) -> bytes:
        return self._number.to_bytes(_COUNT_BYTES, "big") + last

    def _opens_as_another(self, sealed: bytes) -> bool:
        try:
            self._cipher.decrypt(self._nonce(_NOT_LAST), sealed, self._file)
        except InvalidTag:
            return False
        return True


def _own_key(head: dict[str, Any], ring: KeyRing) -> bytes:
    try:
        wrapped = WrappedKey(str(head["key"]), bytes.fromhex(head["wrapped"]))
        if wrapped.key_id not in ring.ids:
            message = f"The backup was made under the key “{wrapped.key_id}”, and that key is not here. "
            message += f"Here are: {', '.join(ring.ids)}."
            raise KeyMissingError(message)
        return ring.unwrap(_PLACE, str(head["backup"]), wrapped)
    except (KeyError, ValueError, TypeError) as fault:
        message = "The backup's head was changed or damaged."
        raise DamagedBackupError(message) from fault


def _head(text: bytes) -> dict[str, Any]:
    try:
        head = json.loads(text)
    except ValueError:
        head = None
    if not isinstance(head, dict):
        message = "The backup's head was changed or damaged."
        raise DamagedBackupError(message)
    return head


def _length(file: BinaryIO, most: int) -> int:
    length = int.from_bytes(file.read(4), "big")
    if not 0 < length <= most:
        message = "The backup's head was changed or damaged."
        raise DamagedBackupError(message)
    return length


def _checked_length(length: bytes) -> int:
    size = int.from_bytes(length, "big")
    if len(length) < 4 or not _TAG_BYTES <= size <= _PART_BYTES + _TAG_BYTES:  # noqa: PLR2004 - how long a length is
        message = "The backup was changed, damaged or cut short."
        raise DamagedBackupError(message)
    return size
