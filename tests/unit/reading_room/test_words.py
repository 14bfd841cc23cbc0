"""Hiding word by word: whole words, kinds that stay, gaps that join, and nothing lost when a tick goes."""

from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.reading_room.words import chosen, words_of
from hscb_voice.themes.queries import mask_text
from hscb_voice.themes.service import Mask

TEXT = "Amira Khan, from Leominster, listened."


def hidden_words(masks: list[Mask]) -> set[int]:
    return {word.number for word in words_of(TEXT, masks) if word.is_hidden}


def test_a_word_is_hidden_when_any_part_of_it_is() -> None:
    assert hidden_words([Mask(0, 3, "person"), Mask(17, 27, "place")]) == {0, 3}


def test_names_beside_each_other_become_one_gap_and_commas_stay() -> None:
    choice = chosen(TEXT, [], {0, 1, 3})
    assert mask_text(TEXT, choice.hidden) == "[…], from […], listened."
    assert choice.shown == ()


def test_a_mask_that_stays_keeps_its_kind_and_its_place() -> None:
    name = Mask(0, 10, "person")
    choice = chosen(TEXT, [name], {0, 1, 3})
    assert name in choice.hidden
    assert mask_text(TEXT, choice.hidden) == "[name], from […], listened."


def test_of_a_mask_taken_off_in_part_the_rest_keeps_its_kind() -> None:
    name = Mask(0, 10, "person")
    choice = chosen(TEXT, [name], {1})
    assert mask_text(TEXT, choice.hidden) == "Amira [name], from Leominster, listened."
    assert choice.shown == (name,)


def test_a_number_that_is_no_word_hides_nothing() -> None:
    assert chosen(TEXT, [], {99}).hidden == ()


@given(st.text(max_size=60), st.sets(st.integers(0, 12)), st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9))))
def test_exactly_the_ticked_words_are_hidden_whatever_was_hidden_before(
    text: str, ticked: set[int], spans: list[tuple[int, int]]
) -> None:
    before = [Mask(a, min(a + n, len(text)), "person") for a, n in spans if a < len(text)]
    choice = chosen(text, before, ticked)
    words = words_of(text, choice.hidden)
    assert {word.number for word in words if word.is_hidden} == {n for n in ticked if n < len(words)}
    assert all(0 <= mask.start < mask.end <= len(text) for mask in choice.hidden)
