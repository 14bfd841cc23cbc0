"""What strangers label is taken where its meaning is plain; what is wrong is named by its line."""

import json
from typing import Any

import pytest

from hscb_voice.language.errors import BadLessonError
from hscb_voice.language.learning_data import Lesson, lessons_from
from hscb_voice.language.public_codebook import PublicCodebook, book_of

GOOD = {"id": "1", "text": "they were late", "themes": ["Staff & care"]}
BOOK = book_of([{"id": "Staff & care"}, {"id": "w1", "label": "Waiting times"}])


def read(*rows: dict[str, Any], book: PublicCodebook = BOOK) -> list[Lesson]:
    return list(lessons_from([json.dumps(row).encode() for row in rows], book))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 3: it is not JSON"),
        (b"\xff", "line 3: it is not UTF-8"),
        (b"[]", "line 3: a line must hold"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "line 3: it holds a number of too many digits"),
        (
            json.dumps(GOOD | {"id": "2", "themes": ["strange"]}).encode(),
            "line 3: .* no theme strange; it has Staff & c",
        ),
        (json.dumps(GOOD | {"id": "2", "themes": "strange"}).encode(), "line 3: themes must be a list"),
        (json.dumps(GOOD | {"id": "2", "themes": [None]}).encode(), "line 3: themes must be a list"),
        (json.dumps(GOOD | {"id": "2", "polarity": "sad"}).encode(), "line 3: polarity must be"),
        (json.dumps(GOOD | {"id": "2", "polarity": ["positive"]}).encode(), "line 3: polarity must be"),
        (json.dumps(GOOD | {"id": "2", "text": 4}).encode(), "line 3: text must be text"),
        (json.dumps(GOOD | {"id": "2", "text": "x" * 20_001}).encode(), "line 3: text is longer than 20,000"),
        (json.dumps(GOOD | {"id": "2", "respondent": 4}).encode(), "line 3: respondent must be text"),
        (json.dumps(GOOD | {"id": 2.5}).encode(), "line 3: id must be text or a whole number"),
        (b'{"id": "2", "themes": []}', "line 3: text must be text"),
        (json.dumps(GOOD).encode(), "line 3: its id 1 stands in line 1"),
        (json.dumps(GOOD | {"id": 1}).encode(), "line 3: its id 1 stands in line 1"),
    ],
)
def test_a_bad_line_is_named_by_its_number(line: bytes, said: str) -> None:
    with pytest.raises(BadLessonError, match=said) as caught:
        list(lessons_from([json.dumps(GOOD).encode(), b"\n", line], BOOK))
    assert "they were late" not in str(caught.value)


@pytest.mark.parametrize(
    "themes", [["Staff & care"], ["staff &  CARE"], "Staff & care", ["w1"], ["Waiting Times"], ["W1", "waiting times"]]
)
def test_themes_are_known_by_id_or_name_in_any_case(themes: object) -> None:
    (lesson,) = read(GOOD | {"themes": themes})
    assert len(lesson.themes) == 1


@pytest.mark.parametrize("row", [{"themes": None}, {"themes": []}, {}])
def test_a_comment_without_themes_has_none(row: dict[str, Any]) -> None:
    (lesson,) = read({"id": 1, "text": "late"} | row)
    assert lesson.themes == frozenset()


@pytest.mark.parametrize(("given", "said"), [("POSITIVE", "positive"), (" Mixed ", "mixed"), ("", None), (None, None)])
def test_polarity_is_read_in_any_case(given: str | None, said: str | None) -> None:
    assert read(GOOD | {"polarity": given})[0].polarity == said


@pytest.mark.parametrize(
    ("who", "nearest"), [("carer", "parent"), ("CHILD", "child"), ("visitor from Mars", "parent"), (None, "parent")]
)
def test_whoever_wrote_is_the_nearest_of_the_three(who: str | None, nearest: str) -> None:
    assert read(GOOD | {"respondent": who})[0].comment.respondent == nearest


def test_a_comment_without_an_id_is_called_by_its_line_and_a_number_is_an_id() -> None:
    lessons = read({"text": "late"}, {"text": "late", "id": None}, {"text": "late", "id": 7})
    assert [lesson.comment.id for lesson in lessons] == ["line 1", "line 2", "7"]


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_line_without_words_is_passed_over_and_counted(text: str | None) -> None:
    numbers: list[int] = []
    lines = [json.dumps(row).encode() for row in (GOOD, GOOD | {"id": "2", "text": text})]
    assert len(list(lessons_from(lines, BOOK, wordless=numbers.append))) == 1
    assert numbers == [2]


def test_bad_lines_can_be_left_out_and_are_told() -> None:
    told: list[str] = []
    rows = (GOOD, GOOD, GOOD | {"id": "2", "themes": ["strange"]}, GOOD | {"id": "3"})
    lessons = list(lessons_from([json.dumps(row).encode() for row in rows], BOOK, left_out=told.append))
    assert [lesson.comment.id for lesson in lessons] == ["1", "3"]
    assert [line.partition(":")[0] for line in told] == ["line 2", "line 3"]
