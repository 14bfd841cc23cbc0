"""The command `import`: says what became of a file, and names each refused line."""

import json
from pathlib import Path

import pytest

import hscb_voice
from hscb_voice.cli import main
from hscb_voice.installing import open_installation
from hscb_voice.responses.queries import EVERY_TEAM, ResponseFilter, responses_list
from hscb_voice.safeguarding.queries import concern_counts

PRINTED = Path(hscb_voice.__file__).parent / "demonstration" / "report-2015-16.jsonl"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and an environment that says nothing else."""
    for name in ("VOICE_DATA", "VOICE_DATABASE_URL", "VOICE_KEYS", "VOICE_SECRET_KEY", "VOICE_DEMONSTRATION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "data"


def _run(data: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["import", *arguments, "--data", str(data)])
    return int(end.value.code or 0)


def test_it_brings_a_file_in_on_a_new_installation_and_again_changes_nothing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(data, str(PRINTED), "--no-read") == 0
    assert capsys.readouterr().out == "33 kept, 0 known already, 0 refused.\n"
    assert _run(data, str(PRINTED), "--no-read") == 0
    assert capsys.readouterr().out == "0 kept, 33 known already, 0 refused.\n"


def test_it_names_each_refused_line_and_brings_in_the_rest(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "in.jsonl"
    good = {"id": "a-1", "questionnaire": "my-story", "answers": {"talk": "yes"}}
    bad = {"id": "a-2", "questionnaire": "my-story", "answers": {"talk": "perhaps"}}
    lines = [json.dumps(good), json.dumps(bad), "{"] + [json.dumps({**good, "id": f"b-{n}"}) for n in range(100)]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert _run(data, str(file), "--invented") == 1
    said = capsys.readouterr()
    assert said.out == "101 kept, 0 known already, 2 refused.\n"
    assert "Line 2 (a-2): refused, talk: “perhaps” is not one of the answers to this question." in said.err
    assert "Line 3: refused, the line is not JSON." in said.err
    assert "100 lines ..." in said.err
    platform = open_installation(data)
    with platform.database.reading() as connection:
        responses, total = responses_list(connection, EVERY_TEAM, ResponseFilter())
        assert concern_counts(connection, EVERY_TEAM, platform.clock.now()).open == total == 101
    assert all(response.invented for response in responses)
    platform.database.dispose()


def test_a_file_that_cannot_be_read_is_one_plain_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\xff\xfe")
    assert _run(data, str(file)) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert "cannot be read" in said
    assert "Traceback" not in said


def test_a_file_that_is_not_there_is_a_mistake_of_asking(data: Path, tmp_path: Path) -> None:
    assert _run(data, str(tmp_path / "nothing.jsonl")) == 2
