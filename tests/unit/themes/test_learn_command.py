"""`learn` and `analyse --codebook --model` on somebody else's themes: out comes a model that reads, or a plain word."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

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


def files(folder: Path, n: int = 500) -> tuple[Path, Path, Path]:
    book, labelled = folder / "book.csv", folder / "labelled.jsonl"
    book.write_text("id,label\n" + "".join(f"{name},{name}\n" for name in NAMES), encoding="utf-8")
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows("one", n)), encoding="utf-8")
    return book, labelled, folder / "model.gz"


def taught(folder: Path, n: int = 500) -> tuple[Path, Path, Result]:
    book, labelled, model = files(folder, n)
    arguments = ["--codebook", str(book), "--labelled", str(labelled), "--out", str(model)]
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
    assert "line 21: themes must be a list of ids" in result.output
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
