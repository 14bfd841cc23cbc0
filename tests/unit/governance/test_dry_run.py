"""E1: what the dry run shows is what goes, and the commands say it in plain words."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hscb_voice.cli import voice
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.governance import access
from hscb_voice.governance.holding import Holding, hold
from hscb_voice.governance.ledger import read_lines
from hscb_voice.governance.retention import responses_due, what_is_due
from hscb_voice.responses.queries import EVERY_TEAM, ResponseFilter, response_by_id, responses_list
from tests.support.answering import keep_answer

WORDS = {"q2": ["happy"], "q2a": "We played a game and it was fun."}
TWO_YEARS_AND_A_BIT = timedelta(days=735)
Run = Callable[..., Result]


@pytest.fixture
def run(platform: Platform) -> Run:
    """Run a command on the platform."""

    def typed(*arguments: str, answer: str = "") -> Result:
        door = PlatformDoor(lambda _: platform, lambda _: platform)
        return CliRunner().invoke(voice, arguments, obj=door, input=answer)

    return typed


def _number(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return responses_list(connection, EVERY_TEAM, ResponseFilter())[1]


def test_e1_what_is_due_and_what_the_dry_run_shows_are_the_same(platform: Platform, clock: SetClock) -> None:
    plain, held, worried = (
        keep_answer(platform, answers).response_id for answers in (WORDS, WORDS, {"q2a": "I am scared of my step dad."})
    )
    platform.jobs.run_all_due()
    unscreened = keep_answer(platform, WORDS).response_id
    clock.pass_time(TWO_YEARS_AND_A_BIT)
    with platform.database.writing() as connection:
        hold(connection, Holding(held, "A complaint", clock.today(), "somebody"), clock)
        due = responses_due(connection, clock.today(), 100)
        (shown,) = what_is_due(connection, clock.today())
    assert due == [plain]
    assert (shown.words_due, shown.held, shown.not_over) == (1, 1, 2)
    assert {held, worried, unscreened}.isdisjoint(due)


def test_e1_the_command_shows_what_would_go_and_then_takes_it(platform: Platform, clock: SetClock, run: Run) -> None:
    assert "No words have been kept long enough to go." in run("retention", "--dry-run").output
    response_id = keep_answer(platform, WORDS).response_id
    platform.jobs.run_all_due()
    clock.pass_time(TWO_YEARS_AND_A_BIT)
    dry = run("retention", "--dry-run")
    assert "support-worker-child, November 2026, kept 24 months: 1 to go" in dry.output
    assert "Nothing was changed." in dry.output
    with platform.database.reading() as connection:
        assert response_by_id(connection, EVERY_TEAM, response_id).erased_at is None
    done = run("retention")
    assert "The words of 1 responses have gone." in done.output
    assert [line.response_id for line in read_lines(platform.settings.erasure_ledger)] == [response_id]


def test_e2_the_command_asks_before_it_erases(platform: Platform, run: Run) -> None:
    kept = keep_answer(platform, WORDS)
    assert run("erase", "--receipt", kept.receipt, answer="n\n").exit_code == 1
    assert _number(platform) == 1
    done = run("erase", "--receipt", kept.receipt, answer="y\n")
    assert f"Erased: {kept.response_id}." in done.output
    assert _number(platform) == 0
    assert [line.why for line in read_lines(platform.settings.erasure_ledger)] == ["asked"]


def test_e2_the_command_refuses_what_is_not_settled_and_what_names_no_answer(platform: Platform, run: Run) -> None:
    kept = keep_answer(platform, {"talk": "yes"})
    refused = run("erase", "--response", kept.response_id, "--yes")
    assert isinstance(refused.exception, VoiceError)
    assert "must close it first" in str(refused.exception)
    assert run("erase").exit_code == 2
    assert run("erase", "--receipt", "a b c", "--response", kept.response_id).exit_code == 2


def test_e1_the_command_holds_and_ends_a_hold(platform: Platform, run: Run) -> None:
    kept = keep_answer(platform, WORDS)
    named = ("hold", "--response", kept.response_id)
    assert "Held until 31 March 2027" in run(*named, "--until", "2027-03-31", "--reason", "A complaint").output
    assert isinstance(run("erase", "--response", kept.response_id, "--yes").exception, VoiceError)
    assert run(*named).exit_code == 2
    assert "The hold has ended." in run(*named, "--end").output
    assert "Nobody held it." in run(*named, "--end").output


def test_e2_the_command_corrects_an_answer(platform: Platform, run: Run, tmp_path: Path) -> None:
    kept = keep_answer(platform, WORDS)
    file = tmp_path / "answers.json"
    file.write_text('{"q2": ["sad"]}', encoding="utf-8")
    named = ("correct", "--response", kept.response_id, "--answers", str(file), "--reason", "Typed wrongly")
    assert "Corrected" in run(*named).output
    with platform.database.reading() as connection:
        assert response_by_id(connection, EVERY_TEAM, kept.response_id).answers == {"q2": ["sad"]}
    file.write_text("[]", encoding="utf-8")
    assert run(*named).exit_code == 2


def test_e2_the_command_writes_a_copy_once_it_is_released(platform: Platform, run: Run, tmp_path: Path) -> None:
    kept = keep_answer(platform, WORDS)
    place = tmp_path / "copy.json"
    named = ("subject-access", "--receipt", kept.receipt, "--out", str(place), "--as", "json")
    assert "must release it first" in str(run(*named).exception)
    assert not place.exists()
    with platform.database.writing() as connection:
        (asked,) = access.requests(connection)
        access.release(connection, asked, "nothing", "a lead", platform.clock.now())
    assert "Written" in run(*named).output
    assert "We played a game" in place.read_text(encoding="utf-8")
