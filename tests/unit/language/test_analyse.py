"""One comment read whole, and the JSON-lines contract."""

import json
import time

import pytest

from hscb_voice.language.analyse import LONGEST_TEXT, Reader, analyse_by, analyse_line, comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.errors import BadCommentError
from hscb_voice.language.reading import Comment, Reading, read_comment, rule_reading

GOOD = {"id": "a1", "text": "Sarah was kind but never on time", "respondent": "child"}


def _line(**changes: object) -> str:
    return json.dumps(GOOD | changes)


def test_a_line_comes_back_in_the_form_of_the_contract() -> None:
    out = analyse_line(_line(question="q2a", known_names=["Sarah"]))
    assert list(out) == ["id", "polarity", "wish", "themes", "redactions", "redacted", "concern"]
    assert out["id"] == "a1"
    assert out["polarity"] in {"positive", "negative", "mixed", "neutral"}
    assert all(set(theme) == {"id", "start", "end", "polarity", "wish", "confidence"} for theme in out["themes"])
    assert all(set(span) == {"start", "end", "kind"} for span in out["redactions"])
    assert set(out["concern"]) == {"flag", "reasons"}
    assert json.loads(json.dumps(out)) == out


def test_offsets_are_those_of_the_given_text() -> None:
    text = "Sooo nise of Sarah 😀 to lissen"
    out = analyse_line(_line(text=text, known_names=["Sarah"]))
    assert "Sarah" in {text[span["start"] : span["end"]] for span in out["redactions"]}
    assert "Sarah" not in out["redacted"]
    assert {text[theme["start"] : theme["end"]] for theme in out["themes"]} & {"nise", "lissen", "Sarah"}


def test_a_name_is_no_praise_and_no_blame() -> None:
    book = default_codebook()
    joy = read_comment(Comment("1", "Joy was late and never said sorry", "child", known_names=("Joy",)), book)
    assert joy.polarity.polarity == "negative"
    assert "Joy" not in {evidence.words for evidence in joy.polarity.evidence}


def test_another_name_gives_the_same_answer() -> None:
    first = analyse_line(_line(text="Sarah listened to me", known_names=["Sarah"]))
    second = analyse_line(_line(text="Agnieszka listened to me", known_names=["Agnieszka"]))
    assert first["polarity"] == second["polarity"]
    assert [theme["id"] for theme in first["themes"]] == [theme["id"] for theme in second["themes"]]


def test_a_concern_makes_plain_words_bad_news() -> None:
    comment = Comment("1", "he punches me at night", "child")
    assert rule_reading(comment, default_codebook()).reading.polarity.polarity == "negative"
    reading = read_comment(comment, default_codebook())
    assert reading.concern.flag
    assert reading.polarity.polarity != "positive"


@pytest.mark.parametrize(
    ("line", "comment_id"),
    [
        ("", None),
        ("not json", None),
        ("[1, 2]", None),
        ("[" * 100_000, None),
        ('{"text": "x", "respondent": "child"}', None),
        (json.dumps({"id": 7.5, "text": "x", "respondent": "child"}), None),
        (json.dumps({"id": True, "text": "x", "respondent": "child"}), None),
        ('{"id": ' + "9" * 5_000 + ', "text": "x"}', None),
        (_line(text=None), "a1"),
        (_line(respondent=3), "a1"),
        (_line(question=3), "a1"),
        (_line(known_names="Sarah"), "a1"),
        (_line(known_names=[1]), "a1"),
        (_line(language=4), "a1"),
        (_line(text="x" * (LONGEST_TEXT + 1)), "a1"),
    ],
)
def test_a_bad_line_gives_its_id_and_an_error(line: str, comment_id: str | None) -> None:
    out = analyse_line(line)
    assert set(out) == {"id", "error"}
    assert out["id"] == comment_id


def test_an_error_never_repeats_the_text() -> None:
    with pytest.raises(BadCommentError) as caught:
        comment_from({"id": "1", "text": "my secret", "respondent": "dog"})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["", " ", "\n", "😀", "?!", "\u200b", "İ" * 50])
def test_it_reads_comments_that_hardly_hold_a_word(text: str) -> None:
    assert "error" not in analyse_line(_line(text=text))


@pytest.mark.parametrize("piece", ["a", "no ", "not not ", "she was kind, ", "don't ", "'", ":) ", "but ", "i wish "])
def test_the_longest_text_is_read_in_little_time(piece: str) -> None:
    line = _line(text=(piece * LONGEST_TEXT)[:LONGEST_TEXT])
    analyse_line(_line())
    began = time.process_time()
    assert "error" not in analyse_line(line)
    assert time.process_time() - began < 5


def test_the_same_comment_is_read_the_same_way_each_time() -> None:
    assert analyse_line(_line()) == analyse_line(_line())


def test_a_fault_in_one_comment_is_told_without_its_words_and_ends_nothing() -> None:
    def read(_: Comment) -> Reading:
        message = "he hurt me"
        raise IndexError(message)

    line = json.dumps({"id": "7", "text": "he hurt me", "respondent": "child"})
    answer, reading = analyse_by(line, Reader(read, default_codebook()))
    assert (answer["id"], reading) == ("7", None)
    assert "IndexError" in answer["error"]
    assert "hurt" not in answer["error"]


def test_a_whole_number_is_an_id_and_comes_back_as_it_was_given() -> None:
    assert analyse_line(_line(id=13))["id"] == 13
    assert analyse_line(_line(id=13, text=None)) == {"id": 13, "error": "text must be text"}


@pytest.mark.parametrize(
    ("called", "nearest"),
    [
        ("Young person", "child"),
        ("pupils", "child"),
        ("Foster carer", "parent"),
        ("class Teacher", "professional"),
        ("Parent of child", "parent"),
        ("mother of a boy", "parent"),
        ("carer of kids", "parent"),
        ("Foster carer for a pupil", "parent"),
        ("Mum to two children", "parent"),
        ("Teacher of young people", "professional"),
        ("Member of staff at school", "professional"),
        ("Child in care", "child"),
        ("Voice of the child", "child"),
        ("interview with a parent", "parent"),
    ],
)
def test_whoever_wrote_is_read_as_the_nearest_of_the_three(called: str, nearest: str) -> None:
    text = "Help"
    assert analyse_line(_line(text=text, respondent=called)) == analyse_line(_line(text=text, respondent=nearest))


@pytest.mark.parametrize("unknown", [{"respondent": "dog"}, {"respondent": None}, {"respondent": ""}])
def test_where_nobody_said_who_wrote_a_childs_worry_is_found_too(unknown: dict[str, object]) -> None:
    assert not analyse_line(_line(text="Help", respondent="parent"))["concern"]["flag"]
    assert analyse_line(_line(text="Help") if not unknown else _line(text="Help", **unknown))["concern"]["flag"]


def test_where_nobody_said_who_wrote_a_grown_ups_worry_is_found_as_well() -> None:
    text = "He hit me last night and I hide in my room"
    of = {who: analyse_line(_line(text=text, respondent=who))["concern"]["reasons"] for who in ("child", "parent", "x")}
    assert set(of["x"]) == set(of["child"]) | set(of["parent"])
    assert of["x"]


def test_a_wish_is_said_of_the_comment_and_of_its_themes() -> None:
    out = analyse_line(_line(text="I would like more visits"))
    assert out["wish"]
    assert [theme["wish"] for theme in out["themes"]] == [True]
    for text in ("The visits were late", "they let me have a shelf", "I wish he would stop hitting me"):
        assert not analyse_line(_line(text=text))["wish"], text
    assert analyse_line(_line(text="I really wish you could stay"))["wish"]


def test_how_sure_a_theme_is_stands_with_it() -> None:
    themes = analyse_line(_line(text="My teacher at school was lovely"))["themes"]
    assert themes
    assert all(0 < theme["confidence"] <= 1 for theme in themes)
