"""B3: what was erased after a backup stays erased when that backup is brought back: the ledger outside says what."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.governance.erasing import Erasing, drop_old_words, erase_in
from hscb_voice.governance.ledger import write_outside
from hscb_voice.keeping.errors import RestoreError
from hscb_voice.keeping.replaying import complete_ledger, ledger_lines
from hscb_voice.responses.erasing import ErasureLine
from hscb_voice.responses.models import Response
from tests.support.backups import backed_up, brought_back, wanted
from tests.support.installations import (
    counts,
    fill,
    opened,
    opened_words,
)


def test_b3_what_was_erased_after_the_backup_stays_erased(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, place: str
) -> None:
    ids = fill(platform)
    file = backed_up(platform, tmp_path)
    clock.pass_time(timedelta(days=2))
    gone, words_gone = ids[1], ids[2]
    _erase(platform, gone)
    _drop_words(platform, words_gone)
    write_outside(platform.database, settings.erasure_ledger, clock)
    lines = ledger_lines(settings.erasure_ledger)
    assert {line.response_id for line in lines} == {gone, words_gone}
    assert brought_back(place, wanted(platform, file, ledger=lines)).erased_again == 2
    with opened(settings, place, clock) as back:
        assert opened_words(back) == opened_words(platform)
        with back.database.reading() as connection:
            rows = connection.execute(select(Response.id, Response.wrapped_key)).all()
            left = {row.id: row.wrapped_key for row in rows}
        assert gone not in left
        assert left[words_gone] is None
        assert {name: counts(back)[name] for name in ("tallies", "erasures", "comments", "responses")} == {
            name: counts(platform)[name] for name in ("tallies", "erasures", "comments", "responses")
        }


def test_b3_an_answer_with_a_concern_goes_too_and_the_record_of_the_concern_stays(
    platform: Platform, settings: Settings, clock: SetClock, tmp_path: Path, own_place: str
) -> None:
    ids = fill(platform)
    file = backed_up(platform, tmp_path)
    line = ErasureLine(new_id(), ids[0], "answer", "asked", clock.now())
    assert brought_back(own_place, wanted(platform, file, ledger=[line])).erased_again == 1
    with opened(settings, own_place, clock) as back:
        said, left = opened_words(back), counts(back)
        assert said[ids[0]] == []
        assert left["concerns"] == counts(platform)["concerns"]


def test_b3_it_does_not_end_without_the_ledger(tmp_path: Path) -> None:
    with pytest.raises(RestoreError, match="--without-ledger"):
        ledger_lines(tmp_path / "nowhere")
    (tmp_path / "ledger").write_text('{"strange": 1}\n')
    with pytest.raises(RestoreError, match="Line 1"):
        ledger_lines(tmp_path / "ledger")


def test_b3_a_ledger_older_than_the_backup_is_refused(platform: Platform, tmp_path: Path, own_place: str) -> None:
    ids = fill(platform)
    _erase(platform, ids[1])
    file = backed_up(platform, tmp_path)
    with pytest.raises(RestoreError, match="lacks 1 erasures"):
        brought_back(own_place, wanted(platform, file))


def test_b3_a_ledger_that_was_lost_is_written_again_from_the_database(
    platform: Platform, settings: Settings, clock: SetClock
) -> None:
    ids = fill(platform)
    ledger = settings.erasure_ledger
    assert complete_ledger(platform.database, ledger) == 0
    assert ledger.read_text() == ""
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600
    _erase(platform, ids[1])
    write_outside(platform.database, ledger, clock)
    _erase(platform, ids[2])
    assert complete_ledger(platform.database, ledger) == 1
    ledger.unlink()
    assert complete_ledger(platform.database, ledger) == 2
    assert complete_ledger(platform.database, ledger) == 0
    assert {json.loads(line)["response_id"] for line in ledger.read_text().splitlines()} == {ids[1], ids[2]}


def _erase(platform: Platform, response_id: str) -> None:
    with platform.database.writing() as connection:
        assert erase_in(connection, Erasing(response_id, "asked", "platform"), platform.clock.now())


def _drop_words(platform: Platform, response_id: str) -> None:
    with platform.database.writing() as connection:
        assert drop_old_words(connection, response_id, platform.keys, platform.clock.now())
