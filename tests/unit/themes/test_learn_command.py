"""`learn` and `analyse --codebook --model` on somebody else's themes: out comes a model that reads, or a plain word."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from hscb_voice import __version__
from hscb_voice.language.learned_themes import peoples_model_from
from hscb_voice.language.public_files import codebook_from
from hscb_voice.themes.commands import analyse_command
from hscb_voice.themes.learn_command import learn_command

CORPUS = Path(__file__).parents[2] / "quality" / "corpus"
NAMES = ("At school", "visits")


def rows(author: str, n: int) -> list[dict[str, Any]]:
    """Return comments as a stranger would have them: other names of themes, and nobody says who wrote them."""
    lines = (CORPUS / f"{author}.jsonl").read_text(encoding="utf-8").splitlines()[:n]
    found = []
    for line in lines:
        row = json.loads(line)
        themes = [name for name in NAMES if name.lower().removeprefix("at ") in row["themes"]]
        found.append({"id": row["id"], "text": row["text"], "themes": themes, "polarity": row["polarity"]})
    return found


def analysed(*arguments: object, lines: list[dict[str, Any]]) -> Result:
    given = "".join(json.dumps(line) + "\n" for line in lines)
    return CliRunner().invoke(analyse_command, [str(one) for one in arguments], given)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def files(folder: Path, n: int = 500) -> tuple[Path, Path, Path]:
    book, labelled = folder / "book.csv", folder / "labelled.jsonl"
    book.write_text("id,label\n" + "".join(f"{name},{name}\n" for name in NAMES), encoding="utf-8")
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows("one", n)), encoding="utf-8")
    return book, labelled, folder / "model.gz"


def taught(folder: Path, n: int = 500, *options: str, **more: Any) -> tuple[Path, Path, Result]:
    book, labelled, model = files(folder, n)
    if more:
        given = [row | more for row in rows("one", n)]
        labelled.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(model), *options]
    return book, model, CliRunner().invoke(learn_command, arguments)


def test_it_learns_somebody_elses_themes_and_reads_by_them(tmp_path: Path) -> None:
    book, model, result = taught(tmp_path)
    assert result.exit_code == 0, result.output
    assert "At school: n " in result.output
    assert "patterns alone 0.000" in result.output
    assert "polarity:" in result.output
    lines = "".join(json.dumps(row) + "\n" for row in rows("five", 200)) + "{\n"
    arguments = ["--codebook", str(book), "--model", str(model), "--explain"]
    answers = [json.loads(line) for line in CliRunner().invoke(analyse_command, arguments, lines).stdout.splitlines()]
    assert len(answers) == 201
    assert "not JSON" in answers[-1]["error"]
    found = [{theme["id"] for theme in answer["themes"]} for answer in answers[:-1]]
    assert set().union(*found) <= set(NAMES)
    right = sum(
        "At school" in row["themes"] and "At school" in said for row, said in zip(rows("five", 200), found, strict=True)
    )
    so = sum("At school" in row["themes"] for row in rows("five", 200))
    assert right > so * 0.3
    assert all(set(answer["why"]["themes"]) <= set(NAMES) for answer in answers[:-1])


def test_a_model_of_another_codebook_is_refused(tmp_path: Path) -> None:
    _, model, _ = taught(tmp_path, 200)
    other = tmp_path / "other.json"
    other.write_text('["visits"]', encoding="utf-8")
    result = CliRunner().invoke(analyse_command, ["--codebook", str(other), "--model", str(model)], "")
    assert result.exit_code == 1
    assert "learned for another codebook" in result.output


def test_a_damaged_model_is_refused_in_plain_words(tmp_path: Path) -> None:
    book, model, _ = taught(tmp_path, 200)
    model.write_bytes(model.read_bytes()[:-40])
    result = CliRunner().invoke(analyse_command, ["--codebook", str(book), "--model", str(model)], "")
    assert result.exit_code == 1
    assert "damaged" in result.output


def test_a_bad_line_is_named_and_the_model_that_stood_there_stays(tmp_path: Path) -> None:
    book, labelled, model = files(tmp_path, 20)
    model.write_bytes(b"as it was")
    labelled.write_text(labelled.read_text(encoding="utf-8") + '{"id": "x"}\n', encoding="utf-8")
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(model)]
    result = CliRunner().invoke(learn_command, arguments)
    assert result.exit_code == 1
    assert "line 21: text must be text" in result.output
    assert model.read_bytes() == b"as it was"


def test_without_a_single_comment_it_says_so(tmp_path: Path) -> None:
    result = taught(tmp_path, 0)[2]
    assert result.exit_code == 1
    assert "There are no labelled comments" in result.output


def test_too_few_comments_make_a_model_that_says_nothing(tmp_path: Path) -> None:
    book, model, result = taught(tmp_path, 10)
    assert result.exit_code == 0, result.output
    assert "too few to learn from" in result.output
    line = json.dumps({"id": "1", "text": "they visit late"}) + "\n"
    answer = CliRunner().invoke(analyse_command, ["--codebook", str(book), "--model", str(model)], line)
    assert json.loads(answer.stdout)["themes"] == []


def test_bad_lines_are_left_out_when_asked_for_and_counted_on_standard_error(tmp_path: Path) -> None:
    book, labelled, model = files(tmp_path, 20)
    bad = ['{"id": "x"}', '{"id": "y", "text": "late", "themes": ["strange"]}', "{", '{"id": "z", "text": null}']
    labelled.write_text(labelled.read_text(encoding="utf-8") + "\n".join(bad), encoding="utf-8")
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(model), "--skip-bad"]
    result = CliRunner().invoke(learn_command, arguments)
    assert result.exit_code == 0, result.output
    assert "Left out: line 22: the codebook has no theme strange; it has At school, visits." in result.stderr
    assert "3 lines that are wrong were left out." in result.stderr
    assert "1 lines without words were passed over" in result.stderr
    assert "20 comments." in result.stdout


def test_it_warns_when_no_comment_has_a_theme(tmp_path: Path) -> None:
    result = taught(tmp_path, 20, themes=None, polarity=None)[2]
    assert result.exit_code == 0, result.output
    assert "no comment has a theme" in result.stderr


def test_the_model_names_its_codebook_and_the_program_and_warns_of_other_phrases(tmp_path: Path) -> None:
    book, model, _ = taught(tmp_path, 200)
    people = peoples_model_from(model.read_bytes())
    assert people.codebook == codebook_from(book).digest()
    assert people.program == __version__
    assert "Warning" not in analysed("--codebook", book, "--model", model, lines=[]).stderr
    book.write_text("id,patterns\nAt school,teacher\nvisits,\n", encoding="utf-8")
    result = analysed("--codebook", book, "--model", model, lines=[])
    assert result.exit_code == 0
    assert "other phrases than the one that the model learned by" in result.stderr


def test_the_same_input_makes_the_same_file_byte_for_byte(tmp_path: Path) -> None:
    first = taught(tmp_path, 100)[1].read_bytes()
    assert taught(tmp_path, 100)[1].read_bytes() == first


def test_a_model_is_silent_in_a_language_in_which_it_did_not_learn(tmp_path: Path) -> None:
    book, model, _ = taught(tmp_path)
    polish = {"id": 1, "text": "Nie lubię kiedy pani przychodzi do szkoły bo jest mi bardzo smutno w domu"}
    (answer,) = answers(analysed("--codebook", book, "--model", model, lines=[polish]))
    assert (answer["themes"], answer["read_by_machine"]) == ([], False)


def test_a_model_that_learned_in_a_language_speaks_in_it(tmp_path: Path) -> None:
    book, labelled, model = tmp_path / "b.txt", tmp_path / "l.jsonl", tmp_path / "m.gz"
    book.write_text("szkoła\nwizyty\n", encoding="utf-8")
    start = ("Bardzo lubię", "Nie lubię", "Jest mi smutno bo", "Cieszę się że", "Myślę że", "Wiem że")
    ends = {"szkoła": ("nauczyciel w szkole krzyczy", "szkoła jest daleko"), "wizyty": ("pani się spóźnia", "pani nie")}
    lines = [
        {"text": f"{a} {b} {c} i w domu", "themes": [theme]}
        for a in start
        for theme, some in ends.items()
        for b in some
        for c in ("zawsze", "czasami", "dzisiaj", "wczoraj", "rano", "bardzo")
    ]
    labelled.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(model)]
    assert CliRunner().invoke(learn_command, arguments).exit_code == 0
    said = {"id": 1, "text": "Wczoraj nauczyciel w szkole krzyczy i jest mi bardzo smutno bo nie lubię"}
    (answer,) = answers(analysed("--codebook", book, "--model", model, lines=[said]))
    assert "szkoła" in {theme["id"] for theme in answer["themes"]}
    assert answer["read_by_machine"] is False  # nobody taught it polarity


def test_what_decided_is_told_by_the_strangers_own_names(tmp_path: Path) -> None:
    book = tmp_path / "book.json"
    book.write_text('[{"id": "At school", "patterns": "teacher"}, "polarity"]', encoding="utf-8")
    (answer,) = answers(analysed("--codebook", book, "--explain", lines=[{"id": 1, "text": "The teacher was late"}]))
    assert answer["why"]["themes"]["At school"][0]["rule"] == "theme.At school.pattern"
    _, model, _ = taught(tmp_path)
    book = tmp_path / "book.csv"
    found = answers(analysed("--codebook", book, "--model", model, "--explain", lines=rows("five", 50)))
    rules = {told["rule"] for one in found for some in one["why"]["themes"].values() for told in some}
    assert rules == {"learned.people.At school", "learned.people.visits"}


def test_a_theme_may_be_called_polarity(tmp_path: Path) -> None:
    book, labelled, model = files(tmp_path, 300)
    book.write_text("id\npolarity\nconcern\n", encoding="utf-8")
    given = labelled.read_text(encoding="utf-8").replace('"At school"', '"polarity"').replace('"visits"', '"concern"')
    labelled.write_text(given, encoding="utf-8")
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(model)]
    result = CliRunner().invoke(learn_command, arguments)
    assert result.exit_code == 0, result.output
    assert "  polarity: n " in result.stdout
    found = answers(analysed("--codebook", book, "--model", model, lines=rows("five", 100)))
    assert {theme["id"] for one in found for theme in one["themes"]} <= {"polarity", "concern"}


def test_the_exit_code_says_when_every_line_was_bad() -> None:
    good, bad = {"id": 1, "text": "late"}, {"id": 2, "text": None}
    assert analysed(lines=[good]).exit_code == 0
    some = analysed(lines=[good, bad])
    assert some.exit_code == 0
    assert "1 of 2 lines could not be read" in some.stderr
    every = analysed(lines=[bad, bad])
    assert every.exit_code == 1
    assert [one["id"] for one in answers(every)] == [2, 2]
    assert analysed(lines=[]).exit_code == 0


def test_a_phrase_that_cannot_be_read_does_not_end_it(tmp_path: Path) -> None:
    book = tmp_path / "book.json"
    book.write_text('[{"id": "At school", "patterns": ["don’t wait", "*ing"]}, "visits"]', encoding="utf-8")
    result = analysed("--codebook", book, lines=[{"id": 1, "text": "They dont wait"}])
    assert result.exit_code == 0
    assert "Warning: theme At school: the phrase “*ing” cannot be read and is left out." in result.stderr
    assert [theme["id"] for theme in answers(result)[0]["themes"]] == ["At school"]


def test_a_model_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path) -> None:
    book, labelled, _ = files(tmp_path, 20)
    out = tmp_path / ("m" * 300)
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(out)]
    result = CliRunner().invoke(learn_command, arguments)
    assert result.exit_code == 1
    assert "cannot be read or written" in result.output


def test_a_theme_that_every_comment_has_is_said_to_lack_others(tmp_path: Path) -> None:
    result = taught(tmp_path, 30, themes=["visits"])[2]
    assert "visits: n 30, too few comments without it to learn from" in result.stdout
