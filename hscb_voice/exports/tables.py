"""One table as CSV or as an Excel workbook; whichever it is, no cell is ever taken for a formula."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hscb_voice.foundation.spreadsheets import Cell, csv_lines, safe_text

CSV, XLSX, JSON_LINES = "csv", "xlsx", "jsonl"
_WIDEST, _NARROWEST, _BESIDE = 60, 10, 2


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook."""

    name: str  # at most 31 letters, as Excel wants it
    header: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV that Excel opens as it stands."""
    return "".join(csv_lines(header, rows)).encode()


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return tables as one Excel workbook: a bold header that stays in sight, numbers as numbers, no formula.

    Args:
        sheets: the tables, in order.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - heavy; only where a file is written
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - heavy; only where a file is written
    from openpyxl.styles import Font  # noqa: PLC0415 - heavy; only where a file is written
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - heavy; only where a file is written

    book = Workbook(write_only=True)
    strong = Font(bold=True)
    for table in sheets:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for column, name in enumerate(table.header, start=1):
            width = min(max(len(name) + _BESIDE, _NARROWEST), _WIDEST)
            sheet.column_dimensions[get_column_letter(column)].width = width
        header = [WriteOnlyCell(sheet, safe_text(name)) for name in table.header]
        for cell in header:
            cell.font = strong
        sheet.append(header)
        for row in table.rows:
            sheet.append([_plain(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return _without_controls(safe_text(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _without_controls(text: str) -> str:
    """Leave out what no workbook can hold; it would refuse the whole file."""
    return "".join(mark for mark in text if mark.isprintable() or mark in "\n\t" or ord(mark) > 0x9F)  # noqa: PLR2004 - the last control
