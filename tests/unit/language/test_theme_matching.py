"""Which themes a comment speaks of, where, and how."""

import pytest

from hscb_voice.language.codebook import default_codebook, read_codebook
from hscb_voice.language.concern import screen
from hscb_voice.language.normalise import normalise
from hscb_voice.language.polarity import read_polarity
from hscb_voice.language.theme_matching import ThemeMatch, match_themes

SMALL = """
version: 1
name: small
themes:
- {id: noise, name: Noise, definition: Loud or quiet., patterns: loud, hints: "quiet, bang", unless: loud and clear}
- {id: food, name: Food, definition: What there is to eat., patterns: toast, hints: "hungry, bread"}
"""


def _match(text: str, codebook: str | None = None, asked: tuple[str, ...] = ()) -> dict[str, ThemeMatch]:
    n = normalise(text)
    book = read_codebook(codebook) if codebook else default_codebook()
    return {one.id: one for one in match_themes(n, book, read_polarity(n, respondent="child"), asked=asked)}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("they talked over me the whole time", "listened_to"),
        ("i told them what i wanted and they changed it", "influence"),
        ("My worker was really kind", "worker"),
        ("i feel calmer now", "feelings"),
        ("I know who to tell if it happens again", "safe"),
        ("we learned about privacy settings on snapchat", "online_safety"),
        ("its quiet at home now, no shouting, the order keeps him away", "domestic_abuse"),
        ("wish i cud see my bro more", "family"),
        ("the reward chart at bedtime works", "parenting"),
        ("my stuff in bin bags", "home"),
        ("i get on better at skool with my teachers", "school"),
        ("I liked the puppets", "activities"),
        ("it should go on for longer", "more_sessions"),
        ("she never turned up", "visits"),
        ("report came the morning of the meeting", "information"),
        ("nobody told me what would happen next", "process"),
        ("had 4 social workers in a year", "changes_of_worker"),
        ("she helped me with a budget and a bank account", "independence"),
        ("he spoke to me like dirt", "respect"),
    ],
)
def test_it_knows_each_theme_in_childrens_words(text: str, theme: str) -> None:
    assert theme in _match(text)


def test_one_hint_is_not_enough_beside_a_sure_theme() -> None:
    assert set(_match("toast and quiet", SMALL)) == {"food"}


def test_two_different_hints_make_a_theme() -> None:
    assert set(_match("toast, quiet then a bang", SMALL)) == {"noise", "food"}


def test_the_same_hint_twice_counts_once() -> None:
    assert set(_match("toast quiet quiet", SMALL)) == {"food"}


def test_a_lone_hint_is_taken_when_there_is_nothing_else_and_is_less_sure() -> None:
    faint = _match("it was quiet", SMALL)["noise"]
    assert faint.confidence < _match("it was loud", SMALL)["noise"].confidence


def test_what_the_question_asks_about_needs_one_hint_only() -> None:
    assert set(_match("toast and quiet", SMALL, asked=("noise",))) == {"noise", "food"}


def test_what_the_question_asks_about_stands_where_the_words_show_nothing() -> None:
    found = _match("the one with ears", SMALL, asked=("noise",))["noise"]
    assert found.evidence[0].rule == "theme.noise.question"
    assert _match("hmm", SMALL, asked=("noise",)) == {}


def test_an_unless_phrase_takes_a_pattern_back() -> None:
    assert _match("i hear you loud and clear", SMALL) == {}


def test_a_theme_has_the_polarity_of_its_own_clause() -> None:
    found = _match("My worker is lovely but the reports came late and were wrong")
    assert found["worker"].polarity == "positive"
    assert found["information"].polarity == "negative"


def test_a_theme_in_a_wish_is_marked_as_one() -> None:
    assert _match("I wish I could see my brother")["family"].wish


def test_spans_point_into_the_original_words() -> None:
    text = "My stuf was in BIN BAGS again"
    found = _match(text)["home"]
    assert text[found.start : found.end] == "BIN BAGS"
    assert all(text[one.start : one.end] == one.words for one in found.evidence)


def test_a_concern_stands_for_its_theme_where_no_phrase_does() -> None:
    n = normalise("he punches me")
    book = read_codebook(SMALL.replace("id: noise", "id: safe"))
    found = match_themes(n, book, read_polarity(n, respondent="child"), screen(n, respondent="child"))
    assert [(one.id, one.polarity) for one in found] == [("safe", "negative")]
    assert found[0].evidence[0].rule == "theme.safe.concern"
