"""Masks: what is left of a show, what covers what, and that thousands of them cost no time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import READ_JOB
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.marking import covers, decided, joined, masks_for, stretches, without
from hscb_voice.themes.masks import hide_more, keep_masks, masks_of, person_shows
from hscb_voice.themes.service import MACHINE, Deciding, Mask, NewCoding, keep_codings
from tests.support.answering import keep_answer

PLACES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda one: Mask(one[0], one[0] + one[1], "other")), max_size=6
)


def letters(masks: object) -> set[int]:
    return {place for mask in masks for place in range(mask.start, mask.end)}  # type: ignore[attr-defined]  # masks


@given(PLACES, PLACES)
def test_what_masks_hide_is_reckoned_as_letter_by_letter(one: list[Mask], other: list[Mask]) -> None:
    assert covers(one, other) == (letters(other) <= letters(one))
    assert letters(joined(one, other)) == letters(one) | letters(other)
    assert set(one) <= set(joined(one, other))
    assert letters(without(one, other)) == letters(one) - letters(other)


@given(PLACES, PLACES, PLACES)
def test_a_mask_is_decided_when_a_part_is_shown_and_the_rest_hidden_or_shown(
    masks: list[Mask], hidden: list[Mask], shown: list[Mask]
) -> None:
    told = letters(hidden) | letters(shown)
    assert decided(masks, hidden, shown) == {
        mask for mask in masks if letters([mask]) & letters(shown) and letters([mask]) <= told
    }


def test_thousands_of_masks_beside_thousands_are_joined_at_once() -> None:
    text = "a bc " * 2400
    begun = time.process_time()
    masks = masks_for(text, [Mask(at, at + 1, "person") for at in range(2, len(text), 5)], ["a", "c"])
    assert len(masks) == 3 * 2400
    assert covers(masks, masks)
    pieces = stretches(text, [Deciding(mask.start, mask.end, "", "redaction") for mask in masks], {})
    assert "".join(piece.text for piece in pieces) == text
    assert time.process_time() - begun < 1.0


def test_words_that_touch_become_one_mask() -> None:
    assert masks_for("aaaa b", [], ["a"]) == [Mask(0, 4, "other")]


@pytest.fixture
def comment_id(platform: Platform) -> str:
    """Return a comment of which the machine hides three words in one stretch."""
    response_id = keep_answer(platform, {"q2a": "Mr John Smith helped me at Rivertown"}).response_id
    platform.jobs.run_for(response_id, [READ_JOB])
    with platform.database.writing() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
        coding = NewCoding(comment.id, MACHINE, "", "1", "positive", [], [Mask(0, 13, "person")])
        keep_codings(connection, response_id, [coding], platform.clock.now())
    return comment.id


def test_a_show_is_kept_without_what_stays_hidden_and_lasts_until_that_is_hidden_again(
    platform: Platform, comment_id: str
) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        keep_masks(connection, comment_id, [Mask(3, 13, "person")], [Mask(0, 13, "person")], "a person", now)
        assert person_shows(connection, comment_id) == (Mask(0, 3, "person"),)
        hide_more(connection, comment_id, [Mask(27, 36, "other")], "a person", now)
        assert masks_of(connection, comment_id) == (Mask(3, 13, "person"), Mask(27, 36, "other"))
        hide_more(connection, comment_id, [Mask(0, 3, "other")], "a person", now)
        assert person_shows(connection, comment_id) == ()
        assert Mask(0, 13, "person") in masks_of(connection, comment_id)


def test_a_longer_mask_that_the_machine_learns_later_hides_beyond_what_was_shown(
    platform: Platform, comment_id: str
) -> None:
    with platform.database.writing() as connection:
        keep_masks(connection, comment_id, [], [Mask(0, 2, "person")], "a person", platform.clock.now())
        assert masks_of(connection, comment_id) == (Mask(0, 13, "person"),)
