"""The phrase notation of the concern lexicons must mean what it says, and refuse what it cannot read."""

import time
from importlib import resources

import pytest

from hscb_voice.language.concern import REASON_LABELS, screen, speller_for
from hscb_voice.language.concern_lexicon import compile_lexicon, lexicon_for, parse_lexicon
from hscb_voice.language.concern_matching import Matcher
from hscb_voice.language.concern_phrases import BadLexiconError, PhraseBook, inflected
from hscb_voice.language.concern_words import words_of
from hscb_voice.language.normalise import normalise


def _meets(phrase: str, text: str, lists: dict[str, tuple[str, ...]] | None = None) -> bool:
    book = PhraseBook(lists or {}, "test")
    book.add(0, phrase)
    words = words_of(text)
    return any(True for _ in Matcher(book).find(words, [word.text for word in words]))


@pytest.mark.parametrize(
    ("phrase", "met", "not_met"),
    [
        ("hits me", "he hits me", "he hits the me"),
        ("hits/kicks me", "he kicks me", "he likes me"),
        ("(beat up/hits) me", "they beat up me", "they beat me"),
        ("hits [really] me", "hits really me", "hits nearly me"),
        ("dad ... me", "dad one two three me", "dad one two three four me"),
        ("dad ...1 me", "dad one me", "dad one two me"),
        ("bruis* here", "bruising here", "brush here"),
        ("kick !(ball/a ball)", "kick me", "kick a ball"),
        ("!i hit him", "he hit him", "i hit him"),
        ("^ scared $", "ok, scared. bye", "i am scared of him"),
        ("tell (him/$)", "do not tell", "do not tell her"),
        ("don't want", "i don't want", "i want"),
        ("(beat/beat up) me", "they beat up me", "they beat on me"),
        ("(beat up/hits) [my] face", "he beat up my face", "he beat my face up"),
        ("he (beat up/lay into/hits)", "he lay into", "he lay in"),
        ("(a mate/mate) hits", "a mate hits", "a mate of hits"),
    ],
)
def test_a_phrase_meets_what_it_says_and_nothing_else(phrase: str, met: str, not_met: str) -> None:
    assert _meets(phrase, met)
    assert not _meets(phrase, not_met)


def test_a_phrase_never_reaches_over_the_end_of_a_sentence() -> None:
    assert _meets("dad ... me", "dad saw me")
    assert not _meets("dad ... me", "i saw dad. me too")


def test_a_named_list_stands_for_its_words() -> None:
    assert _meets("{family} hits", "my step dad hits", {"family": ("mum", "step dad")})


@pytest.mark.parametrize("phrase", ["", "...", "(hits", "{nobody} hits", "a [b", "(/) x", "$ ...", "!x"])
def test_it_refuses_a_phrase_it_cannot_read(phrase: str) -> None:
    with pytest.raises(BadLexiconError):
        PhraseBook({}, "test").add(0, phrase)


def test_verbs_come_in_every_form_and_in_childrens_own() -> None:
    assert {"hit", "hits", "hitting", "hiting", "hited", "hitted"} <= set(inflected("hit/hit/hitted"))
    assert {"carries", "carried", "carrying"} <= set(inflected("carry"))
    assert {"punches", "punched"} <= set(inflected("punch"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: [", "YAML"),
        ("rulez: []", "rulez"),
        ("rules: [{rule: harm.x, reason: harm, says: x}]", "phrases"),
        ("rules: [{rule: Nope, reason: harm, says: x, phrases: [a]}]", "rules.0.rule"),
    ],
)
def test_a_broken_lexicon_is_refused_with_file_and_place(text: str, says: str) -> None:
    with pytest.raises(BadLexiconError, match=says) as caught:
        parse_lexicon(text, "concern_test.yaml")
    assert "concern_test.yaml" in str(caught.value)


def test_two_rules_with_one_name_are_refused() -> None:
    rule = "{rule: harm.x, reason: harm, says: x, phrases: [a b]}"
    file = parse_lexicon(f"rules: [{rule}, {rule}]", "x")
    with pytest.raises(BadLexiconError, match=r"harm\.x"):
        compile_lexicon((file,), "x")


def test_a_list_that_takes_in_itself_is_refused() -> None:
    file = parse_lexicon("lists: {a: {also: [b]}, b: {also: [a]}}", "x")
    with pytest.raises(BadLexiconError, match="takes in"):
        compile_lexicon((file,), "x")


def test_no_and_off_in_a_lexicon_stay_words() -> None:
    assert parse_lexicon("lists: {a: {words: [no, off, on]}}", "x").lists["a"].words == ("no", "off", "on")


def test_every_rule_and_sign_has_a_reason_with_a_plain_label() -> None:
    folder = resources.files("hscb_voice.language").joinpath("lexicons")
    for code in ("en", "pl", "ro", "cy"):
        lexicon = lexicon_for(code)
        assert lexicon is not None
        assert {rule.reason for rule in lexicon.rules} <= set(REASON_LABELS)
        assert {signal.reason for signal in lexicon.signals} <= set(REASON_LABELS)
    assert any(file.name == "concern_en_guards.yaml" for file in folder.iterdir())
    assert lexicon_for("xx") is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("frightemed", "frightened"),
        ("punchd", "punched"),
        ("threatned", "threatened"),
        ("strnagled", "strangled"),
        ("shared", "shared"),
        ("slipper", "slipper"),
        ("cat", "cat"),
        ("zzzz", "zzzz"),
    ],
)
def test_it_mends_only_words_one_slip_from_a_listed_one(written: str, read: str) -> None:
    assert speller_for("en").mended(written) == read


def test_without_a_lexicon_nothing_is_mended() -> None:
    assert speller_for("xx").mended("frightend") == "frightend"


@pytest.mark.parametrize("piece", ["he hits me ", "not ", "dad mum ", "if i dont he will not ", "hit ", "a", ". "])
def test_a_hostile_comment_takes_time_in_step_with_its_length(piece: str) -> None:
    def seconds(size: int) -> float:
        n = normalise((piece * size)[:size])
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            screen(n, respondent="child")
            best = min(best, time.process_time() - began)
        return best

    seconds(1_000)
    assert seconds(20_000) < 8 * seconds(5_000) + 0.05


def test_the_last_words_of_a_very_long_comment_are_read() -> None:
    text = "we made slime and it was fun. " * 650 + "he hits me"
    assert "harm" in screen(normalise(text), respondent="child").reasons
