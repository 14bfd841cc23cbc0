"""Keys: words are sealed to their place, and every wrong key, byte or place fails closed."""

import stat
from pathlib import Path

import pytest

from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_sources import make_key
from hscb_voice.foundation.keys import KeyRing, WrappedKey

OLD, NEW = b"o" * 32, b"n" * 32
WORDS = "I told my teacher. 🙂"


@pytest.fixture
def ring() -> KeyRing:
    """A ring of one key."""
    return KeyRing({"2026-01": OLD})


def test_what_was_sealed_is_opened(ring: KeyRing) -> None:
    seal, wrapped = ring.seal_for_new_row("responses", "r1")
    sealed = seal.close(WORDS, "q2a|0")
    assert b"teacher" not in sealed
    assert ring.seal_of_row("responses", "r1", wrapped).open(sealed, "q2a|0") == WORDS


def test_the_same_words_are_never_sealed_alike(ring: KeyRing) -> None:
    seal, _ = ring.seal_for_new_row("responses", "r1")
    assert seal.close(WORDS, "q2a|0") != seal.close(WORDS, "q2a|0")


def test_it_refuses_words_moved_to_another_question(ring: KeyRing) -> None:
    seal, _ = ring.seal_for_new_row("responses", "r1")
    with pytest.raises(KeyMissingError):
        seal.open(seal.close(WORDS, "q2a|0"), "q2a|1")


@pytest.mark.parametrize(("table", "row"), [("responses", "r2"), ("second_answers", "r1")])
def test_it_refuses_a_row_key_moved_to_another_row_or_table(ring: KeyRing, table: str, row: str) -> None:
    _, wrapped = ring.seal_for_new_row("responses", "r1")
    with pytest.raises(KeyMissingError):
        ring.seal_of_row(table, row, wrapped)


def test_it_refuses_words_of_another_row(ring: KeyRing) -> None:
    one, _ = ring.seal_for_new_row("responses", "r1")
    other, _ = ring.seal_for_new_row("responses", "r2")
    with pytest.raises(KeyMissingError):
        other.open(one.close(WORDS, "q2a|0"), "q2a|0")


@pytest.mark.parametrize("place", [0, 12, -1])
def test_it_refuses_words_of_which_one_bit_was_changed(ring: KeyRing, place: int) -> None:
    seal, wrapped = ring.seal_for_new_row("responses", "r1")
    sealed, key = bytearray(seal.close(WORDS, "q2a|0")), bytearray(wrapped.wrapped)
    sealed[place] ^= 1
    key[place] ^= 1
    with pytest.raises(KeyMissingError):
        seal.open(bytes(sealed), "q2a|0")
    with pytest.raises(KeyMissingError):
        ring.seal_of_row("responses", "r1", WrappedKey(wrapped.key_id, bytes(key)))


@pytest.mark.parametrize("cut", [0, 5, 12, 20])
def test_it_refuses_words_cut_short(ring: KeyRing, cut: int) -> None:
    seal, wrapped = ring.seal_for_new_row("responses", "r1")
    with pytest.raises(KeyMissingError):
        seal.open(seal.close(WORDS, "q2a|0")[:cut], "q2a|0")
    with pytest.raises(KeyMissingError):
        ring.seal_of_row("responses", "r1", WrappedKey(wrapped.key_id, wrapped.wrapped[:cut]))


def test_it_fails_closed_with_a_wrong_key_and_names_a_missing_one(ring: KeyRing) -> None:
    _, wrapped = ring.seal_for_new_row("responses", "r1")
    with pytest.raises(KeyMissingError, match="not the one that was used"):
        KeyRing({"2026-01": NEW}).seal_of_row("responses", "r1", wrapped)
    with pytest.raises(KeyMissingError, match="“2026-01” is not here"):
        KeyRing({"2027-01": OLD}).seal_of_row("responses", "r1", wrapped)


def test_after_a_new_key_old_rows_open_and_new_rows_use_it(ring: KeyRing) -> None:
    seal, wrapped = ring.seal_for_new_row("responses", "r1")
    both = KeyRing({"2026-01": OLD, "2027-01": NEW})
    assert both.seal_of_row("responses", "r1", wrapped).open(seal.close(WORDS, "c"), "c") == WORDS
    assert both.seal_for_new_row("responses", "r2")[1].key_id == "2027-01"


def test_a_fingerprint_is_keyed_and_kept_apart_by_purpose(ring: KeyRing) -> None:
    assert ring.fingerprint("receipt", "x") == ring.fingerprint("receipt", "x")
    assert ring.fingerprint("receipt", "x") != ring.fingerprint("name", "x")
    assert ring.fingerprint("receipt", "x") != KeyRing({"2026-01": NEW}).fingerprint("receipt", "x")
    assert len(ring.fingerprint("receipt", "x")) == 32


@pytest.mark.parametrize("keys", [{}, {"2026-01": b"short"}, {"2026-01": OLD, "2027-01": b""}])
def test_it_refuses_to_start_without_a_usable_key(keys: dict[str, bytes]) -> None:
    with pytest.raises(KeyMissingError, match="No usable encryption key"):
        KeyRing(keys)


def test_a_key_is_made_once_for_its_owner_only_and_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    file = make_key(folder, "2026-01")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert KeyRing.from_folder(folder).current == "2026-01"
    with pytest.raises(FileExistsError):
        make_key(folder, "2026-01")
    make_key(folder, "2027-01")
    assert KeyRing.from_folder(folder).current == "2027-01"


def test_two_keys_are_never_alike(tmp_path: Path) -> None:
    assert make_key(tmp_path, "a").read_text() != make_key(tmp_path, "b").read_text()


def test_an_empty_folder_is_no_key_ring(tmp_path: Path) -> None:
    with pytest.raises(KeyMissingError, match="VOICE_KEYS"):
        KeyRing.from_folder(tmp_path)


@pytest.mark.parametrize("content", [b"not hexadecimal", b"\xff\xfe", b"zz" * 32])
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "2026-01.key").write_bytes(content)
    (tmp_path / "2026-01.key").chmod(0o600)
    tmp_path.chmod(0o700)
    with pytest.raises(KeyMissingError, match=r"2026-01\.key cannot be read"):
        KeyRing.from_folder(tmp_path)
