"""Whatever strangers give, it is read or refused in one plain line: files spoiled at random, by a fixed seed."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hscb_voice.language.analyse import Reader, analyse_by
from hscb_voice.language.codebook import Codebook
from hscb_voice.language.errors import BadCodebookError, BadLessonError, LanguageError
from hscb_voice.language.learned import packed_model
from hscb_voice.language.learned_themes import peoples_model_from, read_with
from hscb_voice.language.learning import learn
from hscb_voice.language.learning_data import lessons_from
from hscb_voice.language.learning_features import known_of
from hscb_voice.language.lessons import Labels, Lessons
from hscb_voice.language.public_codebook import book_of
from hscb_voice.language.public_files import codebook_from
from hscb_voice.language.reading import Comment, read_comment
from hscb_voice.themes.commands import analyse_command
from hscb_voice.themes.learn_command import learn_command

SEED, TURNS = 20261201, 300
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 1.5, float("inf"), "", " ", "\0", "\ud800", "’", "😀" * 3, "x" * 500, "~", "*"),
    *(
        "a/b?",
        "(",
        ":)",
        "=1+1",
        "\u202e",
        "theme_no_1",
        "polarity",
        [],
        {},
        [[]],
        [None],
        {"id": None},
        {"a": {"b": []}},
    ),
    *({"id": "x", "patterns": {"a": 1}}, {"": ""}, ["a", 1, {"id": 2}], "2026-13-45", "0x_", "!!python/name:os.system"),
)
BOOK_FILES = {
    ".json": '[{"id": "Staff & care", "label": "Staff", "patterns": ["kind*", "nurse(s)"]}, "waiting", {"id": 3}]',
    ".jsonl": '{"id": "Staff"}\n"waiting"\n{"code": "x", "keywords": "a, b"}\n',
    ".yaml": "themes:\n- id: no\n  label: Staff\n  patterns: [kind*, ~ x]\n- waiting\n- {id: 007, examples: [a b]}\n",
    ".yml": "version: 1\nname: Ours\nthemes:\n- {id: staff, name: S, definition: S, hints: [nurse], unless: [no me]}\n",
    ".csv": 'id;label;patterns\n"Staff; care";Staff;kind*|nurse\nwaiting;;"a\nb"\n',
    ".txt": "# themes\nStaff\nwaiting\n",
    "": '{"Staff": ["a", "b"], "waiting": "Waiting"}',
}
LESSON = {"id": "1", "text": "they were kind", "themes": ["Staff"], "polarity": "positive", "respondent": "child"}


@pytest.fixture
def dice() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - the same odd things each time


def spoiled(text: str, dice: random.Random) -> bytes:
    """Take out, double, turn round or write over some bytes."""
    raw = bytearray(text.encode())
    for _ in range(dice.choice((1, 1, 2, 5))):
        at, size = dice.randrange(len(raw) + 1), dice.randrange(1, 9)
        what = dice.randrange(5)
        if what == 0:
            del raw[at : at + size]
        elif what == 1:
            raw[at:at] = raw[at : at + size] * dice.choice((1, 3, 500))
        elif what == 2:
            raw[at:at] = dice.choice(
                (b"[", b"{", b'"', b"\n", b"\0", b"\xff", b":", b";", b"&a ", b"*a ", b"\t", b"?", b"<<")
            )
        elif what == 3:
            raw[at : at + size] = json.dumps(dice.choice(ODD)).encode()
        else:
            raw[at : at + size] = dice.randbytes(size)
    return bytes(raw)


def changed(value: Any, dice: random.Random) -> Any:
    """Put something odd in one place of a value."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(sorted(value, key=str))
        if dice.random() < 0.15:
            return {name: told for name, told in value.items() if name != key}
        return value | {key: changed(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        return [*value[:at], changed(value[at], dice), *value[at + 1 :]]
    return dice.choice(ODD)


def refused(work: Callable[[], object], kind: type[Exception] = LanguageError) -> bool:
    """Tell whether it ends in the error that is meant; its words must stand in one line. Any other error fails."""
    said = ""
    try:
        work()
    except kind as error:
        said = str(error) or "\n"
    assert "\n" not in said
    return bool(said)


def read_by(codebook: Codebook) -> None:
    answer, _ = analyse_by(json.dumps(LESSON), Reader(lambda comment: read_comment(comment, codebook), codebook))
    assert "error" not in answer


def test_any_codebook_is_read_or_refused_in_one_line(tmp_path: Path, dice: random.Random) -> None:
    outcomes = set()
    for turn in range(TURNS):
        suffix, text = dice.choice(sorted(BOOK_FILES.items()))
        file = tmp_path / f"book{suffix}"
        file.write_bytes(spoiled(text, dice))
        if suffix == ".json" and turn % 2:
            file.write_text(json.dumps(changed(json.loads(text), dice)), encoding="utf-8")

        def read(file: Path = file) -> None:
            read_by(codebook_from(file).codebook)

        outcomes.add(refused(read, BadCodebookError))
    assert outcomes == {True, False}


def test_any_labelled_line_is_read_or_refused_in_one_line(dice: random.Random) -> None:
    book = book_of(["Staff", "waiting"])
    outcomes = set()
    for turn in range(TURNS * 5):
        line = spoiled(json.dumps(LESSON), dice) if turn % 2 else json.dumps(changed(LESSON, dice)).encode()
        outcomes.add(refused(lambda line=line: list(lessons_from([line], book)), BadLessonError))  # type: ignore[misc]  # mypy does not see the type of a default in a lambda
    assert outcomes == {True, False}


def test_any_line_to_read_gives_an_answer_or_a_plain_error(dice: random.Random) -> None:
    book = book_of(["Staff", "waiting"]).codebook
    reader = Reader(lambda comment: read_comment(comment, book), book)
    given = LESSON | {"faces": ["sad"], "ticks": ["I feel safe", {"words": "x", "tone": 1}], "known_names": ["Jo"]}
    for turn in range(TURNS):
        raw = spoiled(json.dumps(given), dice) if turn % 2 else json.dumps(changed(given, dice)).encode()
        answer, _ = analyse_by(raw.decode("utf-8", "replace"), reader)
        assert "please report it" not in answer.get("error", ""), raw
        json.dumps(answer, allow_nan=False)


def test_any_model_is_read_or_refused_in_one_line(dice: random.Random) -> None:
    lessons = Lessons()
    book = book_of(["Staff", "waiting"]).codebook
    for number in range(60):
        known = known_of(Comment("", f"they were {'kind' if number % 2 else 'late'} {number}", "child"), book)
        way = "positive" if number % 2 else "negative"
        themes = frozenset({book.theme_ids()[number % 2]})
        lessons.add(known.features, Labels(themes, way, frozenset(), "neutral"), str(number))
    packed = learn(lessons, book.theme_ids()).packed
    body = json.loads(gzip.decompress(packed))["model"]
    comment, outcomes = Comment("", "they were kind", "child"), set()
    for turn in range(TURNS):
        try:
            content = packed_model(changed(body, dice)) if turn % 3 else bytes(spoiled_bytes(packed, dice))
        except UnicodeEncodeError:  # half an emoji: no file with a hash that fits can hold one
            continue

        def read(content: bytes = content) -> None:
            read_with(comment, book, peoples_model_from(content))

        outcomes.add(refused(read))
    assert outcomes == {True, False}


def spoiled_bytes(content: bytes, dice: random.Random) -> bytearray:
    raw = bytearray(content)
    raw[dice.randrange(len(raw))] = dice.randrange(256)
    return raw[: dice.choice((len(raw), dice.randrange(len(raw))))]


def test_the_commands_end_with_nought_or_one_and_never_with_a_trace(tmp_path: Path, dice: random.Random) -> None:
    for _ in range(25):
        suffix, text = dice.choice(sorted(BOOK_FILES.items()))
        book, labelled, model = tmp_path / f"book{suffix}", tmp_path / "labelled.jsonl", tmp_path / "model.gz"
        book.write_bytes(spoiled(text, dice))
        labelled.write_bytes(b"\n".join(spoiled(json.dumps(LESSON), dice) for _ in range(5)))
        files = ["--codebook", str(book)]
        options = ["--skip-bad"] if dice.random() < 0.7 else []
        learned = CliRunner().invoke(
            learn_command, [*files, "--labelled", str(labelled), "--out", str(model), *options]
        )
        model.write_bytes(dice.randbytes(30) if not model.exists() or dice.random() < 0.3 else model.read_bytes())
        read = CliRunner().invoke(analyse_command, files, labelled.read_bytes())
        by_model = CliRunner().invoke(analyse_command, [*files, "--model", str(model)], labelled.read_bytes())
        for result in (learned, read, by_model):
            assert result.exit_code in {0, 1}, result.output
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            assert "Traceback" not in result.output
