"""Blind second coding: samples that can be drawn again, codes that stay apart, and pairs for measuring agreement."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room import acts
from hscb_voice.reading_room.acts import Reader
from hscb_voice.reading_room.agreement import double_coded, next_to_code, next_to_settle, quarter_of, samples
from hscb_voice.reading_room.blind import Codes, Wanted, code_blind, draw, settle, stratified
from hscb_voice.reading_room.errors import BlindCodingError, NothingToDrawError
from hscb_voice.reading_room.queries import item_by_id
from hscb_voice.reading_room.seeing import OPENED_TO_READ
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.themes.learning_models import LearnedModel
from hscb_voice.themes.models import Coding
from hscb_voice.themes.queries import coding_of
from hscb_voice.themes.seen import codes_print
from hscb_voice.themes.service import MACHINE
from hscb_voice.themes.switching import switch
from tests.support.codebooks import run_pets
from tests.support.reading_room import correct
from tests.unit.reading_room.test_reading_list import PARENT, say

WANTED = Wanted(date(2026, 4, 1), date(2027, 3, 31), 50, "a seed")
NEGATIVE = Codes("negative", {"school": "negative"})


def first_coded(platform: Platform, *item_ids: str, polarity: str = "positive") -> None:
    reader = Reader("the first", "read", platform.clock, EVERY_TEAM)
    with platform.database.writing() as connection:
        for item_id in item_ids:
            correct(connection, item_by_id(connection, EVERY_TEAM, item_id), reader, polarity, [])


def drawn(platform: Platform, wanted: Wanted = WANTED) -> str:
    with platform.database.writing() as connection:
        return draw(connection, wanted, "an analyst", platform.clock)


def test_a_sample_holds_only_what_a_person_has_coded(platform: Platform) -> None:
    coded, parents = say(platform, "We played games."), say(platform, "The report came late.", slug=PARENT)
    say(platform, "Nobody has coded this.")
    first_coded(platform, coded, parents)
    sample_id = drawn(platform)
    with platform.database.reading() as connection:
        (sample,) = samples(connection)
        first = next_to_code(connection, sample_id, "the second")
    assert (sample.size, sample.coded) == (2, 0)
    assert first is not None
    assert first.comment_id in {coded, parents}


def test_nothing_is_drawn_where_nobody_has_coded_or_all_is_drawn_already(platform: Platform) -> None:
    coded = say(platform, "We played games.")
    with pytest.raises(NothingToDrawError):
        drawn(platform)
    first_coded(platform, coded)
    drawn(platform)
    with pytest.raises(NothingToDrawError):
        drawn(platform)


def test_the_first_coder_never_gets_the_own_comments_to_code_blind(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    first_coded(platform, item_id)
    sample_id = drawn(platform)
    with platform.database.writing() as connection:
        assert next_to_code(connection, sample_id, "the first") is None
        with pytest.raises(BlindCodingError, match="another person"):
            code_blind(connection, sample_id, item_id, "the first", NEGATIVE, platform.clock)


def test_whoever_coded_it_before_those_in_force_may_not_code_it_blind(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    earlier = Reader("an earlier one", "read", platform.clock, EVERY_TEAM)
    with platform.database.writing() as connection:
        correct(connection, item_by_id(connection, EVERY_TEAM, item_id), earlier, "mixed", [])
    refused_after(platform, item_id, "an earlier one")


def test_whoever_marked_it_as_right_and_took_that_back_may_not_code_it_blind(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    reader = Reader("an earlier one", "read", platform.clock, EVERY_TEAM)
    with platform.database.writing() as connection:
        seen = codes_print(coding_of(connection, item_id))
        acts.confirm(connection, item_by_id(connection, EVERY_TEAM, item_id), reader, seen)
        acts.undo(connection, reader)
    refused_after(platform, item_id, "an earlier one")


def test_whoever_opened_it_with_its_codes_may_not_code_it_blind(platform: Platform) -> None:
    item_id, other = say(platform, "We played games."), say(platform, "We did nothing.")
    with platform.database.writing() as connection:
        note(connection, "a reader", OPENED_TO_READ, f"comment {item_id}", now=platform.clock.now())
        note(
            connection,
            "a blind one",
            "opened a comment to code it blind",
            f"comment {item_id}",
            now=platform.clock.now(),
        )
    sample_id = refused_after(platform, item_id, "a reader", other)
    with platform.database.writing() as connection:
        left = next_to_code(connection, sample_id, "a reader")
        assert left is not None
        assert left.comment_id == other
        code_blind(connection, sample_id, item_id, "a blind one", NEGATIVE, platform.clock)


def refused_after(platform: Platform, item_id: str, who: str, *others: str) -> str:
    """Draw the comment with the codes of another person, and see that somebody is not given it."""
    first_coded(platform, item_id, *others)
    sample_id = drawn(platform)
    with platform.database.writing() as connection:
        given = next_to_code(connection, sample_id, who)
        assert given is None or given.comment_id != item_id
        with pytest.raises(BlindCodingError, match="another person"):
            code_blind(connection, sample_id, item_id, who, NEGATIVE, platform.clock)
    return sample_id


def test_each_persons_version_of_the_codebook_is_kept_and_themes_of_one_only_are_no_difference(
    platform: Platform,
) -> None:
    item_id = say(platform, "We played games.")
    first_coded(platform, item_id)
    sample_id = drawn(platform)
    run_pets(platform)
    platform.jobs.run_all_due()
    with platform.database.writing() as connection:
        switch(connection, "an analyst", platform.clock)
        codes = Codes("positive", {"pets": "positive"})
        code_blind(connection, sample_id, item_id, "the second", codes, platform.clock)
        (pair,) = double_coded(connection)
        assert pair.stood is not None
        assert pair.machine_stood is not None
        assert {"pets", "activities", "school"} & pair.stood == {"school"}
        assert {"pets", "activities", "school"} & pair.machine_stood == {"pets", "school"}
        settle(connection, sample_id, item_id, "a judge", codes, 10, platform.clock)
        settled = coding_of(connection, item_id)
    assert settled is not None
    assert settled.codebook == "2"


def test_a_comment_from_which_the_machine_learned_before_it_read_it_is_told_apart(
    platform: Platform, clock: SetClock
) -> None:
    ids = [say(platform, "We played games."), say(platform, "We did nothing.")]
    first_coded(platform, *ids)
    sample_id = drawn(platform)
    clock.pass_time(timedelta(hours=1))
    made = {"codebook": "1", "digest": "0" * 64, "packed": b"", "comments": 2, "responses": 2, "corrected": {}}
    with platform.database.writing() as connection:
        connection.execute(insert(LearnedModel), {"number": 1, "made_at": clock.now(), **made})
        read_by = update(Coding).where(Coding.source == MACHINE, Coding.comment_id == ids[0]).values(learned=1)
        connection.execute(read_by)
        for item_id in ids:
            code_blind(connection, sample_id, item_id, "the second", NEGATIVE, platform.clock)
        assert {pair.comment_id: pair.was_lesson for pair in double_coded(connection)} == {ids[0]: True, ids[1]: False}
        connection.execute(update(LearnedModel).values(made_at=clock.now() - timedelta(days=1)))
        assert not any(pair.was_lesson for pair in double_coded(connection))
        connection.execute(delete(LearnedModel))
        assert [pair.was_lesson for pair in double_coded(connection) if pair.comment_id == ids[0]] == [True]


def test_a_comment_that_was_coded_learned_from_and_taken_back_counts_as_a_lesson(
    platform: Platform, clock: SetClock
) -> None:
    item_id, made = say(platform, "We played games."), {"codebook": "1", "digest": "", "packed": b"", "corrected": {}}
    earlier = Reader("an earlier one", "read", platform.clock, EVERY_TEAM)
    with platform.database.writing() as connection:
        correct(connection, item_by_id(connection, EVERY_TEAM, item_id), earlier, "mixed", [])
        learned = {"number": 1, "made_at": clock.now(), "comments": 1, "responses": 1, **made}
        connection.execute(insert(LearnedModel), learned)
        connection.execute(update(Coding).where(Coding.source == MACHINE).values(learned=1))
        acts.undo(connection, earlier)
    clock.pass_time(timedelta(days=1))
    first_coded(platform, item_id)
    sample_id = drawn(platform)
    with platform.database.writing() as connection:
        code_blind(connection, sample_id, item_id, "the second", NEGATIVE, platform.clock)
        assert [pair.was_lesson for pair in double_coded(connection)] == [True]


def test_blind_codes_are_in_force_for_nothing_until_they_are_settled(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    first_coded(platform, item_id)
    sample_id = drawn(platform)
    with platform.database.writing() as connection:
        before = coding_of(connection, item_id)
        assert not code_blind(connection, sample_id, item_id, "the second", NEGATIVE, platform.clock)
        assert coding_of(connection, item_id) == before
        with pytest.raises(BlindCodingError, match="already"):
            code_blind(connection, sample_id, item_id, "a third", NEGATIVE, platform.clock)
        pair = next_to_settle(connection, sample_id)
        assert pair is not None
        settle(connection, sample_id, item_id, "a judge", NEGATIVE, 10, platform.clock)
        after = coding_of(connection, item_id)
        assert after is not None
        assert (after.polarity, after.coder) == ("negative", "a judge")
        with pytest.raises(BlindCodingError, match="nothing to settle"):
            settle(connection, sample_id, item_id, "a judge", NEGATIVE, 10, platform.clock)
        assert next_to_settle(connection, sample_id) is None


def test_where_both_say_the_same_nothing_is_left_to_settle(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    first_coded(platform, item_id)
    sample_id = drawn(platform)
    with platform.database.writing() as connection:
        assert code_blind(connection, sample_id, item_id, "the second", Codes("positive", {}), platform.clock)
        assert next_to_settle(connection, sample_id) is None
        (sample,) = samples(connection)
    assert (sample.coded, sample.differing, sample.to_settle) == (1, 0, 0)


def test_pairs_keep_what_each_said_at_the_time_with_quarter_and_machine(platform: Platform) -> None:
    item_id = say(platform, "We played games.")
    first_coded(platform, item_id)
    sample_id = drawn(platform)
    first_coded(platform, item_id, polarity="mixed")
    with platform.database.writing() as connection:
        code_blind(connection, sample_id, item_id, "the second", NEGATIVE, platform.clock)
        settle(connection, sample_id, item_id, "a judge", NEGATIVE, 10, platform.clock)
        (pair,) = double_coded(connection, date(2026, 10, 1), date(2026, 12, 31))
        assert list(double_coded(connection, date(2027, 1, 1))) == []
    assert (pair.first.polarity, pair.first_coder) == ("positive", "the first")
    assert (pair.second, pair.second_coder) == (NEGATIVE, "the second")
    assert pair.quarter == "2026-27 Q3"
    assert pair.machine is not None


def test_a_span_wider_than_a_quarter_belongs_to_none() -> None:
    assert quarter_of(date(2026, 11, 1), date(2026, 11, 30)) == "2026-27 Q3"
    assert quarter_of(date(2026, 4, 1), date(2027, 3, 31)) is None


STRATA = st.dictionaries(st.sampled_from(["child", "parent", "professional"]), st.integers(1, 60), min_size=1)


@given(STRATA, st.integers(1, 80), st.text(max_size=5))
def test_every_kind_of_respondent_has_its_share_and_the_same_seed_draws_the_same(
    sizes: dict[str, int], size: int, seed: str
) -> None:
    ids = {who: [f"{who}-{n}" for n in range(many)] for who, many in sizes.items()}
    total = sum(sizes.values())
    chosen = stratified(ids, size, seed)
    assert len(chosen) == len(set(chosen)) == min(max(size, len(sizes)), total)
    for who, many in sizes.items():
        own = sum(one.startswith(f"{who}-") for one in chosen)
        assert 1 <= own <= many
        assert abs(own - len(chosen) * many / total) <= len(sizes)
    assert stratified({who: found[::-1] for who, found in ids.items()}, size, seed) == chosen
