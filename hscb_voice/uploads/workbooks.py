"""Reads and writes XLSX. Bounded before it is opened: a small file can unpack to anything, and say it does not."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hscb_voice.uploads.columns import Column
from hscb_voice.uploads.errors import FileRefusedError
from hscb_voice.uploads.tables import BROKEN, FORMULA, MOST_COLUMNS, MOST_ROWS

_LARGEST_UNPACKED = 40 * 1024 * 1024
_MOST_PARTS = 500
_BEGINNING = 64 * 1024
_NO_ENTITIES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_STRANGE = "This Excel file is damaged, or not one at all. Open it in Excel and save it again as .xlsx."
_WIDEST = 60
_UNUSABLE = {"f": FORMULA, "e": BROKEN}  # openpyxl's names for a formula and an error
_SHEET, _WHAT, _LISTS = "Answers", "What to write", "Lists"


def rows_of_workbook(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Read the first sheet of an XLSX file, row by row.

    Args:
        content: the file.

    Yields:
        Each row's number and its cells as texts.

    Raises:
        FileRefusedError: it is damaged, too large when unpacked, or has macros.
    """
    _look_inside(content)
    try:
        # Read-only: row by row. Formulas stay formulas, and so can be told; links to other files are not kept.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        # One more than the most, so that too many are told, not cut.
        for cells in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1):
            number = next((cell.row for cell in cells if hasattr(cell, "row")), 0)
            yield number, [_text(cell) for cell in cells]
    except FileRefusedError:
        raise
    except Exception as fault:  # a damaged file meets any fault of three libraries
        raise FileRefusedError(_STRANGE) from fault


def template(columns: Sequence[Column], title: str) -> bytes:
    """Return an empty workbook for one form: a header, lists to choose from, and what may be written where.

    Args:
        columns: of the form.
        title: of the form.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _SHEET
    what, lists = book.create_sheet(_WHAT), book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    what.append([title, "", ""])
    what.append(["Column", "What it is", "What may stand there"])
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(1, place, column.label)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(max(len(column.label) / 2, 14), _WIDEST)
        what.append([column.name, column.about, column.rule])
        if column.options and not column.takes_several:
            _offer(sheet, lists, letter, place, [option for _, option in column.options])
    for letter, width in (("A", 18), ("B", _WIDEST), ("C", _WIDEST)):
        what.column_dimensions[letter].width = width
    sheet.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _offer(sheet: Any, lists: Any, letter: str, place: int, options: Sequence[str]) -> None:  # noqa: ANN401 - openpyxl's own
    for row, option in enumerate(options, start=1):
        lists.cell(row, place, option)
    choices = DataValidation(type="list", formula1=f"={_LISTS}!${letter}$1:${letter}${len(options)}", allow_blank=True)
    choices.error, choices.errorTitle = "Please choose from the list, or leave the cell empty.", "Not on the list"
    sheet.add_data_validation(choices)
    choices.add(f"{letter}2:{letter}{MOST_ROWS + 1}")


def _look_inside(content: bytes) -> None:
    """Refuse what would not fit once it is unpacked, before anything of it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename.casefold() for part in parts}
            # No part unpacks to more than it says here: reading one ends at that size.
            size = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or size > _LARGEST_UNPACKED:
                message = "The file is too large once it is unpacked. Part it, and bring the parts one after another."
                raise FileRefusedError(message)
            if any(name.endswith("vbaproject.bin") for name in names):
                message = "The file holds macros. Save it as “Excel workbook (.xlsx)”, which has none."
                raise FileRefusedError(message)
            if "xl/workbook.xml" not in names:
                raise FileRefusedError(_STRANGE)
            for part in parts:
                with packed.open(part) as opened:
                    beginning = opened.read(_BEGINNING)
                if any(mark in beginning for mark in _NO_ENTITIES):
                    raise FileRefusedError(_STRANGE)
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError) as fault:
        raise FileRefusedError(_STRANGE) from fault


def _text(cell: Any) -> str:  # noqa: ANN401 - openpyxl's read-only cells have no types
    kind = getattr(cell, "data_type", "")
    if cell.value is not None and kind in _UNUSABLE:
        return _UNUSABLE[kind]
    return _written(cell.value)


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
