"""B1: a backup's file gives nothing to somebody without the key, and notices whatever was done to it."""

import io
import os

import pytest

from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.keeping import archive
from hscb_voice.keeping.archive import MAGIC, ArchiveReader, ArchiveWriter
from hscb_voice.keeping.errors import DamagedBackupError

RING = KeyRing({"0001": b"k" * 32})
SECRET = "A sentence that somebody wrote."


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of some hundred bytes, so that a small file has many."""
    monkeypatch.setattr(archive, "_PART_BYTES", 400)


def _written(lines: list[str], ring: KeyRing = RING, backup_id: str = "one") -> bytes:
    file = io.BytesIO()
    writer = ArchiveWriter(file, ring, backup_id, {"made": "2026-11-22T10:00:00+00:00"})
    for line in lines:
        writer.write(line.encode() + b"\n")
    writer.finish()
    return file.getvalue()


def _read(data: bytes, ring: KeyRing = RING) -> list[str]:
    return [line.decode() for line in ArchiveReader(io.BytesIO(data), ring).lines()]


def _many() -> list[str]:
    """Lines that cannot be made shorter, so that there are several parts."""
    return [SECRET, *(os.urandom(60).hex() for _ in range(40))]


def _parts(data: bytes) -> list[tuple[int, int]]:
    """Return where each part stands, its length included."""
    place = len(MAGIC)
    place += 4 + int.from_bytes(data[place : place + 4], "big")
    found = []
    while place < len(data):
        end = place + 4 + int.from_bytes(data[place : place + 4], "big")
        found.append((place, end))
        place = end
    return found


@pytest.mark.parametrize("lines", [[], ["one"], ["", ""], _many()])
def test_b1_what_was_written_is_read_again(lines: list[str]) -> None:
    assert _read(_written(lines)) == lines


def test_b1_without_the_key_there_is_nothing_to_read() -> None:
    data = _written(_many())
    assert SECRET.encode() not in data
    assert b"k" * 32 not in data
    with pytest.raises(KeyMissingError, match=r"made under the key “0001”, and that key is not here\. Here are: 0002"):
        _read(data, KeyRing({"0002": b"k" * 32}))
    with pytest.raises(KeyMissingError, match="not the one that was used"):
        _read(data, KeyRing({"0001": b"x" * 32}))


def test_b1_a_change_of_any_byte_is_noticed() -> None:
    data = _written(_many())
    assert len(_parts(data)) > 4
    whole = _read(data)
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises((DamagedBackupError, KeyMissingError)):
            _read(bytes(changed))
    assert _read(data) == whole


def test_b1_a_file_cut_short_anywhere_is_noticed() -> None:
    data = _written(_many())
    for length in [*range(0, len(data), 11), len(data) - 1]:
        with pytest.raises(DamagedBackupError):
            _read(data[:length])


def test_b1_parts_that_are_missing_moved_doubled_or_from_another_backup_are_noticed() -> None:
    data, other = _written(_many()), _written(_many(), backup_id="two")
    parts = [data[start:end] for start, end in _parts(data)]
    strange = [other[start:end] for start, end in _parts(other)]
    head = data[: _parts(data)[0][0]]
    assert _read(head + b"".join(parts))
    for wrong in (
        parts[1:],
        parts[:-1],
        parts[:1] + parts[2:],
        [parts[1], parts[0], *parts[2:]],
        [parts[0], *parts],
        [*parts, parts[-1]],
        [parts[0], strange[1], *parts[2:]],
        strange,
    ):
        with pytest.raises(DamagedBackupError):
            _read(head + b"".join(wrong))


def test_b1_a_missing_end_is_called_so() -> None:
    data = _written(_many())
    with pytest.raises(DamagedBackupError, match="cut short: its end is missing"):
        _read(data[: _parts(data)[-1][0]])


@pytest.mark.parametrize(
    "data", [b"", b"words", MAGIC, MAGIC + b"\xff\xff\xff\xff", MAGIC + b"\0\0\0\2{}", MAGIC + b"\0\0\0\2[]"]
)
def test_what_is_no_backup_is_called_so(data: bytes) -> None:
    with pytest.raises(DamagedBackupError):
        _read(data)


def test_b1_two_backups_of_the_same_have_no_part_in_common() -> None:
    one, other = _written(["the same"] * 50), _written(["the same"] * 50)
    starts = [_parts(data)[0][0] for data in (one, other)]
    assert one[starts[0] :] != other[starts[1] :]
