"""Screening must find worries in children's and adults' own words, and leave harmless ones alone."""

import pytest

from hscb_voice.language.concern import REASON_LABELS, ConcernReading, screen
from hscb_voice.language.normalise import normalise
from hscb_voice.language.reading import Comment, Respondent, read_concern


def _read(text: str, respondent: str = "child", language: str = "en") -> ConcernReading:
    return screen(normalise(text), respondent=respondent, language=language)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("he hurst me", "harm"),
        ("She was lovely and I told her about the bruises", "harm"),
        ("my step dad calls me stupid all the time", "emotional_harm"),
        ("im scard of him", "fear_of_person"),
        ("dont wanna go back there", "fear_of_home"),
        ("i get tummy ache when its dads weekend", "fear_of_home"),
        ("mum and dad fight every night", "domestic_abuse_now"),
        ("He keeps turning up at our door", "breach_of_order"),
        ("hes not meant to come near us", "breach_of_order"),
        ("my uncle says its our little secret", "sexual_harm"),
        ("a lad i met on snapchat wants pictures", "exploitation"),
        ("some older boys want me to carry things for them", "exploitation"),
        ("theres never any food in our house", "neglect"),
        ("mum gets drunk and shouts", "substance_misuse"),
        ("i dont want to be here any more", "self_harm"),
        ("they would be better off without me", "self_harm"),
        ("i ran away last week", "missing"),
        ("they want me to marry my cousin in the summer", "honour_or_extremism"),
        ("the boys at school push me and call me names", "bullying"),
        ("my teacher told me to keep it a secret", "worker_conduct"),
        ("We told the school about it and nobody did anything", "not_acted_on"),
        ("please help me", "talk_to_someone"),
    ],
)
def test_it_finds_a_worry_and_says_which(text: str, reason: str) -> None:
    reading = _read(text)
    assert reading.flag
    assert reason in reading.reasons


@pytest.mark.parametrize(
    "text",
    [
        "my brother hits the ball really far",
        "I would die for chips",
        "Dad does not hit mum any more",
        "I used to be scared but now I feel safe",
        "we talked about being hit and how to stay safe",
        "We learnt about grooming and county lines",
        "I am scared of spiders",
        "I was scared at first but she was really nice",
        "dying of boredom in that meeting",
        "The social worker was always late",
        "More sessions please",
    ],
)
def test_it_leaves_harmless_words_alone(text: str) -> None:
    assert not _read(text).flag


@pytest.mark.parametrize(
    ("calm", "worrying"),
    [
        ("Dad does not hit mum any more", "Dad does not hit mum any more but he still hits me"),
        ("he used to hit us", "he used to hit us and it has started again"),
        ("we talked about being hit", "we talked about being hit and it is what happens at home when dad hits me"),
        ("I am not scared of dad", "I am not just sad I am scared of dad"),
    ],
)
def test_it_flags_when_the_resolved_and_the_present_stand_together(calm: str, worrying: str) -> None:
    assert not _read(calm).flag
    assert _read(worrying).flag


def test_it_shows_the_deciding_words_in_the_original_text() -> None:
    text = "She is nice \U0001f642 but my dad HITSSS me"
    reading = _read(text)
    assert reading.evidence
    for item in reading.evidence:
        assert text[item.start : item.end] == item.words
    assert any("HITSSS" in item.words for item in reading.evidence)


def test_it_names_every_reason_in_plain_words() -> None:
    reading = _read("he hits me and i want to die and there is no food")
    assert set(reading.reasons) <= set(REASON_LABELS)
    assert len(reading.reasons) == len(set(reading.reasons))


def test_it_gives_nothing_for_an_empty_comment() -> None:
    assert _read("") == ConcernReading(flag=False, reasons=(), evidence=())


@pytest.mark.parametrize("text", ["help", "Hurt", "hungry", "hiding", "CRYING!!", "knife"])
def test_one_word_that_a_child_writes_alone_is_looked_at_today(text: str) -> None:
    reading = read_concern(Comment("1", text, "child", "q2a"))
    assert reading.flag
    assert reading.evidence


@pytest.mark.parametrize("text", ["Fine", "Money", "friends", "more visits", "weekend", "great", "no", "nothing"])
@pytest.mark.parametrize("respondent", ["child", "parent"])
def test_an_ordinary_word_alone_is_no_worry(text: str, respondent: Respondent) -> None:
    assert not read_concern(Comment("1", text, respondent, "q2a")).flag


def test_what_a_parent_worked_on_is_named_without_worry() -> None:
    for text in ("Drugs", "Domestic abuse", "Hitting"):
        assert not read_concern(Comment("1", text, "parent", "q4_blank")).flag
