"""A word that nobody knows is read as the common word next to it, and nothing else is touched."""

import pytest

from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.normalise import normalise
from hscb_voice.language.reading import Comment, read_comment
from hscb_voice.language.redaction import redact
from hscb_voice.language.spelling import Speller, with_slips_mended


def _mended(text: str) -> str:
    plain = normalise(text)
    return with_slips_mended(plain, [(span.start, span.end) for span in redact(plain).spans]).text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("we did swiming", "we did swimming"),
        ("my techer shouts", "my teacher shouts"),
        ("she lisens to me", "she listens to me"),
        ("lots of bicsuits", "lots of biscuits"),
        ("the confrence was long", "the conference was long"),
    ],
)
def test_a_slip_in_a_common_word_is_read_over(written: str, read: str) -> None:
    assert _mended(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "we want to go back",  # every word is one, though each has neighbours
        "she was kind and calm",
        "gren bote",  # too short to say what is meant
        "we had chats with the lodger",  # built like words: not coats, and nothing longer
        "zyxwvu",
        "he'll alow't",  # with an apostrophe it is no plain word
        "abc123de",
    ],
)
def test_what_is_a_word_or_near_none_stays(text: str) -> None:
    assert _mended(text) == text


def test_a_name_that_nobody_knows_is_no_slip() -> None:
    assert _mended("Mrs Teachar was kind") == "mrs teachar was kind"


def _none_is_a_word(_word: str) -> int:
    return 1


def test_the_first_letter_is_never_what_slipped() -> None:
    assert Speller(["lesson"], _none_is_a_word).mended("messon") == "messon"
    assert Speller(["lesson"], _none_is_a_word).mended("lessom") == "lesson"


def test_of_two_words_as_near_the_more_common_is_meant() -> None:
    assert Speller(["wanted", "waited"], _none_is_a_word).mended("wated") == "wanted"
    assert Speller(["waited", "wanted"], _none_is_a_word).mended("wated") == "waited"


def test_a_whole_word_with_a_letter_too_many_is_that_word() -> None:
    assert Speller(["should", "shout"], _none_is_a_word).mended("shoutd") == "shout"


def test_a_known_word_is_never_turned_into_another() -> None:
    assert Speller(["hitting"], len).mended("hiting") == "hiting"


def test_of_what_is_built_like_a_word_only_the_end_is_mended() -> None:
    half = Speller(["swimming", "shaking"], lambda word: len(word) // 2 + 1)
    assert half.mended("swiming") == "swimming"
    assert half.mended("staking") == "staking"


def test_words_that_decided_are_shown_as_they_were_written() -> None:
    text = "we go swiming evry week and I love swiming"
    reading = read_comment(Comment("1", text, "child"), default_codebook())
    found = next(theme for theme in reading.themes if theme.id == "activities")
    assert any("swiming" in text[one.start : one.end] for one in found.evidence)


def test_polish_words_are_not_mended_into_english_ones() -> None:
    text = "Pani byla bardzo mila i zawsze sluchala co mowilem o szkole i o domu"
    reading = read_comment(Comment("1", text, "child", language="pl"), default_codebook())
    assert reading.language == "pl"
