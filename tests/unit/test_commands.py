"""The command `hscb-voice`, as a council officer types it: plain words, exit codes, and never a traceback."""

import io
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click import Context
from sqlalchemy import select

from hscb_voice import installing, running
from hscb_voice.cli import main, voice
from hscb_voice.demonstration.loading import PRINTED
from hscb_voice.foundation.jobs import Job, jobs_waiting
from hscb_voice.foundation.migrating import migrate, newest_revision, revision_of
from hscb_voice.foundation.platform import Platform
from hscb_voice.installing import prepare_installation
from hscb_voice.responses.service import READ_JOB
from hscb_voice.running import gunicorn_command, work_until
from tests.support.answering import keep_answer

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Type a command; get its exit code, output and errors."""
    for name in ("VOICE_DATA", "VOICE_DATABASE_URL", "VOICE_SECRET_KEY", "VOICE_KEYS"):
        monkeypatch.delenv(name, raising=False)

    def _say(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        printed = capfd.readouterr()
        return int(end.value.code or 0), printed.out, printed.err

    return _say


@pytest.mark.parametrize("name", voice.list_commands(Context(voice)))
def test_every_command_has_help(say: Say, name: str) -> None:
    code, out, _ = say(name, "--help")
    assert code == 0
    assert "Usage: hscb-voice" in out


def test_who_reads_comments_waits_for_no_page_and_no_database() -> None:
    line = json.dumps({"id": "1", "text": "She listened to me.", "respondent": "child"})
    code = (
        "import sys, atexit, hscb_voice.cli as cli; atexit.register(lambda: print(*sys.modules)); cli.main(['analyse'])"
    )
    done = subprocess.run([sys.executable, "-c", code], input=line, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    answer, loaded = done.stdout.splitlines()
    assert json.loads(answer)["polarity"] == "positive"
    assert not {"flask", "sqlalchemy", "numpy", "sklearn"} & set(loaded.split())


def test_the_platform_is_opened_without_the_pages() -> None:
    code = "import sys, hscb_voice.opening; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    loaded = set(done.stdout.split())
    assert not {"flask_security", "webauthn", "wtforms"} & loaded
    assert not any(name.endswith(("routes", ".forms")) for name in loaded if name.startswith("hscb_voice."))


def test_whoever_turns_keys_or_sweeps_knows_every_table_that_the_pages_know() -> None:
    """They find sealed tables by looking at all that are known: a room that only pages load must not be left out."""
    code = (
        "from hscb_voice.foundation.sealed_tables import sealed_tables\n"
        "from hscb_voice.governance.sweeping import tables_of_answers\n"
        "print(sorted(one.name for one in sealed_tables()), sorted(tables_of_answers()))"
    )
    told = {
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", f"import {module}\n{code}"], capture_output=True, text=True, check=True
        ).stdout
        for module in ("hscb_voice.installing, hscb_voice.keeping.commands", "hscb_voice.factory")
    }
    assert len(told) == 1


def test_a_word_that_is_no_command_is_a_misuse(say: Say) -> None:
    code, _, err = say("dance")
    assert code == 2
    assert "No such command" in err


def test_paper_prints_a_form_and_says_which(say: Say, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    assert say("migrate", "--data", data)[0] == 0
    asked = ("paper", "--data", data, "--questionnaire", "my-story", "--out", str(tmp_path))
    code, out, err = say(*asked)
    assert (code, err) == (0, "")
    (file,) = tmp_path.glob("my-story-*.pdf")
    assert file.stem.removeprefix("my-story-") in out
    assert file.read_bytes().startswith(b"%PDF")
    code, _, err = say(*asked, "--language", "xx")
    assert code == 1
    assert "There are no forms in “xx”" in err


def test_migrate_makes_an_installation_ready_and_again_changes_nothing(say: Say, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert say("migrate", "--data", str(data))[0] == 0
    kept = {
        file.name: file.read_bytes() for file in data.rglob("*") if file.suffix == ".key" or file.name == "secret-key"
    }
    assert len(kept) == 2
    assert all(file.stat().st_mode & 0o077 == 0 for file in data.rglob("*.key"))
    assert say("migrate", "--data", str(data))[0] == 0
    assert kept == {name: next(data.rglob(name)).read_bytes() for name in kept}


def test_migrate_goes_back_to_an_older_version_when_it_is_told_to(say: Say, tmp_path: Path) -> None:
    platform = prepare_installation(tmp_path)
    code, _, err = say("migrate", "--data", str(tmp_path), "--back-to", "0099", "--yes")
    assert (code, "no older version" in err) == (1, True)
    assert say("migrate", "--data", str(tmp_path), "--back-to", "0002", "--yes")[0] == 0
    assert revision_of(platform.database) == "0002"
    assert say("migrate", "--data", str(tmp_path), "--back-to", "0004", "--yes")[0] == 1
    assert say("migrate", "--data", str(tmp_path))[0] == 0
    assert revision_of(platform.database) == newest_revision()


def test_an_installation_that_is_not_ready_is_told_what_to_run(say: Say, tmp_path: Path) -> None:
    platform = prepare_installation(tmp_path)
    migrate(platform.database, "0001")
    code, _, err = say("worker", "--once", "--data", str(tmp_path))
    assert code == 1
    assert "hscb-voice migrate" in err


def test_a_wrong_setting_is_named_without_a_traceback(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_SURFACES", "cellar")
    code, _, err = say("migrate", "--data", str(tmp_path))
    assert code == 1
    assert "VOICE_SURFACES" in err
    assert "Traceback" not in err


def test_the_printed_answers_are_brought_in_once_however_often(say: Say, tmp_path: Path) -> None:
    code, out, _ = say("import", str(PRINTED), "--no-read", "--data", str(tmp_path))
    assert (code, out.strip()) == (0, "33 kept, 0 known already, 0 refused.")
    code, out, _ = say("import", str(PRINTED), "--no-read", "--data", str(tmp_path))
    assert (code, out.strip()) == (0, "0 kept, 33 known already, 0 refused.")


def test_a_line_that_cannot_be_kept_is_named_and_the_rest_goes_on(say: Say, tmp_path: Path) -> None:
    good = PRINTED.read_text(encoding="utf-8").splitlines()[0]
    file = tmp_path / "some.jsonl"
    file.write_text(f'not json\n{good}\n{{"id": "x", "questionnaire": "weather", "answers": {{"q": 1}}}}\n', "utf-8")
    code, out, err = say("import", str(file), "--data", str(tmp_path / "data"))
    assert code == 1
    assert out.strip() == "1 kept, 0 known already, 2 refused."
    assert "Line 1: refused" in err
    assert "Line 3 (x): refused" in err


def test_a_code_is_opened_once_and_its_address_told(say: Say, tmp_path: Path) -> None:
    prepare_installation(tmp_path)
    asked = (
        "invite",
        "--questionnaire",
        "my-story",
        "--code",
        "green-kite",
        "--team",
        "North",
        "--data",
        str(tmp_path),
    )
    assert say(*asked)[1].strip() == "http://127.0.0.1:8000/f/green-kite"
    assert say(*asked)[0] == 0
    code, _, err = say(*asked[:-3], "South", "--data", str(tmp_path))
    assert code == 1
    assert "Choose another code" in err


@pytest.mark.parametrize(
    ("slug", "code", "more", "says"),
    [
        ("weather", "green-kite", (), "no published questionnaire"),
        ("my-story", "Green Kite", (), "small letters"),
        ("my-story", "green--kite", (), "one hyphen between"),
        ("my-story", "green-kite-", (), "one hyphen between"),
        ("my-story", "green-kite", ("--team", "x" * 81), "at most 80"),
        ("cp-conference-child", "green-kite", ("--age", "toddlers"), "8-11"),
    ],
)
def test_a_code_that_leads_nowhere_is_refused(
    say: Say, tmp_path: Path, slug: str, code: str, more: tuple[str, ...], says: str
) -> None:
    prepare_installation(tmp_path)
    end, _, err = say("invite", "--questionnaire", slug, "--code", code, *more, "--data", str(tmp_path))
    assert end == 1
    assert says in err


def test_analyse_keeps_the_contract_line_by_line(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        json.dumps({"id": "a", "text": "Zofia always listened to me", "respondent": "child"}).encode(),
        b"",
        b"nonsense",
        b"\xff\xfe",
        json.dumps({"id": "b", "text": "ok \ud83d", "respondent": "child"}).encode(),
    ]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines) + b"\n")))
    code, out, err = say("analyse", "--explain")
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "2 of 4 lines could not be read; each has its error in its place.\n")
    assert [answer["id"] for answer in answers] == ["a", None, None, "b"]
    assert set(answers[0]) == {"id", "polarity", "wish", "themes", "redactions", "redacted", "concern", "why"}
    assert "Zofia" not in answers[0]["redacted"]
    assert answers[1]["error"]
    assert "UTF-8" in answers[2]["error"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_does_what_is_due_and_says_that_it_is_alive(platform: Platform) -> None:
    keep_answer(platform, {"q2a": "she always listened to me"})
    stop = threading.Event()
    thread = threading.Thread(target=work_until, args=(platform, stop))
    thread.start()
    for _ in range(100):
        with platform.database.reading() as connection:
            left = jobs_waiting(connection, READ_JOB)
            # Tomorrow’s look at what is old waits always.
            due = connection.execute(select(Job.kind).where(Job.due <= platform.clock.now())).scalars().all()
        if not due and left.last_beat:
            break
        stop.wait(0.1)
    stop.set()
    thread.join()
    assert left.waiting == 0
    assert left.last_beat is not None
    assert not due
    assert platform.jobs.run_all_due() == 0


def test_worker_once_says_how_much_it_did(say: Say, tmp_path: Path) -> None:
    keep_answer(prepare_installation(tmp_path), {"q2a": "she always listened to me"})
    assert say("worker", "--once", "--data", str(tmp_path))[1].strip() == "Done: 2 jobs."


def test_a_worker_stands_back_behind_replies_and_stops_when_it_is_asked_to(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    monkeypatch.setattr("os.nice", steps.append)
    prepare_installation(tmp_path)
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def work(_platform: Platform, stop: threading.Event) -> None:
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()

    monkeypatch.setattr(running, "work_until", work)
    try:
        assert say("worker", "--data", str(tmp_path))[0] == 0
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert len(steps) == 1
    assert steps[0] > 0


def test_serving_keeps_no_log_of_addresses(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare_installation(tmp_path)
    called: list[list[str]] = []
    monkeypatch.setattr("os.execve", lambda _program, command, _environment: called.append(command))
    assert say("serve", "--bind", "127.0.0.1:8123", "--data", str(tmp_path))[0] == 0
    assert called == [gunicorn_command("127.0.0.1:8123", 2)]
    assert not any("access" in word for word in called[0])


def test_stopping_a_command_is_no_fault(say: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stop(_data: Path | None) -> Platform:
        raise KeyboardInterrupt

    monkeypatch.setattr(installing, "prepare_installation", stop)
    code, _, err = say("migrate", "--data", str(tmp_path))
    assert (code, err.strip()) == (130, "Stopped.")


def test_an_answer_is_found_by_its_three_words_however_they_are_typed(say: Say, tmp_path: Path) -> None:
    kept = keep_answer(prepare_installation(tmp_path), {"q2a": "she always listened to me"})
    typed = kept.receipt.upper().split("-")
    assert say("receipt", *typed, "--data", str(tmp_path))[1].strip().endswith(f"/staff/responses/{kept.response_id}")
    code, _, err = say("receipt", "no", "such", "words", "--data", str(tmp_path))
    assert code == 1
    assert "No answer has these words" in err


def test_no_new_key_is_made_where_words_wait_for_the_old_one(say: Say, tmp_path: Path) -> None:
    keep_answer(prepare_installation(tmp_path), {"q2a": "she always listened to me"})
    for key in (tmp_path / "keys").glob("*.key"):
        key.unlink()
    code, _, err = say("migrate", "--data", str(tmp_path))
    assert code == 1
    assert "Bring the keys back first" in err
    assert not list((tmp_path / "keys").glob("*.key"))


def test_a_database_that_is_not_there_is_said_in_a_plain_line(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_installation(tmp_path)
    monkeypatch.setenv("VOICE_DATABASE_URL", "postgresql://voice:password-of-voice@127.0.0.1:1/voice")
    code, _, err = say("migrate", "--data", str(tmp_path))
    assert code == 1
    assert "did not answer" in err
    assert "password-of-voice" not in err


def test_a_file_that_is_no_database_is_said_in_a_plain_line(say: Say, tmp_path: Path) -> None:
    (tmp_path / "voice.db").write_text("these words are no database " * 40)
    code, _, err = say("migrate", "--data", str(tmp_path))
    assert code == 1
    assert "cannot be read" in err


def test_a_data_folder_that_cannot_be_made_is_said_in_a_plain_line(say: Say, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, err = say("migrate", "--data", str(tmp_path / "file" / "data"))
    assert code == 1
    assert "Error: " in err
    assert "data" in err
