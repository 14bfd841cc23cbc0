"""Writes a pack as a workbook: notes first, then a sheet for each table, numbers as numbers, no formula."""

import io
import re

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hscb_voice.foundation.spreadsheets import safe_text
from hscb_voice.packs.document import Bullets, Document, Paragraph, Quote, Table, shown

_STRONG, _LARGE = Font(bold=True), Font(bold=True, size=14)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_NARROW, _WIDE, _NOTES = 14, 44, 110
_LONGEST_NAME = 31  # Excel's own limit
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def as_xlsx(document: Document) -> bytes:
    """Return a workbook.

    Args:
        document: what is to be written.
    """
    book = Workbook()
    notes = book.active
    assert isinstance(notes, Worksheet)  # noqa: S101 - a new workbook has one; this tells the type checker
    _write_notes(notes, document)
    names = {notes.title}
    for number, (section, table) in enumerate(document.tables, start=1):
        sheet = book.create_sheet(_name(number, table.caption, names))
        _write_table(sheet, section.title, table)
    book.properties.title, book.properties.creator = document.title, document.board
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_notes(sheet: Worksheet, document: Document) -> None:
    sheet.title = "Notes"
    lines: list[tuple[str, Font | None]] = [(document.title, _LARGE), (document.board, _STRONG)]
    lines += [(f"{name}: {value}", None) for name, value in document.facts]
    for section in document.sections:
        lines.append((section.title, _STRONG))
        for block in section.blocks:
            if isinstance(block, Paragraph):
                lines.append((f"{block.lead} {block.text}".strip(), None))
            elif isinstance(block, Bullets):
                lines += [(item, None) for item in block.items]
            elif isinstance(block, Quote):
                lines.append((f"“{block.words}” {block.who}", None))
    for row, (text, font) in enumerate(lines, start=1):
        cell = sheet.cell(row, 1, safe_text(text))
        cell.alignment = _WRAPPED
        if font:
            cell.font = font
    sheet.column_dimensions["A"].width = _NOTES


def _write_table(sheet: Worksheet, section: str, table: Table) -> None:
    sheet.cell(1, 1, safe_text(table.caption)).font = _LARGE
    sheet.cell(2, 1, safe_text(section))
    sheet.cell(3, 1, safe_text(table.note)).alignment = _WRAPPED
    for column, name in enumerate(table.header, start=1):
        cell = sheet.cell(5, column, safe_text(name))
        cell.font, cell.alignment = _STRONG, _WRAPPED
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE if column == 1 else _NARROW
    for at, row in enumerate(table.rows, start=6):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column, value if isinstance(value, int) else safe_text(shown(value)))
            cell.alignment = _WRAPPED
    sheet.freeze_panes = "B6"


def _name(number: int, caption: str, taken: set[str]) -> str:
    plain = " ".join(_NOT_IN_NAMES.sub(" ", caption).split())
    name = f"{number} {plain}"[:_LONGEST_NAME].strip()
    taken.add(name)
    return name
