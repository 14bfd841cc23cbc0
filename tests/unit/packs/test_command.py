"""The command `pack` writes a file for some days, and says to which period it widened them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hscb_voice.cli import main
from hscb_voice.installing import prepare_installation

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on an empty installation; returns exit code, output and errors."""
    for name in ("VOICE_DATABASE_URL", "VOICE_SECRET_KEY", "VOICE_KEYS", "VOICE_DATA"):
        monkeypatch.delenv(name, raising=False)
    prepare_installation(tmp_path).database.dispose()
    capsys.readouterr()

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["pack", *arguments, "--data", str(tmp_path)])
        told = capsys.readouterr()
        return int(stopped.value.code or 0), told.out, told.err

    return command


def test_it_writes_a_pack_in_each_format(run: Run, tmp_path: Path) -> None:
    begins = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!doctype html>", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}
    for form, begin in begins.items():
        out = tmp_path / f"pack.{form}"
        days = ("--from", "2015-04-05", "--to", "2016-03-31", "--style", "annual")
        code, told, _ = run(*days, "--format", form, "--out", str(out))
        assert code == 0
        assert "April 2015 to March 2016" in told
        assert "You asked for 5 April 2015 to 31 March 2016" in told
        assert out.read_bytes().startswith(begin)


def test_it_says_when_days_cannot_be_one_period(run: Run, tmp_path: Path) -> None:
    days = ("--from", "2015-04-01", "--to", "2018-03-31")
    code, _, told = run(*days, "--format", "csv", "--out", str(tmp_path / "x.csv"))
    assert code == 2
    assert "Ask year by year" in told
