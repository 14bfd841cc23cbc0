"""The plain copy of a comment, and the way back into the child's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.language.normalise import normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("I DONT no wot to say", "i don't know what to say"),
        ("she don’t listen", "she don't listen"),
        ("could of bin better", "could have been better"),
        ("it was sooo goood", "it was so good"),
        ("im hapyyy at skool", "i'm happy at school"),
        ("ppl lissened 2 me b4", "people listened 2 me before"),
        ("ill never forget but im ill", "i'll never forget but i'm ill"),
    ],
)
def test_it_spells_out_what_children_write(written: str, plain: str) -> None:
    assert normalise(written).text == plain


def test_it_turns_emoji_and_drawn_faces_into_words() -> None:
    assert normalise("ok 👍🏽 :( <3").text.split() == ["ok", ":thumbs_up:", ":sad:", ":love:"]


def test_it_leaves_words_that_only_look_like_mistakes() -> None:
    assert normalise("my stuff in bin bags, Mrs B has my ID").text == "my stuff in bin bags, mrs b has my id"


def test_it_points_back_to_the_word_as_it_was_written() -> None:
    n = normalise("Nice but CONFUSSED 😀")
    at = n.text.index("confused")
    start, end = n.original_span(at, at + len("confused"))
    assert n.original[start:end] == "CONFUSSED"
    at = n.text.index(":happy:")
    start, end = n.original_span(at, at + len(":happy:"))
    assert n.original[start:end] == "😀"


def test_it_keeps_the_original_untouched() -> None:
    assert normalise("Sooo  NISE\u2019").original == "Sooo  NISE\u2019"


@given(st.text(max_size=200))
def test_every_plain_character_comes_from_whole_original_characters(text: str) -> None:
    n = normalise(text)
    assert len(n.offsets) == len(n.text) + 1
    assert n.offsets[-1] == len(text)
    assert list(n.offsets) == sorted(n.offsets)
    for i in range(len(n.text)):
        start, end = n.original_span(i, i + 1)
        assert 0 <= start < end <= len(text)
