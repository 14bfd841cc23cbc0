"""Writes a pack as a Word document that a council officer can go on editing: headings, lists, quotes and real tables.

Bars are drawn as pictures by nothing here: what they show stands in the table after them, with a text for each.
"""

import io

from docx import Document as NewDocument
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable

from hscb_voice.packs.document import Bars, Block, Bullets, Document, Paragraph, Quote, Table, shown

_INK = RGBColor(0x1D, 0x4F, 0x6E)
_LANGUAGES = {"en": "en-GB"}


def as_docx(document: Document) -> bytes:
    """Return a Word document.

    Args:
        document: what is to be written.
    """
    word = NewDocument()
    _set_up(word, document)
    word.add_heading(document.title, 0)
    word.add_paragraph(document.board)
    for name, value in document.facts:
        line = word.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    for section in document.sections:
        if section.begins_page:
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        word.add_heading(section.title, section.level)
        for block in section.blocks:
            _write(word, block)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _set_up(word: WordDocument, document: Document) -> None:
    word.core_properties.title, word.core_properties.author = document.title, document.board
    word.core_properties.language = _LANGUAGES.get(document.language, document.language)
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(14 if document.style == "young" else 11)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        style = word.styles[name]
        style.font.name, style.font.color.rgb = "Arial", _INK
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), "")
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)


def _write(word: WordDocument, block: Block) -> None:
    match block:
        case Paragraph():
            line = word.add_paragraph()
            if block.lead:
                line.add_run(f"{block.lead} ").bold = True
            line.add_run(block.text)
        case Bullets():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        case Quote():
            line = word.add_paragraph(style="Intense Quote")
            line.add_run(f"“{block.words}”")
            line.add_run(f"\n{block.who}").italic = False
        case Table():
            _write_table(word, block)
        case Bars():
            _write_bars(word, block)


def _write_bars(word: WordDocument, bars: Bars) -> None:
    """Draw each bar as shaded cells of a table of its own, described for whoever does not see it."""
    word.add_heading(bars.title, 3)
    if bars.legend:
        word.add_paragraph(", ".join(text for _, text in bars.legend))
    table = word.add_table(rows=len(bars.bars), cols=1 + _STEPS)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    _describe(table, bars.title, bars.described)
    cells = iter(table._cells)  # noqa: SLF001 - asked for once: row by row costs more than everything else
    for bar in bars.bars:
        first = next(cells)
        first.text, first.width = bar.label, Cm(6.6)
        for step in range(_STEPS):
            middle = (step + 0.5) * 100 / _STEPS
            look = next((p.look for p in bar.pieces if p.x <= middle < p.x + p.width), "")
            cell = next(cells)
            cell.width = Cm(10 / _STEPS)
            if look:
                _shade(cell._tc, _COLOURS.get(look, _COLOURS["plain"]))  # noqa: SLF001 - shading has no public door
    word.add_paragraph()


_STEPS = 20
_COLOURS = {
    "best": "1D4F6E",
    "good": "5B8FAE",
    "middle": "B1B4B6",
    "poor": "E0A070",
    "worst": "B35A1F",
    "plain": "5B8FAE",
}


def _write_table(word: WordDocument, table: Table) -> None:
    caption = word.add_paragraph(style="Caption")
    caption.add_run(table.caption)
    caption.paragraph_format.keep_with_next = True
    drawn = word.add_table(rows=1 + len(table.rows), cols=len(table.header))
    drawn.style = "Light Grid Accent 1"
    _describe(drawn, table.caption, table.note or table.caption)
    # All cells are asked for once: asking row by row costs more than everything else.
    texts = [*table.header, *(shown(value) for row in table.rows for value in row)]
    for cell, text in zip(drawn._cells, texts, strict=True):  # noqa: SLF001 - see above
        cell.text = text
    _repeat_header(drawn)
    word.add_paragraph(table.note)


def _repeat_header(table: WordTable) -> None:
    """Mark the first row as the header, which screen readers read and Word repeats on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no public door to it


def _describe(table: WordTable, title: str, text: str) -> None:
    """Give a table its alternative text."""
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no public door to it
    for name, value in (("w:tblCaption", title), ("w:tblDescription", text)):
        element = OxmlElement(name)
        element.set(qn("w:val"), value)
        properties.append(element)


def _shade(cell: object, colour: str) -> None:
    properties = cell.get_or_add_tcPr()  # type: ignore[attr-defined]  # an element of python-docx, which has no types
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    properties.append(shade)
