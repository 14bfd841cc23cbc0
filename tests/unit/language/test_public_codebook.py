"""A stranger's list of themes is read however it is written, or refused in one plain line."""

import json
from pathlib import Path

import pytest

from hscb_voice.language.errors import BadCodebookError
from hscb_voice.language.public_codebook import PublicCodebook
from hscb_voice.language.public_files import codebook_from
from hscb_voice.language.public_phrases import readable_phrase
from hscb_voice.language.reading import Comment, read_comment


def book(tmp_path: Path, name: str, text: str | bytes) -> PublicCodebook:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return codebook_from(file)


def phrases(found: PublicCodebook) -> dict[str, tuple[str, ...]]:
    outside = {own: name for name, own in found.own_ids.items()}
    return {outside[theme.id]: theme.patterns for theme in found.codebook.themes}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("book.json", '["Staff & care", "waiting"]'),
        ("book.json", '{"themes": [{"id": "Staff & care", "label": "Staff"}, {"id": "waiting", "patterns": "Wait*"}]}'),
        ("book.json", '{"Staff & care": "Staff", "waiting": "Waiting"}'),
        ("book.json", '{"codes": {"Staff & care": ["nurse", "doctor"], "waiting": {"Description": "Queues"}}}'),
        ("book.yaml", "- Staff & care\n- id: waiting\n  patterns: [wait*, queue(s)]\n"),
        ("book.yaml", "- Staff & care: how people were treated\n- waiting: [wait*]\n"),
        ("book.csv", "\ufeffID,Label,Patterns\r\nStaff & care,Staff,\r\nwaiting,Waiting,wait*|long queue\r\n"),
        ("book.csv", "ID,Label\n,,,\nStaff & care,Staff\n,\nwaiting,Waiting\n,,,\n"),
        ("book.csv", "code;Description;Keywords\nStaff & care;Staff;nurse, doctor\nwaiting;Waiting;wait*\n"),
        ("book.csv", "CATEGORY\tdefinition\nStaff & care\tStaff\nwaiting\tWaiting\n"),
        ("book.tsv", "Name\tExamples\nStaff & care\tkind nurse\nwaiting\tlong wait\n"),
        ("book.csv", "sep=;\nlabel;description\nStaff & care;Staff\nwaiting;Waiting\n"),
        ("book.csv", "Staff & care\nwaiting\n"),
        ("book.jsonl", '{"id": "Staff & care"}\n\n"waiting"\n'),
        ("book.txt", "\n# our themes\nStaff & care\n  waiting  \n"),
        ("book", "Staff & care\nwaiting\n"),
        ("book.md", "# Themes\n\n---\n- Staff & care\n- waiting\n"),
        ("book.md", "* **Staff & care**: how people were treated\n* waiting\n"),
        ("book.txt", "1. Staff & care\n2) waiting: queues\n"),
        ("book.txt", "\u2022 Staff & care: kind or not\n\u2022 waiting\n"),
        ("book.csv", "id;label\r\nStaff & care;Caf\u00e9\r\nwaiting;W\r\n".encode("cp1252")),
        ("book.csv", "id\tlabel\r\nStaff & care\tStaff\r\nwaiting\tW\r\n".encode("utf-16")),
    ],
)
def test_any_list_of_themes_is_read(tmp_path: Path, name: str, text: str | bytes) -> None:
    found = book(tmp_path, name, text)
    assert found.own_ids == {"Staff & care": "theme_no_1", "waiting": "waiting"}
    assert found.warnings == ()


def test_what_columns_are_called_is_known_in_any_case(tmp_path: Path) -> None:
    found = book(tmp_path, "b.csv", "Code,Label,DESCRIPTION,Key words\nw1,Waiting,Long queues,queue|delay\n")
    theme = found.codebook.themes[0]
    assert (theme.name, theme.definition, theme.patterns) == ("Waiting", "Long queues", ("queue", "delay"))
    assert found.own_id("WAITING") == found.own_id("W1") == found.own_ids["w1"]


def test_in_plain_text_what_stands_behind_a_colon_is_the_definition(tmp_path: Path) -> None:
    found = book(tmp_path, "b.md", "- School: lessons and friends\n- 24: 7 help\n- 10 minutes late\n- 9:30 start\n")
    assert list(found.own_ids) == ["School", "24", "10 minutes late", "9:30 start"]
    assert found.codebook.themes[0].definition == "lessons and friends"


def test_lines_that_begin_alike_are_names_as_they_stand(tmp_path: Path) -> None:
    found = book(tmp_path, "b.txt", "Worker: kind\nWorker: late\nHome: safe\n")
    assert list(found.own_ids) == ["Worker: kind", "Worker: late", "Home: safe"]


def test_short_examples_stand_as_phrases_and_sentences_do_not(tmp_path: Path) -> None:
    found = book(tmp_path, "b.json", '[{"id": "w1", "examples": ["long wait", "I waited, then left.", "a b c d"]}]')
    assert phrases(found) == {"w1": ("long wait",)}


def test_values_of_yaml_are_texts_as_they_are_written(tmp_path: Path) -> None:
    found = book(tmp_path, "b.yaml", "- id: no\n- id: yes\n- id: 007\n- id: 2026-11-22\n- id: 1e3\n")
    assert list(found.own_ids) == ["no", "yes", "007", "2026-11-22", "1e3"]


def test_numbers_of_json_are_names_of_themes(tmp_path: Path) -> None:
    assert list(book(tmp_path, "b.json", "[1, 2.50]").own_ids) == ["1", "2.50"]


def test_a_strangers_theme_with_the_id_of_ours_is_not_taken_for_ours(tmp_path: Path) -> None:
    found = book(tmp_path, "book.json", '["home", "polarity", "concern", "theme_no_1"]')
    assert sorted(found.own_ids.values()) == [f"theme_no_{n}" for n in (1, 2, 3, 4)]


def test_the_same_themes_in_another_order_have_the_same_ids_and_hash(tmp_path: Path) -> None:
    one = book(tmp_path, "a.json", '[{"id": "A 1", "patterns": "x"}, "B 2", "home"]')
    two = book(tmp_path, "b.csv", "id,patterns\nhome,\nB 2,\nA 1,x\n")
    assert one.own_ids == two.own_ids
    assert one.digest() == two.digest()
    assert one.digest() != book(tmp_path, "c.csv", "id,patterns\nhome,\nB 2,\nA 1,y\n").digest()


def test_a_codebook_of_ours_keeps_its_ids(tmp_path: Path) -> None:
    text = "version: 2\nname: Ours\nthemes:\n- {id: staff, name: Staff, definition: Staff, hints: [nurse]}\n"
    found = book(tmp_path, "book.yaml", text)
    assert found.codebook.version == 2
    assert found.own_ids == {"staff": "staff"}
    assert found.own_id("Staff") == "staff"


def test_what_only_looks_like_ours_is_read_as_theirs_and_it_is_said_so(tmp_path: Path) -> None:
    text = '{"version": "2.1", "name": "Hospital", "themes": [{"id": "polarity", "label": "Views"}]}'
    found = book(tmp_path, "book.json", text)
    assert found.own_ids == {"polarity": "theme_no_1"}
    assert "somebody else" in found.warnings[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("don’t wait", "don't wait"),
        ("dont wait", "don't wait"),
        ("A&E", "a and? e"),
        ("e-mail.", "e-mail/email"),
        ("“staff & care”!", "staff and? care"),
        ("Waiting times:", "waiting times"),
        ("how long?", "how long"),
        ("(urgent)", "urgent"),
        ("queue(s)", "queue(s)"),
        ("wait* ~ long", "wait* ~ long"),
        ("mum/dad", "mum/dad"),
        ("~ x", "x"),
        ("mum / dad", "mum/dad"),
        ("24/7", "24+7"),
        ("C.A.M.H.S.", "camhs"),
        (":)", ":happy:"),
    ],
)
def test_phrases_are_read_as_strangers_write_them(written: str, read: str) -> None:
    assert readable_phrase(written) == read


@pytest.mark.parametrize(
    "written", ["*ing", r"\bwait(ed|ing)?\b", "wait(ed", "~", "&", "a@b.org", "a*", "a ~ b ~ c ~ d ~ e"]
)
def test_a_phrase_that_no_comment_could_meet_is_none(written: str) -> None:
    assert readable_phrase(written) is None


def test_ordinary_phrases_find_what_they_mean(tmp_path: Path) -> None:
    rows = [
        {"id": "x1", "patterns": ["don’t wait"]},
        {"id": "x2", "patterns": "A&E"},
        {"id": "x3", "keywords": "e-mail."},
    ]
    found = book(tmp_path, "b.json", json.dumps(rows)).codebook
    for text, theme in (
        ("I don't wait here", "x1"),
        ("i dont wait", "x1"),
        ("in A&E again", "x2"),
        ("in A and E", "x2"),
        ("by email", "x3"),
        ("by E-mail", "x3"),
    ):
        assert [one.id for one in read_comment(Comment("", text, "parent"), found).themes] == [theme], text


def test_a_phrase_that_cannot_be_read_is_left_out_and_named_with_its_theme(tmp_path: Path) -> None:
    found = book(tmp_path, "b.json", '[{"id": "Waiting", "patterns": ["queue", "*ing"]}]')
    assert phrases(found) == {"Waiting": ("queue",)}
    assert found.warnings == ("theme Waiting: the phrase “*ing” cannot be read and is left out",)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("book.json", "[", "not JSON"),
        ("book.jsonl", '"a1"\n{', "line 2 of the codebook is not JSON"),
        ("book.yaml", "a: [", "not YAML"),
        ("book.yaml", "a: b\n c: d\n", "not YAML.* in line 2"),
        ("book.json", "3", "a list of themes"),
        ("book.json", "[]", "from 1 to 200"),
        ("book.txt", "\n", "from 1 to 200"),
        ("book.json", "[" * 100_000, "nested too deeply|not JSON"),
        ("book.yaml", "[" * 5_000, "nested too deeply|not YAML"),
        ("book.json", '["a1", "a1"]', "theme 2 .* id of another"),
        ("book.json", '[{"definition": "x"}]', "theme 1 .* no id"),
        ("book.json", "[true]", "theme 1 .* must be text, not true or false"),
        ("book.json", '[["w"]]', "theme 1 .* must be text, not a list"),
        ("book.yaml", "- - w\n", "theme 1 .* must be text, not a list"),
        ("book.json", '[{"id": {"a": "b"}}]', "theme 1 .*: id must be text, not an object"),
        ("book.json", '[{"id": "ab", "patterns": {"a": "b"}}]', "theme 1 .*ab: patterns must be text or a list"),
        ("book.json", '[{"id": "ab", "patterns": [["a"]]}]', "theme 1 .*ab: what stands in patterns must be text"),
        ("book.json", '["a\\ud800"]', "a sign that cannot be shown"),
        ("book.csv", "colour,size\nx,y\n", "name its columns"),
        ("book.csv", 'id\n"' + "x" * 200_000 + '"\n', "no table"),
        ("book.csv", b"\x1f\x8b\x00\x00", "not UTF-8"),
        ("book.yaml", "x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_it_refuses_a_codebook_that_cannot_be_read_in_one_plain_line(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    with pytest.raises(BadCodebookError, match=said) as caught:
        book(tmp_path, name, text)
    assert "\n" not in str(caught.value)


def test_a_number_of_any_length_may_stand_in_a_codebook(tmp_path: Path) -> None:
    found = book(tmp_path, "b.json", '[{"id": "ab", "patterns": 999, "size": ' + "9" * 5_000 + "}]")
    assert phrases(found) == {"ab": ("999",)}
    assert phrases(book(tmp_path, "b.yaml", "- {id: ab, patterns: 999}")) == {"ab": ("999",)}
