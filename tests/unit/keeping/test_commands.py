"""The commands `keys`, `backup` and `restore`, from end to end, as an administrator types them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hscb_voice import cli
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_sources import new_key
from hscb_voice.installing import open_installation, prepare_installation
from hscb_voice.keeping import rotation
from tests.support.answering import keep_answer

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, with one answer."""
    for name in ("VOICE_DATABASE_URL", "VOICE_SECRET_KEY", "VOICE_KEYS", "VOICE_KEY_VALUES", "VOICE_BACKUPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(rotation, "_GRACE_SECONDS", 0.05)
    monkeypatch.setenv("VOICE_DATA", str(tmp_path / "home"))
    keep_answer(prepare_installation(None), {"q2a": "She listened to me."})
    return tmp_path / "home"


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], home: Path) -> Say:
    """Run a command and return its code and what it said on both channels."""
    assert home

    def _say(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return _say


def test_a_key_is_made_everything_moved_to_it_and_the_old_one_let_go(say: Say, home: Path) -> None:
    code, out, _ = say("keys", "status")
    assert (code, out.splitlines()[0]) == (0, "0001: here, seals what is new")
    code, out, _ = say("keys", "new")
    assert code == 0
    assert "keys/0002.key" in out
    code, out, err = say("keys", "rotate")
    assert (code, "1 rows were moved" in out, "1 of 1 rows moved" in err) == (0, True, True)
    assert "No row needs “0001” any more" in out
    code, out, _ = say("keys", "status")
    assert "0001: here, no row needs it" in out
    assert "0002: here, seals what is new\n    responses: 1 row\n" in out
    (home / "keys" / "0001.key").unlink()
    assert say("keys", "status")[0] == 0


def test_k5_no_command_shows_a_key_that_lies_in_a_file(say: Say, home: Path, tmp_path: Path) -> None:
    backup = str(tmp_path / "one.backup")
    told = ""
    for arguments in (["keys", "new"], ["keys", "rotate"], ["keys", "status"], ["backup", "--out", backup]):
        _, out, err = say(*arguments)
        told += out + err
    for file in (home / "keys").glob("*.key"):
        assert file.read_text().strip() not in told
        for place in (*home.glob("voice.db*"), Path(backup)):
            assert file.read_text().strip().encode() not in place.read_bytes()
            assert bytes.fromhex(file.read_text()) not in place.read_bytes()


def test_a_new_key_for_a_setting_is_shown_once_and_kept_nowhere(
    say: Say, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = "0001:" + (home / "keys" / "0001.key").read_text().strip()
    (home / "keys" / "0001.key").unlink()
    monkeypatch.setenv("VOICE_KEY_VALUES", value)
    code, out, err = say("keys", "new")
    assert (code, "shown only now" in err) == (0, True)
    fresh = out.strip().rsplit(" ", 1)[1]
    assert fresh.startswith("0002:")
    assert list((home / "keys").iterdir()) == []
    monkeypatch.setenv("VOICE_KEY_VALUES", f"{value},{fresh}")
    assert say("keys", "rotate")[0] == 0
    monkeypatch.setenv("VOICE_KEY_VALUES", fresh)
    assert "0002: here, seals what is new" in say("keys", "status")[1]


def test_a_second_machine_makes_no_key_of_its_own(say: Say, home: Path) -> None:
    say("keys", "new")
    (home / "keys" / "0002.key").unlink()
    code, _, err = say("keys", "new")
    assert (code, "“0002” belongs to this installation and is not here" in err) == (1, True)


@pytest.mark.parametrize(("name", "told"), [("0000", "must come after “0001”"), ("a b", "letters, digits and hyphens")])
def test_a_name_that_does_not_fit_is_refused(say: Say, name: str, told: str) -> None:
    code, _, err = say("keys", "new", "--id", name)
    assert code == 2
    assert told in " ".join(err.split())


def test_a_key_that_words_need_and_that_is_gone_is_named(say: Say, home: Path) -> None:
    say("keys", "new")
    (home / "keys" / "0001.key").unlink()
    code, out, err = say("keys", "status")
    assert (code, "0001: NOT HERE" in out, "Bring the key back" in err) == (1, True, True)
    code, _, err = say("keys", "rotate")
    assert code == 1


def test_a_backup_is_made_proved_and_brought_back_and_the_site_goes_on(
    say: Say, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    code, out, _ = say("backup", "--out", str(backups), "--keep", "2")
    assert (code, "which is not in it" in out) == (0, True)
    (file,) = backups.glob("voice-*.backup")
    assert (backups / "erasures.ledger").is_file()
    code, out, _ = say("restore", str(file), "--verify")
    assert (code, "is whole" in out, "responses: 1" in out) == (0, True, True)
    code, out, _ = say("restore", str(file), "--into", str(tmp_path / "again"))
    assert (code, "compared: every row is as it was" in out) == (0, True)
    monkeypatch.setenv("VOICE_KEYS", str(home / "keys"))
    assert say("migrate", "--data", str(tmp_path / "again"))[0] == 0
    code, out, _ = say("audit", "verify", "--data", str(tmp_path / "again"))
    assert (code, "The record is sound" in out) == (0, True)
    code, _, err = say("restore", str(file), "--into", str(tmp_path / "again"))
    assert (code, "empty place only" in err) == (1, True)


def test_without_the_ledger_it_ends_only_when_told_to(say: Say, home: Path, tmp_path: Path) -> None:
    backup = str(tmp_path / "one.backup")
    say("backup", "--out", backup)
    (home / "erasures.ledger").unlink()
    code, _, err = say("restore", backup, "--into", str(tmp_path / "again"))
    assert (code, "ledger of erasures is not at" in err) == (1, True)
    assert not (tmp_path / "again" / "voice.db").exists()
    code, _, err = say("restore", backup, "--into", str(tmp_path / "again"), "--without-ledger")
    assert (code, "WITHOUT THE LEDGER" in err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["backup"], "set VOICE_BACKUPS"),
        (["backup", "--out", "one.backup", "--keep", "3"], "--keep needs a folder"),
        (["restore", "nowhere.backup", "--verify"], "does not exist"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_plain_words(say: Say, arguments: list[str], told: str) -> None:
    code, _, err = say(*arguments)
    assert code == 2
    assert told in " ".join(err.split())


def test_a_damaged_backup_and_a_wrong_key_are_said_in_one_plain_line(say: Say, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    say("backup", "--out", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole[:-30])
    code, _, err = say("restore", str(file), "--verify")
    assert (code, err.splitlines()[-1]) == (1, "Error: The backup was cut short: its end is missing.")
    file.write_bytes(whole[:-30] + bytes(30))
    assert "part 1 of it does not open" in say("restore", str(file), "--verify")[2]
    file.write_bytes(whole)
    (home / "keys" / "0001.key").write_text(new_key())
    code, _, err = say("restore", str(file), "--verify")
    assert (code, "not the one that was used" in err) == (1, True)


def test_no_command_starts_without_a_key(home: Path, say: Say) -> None:
    (home / "keys" / "0001.key").unlink()
    for command in (["worker", "--once"], ["backup", "--out", str(home / "b")], ["keys", "rotate"]):
        code, _, err = say(*command)
        assert (code, "No usable encryption key" in err) == (1, True)
    with pytest.raises(KeyMissingError):
        open_installation(None)
