"""A reader's acts: a person's word wins over every re-run, undo takes back one act wholly, and no other."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room import acts
from hscb_voice.reading_room.acts import Act, Reader
from hscb_voice.reading_room.errors import NotUndoableError
from hscb_voice.reading_room.queries import item_by_id
from hscb_voice.responses.models import Tally
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB
from hscb_voice.themes.errors import CodingError, NotQuotableError
from hscb_voice.themes.jobs import prepare_reading
from hscb_voice.themes.masks import masks_of
from hscb_voice.themes.queries import CommentCoding, coding_of, quote_standing
from hscb_voice.themes.quoting import ask_for_two
from hscb_voice.themes.seen import codes_print, quote_print
from hscb_voice.themes.service import Mask, ThemeCode
from tests.support.answering import keep_answer
from tests.support.reading_room import correct
from tests.unit.reading_room.test_reading_list import say

TEXT = "Zofia listened to me and school was good"


@pytest.fixture
def reader(platform: Platform) -> Reader:
    return Reader("the first", "read", platform.clock, EVERY_TEAM)


def read_again(platform: Platform, item_id: str) -> None:
    """Let the machine read it once more, as after a change of its rules."""
    with platform.database.writing() as connection:
        response_id = item_by_id(connection, EVERY_TEAM, item_id).response_id
        prepare_reading(connection, response_id, keys=platform.keys, clock=platform.clock)(connection)


def in_force(platform: Platform, item_id: str) -> CommentCoding:
    with platform.database.reading() as connection:
        found = coding_of(connection, item_id)
    assert found is not None
    return found


def tallies(platform: Platform) -> dict[tuple[str, str], int]:
    with platform.database.reading() as connection:
        rows = connection.execute(select(Tally.question, Tally.choice, Tally.n).where(Tally.n != 0))
        return {(row.question, row.choice): row.n for row in rows}


def test_a_persons_codes_and_masks_survive_every_re_run_of_the_machine(platform: Platform, reader: Reader) -> None:
    item_id = say(platform, TEXT)
    with platform.database.writing() as connection:
        item = item_by_id(connection, EVERY_TEAM, item_id)
        correct(connection, item, reader, "negative", [ThemeCode("school", "negative", 0, 5)])
        acts.hide(connection, item, reader, [Mask(25, 31, "other")], [Mask(0, 5, "person")])
        masks = masks_of(connection, item_id)
    read_again(platform, item_id)
    found = in_force(platform, item_id)
    assert (found.polarity, [one.theme for one in found.themes]) == ("negative", ["school"])
    with platform.database.reading() as connection:
        assert masks_of(connection, item_id) == masks == (Mask(25, 31, "other"),)


def test_what_the_machine_learns_to_hide_later_is_hidden_beside_a_persons_masks(
    platform: Platform, reader: Reader
) -> None:
    item_id = say(platform, TEXT)
    with platform.database.writing() as connection:
        item = item_by_id(connection, EVERY_TEAM, item_id)
        acts.hide(connection, item, reader, [Mask(25, 31, "other")], [])
        assert Mask(0, 5, "person") in masks_of(connection, item_id)


def test_undo_takes_back_the_figures_too(platform: Platform, reader: Reader) -> None:
    item_id = say(platform, TEXT)
    before = tallies(platform)
    with platform.database.writing() as connection:
        item = item_by_id(connection, EVERY_TEAM, item_id)
        acts.flip(connection, item, reader, codes_print(coding_of(connection, item_id)))
    assert tallies(platform) != before
    with platform.database.writing() as connection:
        undone = acts.undo(connection, reader)
    assert undone is not None
    assert (undone.item_id, undone.act) == (item_id, Act.FLIP)
    assert tallies(platform) == before


def test_undo_takes_back_ones_own_act_and_leaves_a_colleagues(platform: Platform, reader: Reader) -> None:
    item_id, second = say(platform, TEXT), replace(reader, person="the second")
    with platform.database.writing() as connection:
        item = item_by_id(connection, EVERY_TEAM, item_id)
        correct(connection, item, reader, "negative", [])
        correct(connection, item, second, "mixed", [])
        acts.undo(connection, reader)
        assert item_by_id(connection, EVERY_TEAM, item_id).read_at is None
        assert acts.undo(connection, reader) is None
    assert in_force(platform, item_id).polarity == "mixed"


def test_r3_undo_takes_nothing_back_of_a_team_that_is_not_the_readers_any_more(
    platform: Platform, reader: Reader
) -> None:
    north, south = (say(platform, TEXT, team=team) for team in ("North team", "South team"))
    with platform.database.writing() as connection:
        for item_id in (south, north):
            correct(connection, item_by_id(connection, EVERY_TEAM, item_id), reader, "negative", [])
    moved = replace(reader, teams=frozenset({"South team"}))
    with platform.database.writing() as connection:
        offered = acts.last_act(connection, moved)
        undone = acts.undo(connection, moved)
        assert offered == undone
        assert undone is not None
        assert undone.item_id == south
        assert acts.last_act(connection, moved) is None
        assert acts.undo(connection, moved) is None
    assert in_force(platform, north).polarity == "negative"
    assert in_force(platform, south).source == "machine"


def test_undo_does_not_touch_a_quote_that_a_second_person_has_gone_on_with(platform: Platform, reader: Reader) -> None:
    item_id, second = say(platform, TEXT, may_quote="yes"), replace(reader, person="the second")
    with platform.database.writing() as connection:
        ask_for_two(connection, [""], "an administrator", platform.clock.now())
        item = item_by_id(connection, EVERY_TEAM, item_id)
        assert not acts.approve(connection, item, reader, quote_print(connection, item_id))
        assert acts.approve(connection, item, second, quote_print(connection, item_id))
    with pytest.raises(NotUndoableError), platform.database.writing() as connection:
        acts.undo(connection, reader)
    with platform.database.reading() as connection:
        standing = quote_standing(connection, item_id)
    assert standing is not None
    assert standing.is_shown


def test_words_hidden_while_somebody_approves_take_that_approval_away(platform: Platform, reader: Reader) -> None:
    item_id = say(platform, TEXT, may_quote="yes")
    with platform.database.reading() as connection:
        item, seen = item_by_id(connection, EVERY_TEAM, item_id), quote_print(connection, item_id)

    def hide() -> None:
        with platform.database.writing() as connection:
            acts.hide(connection, item, replace(reader, person="the second"), [Mask(25, 31, "other")], [])

    with ThreadPoolExecutor(1) as other:
        with platform.database.writing() as connection:
            acts.approve(connection, item, reader, seen)
            hidden = other.submit(hide)
            time.sleep(0.3)  # long enough for the other to come as far as it can
        hidden.result()
    with platform.database.reading() as connection:
        assert quote_standing(connection, item_id) is None
        assert Mask(25, 31, "other") in masks_of(connection, item_id)


def test_one_person_is_never_both_approvers(platform: Platform, reader: Reader) -> None:
    item_id = say(platform, TEXT, may_quote="yes")
    with platform.database.writing() as connection:
        ask_for_two(connection, [""], "an administrator", platform.clock.now())
        item = item_by_id(connection, EVERY_TEAM, item_id)
        acts.approve(connection, item, reader, quote_print(connection, item_id))
    with pytest.raises(NotQuotableError, match="second person"), platform.database.writing() as connection:
        acts.approve(connection, item, reader, quote_print(connection, item_id))


def test_a_service_that_asks_for_two_from_today_hides_what_one_has_cleared(platform: Platform, reader: Reader) -> None:
    item_id = say(platform, TEXT, may_quote="yes")
    with platform.database.writing() as connection:
        assert acts.approve(
            connection, item_by_id(connection, EVERY_TEAM, item_id), reader, quote_print(connection, item_id)
        )
        ask_for_two(connection, [""], "an administrator", platform.clock.now())
        standing = quote_standing(connection, item_id)
    assert standing is not None
    assert not standing.is_shown


def test_it_refuses_codes_on_what_no_machine_and_nobody_has_coded(platform: Platform, reader: Reader) -> None:
    item_id = say(platform, "Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu")
    with platform.database.writing() as connection:
        item = item_by_id(connection, EVERY_TEAM, item_id)
        with pytest.raises(CodingError, match="No machine has read"):
            acts.confirm(connection, item, reader, codes_print(coding_of(connection, item_id)))
        correct(connection, item, reader, "negative", [])
    assert in_force(platform, item_id).source == "person"


def test_it_refuses_a_quote_of_a_response_that_still_waits_to_be_screened(platform: Platform, reader: Reader) -> None:
    response_id = keep_answer(platform, {"q2a": TEXT, "may_quote": "yes"}).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    with platform.database.writing() as connection:
        item_id = connection.exec_driver_sql("SELECT id FROM comments").scalar_one()
        item = item_by_id(connection, EVERY_TEAM, item_id)
        with pytest.raises(NotQuotableError, match="still open"):
            acts.approve(connection, item, reader, quote_print(connection, item_id))
    platform.jobs.run_for(response_id, [SCREEN_JOB])
    with platform.database.writing() as connection:
        assert acts.approve(connection, item, reader, quote_print(connection, item_id))
