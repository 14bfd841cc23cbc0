"""Taking an answer back by its receipt, with a limit on guesses; and the ledger outside the database."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.errors import LedgerError, TooManyTriesError, UnknownReceiptError
from hscb_voice.governance.finding import find_response, take_back_by_receipt
from hscb_voice.governance.ledger import append_lines, read_lines, write_outside
from hscb_voice.governance.models import ErasureWish
from hscb_voice.responses.erasing import ErasureLine
from hscb_voice.responses.models import Erasure, Response
from tests.support.answering import keep_answer

WORDS: dict[str, Any] = {"q2": ["happy"], "q2a": "We played a game and it was fun."}
WORRY: dict[str, Any] = {"q2a": "I am scared of my step dad."}


def _number(platform: Platform, table: type) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_e2_whoever_holds_the_receipt_can_take_the_answer_back(platform: Platform) -> None:
    kept = keep_answer(platform, WORDS)
    assert take_back_by_receipt(platform, kept.receipt.replace("-", " ").upper(), "a tablet")
    assert _number(platform, Response) == 0
    with platform.database.reading() as connection:
        assert connection.execute(select(Erasure.why)).scalar_one() == "receipt"
    with pytest.raises(UnknownReceiptError, match="may have been taken back"):
        take_back_by_receipt(platform, kept.receipt, "a tablet")


def test_e2_where_a_person_must_look_first_the_wish_waits_for_them(platform: Platform) -> None:
    kept = keep_answer(platform, WORRY)
    assert not take_back_by_receipt(platform, kept.receipt, "a tablet")
    assert not take_back_by_receipt(platform, kept.receipt, "a tablet")
    assert (_number(platform, Response), _number(platform, ErasureWish)) == (1, 1)


def test_e2_guessing_at_receipts_is_slowed_down_by_place(platform: Platform, clock: SetClock) -> None:
    kept = keep_answer(platform, WORDS)
    for _ in range(5):
        with pytest.raises(UnknownReceiptError):
            find_response(platform, "not these words", "one place")
    with pytest.raises(TooManyTriesError):
        find_response(platform, kept.receipt, "one place")
    assert find_response(platform, kept.receipt, "another place") == kept.response_id
    clock.moment = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    assert find_response(platform, kept.receipt, "one place") == kept.response_id


def test_e2_guessing_from_many_places_is_slowed_down_too_but_not_for_those_who_work_here(platform: Platform) -> None:
    kept = keep_answer(platform, WORDS)
    for number in range(60):
        with pytest.raises(UnknownReceiptError):
            find_response(platform, "not these words", f"place {number}")
    with pytest.raises(TooManyTriesError):
        find_response(platform, kept.receipt, "yet another place")
    assert find_response(platform, kept.receipt, "an officer", is_known=True) == kept.response_id


def test_e2_finding_does_not_use_up_tries(platform: Platform) -> None:
    kept = keep_answer(platform, WORDS)
    for typed in [kept.receipt, kept.response_id, f"  {kept.response_id.upper()} "] * 4:
        assert find_response(platform, typed, "an officer", is_known=True) == kept.response_id
    with pytest.raises(UnknownReceiptError):
        find_response(platform, new_id(), "an officer", is_known=True)


def test_b3_every_erasure_stands_in_the_file_outside_once_the_worker_has_been_by(platform: Platform) -> None:
    kept = keep_answer(platform, WORDS)
    take_back_by_receipt(platform, kept.receipt, "a tablet")
    platform.jobs.run_all_due()
    file = platform.settings.erasure_ledger
    (line,) = read_lines(file)
    assert (line.response_id, line.act, line.why, line.at) == (
        kept.response_id,
        "answer",
        "receipt",
        platform.clock.now(),
    )
    assert set(json.loads(file.read_text(encoding="utf-8"))) == {"id", "response_id", "act", "why", "at"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert write_outside(platform.database, file, platform.clock) == 0
    assert len(list(read_lines(file))) == 1


def test_b3_a_ledger_that_cannot_be_written_holds_up_no_erasure_and_is_written_later(
    platform: Platform, clock: SetClock
) -> None:
    file = platform.settings.erasure_ledger
    file.mkdir()
    kept = keep_answer(platform, WORDS)
    assert take_back_by_receipt(platform, kept.receipt, "a tablet")
    platform.jobs.run_all_due()
    with pytest.raises(LedgerError, match="cannot be written"):
        write_outside(platform.database, file, platform.clock)
    file.rmdir()
    clock.moment = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    platform.jobs.run_all_due()
    assert [line.response_id for line in read_lines(file)] == [kept.response_id]


def test_b3_a_line_that_was_cut_off_is_passed_over_and_nothing_hangs_on_it(tmp_path: Path) -> None:
    file = tmp_path / "erasures.ledger"
    lines = [ErasureLine(new_id(), new_id(), "answer", "asked", datetime(2026, 1, 2, tzinfo=UTC)) for _ in range(2)]
    append_lines(file, lines[:1])
    with file.open("ab") as ledger:
        ledger.write(b'{"id": "cut o')
    append_lines(file, lines[1:])
    append_lines(file, [])
    assert list(read_lines(file)) == lines


def test_b3_a_line_that_somebody_changed_is_named(tmp_path: Path) -> None:
    file = tmp_path / "erasures.ledger"
    file.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(LedgerError, match="Line 1"):
        list(read_lines(file))
    with pytest.raises(LedgerError, match="cannot be read"):
        list(read_lines(tmp_path / "missing"))
