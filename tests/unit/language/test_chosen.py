"""Faces and ticks speak where words cannot be read: said as such, with what decided, and never over words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hscb_voice.language.analyse import Reader, analyse_by, analyse_line
from hscb_voice.language.chosen import Chosen, face, raised_by, read_chosen
from hscb_voice.language.codebook import Codebook, Theme, default_codebook
from hscb_voice.language.reading import read_comment
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.questionnaires.reading import all_definitions

BOOK = default_codebook()
POLISH = "Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu"
SCHOOL = {"words": "I get on better at school/college/work", "tone": 1}


def analysed(text: str, **fields: object) -> dict[str, object]:
    return analyse_line(json.dumps({"id": "1", "text": text, "respondent": "child", **fields}))


def polarity_of(*faces: str) -> str | None:
    reading = read_chosen([one for words in faces if (one := face(words))], BOOK)
    return reading.polarity if reading else None


def test_happy_and_scared_together_are_both_and_never_averaged() -> None:
    assert polarity_of("Happy", "Okay") == "positive"
    assert polarity_of("really_sad") == "negative"
    assert polarity_of("Okay") == "neutral"
    assert polarity_of("Really happy", "Scared") == "mixed"


def test_a_tick_is_about_what_our_own_sentence_says() -> None:
    reading = read_chosen([Chosen("I feel less angry", 1), Chosen("I get on better at school/college/work", 1)], BOOK)
    assert reading is not None
    assert {(theme.id, theme.polarity) for theme in reading.themes} >= {
        ("feelings", "positive"),
        ("school", "positive"),
    }
    assert reading.by_ticks == ("I feel less angry", "I get on better at school/college/work")


def test_a_point_on_a_scale_is_about_its_question_and_as_good_as_the_point() -> None:
    reading = read_chosen([Chosen("Time of visits Poor", -1, about="Time of visits")], BOOK)
    assert reading is not None
    assert [(theme.id, theme.polarity) for theme in reading.themes] == [("visits", "negative")]


def test_a_topic_alone_is_neither_good_nor_bad() -> None:
    reading = read_chosen([Chosen("Housing")], BOOK)
    assert reading is not None
    assert reading.polarity is None
    assert [(theme.id, theme.polarity) for theme in reading.themes] == [("home", "neutral")]


def test_nothing_chosen_says_nothing() -> None:
    assert read_chosen([], BOOK) is None


def test_words_in_another_language_get_what_faces_and_ticks_say_and_it_is_said_so() -> None:
    line = analysed(POLISH, language="pl", faces=["sad"], ticks=[SCHOOL])
    assert line["polarity"] == "mixed"
    assert line["read_by_machine"] is False
    assert line["decided_by"] == {"faces": ["sad"], "ticks": [SCHOOL["words"]]}
    themes = line["themes"]
    assert isinstance(themes, list)
    assert {theme["id"] for theme in themes} >= {"feelings", "school"}


def test_a_form_without_words_is_read_by_its_faces() -> None:
    assert analysed("", faces=["happy"])["polarity"] == "positive"
    assert "decided_by" not in analysed("")


def test_words_that_can_be_read_decide_whatever_the_faces_say() -> None:
    assert analysed("she was kind", faces=["really_sad"]) == analysed("she was kind")
    assert analysed("\N{SLIGHTLY SMILING FACE}", faces=["sad"])["polarity"] == "positive"


@pytest.mark.parametrize(
    "bad", [{"faces": ["grin"]}, {"faces": "sad"}, {"ticks": [3]}, {"ticks": [{"words": "x", "tone": 9}]}]
)
def test_it_refuses_faces_and_ticks_that_are_none(bad: dict[str, object]) -> None:
    error = str(analysed("hello", **bad)["error"])
    assert "face" in error or "tick" in error
    assert "hello" not in error


def test_a_page_may_ask_what_faces_say_without_loading_anything_heavy() -> None:
    code = (
        "import sys; from hscb_voice.language.chosen import *; from hscb_voice.language.codebook import *;"
        "read_chosen([Chosen('I feel less angry', 1)], default_codebook());"
        "print(sorted({'textblob', 'sklearn', 'numpy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)  # noqa: S603 - our own interpreter and words
    assert done.stdout.strip() == "[]"


def test_a_scared_face_is_a_worry_whatever_stands_beside_it() -> None:
    for text in ("ok", "", "she was kind", POLISH):
        concern = analysed(text, faces=["happy", "scared"])["concern"]
        assert isinstance(concern, dict)
        assert concern["flag"]
        assert "scared" in concern["reasons"]
    assert analysed("ok", faces=["sad"])["concern"] == {"flag": False, "reasons": []}


@pytest.mark.parametrize(
    "words",
    [
        "I want to talk to someone",
        "Yes, I would like someone to talk to",
        "I’d like an advocate please",
        "Please can I talk to someone, no rush",
        "I don't want to go home I want to talk to someone",
        "I don't like it here please let me talk to someone",
        "I want to speak to someone who is not my worker",
        "I don't know, but I would like to talk to somebody",
        "I don’t know if I want to talk to someone",
        "Yes, I want to talk to someone. Not my mum.",
        "I can't sleep I need someone to talk to",
        "I don't want my dad there but I want to talk to someone",
        "Nobody listens. I never know who to ask. I need an advocate",
        "Would you like to talk to someone? Yes, but not today",
        "Please, do you have time, no rush, I want to talk to someone",
        "Would you like to talk to an advocate? I'm not sure",
    ],
)
def test_who_ticks_that_somebody_is_wanted_is_heard(words: str) -> None:
    assert "talk_to_someone" in raised_by([Chosen(words)])


@pytest.mark.parametrize(
    "words",
    [
        "I can talk to someone",
        "No, I don't want to talk to someone",
        "I feel less scared",
        "I would not like to talk to someone",
        "I do not really want to talk to someone, thank you",
        "I don't think I need an advocate",
        "Please don't make me talk to someone",
        "There is no need for an advocate",
        "Please do not call an advocate",
        "I want no advocate",
        "Would you like to talk to someone? No",
        "Do you want to talk to an advocate: no, thank you",
    ],
)
def test_a_tick_that_asks_for_nobody_raises_nothing(words: str) -> None:
    assert raised_by([Chosen(words)]) == {}


def test_the_same_faces_raise_a_concern_here_and_in_the_questionnaires() -> None:
    options = [
        (question, option)
        for definition in all_definitions()
        for question in definition.questions
        for option in question.options
    ]
    faces = [(option.text, option.raises) for question, option in options if question.kind is Kind.FACES_SET]
    assert faces
    assert all((raises or "") == "".join(raised_by([known])) for text, raises in faces if (known := face(text)))
    asking = [(f"{question.text} {option.text}", option.raises) for question, option in options if option.raises]
    assert {raises for _, raises in asking} == {"scared", "talk", "advocate"}
    assert all(raised_by([Chosen(words)]) for words, raises in asking if raises != "scared")


def test_clear_faces_lean_what_words_leave_undecided_and_are_named() -> None:
    for text in ("ok", "it was on a Tuesday"):
        assert analysed(text)["polarity"] == "neutral"
        leaned = analysed(text, faces=["really_sad"])
        assert leaned["polarity"] == "negative"
        assert leaned["decided_by"] == {"faces": ["really sad"], "ticks": []}
        assert "read_by_machine" not in leaned
    assert analysed("ok", ticks=[SCHOOL])["polarity"] == "positive"


def test_faces_of_both_kinds_lean_nothing() -> None:
    assert analysed("it was on a Tuesday", faces=["happy", "sad"])["polarity"] == "neutral"


def test_faces_and_ticks_answer_in_the_codebook_given_and_the_words_that_decided_are_theirs() -> None:
    theme = Theme(id="learning_at_all", name="Learning", definition="Learning", patterns=("get on better",))
    book = Codebook(version=1, name="Theirs", themes=(theme,))
    line = {"id": "1", "text": "", "respondent": "child", "faces": ["scared"], "ticks": [SCHOOL]}
    answer, reading = analyse_by(json.dumps(line), Reader(lambda comment: read_comment(comment, book), book))
    assert reading is not None
    assert [one["id"] for one in answer["themes"]] == ["learning_at_all"]
    assert [(one.id, one.evidence[0].words) for one in reading.themes] == [("learning_at_all", SCHOOL["words"])]
