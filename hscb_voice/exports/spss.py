"""Writes an SPSS file with labels: a process of its own, which takes a table as JSON and gives the file.

Answers become numbers with value labels, in the order in which the form has them. The file is made in memory, so that
nobody's words stand on a disk open.
"""

import json
import os
import sys
from typing import Any

_LONGEST_NAME = 64
_LONGEST_LABEL = 255
_LONGEST_VALUE_LABEL = 120
_DAYS = frozenset({"from_day", "to_day"})


def main() -> None:
    """Read a table from standard input, and write the file to standard output."""
    table = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(as_sav(table))


def as_sav(table: dict[str, Any]) -> bytes:
    """Return a table as an SPSS file.

    Args:
        table: its title, columns (name, label, values) and rows.
    """
    import pandas as pd  # noqa: PLC0415 - heavy; only in the process that writes
    import pyreadstat  # noqa: PLC0415 - heavy; only in the process that writes

    columns = table["columns"]
    names = _names([column["name"] for column in columns])
    frame: dict[str, Any] = {}
    labels: dict[str, dict[int | float | str, str]] = {}
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        cells = [row[place] for row in table["rows"]]
        codes = _codes(column["values"])
        if column["name"] in _DAYS:
            frame[name] = pd.to_datetime(pd.Series(cells, dtype="object")).dt.date
        elif codes:
            numbers = [None if cell in (None, "") else codes[str(cell)] for cell in cells]
            frame[name] = pd.Series(numbers, dtype="float64")
            labels[name] = {codes[key]: _cut(text, _LONGEST_VALUE_LABEL) for key, text in column["values"].items()}
        elif column["name"] == "version":
            frame[name] = pd.Series(cells, dtype="float64")
        else:
            frame[name] = pd.Series(["" if cell is None else str(cell) for cell in cells], dtype="object")
    return _written(
        pyreadstat,
        pd.DataFrame(frame),
        file_label=_cut(table["title"], _LONGEST_NAME),
        column_labels={n: _cut(c["label"], _LONGEST_LABEL) for n, c in zip(names, columns, strict=True)},
        variable_value_labels=labels,
        variable_measure=dict.fromkeys(labels, "nominal"),
    )


def _codes(values: dict[str, str]) -> dict[str, int]:
    """Return a number for each value: its own where it is one, else its place."""
    if values and all(key.isdecimal() for key in values):
        return {key: int(key) for key in values}
    return {key: place for place, key in enumerate(values, start=1)}


def _names(wanted: list[str]) -> list[str]:
    """Return names that SPSS takes: they begin with a letter, are short enough, and each stands once."""
    taken: dict[str, None] = {}
    for name in wanted:
        begun = name if name[:1].isalpha() else f"v_{name}"
        short, number = begun[:_LONGEST_NAME], 1
        while short in taken:
            number += 1
            short = f"{begun[: _LONGEST_NAME - 4]}_{number}"
        taken[short] = None
    return list(taken)


def _cut(text: str, longest: int) -> str:
    """Shorten a label to so many bytes, which is how SPSS counts."""
    return text.encode()[:longest].decode("utf-8", "ignore")


def _written(pyreadstat: Any, frame: Any, **labels: Any) -> bytes:  # noqa: ANN401 - a library without types
    held = os.memfd_create("export")
    try:
        pyreadstat.write_sav(frame, f"/proc/self/fd/{held}", **labels)
        return os.pread(held, os.fstat(held).st_size, 0)
    finally:
        os.close(held)


if __name__ == "__main__":
    main()
