"""The command `hscb-voice figures`: a table, JSON, a recount, and plain words when asked wrongly."""

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hscb_voice.cli import main
from hscb_voice.installing import prepare_installation
from tests.support.board_data import fill_2016_17

Run = Callable[..., tuple[int, str, str]]
YEAR = ("--from", "2016-04-01", "--to", "2017-03-31")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a folder with a year's answers; returns exit code, output and errors."""
    for name in ("VOICE_DATABASE_URL", "VOICE_SECRET_KEY", "VOICE_KEYS", "VOICE_DATA"):
        monkeypatch.delenv(name, raising=False)
    platform = prepare_installation(tmp_path)
    fill_2016_17(platform, sizes={"support-worker-parent": 40, "cidva-parent": 3})
    platform.database.dispose()
    capsys.readouterr()

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["figures", *arguments, "--data", str(tmp_path)])
        told = capsys.readouterr()
        return int(stopped.value.code or 0), told.out, told.err

    return command


def test_it_prints_json(run: Run) -> None:
    code, out, _ = run("--questionnaire", "support-worker-parent", *YEAR, "--json")
    plain = json.loads(out)
    assert code == 0
    assert (plain["slug"], plain["responses"]) == ("support-worker-parent", 40)
    grid = next(question for question in plain["questions"] if question["key"] == "q3")
    assert [row["key"] for row in grid["rows"]] == ["1", "2", "3", "4", "5"]
    assert {"key", "text", "n", "share", "low", "high", "hidden"} <= set(grid["rows"][0]["options"][0])


def test_it_prints_a_table_that_a_person_can_read(run: Run) -> None:
    code, out, _ = run("--questionnaire", "support-worker-parent", "--from", "2016-04-05", "--to", "2017-03-31")
    assert code == 0
    assert "Responses: 40" in out
    assert "Very Good" in out
    assert "You asked for 5 April 2016 to 31 March 2017" in out


def test_a_few_responses_are_too_few_to_show(run: Run) -> None:
    _, out, _ = run("--questionnaire", "cidva-parent", *YEAR)
    assert "Responses: too few to show" in out
    assert "Responses: 3" not in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--questionnaire", "no-such", *YEAR), "no published questionnaire"),
        (("--questionnaire", "cidva-parent", "--from", "2017-01-01", "--to", "2016-01-01"), "before it begins"),
        (("--questionnaire", "cidva-parent", "--from", "yesterday", "--to", "2016-01-01"), "yesterday"),
        (("--questionnaire", "cidva-parent"), "Give --questionnaire, --from and --to"),
    ],
)
def test_a_mistake_is_told_in_plain_words_with_exit_code_2(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_the_recount_says_how_far_it_is(run: Run) -> None:
    code, out, err = run("rebuild")
    assert code == 0
    assert re.search(r"(\d+) of \1 responses", err)
    assert "counted afresh. All of them were right." in out


def test_the_recount_says_how_much_was_wrong(run: Run, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "voice.db")) as connection, connection:
        wrong = connection.execute("UPDATE tallies SET n = n + 1 WHERE question = 'q3'").rowcount
    code, out, _ = run("rebuild")
    assert code == 0
    assert f" {wrong} counts were wrong, and are right now" in out


def test_a_recount_of_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare_installation(tmp_path / "empty").database.dispose()
    with pytest.raises(SystemExit):
        main(["figures", "rebuild", "--data", str(tmp_path / "empty")])
    assert "no responses" in capsys.readouterr().out
