"""What strangers give us: any list of themes is read, and what is wrong is named by its line."""

import json
from pathlib import Path

import pytest

from hscb_voice.language.errors import BadCodebookError, BadLessonError
from hscb_voice.language.learning_data import codebook_from, lessons_from

GOOD = {"id": "1", "text": "they were late", "themes": ["Staff & care"]}


def book(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("book.json", '["Staff & care", "waiting"]'),
        ("book.json", '{"themes": [{"id": "Staff & care", "label": "Staff"}, {"id": "waiting", "patterns": "Wait*"}]}'),
        ("book.json", '{"Staff & care": "Staff", "waiting": "Waiting"}'),
        ("book.yaml", "- Staff & care\n- id: waiting\n  patterns: [wait*, queue(s)]\n"),
        ("book.csv", "\ufeffID,Label,Patterns\r\nStaff & care,Staff,\r\nwaiting,Waiting,wait*|long queue\r\n"),
    ],
)
def test_any_list_of_themes_is_read(tmp_path: Path, name: str, text: str) -> None:
    found = codebook_from(book(tmp_path, name, text))
    assert found.own_ids == {"Staff & care": "theme_no_1", "waiting": "waiting"}


def test_a_strangers_theme_with_the_id_of_ours_is_not_taken_for_ours(tmp_path: Path) -> None:
    assert codebook_from(book(tmp_path, "book.json", '["home"]')).own_ids == {"home": "theme_no_1"}


def test_a_codebook_of_ours_keeps_its_ids(tmp_path: Path) -> None:
    text = "version: 2\nname: Ours\nthemes:\n- {id: staff, name: Staff, definition: Staff, hints: [nurse]}\n"
    found = codebook_from(book(tmp_path, "book.yaml", text))
    assert found.codebook.version == 2
    assert found.own_ids == {"staff": "staff"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("book.json", "[", "not JSON"),
        ("book.yaml", "a: [", "not YAML"),
        ("book.json", "3", "a list of themes"),
        ("book.json", "[]", "from 1 to 200"),
        ("book.json", '["a1", "a1"]', "theme 2 .* id of another"),
        ("book.json", '[{"label": "x"}]', "theme 1 .* no id"),
        ("book.json", '["theme_no_2", "B"]', "cannot be told apart"),
        ("book.json", '[{"id": "ab", "patterns": "~ x"}]', "theme 1 .* phrase"),
        ("book.csv", "name\nx\n", "name its columns"),
    ],
)
def test_it_refuses_a_codebook_that_cannot_be_read(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(BadCodebookError, match=said):
        codebook_from(book(tmp_path, name, text))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 3: it is not JSON"),
        (b"\xff", "line 3: it is not UTF-8"),
        (b"[]", "line 3: a line must hold"),
        (json.dumps(GOOD | {"id": "2", "themes": ["strange"]}).encode(), "line 3: the codebook has no theme strange"),
        (json.dumps(GOOD | {"id": "2", "themes": "waiting"}).encode(), "line 3: themes must be a list"),
        (json.dumps(GOOD | {"id": "2", "polarity": "sad"}).encode(), "line 3: polarity must be"),
        (json.dumps(GOOD | {"id": "2", "text": 4}).encode(), "line 3: text must be text"),
        (json.dumps(GOOD).encode(), "line 3: its id stands in line 1"),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: bytes, said: str) -> None:
    known = codebook_from(book(tmp_path, "book.json", '["Staff & care"]'))
    with pytest.raises(BadLessonError, match=said) as caught:
        list(lessons_from([json.dumps(GOOD).encode(), b"\n", line], known))
    assert "they were late" not in str(caught.value)
