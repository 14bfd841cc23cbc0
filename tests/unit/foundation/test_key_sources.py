"""K4, K5: where keys lie. A door left open is refused, a key noticed when it comes, and no key is ever repeated."""

import stat
from datetime import date
from pathlib import Path

import pytest

from hscb_voice.foundation import keys as keys_module
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_sources import KeyFolder, KeyValues, make_key, new_key, next_id, source_of
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.settings import Settings

ONE, OTHER = "1a" * 32, "2b" * 32


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """New keys are noticed at every look."""
    monkeypatch.setattr(keys_module, "NOTICED_WITHIN_SECONDS", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one key."""
    make_key(tmp_path / "keys", "0001")
    return tmp_path / "keys"


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o660, 0o601])
def test_k4_a_key_file_that_others_may_read_or_change_is_refused(folder: Path, mode: int) -> None:
    (folder / "0001.key").chmod(mode)
    with pytest.raises(KeyMissingError, match=r"0001\.key lies open to others .* chmod 600"):
        KeyRing.from_folder(folder)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440])
def test_a_key_file_that_a_service_manager_hands_over_is_taken(folder: Path, mode: int) -> None:
    (folder / "0001.key").chmod(mode)
    assert KeyRing.from_folder(folder).ids == ("0001",)


@pytest.mark.parametrize("mode", [0o722, 0o777])
def test_k4_a_folder_into_which_others_may_put_keys_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    with pytest.raises(KeyMissingError, match="keys lies open to others"):
        KeyRing.from_folder(folder)


def test_a_new_key_appears_whole_and_closed(folder: Path) -> None:
    file = make_key(folder, "0002")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in sorted(folder.iterdir())] == ["0001.key", "0002.key"]
    with pytest.raises(FileExistsError):
        make_key(folder, "0002")
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("name", ["", "../0002", "a key", "x" * 41, "-a"])
def test_a_name_that_no_key_can_have_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        make_key(folder, name)


def test_a_ring_that_watches_notices_a_new_key_and_seals_with_it(folder: Path) -> None:
    ring = KeyRing.watching(KeyFolder(folder))
    assert ring.current == "0001"
    make_key(folder, "0002")
    assert ring.seal_for_new_row("responses", "r")[1].key_id == "0002"


def test_an_unknown_key_is_looked_for_once_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may have used a key that was brought a moment ago."""
    monkeypatch.setattr(keys_module, "NOTICED_WITHIN_SECONDS", 3600.0)
    ring = KeyRing.watching(KeyFolder(folder))
    assert ring.ids == ("0001",)
    assert ring.current == "0001"
    make_key(folder, "0002")
    _, wrapped = KeyRing.from_folder(folder).seal_for_new_row("responses", "r")
    assert wrapped.key_id == "0002"
    assert ring.seal_of_row("responses", "r", wrapped)


def test_k4_without_a_key_a_ring_fails_closed_until_there_is_one(tmp_path: Path) -> None:
    ring = KeyRing.watching(KeyFolder(tmp_path / "keys"))
    for use in (lambda: ring.seal_for_new_row("responses", "r"), lambda: ring.fingerprint("receipt", "words")):
        with pytest.raises(KeyMissingError, match="No usable encryption key"):
            use()
    make_key(tmp_path / "keys", "0001")
    assert ring.seal_for_new_row("responses", "r")


def test_k4_nothing_is_sealed_with_a_key_whose_file_has_gone(folder: Path) -> None:
    """Its words would be lost when this process ends."""
    ring = KeyRing.watching(KeyFolder(folder))
    assert ring.seal_for_new_row("responses", "r")
    (folder / "0001.key").unlink()
    with pytest.raises(KeyMissingError):
        ring.seal_for_new_row("responses", "r")


def test_a_strange_file_beside_good_keys_turns_nobody_away(folder: Path) -> None:
    ring = KeyRing.watching(KeyFolder(folder))
    assert ring.current == "0001"
    (folder / "0002.key").write_text("half a k")
    assert ring.seal_for_new_row("responses", "r")[1].key_id == "0001"


def test_keys_may_stand_in_one_setting(tmp_path: Path) -> None:
    ring = KeyRing.watching(source_of(tmp_path, f"2026-01:{ONE}, 2027-01:{OTHER}"))
    assert (ring.ids, ring.current) == (("2026-01", "2027-01"), "2027-01")
    settings = Settings.from_env(
        {"VOICE_DATA": str(tmp_path), "VOICE_SECRET_KEY": "s" * 32, "VOICE_KEY_VALUES": f" 0001:{ONE} "}
    )
    assert KeyRing.watching(source_of(settings.keys_folder, settings.key_values)).ids == ("0001",)


def test_keys_in_two_places_are_refused_and_never_guessed_between(folder: Path) -> None:
    with pytest.raises(KeyMissingError, match="Take one of them away"):
        source_of(folder, f"0001:{ONE}")


@pytest.mark.parametrize("values", [f"0001{ONE}", f"0001:{ONE}0", f"0001:{ONE[:-1]}", f"a b:{ONE}", f"0001:{'z' * 64}"])
def test_k5_a_wrong_value_is_refused_by_its_place_and_never_repeated(values: str) -> None:
    with pytest.raises(KeyMissingError) as trouble:
        KeyValues(values).read()
    assert "VOICE_KEY_VALUES: value 1" in str(trouble.value)
    assert ONE[:20] not in str(trouble.value)
    assert trouble.value.__cause__ is None
    assert trouble.value.__suppress_context__


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(KeyMissingError, match="“0001” stands there twice"):
        KeyValues(f"0001:{ONE},0001:{OTHER}").read()


def test_k5_settings_and_sources_do_not_show_keys_when_they_are_printed(tmp_path: Path) -> None:
    env = {"VOICE_DATA": str(tmp_path), "VOICE_SECRET_KEY": "s" * 32, "VOICE_KEY_VALUES": f"0001:{ONE}"}
    shown = repr(Settings.from_env(env)) + repr(KeyValues(env["VOICE_KEY_VALUES"]))
    assert ONE not in shown


@pytest.mark.parametrize(
    ("ids", "follows"),
    [
        ((), "0001"),
        (("0001",), "0002"),
        (("0001", "0009"), "0010"),
        (("9999",), "9999-2"),
        (("2026-01",), "2026-11-23"),
        (("2026-11-23",), "2026-11-23-2"),
        (("2027-01",), "2027-01-2"),
    ],
)
def test_a_new_id_sorts_after_all_others(ids: tuple[str, ...], follows: str) -> None:
    assert next_id(ids, date(2026, 11, 23)) == follows
    assert all(follows > each for each in ids)


def test_new_keys_are_never_alike() -> None:
    assert len({new_key() for _ in range(20)}) == 20
