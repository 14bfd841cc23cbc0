"""Phrases that would have told a theme: what was decided takes nobody's place and does not come back varied."""

import pytest

from hscb_voice.language import suggesting
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.suggesting import Coded, is_known, signature_of_phrase, suggestions

BOOK = default_codebook()
WORDS = ("zorbing", "lantern", "walrus", "trumpet", "glacier", "teapot")


def missed(*texts: str) -> list[Coded]:
    """Return comments that a person put under the visits, and the machine did not: each text said by four people."""
    return [Coded(text, f"{text} {who}", frozenset({"visits"}), frozenset[str]()) for text in texts for who in range(4)]


def elsewhere(*texts: str) -> list[Coded]:
    """Return comments that are under no theme, so that their words alone tell nothing."""
    return [Coded(text, f"{text} {who}", frozenset[str](), frozenset[str]()) for text in texts for who in range(4)]


def phrases(comments: list[Coded], *decided: str) -> list[str]:
    found = suggestions(comments, BOOK, {("visits", phrase) for phrase in decided})
    return [one.phrase for one in found]


def test_a_rejected_phrase_does_not_come_back_with_another_little_word_or_ending() -> None:
    comments = missed("he was zorbing again", "and zorbing again he was") + elsewhere("we met again", "i like zorbing")
    assert "zorbing again" in phrases(comments)
    assert not any({"zorbing", "again"} <= set(one.split()) for one in phrases(comments, "zorbing again"))
    assert not any({"zorbing", "again"} <= set(one.split()) for one in phrases(comments, "was zorbing again"))


def test_what_is_decided_about_one_theme_says_nothing_of_another() -> None:
    found = suggestions(missed("zorbing"), BOOK, {("school", "zorbing")})
    assert [(one.theme, one.phrase) for one in found] == [("visits", "zorbing")]


def test_what_was_decided_takes_no_place_of_what_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "_MOST_TRIED", 2)
    comments = missed(*WORDS)
    first = phrases(comments)
    assert len(first) == 2
    assert len(phrases(comments, *first)) == 2, "the next ones move up"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("late again", "was late again", True),
        ("late buses", "late bus", True),
        ("late again", "late again today", True),
        ("late again", "late", False),
        ("late", "early", False),
        ("it was", "it is", False),
        ("not safe", "safe", False),
        ("not so safe", "safe", False),
        ("too much noise", "noise", False),
        ("was rude", "not rude", False),
        ("without my sister again", "my sister again", False),
        ("wasn't safe", "not safe", True),
        ("we did not feel safe", "not feel safe", True),
    ],
)
def test_two_phrases_are_the_same_where_most_of_their_telling_words_are(one: str, other: str, *, same: bool) -> None:
    assert is_known(one, [signature_of_phrase(other)]) is same
