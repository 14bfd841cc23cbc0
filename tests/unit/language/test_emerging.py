"""New subjects: what has grown, what belongs together, and that no name is ever suggested."""

import random
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.language.emerging import PERHAPS, Written, growth, needed_of, phrases_of, rising, runs_of
from hscb_voice.language.emerging_groups import Group, groups_of
from hscb_voice.language.redaction_lists import ORDINARY, marks

NAMES = ("Zofia", "zofia", "Jaxon", "jaxon", "Mr Okafor", "Ellie", "ellie", "Callum")


def said(text: str, times: int, start: int = 0) -> list[Written]:
    return [Written(f"{text} {n}", f"response {text} {n}", text) for n in range(start, start + times)]


OTHERS = [*said("She listened to my worries.", 20), *said("We painted some pictures together.", 20)]


def test_growth_is_the_log_odds_ratio_with_a_prior_worked_out_by_hand() -> None:
    # 8 of 100 now, none of 100 before; the prior adds 0.8 of 20.
    by_hand = (log(8.8 / 111.2) - log(0.8 / 119.2)) / sqrt(1 / 8.8 + 1 / 0.8)
    assert growth(8, 100, 0, 100, (0.8, 20)) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(2.113, abs=0.001)


counts = st.integers(0, 50)


@given(counts, counts)
def test_growth_turned_round_is_loss(now: int, before: int) -> None:
    prior = (1.0, 10.0)
    assert growth(now, 60, before, 60, prior) == pytest.approx(-growth(before, 60, now, 60, prior))
    assert (growth(now, 60, before, 60, prior) > 0) == (now > before)


def test_a_phrase_that_is_said_more_is_found_with_its_comments_and_numbers() -> None:
    new = said("The taxi comes late.", 8)
    (rise,) = rising([*OTHERS, *new], OTHERS)
    assert (rise.phrase, rise.now, rise.before) == ("taxi comes late", 8, 0)
    assert rise.z >= PERHAPS
    assert set(rise.comments) == {one.id for one in new}


def test_what_is_said_as_often_as_before_is_not_rising() -> None:
    taxi = said("The taxi comes late.", 8)
    assert rising([*OTHERS, *taxi], [*OTHERS, *taxi]) == []
    assert rising(OTHERS, [*OTHERS, *taxi]) == []


def test_the_more_phrases_are_tried_the_more_is_asked_of_each() -> None:
    assert needed_of(0) == needed_of(8) == needed_of(100) == PERHAPS
    assert needed_of(500) == pytest.approx(2.326, abs=0.001)
    assert needed_of(5000) == pytest.approx(3.090, abs=0.001)


def test_of_thousands_of_comments_split_by_chance_hardly_any_phrase_rises() -> None:
    chance = random.Random(11)  # noqa: S311 - a simulation hides nothing
    words = [word for word, mark in sorted(marks().items()) if mark == ORDINARY and word.isalpha() and len(word) > 3][
        :3000:5
    ]
    texts = [" ".join(chance.choices(words, k=6)) for _ in range(3000)]
    some = [Written(str(n), str(n), text) for n, text in enumerate(texts)]
    assert len(rising(some[:1500], some[1500:])) <= 10


def test_one_response_counts_once_however_often_it_repeats_itself() -> None:
    one = [Written(str(n), "the same response", "The taxi comes late.") for n in range(9)]
    two = said("The taxi comes late.", 1)
    assert rising([*OTHERS, *one, *two], OTHERS) == []


def test_nothing_is_said_of_two_responses_however_new() -> None:
    few = said("Nobody mended the kettle.", 2)
    assert rising([*few, *said("We walked.", 1)], said("We walked.", 300)) == []
    assert groups_of(few) == []


def test_without_a_time_before_nothing_can_have_grown() -> None:
    assert rising(said("The taxi comes late.", 8), []) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_never_suggested_even_where_nobody_masked_it(name: str) -> None:
    new = said(f"I miss {name} from the taxi", 12)
    known = set(name.lower().split()) - {"mr"}
    for rise in rising([*OTHERS, *new], OTHERS):
        assert not known & set(rise.phrase.split())
    for group in groups_of([*OTHERS, *new]):
        assert not known & {word for words in group.words for word in words.split()}


def test_masked_words_placeholders_and_words_that_no_list_knows_break_a_phrase() -> None:
    text = "The kettle in Oakfield broke, [CIDVA worker] fixed zorbulax quickly"
    start = text.index("kettle")
    assert runs_of(text, [(start, start + 6)]) == [["the"], ["in"], ["broke"], ["fixed"], ["quickly"]]


def test_a_word_that_can_be_a_name_counts_only_where_it_is_written_as_a_word() -> None:
    assert ["rose"] not in runs_of("We saw Rose")
    assert any("rose" in run for run in runs_of("the sun rose early"))


def test_phrases_begin_and_end_with_words_that_say_something() -> None:
    assert phrases_of([["the", "out", "of", "school", "taxi"]]) == {"school", "taxi", "school taxi"}


def test_comments_with_the_same_rarer_words_are_a_group_and_others_are_in_none() -> None:
    texts = ["The taxi driver shouted.", "My taxi driver drives too fast!", "A taxi driver who is kind, and my driver"]
    taxis = [Written(f"t{n}", f"r{n}", text) for n, text in enumerate(texts)]
    lonely = [
        Written(f"x{n}", f"y{n}", text) for n, text in enumerate(["More puppets", "Warm soup", "The wall is cold"])
    ]
    (group,) = groups_of([*lonely, *taxis])
    assert group == Group(group.words, 3, ("t0", "t1", "t2"))
    assert {"taxi", "driver"} & {word for words in group.words for word in words.split()}


def test_the_same_comments_give_the_same_groups_in_any_order() -> None:
    some = [*said("The taxi driver shouted.", 4), *said("Our kettle leaks water.", 4), *said("Puppets in the hall.", 3)]
    found = {(group.words, frozenset(group.comments)) for group in groups_of(some)}
    assert found == {(group.words, frozenset(group.comments)) for group in groups_of(some[::-1])}
    assert len(found) == 3


def test_no_comments_make_no_groups() -> None:
    assert groups_of([]) == []
    assert groups_of([Written("1", "1", ""), Written("2", "2", "???")]) == []
