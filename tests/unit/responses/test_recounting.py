"""A recount sets right what is wrong, and takes nothing from what happens meanwhile."""

import gc

import pytest
from sqlalchemy import delete, update

from hscb_voice.board.periods import reporting_year
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses import counting, recounting
from hscb_voice.responses.erasing import take_back
from hscb_voice.responses.models import Tally, TallyState
from hscb_voice.responses.recounting import recount
from hscb_voice.responses.service import Setting
from hscb_voice.responses.tallies import note_change
from tests.support.answering import keep_answer
from tests.support.board_data import fill_2016_17
from tests.support.figures_afresh import counts_read_anew, counts_remembered, figures_afresh, figures_kept

PARENT = "support-worker-parent"
ANSWERS = {"q2": ["happy", "okay"], "q2a": "She listened.", "age_band": "10_to_14"}


def is_true(platform: Platform) -> bool:
    with platform.database.reading() as connection:
        return figures_kept(connection) == figures_afresh(connection)


def spoil(platform: Platform) -> None:
    with platform.database.writing() as connection:
        connection.execute(update(Tally).where(Tally.choice == "").values(n=Tally.n + 7))
        connection.execute(delete(Tally).where(Tally.choice == "okay"))


def test_it_counts_every_kind_of_answer_as_it_was_counted_when_it_came(platform: Platform) -> None:
    fill_2016_17(platform)
    with platform.database.writing() as connection:
        connection.execute(delete(Tally))
    assert [step.mended for step in recount(platform.database)][-1]
    assert is_true(platform)


def test_what_comes_or_goes_meanwhile_is_counted_once(platform: Platform) -> None:
    kept = [keep_answer(platform, ANSWERS) for _ in range(3)]
    keep_answer(platform, {"q3": {"1": "good"}, "q6": "Nothing."}, slug=PARENT)
    spoil(platform)
    steps = recount(platform.database)
    assert next(steps).of == 4
    keep_answer(platform, ANSWERS)
    with platform.database.writing() as connection:
        assert take_back(connection, kept[0].response_id, "asked", platform.clock.now())
    assert list(steps)[-1].mended
    assert is_true(platform)


def test_two_recounts_at_once_mend_what_is_wrong_once(platform: Platform) -> None:
    keep_answer(platform, ANSWERS)
    spoil(platform)
    slow = recount(platform.database)
    next(slow)
    assert list(recount(platform.database))[-1].mended
    assert list(slow)[-1].mended == 0
    assert is_true(platform)


def test_it_sets_right_what_was_never_counted_at_all(platform: Platform) -> None:
    keep_answer(platform, ANSWERS)
    with platform.database.writing() as connection:
        connection.execute(delete(Tally))
        connection.execute(delete(TallyState))
    assert list(recount(platform.database))[-1].mended
    assert is_true(platform)


def test_it_counts_the_same_however_few_it_takes_at_once(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_2016_17(platform, 4, {PARENT: 30, "my-story": 9})
    monkeypatch.setattr(recounting, "_PAGE", 7)
    monkeypatch.setattr(recounting, "_BLOCKS_AT_ONCE", 1)
    monkeypatch.setattr(counting, "_MOST_MET", 1)
    monkeypatch.setattr(counting, "_MOST_WAITING", 2)
    assert [step.mended for step in recount(platform.database)][-1] == 0
    spoil(platform)
    assert list(recount(platform.database))[-1].mended
    assert is_true(platform)


def test_the_same_ticks_count_as_what_was_asked_and_where_they_were_given(platform: Platform) -> None:
    ticks = {"age_band": "10_to_14"}
    for slug in ("my-story", "support-worker-child", "my-story"):
        keep_answer(platform, ticks, slug=slug)
    keep_answer(platform, ticks | {"anything_else": "Nothing."}, slug="my-story")
    spoil(platform)
    assert list(recount(platform.database))[-1].mended
    assert is_true(platform)


@pytest.mark.parametrize("channel", ["kiosk|hall", "|", "5|"])
def test_ways_and_languages_from_a_file_are_counted_whatever_signs_they_hold(platform: Platform, channel: str) -> None:
    keep_answer(platform, ANSWERS, setting=Setting(channel=channel), language="a|b")
    assert not list(recount(platform.database))[-1].mended
    assert is_true(platform)


def test_the_collector_goes_its_rounds_again_after_it(platform: Platform) -> None:
    keep_answer(platform, ANSWERS)
    steps = recount(platform.database)
    next(steps)
    assert not gc.isenabled()
    assert not list(steps)[-1].mended
    assert gc.isenabled()


def test_what_was_set_right_by_hand_is_seen_after_it(platform: Platform) -> None:
    keep_answer(platform, ANSWERS)
    year = reporting_year(2026)
    with platform.database.writing() as connection:
        connection.execute(update(Tally).values(n=Tally.n + 7))
        note_change(connection)
    with platform.database.reading() as connection:
        wrong = counts_remembered(connection, year)
    with platform.database.writing() as connection:
        connection.execute(update(Tally).values(n=Tally.n - 7))
    assert list(recount(platform.database))[-1].mended == 0
    with platform.database.reading() as connection:
        assert counts_remembered(connection, year) == counts_read_anew(connection, year) != wrong
