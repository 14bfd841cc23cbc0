"""Reads a file as a table of texts: CSV as Excel and others save it, or XLSX.

It believes nothing that a file says of itself. No formula is worked out, no link followed, no macro run. What is not
plainly a table is refused in plain words.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hscb_voice.uploads.errors import FileRefusedError

MOST_ROWS = 2000
MOST_COLUMNS = 200
LONGEST_CELL = 8000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = (",", ";", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNKEEPABLE = "\0"


class Unusable(str):
    """A cell that cannot be taken for a text; its text says why."""

    __slots__ = ()


FORMULA = Unusable("This cell holds a formula. Copy it, and paste only its value.")
BROKEN = Unusable("This cell holds an error of the spreadsheet.")
TOO_LONG = Unusable(f"This cell is longer than {LONGEST_CELL} characters.")


@dataclass(frozen=True)
class Table:
    """A header and rows of as many cells each."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # the number that the row has in the file, from 1, and its cells


def read_table(content: bytes) -> Table:
    """Read a file, whatever it is called.

    Args:
        content: the file.

    Returns:
        Its table, empty rows left out.

    Raises:
        FileRefusedError: it is no such table, or too large.
    """
    from hscb_voice.uploads.workbooks import rows_of_workbook  # noqa: PLC0415 - openpyxl is large, and seldom needed

    if not content.strip():
        message = "The file is empty."
        raise FileRefusedError(message)
    if content.startswith(_OLD_EXCEL):
        message = "This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password."
        raise FileRefusedError(message)
    return table_of(rows_of_workbook(content) if content.startswith(_ZIP) else _rows_of_csv(content))


def table_of(numbered: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """Make a table of rows: the first that is not empty is the header.

    Args:
        numbered: each row's number in the file, and its cells.

    Raises:
        FileRefusedError: there are no rows, or too many rows or columns.
    """
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in numbered:
        tidy = tuple(_tidy(cell) for cell in cells)
        while tidy and not tidy[-1]:
            tidy = tidy[:-1]
        if not tidy:
            continue
        if not header:
            header = tidy
            continue
        _check_size(len(rows) + 1, len(tidy))
        rows.append((number, tidy + ("",) * (len(header) - len(tidy))))
    _check_size(len(rows), len(header))
    if not rows:
        message = "The file has no row below its header."
        raise FileRefusedError(message)
    return Table(header, tuple(rows))


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        message = f"The file has more than {MOST_ROWS} rows. Part it, and bring the parts one after another."
        raise FileRefusedError(message)
    if columns > MOST_COLUMNS:
        message = f"The file has more than {MOST_COLUMNS} columns."
        raise FileRefusedError(message)


def _tidy(cell: str) -> str:
    if isinstance(cell, Unusable):
        return cell
    text = cell.replace(_UNKEEPABLE, "").strip()
    return TOO_LONG if len(text) > LONGEST_CELL else text


def _rows_of_csv(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    delimiter = ""
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == len("sep=;"):
        delimiter, text = first.strip()[-1], rest  # Excel's own line, which is no row
    delimiter = delimiter or max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        message = f"The file cannot be read as a table from line {reader.line_num} on: a quotation mark may be missing."
        raise FileRefusedError(message) from fault


def _decoded(content: bytes) -> str:
    """Read bytes as text: UTF-16 where it says so, else UTF-8, else what Excel writes on Windows by itself."""
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _UNKEEPABLE not in text:
            return text
    message = "This is no table that can be read here. Save it as “CSV UTF-8” or as “Excel workbook (.xlsx)”."
    raise FileRefusedError(message)
