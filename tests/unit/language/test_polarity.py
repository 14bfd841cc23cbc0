"""Whether a comment speaks well or ill, and the words that say so."""

import subprocess
import sys

import pytest

from hscb_voice.language.normalise import normalise
from hscb_voice.language.polarity import PolarityReading, read_polarity


def _read(text: str, question: str | None = None, respondent: str = "child") -> PolarityReading:
    return read_polarity(normalise(text), respondent=respondent, question=question)


@pytest.mark.parametrize(
    "text",
    [
        "She was lovely and really helped me",
        "I'm not scared any more",
        "I cant fault her",
        "We could not have asked for more",
        "it were boss",
        "well good, proper sick she is",
        "she never once let us down",
        "She never judged me",
        "i used to be scared of everything. now i sleep all night",
        "no more shouting at ours",
        "😀😀👍",
    ],
)
def test_it_hears_praise(text: str) -> None:
    assert _read(text).polarity == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "She never turned up",
        "felt like I wasn't there",
        "they talked over me",
        "It wasnt helpful",
        "I didn't feel supported at all",
        "nobody told me what would happen next",
        "thanks for nothing",
        "We waited all day and he didn't turn up. Great!",
        "We waited all day and he didn't turn up. Very helpful. Not.",
        "They told us we were moving again! (GREAT!!!) Nobody told me why",
        "I used to love going there",
        "had 4 social workers in a year",
        "Well that was a waste of time",
        "😡👎",
    ],
)
def test_it_hears_complaint(text: str) -> None:
    assert _read(text).polarity == "negative"


@pytest.mark.parametrize(
    "text", ["", "...", "idk", "n/a", "We met in March.", "I would like it to be longer", "dont no"]
)
def test_it_calls_facts_wishes_and_empty_answers_neutral(text: str) -> None:
    assert _read(text).polarity == "neutral"


@pytest.mark.parametrize(
    "text",
    ["She was kind but she was always late", "Lovely lady. The meetings were horrible and I felt judged."],
)
def test_it_calls_a_comment_that_holds_both_mixed(text: str) -> None:
    assert _read(text).polarity == "mixed"


@pytest.mark.parametrize(
    ("plain", "turned"),
    [("She was kind", "She was not kind"), ("I felt scared", "I never felt scared"), ("it helped", "it didn’t help")],
)
def test_a_not_turns_the_score_round(plain: str, turned: str) -> None:
    assert _read(plain).score * _read(turned).score < 0


def test_the_words_after_but_weigh_more() -> None:
    assert _read("good but bad").score < 0 < _read("bad but good").score


def test_the_question_leans_where_the_words_say_nothing() -> None:
    assert _read("the one with the dragon", "liked_best").polarity == "positive"
    assert _read("the one with the dragon", "What did you like best?").polarity == "positive"
    assert _read("the one with the dragon", "change").polarity == "neutral"


def test_a_long_answer_to_what_should_change_tells_a_fault() -> None:
    told = "Got the papers at ten past nine for a half nine start"
    assert _read(told, "change").polarity == "negative"
    assert _read(told).polarity == "neutral"
    assert _read("Nothing I would change, it was great", "change").polarity == "positive"


def test_nothing_is_no_praise() -> None:
    assert _read("nothing it was rubbish", "liked_best").polarity == "negative"


def test_the_same_key_asks_other_things_of_children_and_parents() -> None:
    assert _read("the bit with the dragon", "q6").polarity == "positive"
    assert _read("the bit with the dragon", "q6", "parent").polarity == "neutral"


def test_it_says_when_a_comment_is_a_wish() -> None:
    assert _read("I wish we could do more").wish
    assert not _read("We did more").wish


def test_what_is_known_beside_the_words_leans_too() -> None:
    n = normalise("he came in")
    assert read_polarity(n, respondent="child", leaning=-1.0).polarity == "negative"
    assert read_polarity(n, respondent="child", leaning=1.0).polarity == "positive"


def test_each_clause_keeps_its_own_feeling() -> None:
    text = "She was lovely. The room was horrible."
    reading = _read(text)
    assert reading.around([(0, 3)]) == ("positive", False)
    assert reading.around([(text.index("room"), text.index("room") + 4)]) == ("negative", False)


def test_it_shows_the_words_that_decided_as_they_were_written() -> None:
    text = "SHE WAS lovley"
    evidence = _read(text).evidence[0]
    assert text[evidence.start : evidence.end] == evidence.words == "lovley"
    assert evidence.rule.startswith("polarity.word+")


@pytest.mark.parametrize(
    "changed",
    ["She didnt listen to me", "She didn’t listen to me", "SHE DIDN'T LISTEN TO ME", "She didn't lisen to me"],
)
def test_spelling_case_and_apostrophes_do_not_change_the_answer(changed: str) -> None:
    assert _read(changed).polarity == _read("She didn't listen to me").polarity == "negative"


def test_importing_the_room_does_not_load_textblob() -> None:
    code = "import sys; import hscb_voice.language.analyse; sys.exit('textblob' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603  (our own words)
