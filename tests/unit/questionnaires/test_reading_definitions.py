"""A council officer who makes a mistake in a definition file is told the file, the line and the key."""

import shutil
from pathlib import Path

import pytest

from hscb_voice.questionnaires.errors import DefinitionError
from hscb_voice.questionnaires.reading import DEFINITIONS, all_definitions, read_definition, read_folder, read_shared

HEAD = """\
slug: visit
title: Your visit
short_title: Visits
respondent: child
about: A visit
look: child
opening:
  - We came to see you.
variants:
  - {key: young, label: I am 8, look: young_child}
  - {key: old, label: I am 9, look: child}
"""  # eleven lines: the questions start on line 12
CLOSED = """\
  - key: how
    kind: one_of
    source: ours
    text: How was it?
    scale: yes_bit_no
"""


def _read(folder: Path, body: str, head: str = HEAD) -> None:
    file = folder / "visit.yaml"
    file.write_text(head + body, encoding="utf-8")
    read_definition(file, read_shared())


def _trouble(folder: Path, body: str, head: str = HEAD) -> str:
    with pytest.raises(DefinitionError) as caught:
        _read(folder, body, head)
    return str(caught.value)


def test_the_small_questionnaire_of_these_tests_is_right_by_itself(tmp_path: Path) -> None:
    _read(tmp_path, "questions:\n" + CLOSED)


def test_it_refuses_an_unknown_key_and_says_where(tmp_path: Path) -> None:
    body = "questions:\n" + CLOSED + "    colour: red\n"
    assert _trouble(tmp_path, body) == (
        "visit.yaml, line 18, key “questions.0.colour”: Extra inputs are not permitted."
    )


def test_it_refuses_an_unknown_key_of_the_questionnaire(tmp_path: Path) -> None:
    assert _trouble(tmp_path, "questions:\n" + CLOSED + "theme: blue\n").startswith("visit.yaml, line 18, key “theme”:")


def test_it_refuses_a_questionnaire_without_questions(tmp_path: Path) -> None:
    assert _trouble(tmp_path, "").startswith("visit.yaml, line 1, key “questions”: Field required")
    assert _trouble(tmp_path, "questions: []\n").startswith("visit.yaml, line 12, key “questions”:")
    assert _trouble(tmp_path, "questions: 3\n").startswith("visit.yaml, line 12, key “questions”:")


def test_it_refuses_an_unknown_kind(tmp_path: Path) -> None:
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED.replace("one_of", "slider"))
    assert trouble.startswith("visit.yaml, line 14, key “questions.0.kind”:")
    assert "faces_set" in trouble


def test_it_refuses_a_key_that_could_not_stand_in_a_link(tmp_path: Path) -> None:
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED.replace("key: how", "key: How was it"))
    assert trouble.startswith("visit.yaml, line 13, key “questions.0.key”:")


def test_it_refuses_a_key_that_stands_twice_in_one_place(tmp_path: Path) -> None:
    body = "questions:\n" + CLOSED + "    text: Again?\n"
    assert _trouble(tmp_path, body) == "visit.yaml, line 18, key “text”: the key stands twice."


def test_it_refuses_two_questions_of_one_key(tmp_path: Path) -> None:
    assert "the question “how” stands twice" in _trouble(tmp_path, "questions:\n" + CLOSED + CLOSED)


def test_it_refuses_two_options_of_one_key(tmp_path: Path) -> None:
    options = "    options:\n      - {key: a, text: A}\n      - {key: a, text: B}\n"
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED.replace("    scale: yes_bit_no\n", options))
    assert trouble == "visit.yaml, line 13, key “questions.0”: the option “a” stands twice."


def test_it_refuses_two_rows_of_one_key(tmp_path: Path) -> None:
    rows = "    rows:\n      - {key: a, text: A}\n      - {key: a, text: B}\n"
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED.replace("one_of", "grid") + rows)
    assert trouble == "visit.yaml, line 13, key “questions.0”: the row “a” stands twice."


def test_it_refuses_a_yes_that_lost_its_quotes(tmp_path: Path) -> None:
    options = "    options:\n      - {key: yes, text: Yes}\n      - {key: b, text: B}\n"
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED.replace("    scale: yes_bit_no\n", options))
    assert trouble.startswith("visit.yaml, line 18, key “questions.0.options.0.key”: Input should be a valid string")


def test_it_refuses_a_shared_question_that_is_not_there(tmp_path: Path) -> None:
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED + "ends_with: [anything_else, birth_date]\n")
    assert trouble == "visit.yaml, line 18, key “ends_with.1”: there is no shared question “birth_date”."


def test_it_refuses_shared_questions_that_are_not_a_list(tmp_path: Path) -> None:
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED + "ends_with: answered\n")
    assert trouble.startswith("visit.yaml, line 18, key “ends_with”:")


def test_it_refuses_a_shared_scale_that_is_not_there(tmp_path: Path) -> None:
    trouble = _trouble(tmp_path, "questions:\n" + CLOSED.replace("yes_bit_no", "one_to_ten"))
    assert trouble == "visit.yaml, line 17, key “questions.0.scale”: there is no shared scale “one_to_ten”."


def test_it_refuses_a_scale_beside_options(tmp_path: Path) -> None:
    body = "questions:\n" + CLOSED + "    options: [{key: a, text: A}]\n"
    assert "give either a scale or options" in _trouble(tmp_path, body)


@pytest.mark.parametrize(
    ("kind", "rest", "trouble"),
    [
        ("one_of", "", "needs options or a scale"),
        ("some_of", "", "needs options or a scale"),
        ("days_before", "", "needs options or a scale"),
        ("grid", "    scale: five_points\n", "a grid needs rows"),
        ("blanks", "", "say how many blanks"),
        ("faces_set", "    options: [{key: a, text: A}]\n", "needs its face"),
        ("faces_scale", "    scale: yes_bit_no\n", "needs its face"),
    ],
)
def test_it_refuses_a_question_that_lacks_what_its_kind_needs(
    tmp_path: Path, kind: str, rest: str, trouble: str
) -> None:
    body = f"questions:\n  - key: how\n    kind: {kind}\n    source: ours\n    text: How was it?\n{rest}"
    found = _trouble(tmp_path, body)
    assert found.startswith("visit.yaml, line 13, key “questions.0”:")
    assert trouble in found


@pytest.mark.parametrize(
    ("rest", "trouble"),
    [
        ("    ask_if: {question: why, any_of: [a]}\n", "ask_if names no earlier question “why”"),
        ("    ask_if: {question: how, any_of: [perhaps]}\n", "ask_if names no option “perhaps” of how"),
        ("    ask_if: {question: words, any_of: [a]}\n", "ask_if needs a question with answers to choose from"),
        ("    ask_if: {question: only_old, any_of: [a_bit]}\n", "“young” is never asked only_old"),
        ("    options_from: why\n", "options_from names no earlier question “why”"),
        ("    variants: [middle]\n", "there is no variant “middle”"),
        ("    wording: {middle: {text: How}}\n", "there is no variant “middle”"),
        ("    wording: {young: {options: [perhaps]}}\n", "the wording shows an option “perhaps” that is not there"),
    ],
)
def test_it_refuses_a_question_that_points_at_nothing(tmp_path: Path, rest: str, trouble: str) -> None:
    earlier = (
        CLOSED
        + "  - {key: words, kind: short_text, source: ours, text: 'What?'}\n"
        + CLOSED.replace("key: how", "key: only_old\n    variants: [old]")
    )
    assert trouble in _trouble(tmp_path, "questions:\n" + earlier + CLOSED.replace("key: how", "key: next") + rest)


def test_a_condition_may_rest_on_a_yes_or_no_that_lists_no_options(tmp_path: Path) -> None:
    first = "  - {key: came, kind: yes_no, source: ours, text: 'Did we come?'}\n"
    _read(tmp_path, "questions:\n" + first + CLOSED + '    ask_if: {question: came, any_of: ["yes"]}\n')
    assert "names no option “maybe”" in _trouble(
        tmp_path, "questions:\n" + first + CLOSED + "    ask_if: {question: came, any_of: [maybe]}\n"
    )


def test_it_tells_the_line_of_broken_yaml(tmp_path: Path) -> None:
    trouble = _trouble(tmp_path, "questions:\n  - key: how\n   kind: one_of\n")
    assert trouble.startswith("visit.yaml, line 14: the file cannot be read as YAML")


def test_it_refuses_an_empty_file_and_a_list(tmp_path: Path) -> None:
    assert _trouble(tmp_path, "", head="").startswith("visit.yaml, line 1, key “whole file”:")
    assert _trouble(tmp_path, "", head="- a\n").startswith("visit.yaml, line 1, key “whole file”:")


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"nowhere\.yaml"):
        read_definition(tmp_path / "nowhere.yaml", read_shared())


def test_it_says_how_to_save_a_file_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "visit.yaml"
    file.write_bytes((HEAD.replace("We came", "We – came") + "questions:\n" + CLOSED).encode("cp1252"))
    with pytest.raises(DefinitionError, match=r"visit\.yaml: the file is not saved as UTF-8"):
        read_definition(file, read_shared())


def test_it_reads_what_a_windows_editor_saves(tmp_path: Path) -> None:
    file = tmp_path / "visit.yaml"
    file.write_bytes((HEAD + "questions:\n" + CLOSED).replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_definition(file, read_shared()).slug == "visit"


def test_it_refuses_a_copied_file_that_kept_the_old_slug(tmp_path: Path) -> None:
    shutil.copy(DEFINITIONS / "shared.yaml", tmp_path)
    shutil.copy(DEFINITIONS / "my-story.yaml", tmp_path / "my-other-story.yaml")
    with pytest.raises(DefinitionError, match=r"my-other-story\.yaml, line 1, key “slug”: .* “my-story\.yaml”"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("shared", "trouble"),
    [
        ("scales: {}\nquestions: []\nmore: 1\n", r"shared\.yaml, line 3, key “more”"),
        ("scales: {a: [{key: b, text: B}, {key: b, text: C}]}\nquestions: []\n", "the option of a “b” stands twice"),
        (
            "scales: {}\nquestions:\n" + 2 * "  - {key: a, kind: short_text, source: ours, text: A}\n",
            "the question “a” stands twice",
        ),
    ],
)
def test_it_refuses_a_mistake_in_the_shared_file(tmp_path: Path, shared: str, trouble: str) -> None:
    (tmp_path / "shared.yaml").write_text(shared, encoding="utf-8")
    with pytest.raises(DefinitionError, match=trouble):
        read_shared(tmp_path)


def test_a_folder_gives_its_questionnaires_by_slug_and_shared_parts_are_in_place() -> None:
    definitions = all_definitions()
    assert [definition.slug for definition in definitions] == sorted(definition.slug for definition in definitions)
    assert all(question.options for d in definitions for question in d.questions if question.scale)
    assert all(d.questions[-len(d.ends_with) :][0].key == d.ends_with[0] for d in definitions)


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("    easy: false\n", "easy mode leaves out the question that this one depends on"),
        ("    easy: false\n    required: true\n", "a question that must be answered cannot be left out in easy mode"),
    ],
)
def test_easy_mode_may_leave_out_no_question_that_is_needed(tmp_path: Path, left_out: str, says: str) -> None:
    body = (
        f"questions:\n{CLOSED}{left_out}"
        + CLOSED.replace("key: how", "key: why")
        + ('    ask_if: {question: how, any_of: ["no"]}\n')
    )
    assert says in _trouble(tmp_path, body)
