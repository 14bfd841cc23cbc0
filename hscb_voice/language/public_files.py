"""Open a stranger's list of themes: ours in YAML, or YAML, JSON, lines of JSON, CSV with any sign between, plain text.

Why: whoever tries the engine has a file already, and should not have to write it anew.
May not: know what a theme is (`public_codebook` does), or answer a file that it cannot read with anything but one plain
line.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hscb_voice.language.codebook import read_codebook
from hscb_voice.language.errors import BadCodebookError
from hscb_voice.language.public_codebook import (
    PublicCodebook,
    book_of,
    fields_known,
    is_named,
    listed_themes,
    public_codebook,
)

LARGEST_FILE = 5_000_000
_BETWEEN = (",", ";", "\t", "|")
_TABLES, _LINES, _PLAIN = {".csv", ".tsv", ".tab"}, {".jsonl", ".ndjson"}, {".txt", ".text", ".md"}
_BULLET = re.compile(r"^(?:[-*+\u2022\u2013\u2014]|\(?\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_STRESS = re.compile(r"(\*\*|__)(.+?)\1")
_OURS = {"version", "name", "themes"}
_NO_COLUMNS = (
    "the codebook's first line must name its columns: id (or code, name, label, category), and if you like label, "
    "definition (or description), patterns (or keywords, examples)"
)


def codebook_from(file: Path) -> PublicCodebook:
    """Read a codebook: ours in YAML, or any list of themes.

    Args:
        file: a list of ids, or of objects with `id` and optionally `label`, `definition` and `patterns`, or such a
            list under `themes`; or a table with such columns; or a theme a line.

    Returns:
        The codebook, with a warning for what was left out.

    Raises:
        BadCodebookError: it cannot be read; the message says where.
        OSError: the file cannot be read.
    """
    kind = file.suffix.lower()
    text = _text(file, is_table=kind in _TABLES | _PLAIN)
    try:
        if kind in _TABLES:
            return book_of(list(_rows(text)))
        if kind in _PLAIN:
            return book_of(_plain_lines(text))
        if kind in _LINES:
            return book_of([_json(line, f"line {n} of ") for n, line in enumerate(text.split("\n"), 1) if line.strip()])
        return _structured(text, is_json=kind == ".json" or (kind not in {".yaml", ".yml"} and text[:1] in {"[", "{"}))
    except RecursionError as fault:
        message = "the codebook is nested too deeply"
        raise BadCodebookError(message) from fault


def _text(file: Path, *, is_table: bool) -> str:
    with file.open("rb") as opened:
        raw = opened.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        message = f"the codebook is larger than {LARGEST_FILE // 1_000_000} MB"
        raise BadCodebookError(message)
    # Spreadsheets also write UTF-16, which begins with a mark of its own, and what Windows wrote before.
    marks = ("utf-16",) if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", *(["cp1252"] if is_table else []))
    for encoding in marks:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    message = f"the codebook is not UTF-8: {file.name}"
    raise BadCodebookError(message)


def _structured(text: str, *, is_json: bool) -> PublicCodebook:
    data = _json(text, "") if is_json else _yaml(text)
    if isinstance(data, str) and not is_json:
        return book_of(_plain_lines(text))
    if not isinstance(data, dict) or not set(data) >= _OURS:
        return book_of(listed_themes(data))
    try:
        return public_codebook(read_codebook(text))
    except BadCodebookError as fault:
        # Theirs may have the same three words at its top.
        return book_of(listed_themes(data), [f"read as somebody else's list of themes, for as one of ours {fault}"])


def _json(text: str, where: str) -> Any:  # noqa: ANN401 - as JSON has it
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as fault:
        message = f"{where}the codebook is not JSON: {fault}"
        raise BadCodebookError(message) from fault


def _yaml(text: str) -> Any:  # noqa: ANN401 - as YAML has it
    try:
        # The plain loader leaves every value as it is written: "no", "007" and "2026-11-22" are names of themes here.
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds no objects
    except (yaml.YAMLError, ValueError, TypeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark is not None else ""
        message = f"the codebook is not YAML: {getattr(fault, 'problem', None) or 'it cannot be read'}{place}"
        raise BadCodebookError(" ".join(message.split())) from fault


def _plain_lines(text: str) -> list[object]:
    """Take off what makes lines a list: “- School: lessons” is “School”, which means lessons.

    Where several lines begin alike (“Worker: kind”, “Worker: late”) the whole line is the name.
    """
    lines = (line for line in map(str.strip, text.split("\n")) if not line.startswith("#"))
    bare = [_STRESS.sub(r"\2", _BULLET.sub("", line)).strip() or line for line in lines if any(map(str.isalnum, line))]
    parted = [line.partition(": ") for line in bare]
    heads = [head.strip().casefold() for head, _, told in parted if told.strip()]
    if len(set(heads)) < len(heads):
        return [*bare]
    return [
        {"id": head.strip(), "definition": told.strip()} if head.strip() and told.strip() else line
        for line, (head, _, told) in zip(bare, parted, strict=True)
    ]


def _rows(text: str) -> Iterator[object]:
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=,"):  # a spreadsheet's own remark
        text = rest
    between = max(_BETWEEN, key=lambda sign: _worth(text, sign))
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=between) if any(map(str.strip, row))]
    except csv.Error as fault:
        message = f"the codebook is no table that can be read: {fault}"
        raise BadCodebookError(message) from fault
    names = rows[0] if rows else []
    if is_named(names):
        for row in rows[1:]:
            yield {name: value for name, value in zip(names, row, strict=False) if value.strip()}
    elif rows and all(sum(bool(cell.strip()) for cell in row) == 1 for row in rows):
        yield from ("".join(row).strip() for row in rows)  # one column without a name: a list of themes
    else:
        raise BadCodebookError(_NO_COLUMNS)


def _worth(text: str, sign: str) -> tuple[int, int]:
    """Say how well a sign parts the first line: by how many columns whose names are known, then by how many at all."""
    try:
        names = next((row for row in csv.reader(io.StringIO(text), delimiter=sign) if any(row)), [])
    except csv.Error:
        return 0, 0
    return fields_known(names), len(names)
