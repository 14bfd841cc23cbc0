"""Writes responses as CSV, Excel, JSON lines or SPSS; what the columns mean goes along where the file can hold it."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from hscb_voice.exports.columns import Column
from hscb_voice.exports.errors import ExportRefusedError
from hscb_voice.exports.tables import CSV, JSON_LINES, XLSX, Sheet, as_csv, as_workbook
from hscb_voice.foundation.spreadsheets import Cell

SAV = "sav"
KINDS = {
    CSV: ("CSV", "text/csv; charset=utf-8"),
    XLSX: ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    JSON_LINES: ("JSON lines", "application/jsonl; charset=utf-8"),
    SAV: ("SPSS", "application/x-spss-sav"),
}
_PATIENCE_SECONDS = 100
_ABOUT = ("Column", "What it holds", "Value", "What the value means")


@dataclass(frozen=True)
class Table:
    """Responses, a row each."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


def written(table: Table, kind: str) -> bytes:
    """Write responses.

    Args:
        table: the responses.
        kind: one of `KINDS`.

    Returns:
        The file.

    Raises:
        ExportRefusedError: the file could not be made.
        KeyError: there is no such kind.
    """
    return _WRITERS[kind](table)


def _as_csv(table: Table) -> bytes:
    return as_csv([column.name for column in table.columns], table.rows)


def _as_xlsx(table: Table) -> bytes:
    header = tuple(column.name for column in table.columns)
    return as_workbook([Sheet("Responses", header, table.rows), Sheet("Columns", _ABOUT, _meanings(table))])


def _meanings(table: Table) -> list[tuple[Cell, ...]]:
    return [
        (column.name, column.label, value, meaning)
        for column in table.columns
        for value, meaning in (column.values or {"": ""}).items()
    ]


def _as_json_lines(table: Table) -> bytes:
    names = [column.name for column in table.columns]
    lines = (json.dumps(dict(zip(names, map(_in_json, row), strict=True)), ensure_ascii=False) for row in table.rows)
    return "".join(line + "\n" for line in lines).encode()


def _in_json(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell


def _as_sav(table: Table) -> bytes:
    """Write SPSS in a process of its own: what it needs is large, and the worker stays small without it."""
    data = {
        "title": table.title,
        "columns": [{"name": one.name, "label": one.label, "values": dict(one.values)} for one in table.columns],
        "rows": [[_in_json(cell) for cell in row] for row in table.rows],
    }
    trouble = "The SPSS file could not be made."
    try:
        done = subprocess.run(  # S603 - our own interpreter and our own module; what is written goes in as data
            [sys.executable, "-m", "hscb_voice.exports.spss"],
            input=json.dumps(data, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise ExportRefusedError(trouble) from fault
    if done.returncode or not done.stdout.startswith(b"$FL"):
        raise ExportRefusedError(trouble)  # the reason is not told, because it could hold words
    return done.stdout


_WRITERS: dict[str, Callable[[Table], bytes]] = {
    CSV: _as_csv,
    XLSX: _as_xlsx,
    JSON_LINES: _as_json_lines,
    SAV: _as_sav,
}
