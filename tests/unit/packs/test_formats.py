"""The same document gives the same numbers in every format, with headings, real tables and text for every picture."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from justhtml import JustHTML
from openpyxl import load_workbook
from pypdf import PdfReader

from hscb_voice.actions.queries import PublicLine
from hscb_voice.board.periods import reporting_year
from hscb_voice.foundation.key_sources import make_key, source_of
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.reading_level import reading_level
from hscb_voice.packs.composing import Asked, annual_section, hear, meeting_pack
from hscb_voice.packs.document import (
    Bars,
    Bullets,
    Document,
    Paragraph,
    Quote,
    Section,
    Table,
    as_text,
    content_hash,
    from_text,
    shown,
)
from hscb_voice.packs.writing import FORMATS, written
from hscb_voice.packs.young import young_pack
from tests.support.accessible_pdf import faults_of
from tests.support.board_data import filled_file, looked_after

YEAR = reporting_year(2016)
ASKED = Asked(YEAR, "Example Board", date(2026, 11, 22), date(2026, 12, 3))


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """Every style of pack, of one year's answers."""
    folder = tmp_path_factory.mktemp("packs")
    database = looked_after(filled_file(folder))
    keys = _keys(folder)
    with database.reading() as connection:
        heard = hear(connection, keys, YEAR)
    database.dispose()
    return {
        "meeting": meeting_pack(heard, ASKED),
        "annual": annual_section(heard, ASKED),
        "young": young_pack(heard, ASKED, ()),
    }


def _keys(folder: Path) -> KeyRing:
    if not (folder / "keys").is_dir():
        make_key(folder / "keys", "2026-01")
    return KeyRing.watching(source_of(folder / "keys", ""))


def numbers(texts: Iterable[str]) -> Counter[str]:
    """Count every number in some texts."""
    return Counter(number for text in texts for number in re.findall(r"\d+", text))


def cells(document: Document) -> list[str]:
    return [shown(cell) for _, table in document.tables for row in table.rows for cell in row]


def test_word_has_every_table_with_its_numbers(documents: dict[str, Document]) -> None:
    word = WordDocument(io.BytesIO(written(documents["meeting"], "docx")))
    headers = [table.header for _, table in documents["meeting"].tables]
    found = [t for t in word.tables if tuple(cell.text for cell in t.rows[0].cells) in headers]
    read = [cell.text for table in found for row in list(table.rows)[1:] for cell in row.cells]
    assert read == cells(documents["meeting"])
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in found)
    assert all("w:tblDescription" in table._tbl.xml for table in word.tables)
    assert [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"] == [
        section.title for section in documents["meeting"].sections
    ]


def test_excel_has_a_sheet_for_each_table_with_numbers_as_numbers_and_no_formula(
    documents: dict[str, Document],
) -> None:
    book = load_workbook(io.BytesIO(written(documents["meeting"], "xlsx")))
    tables = [table for _, table in documents["meeting"].tables]
    assert len(book.sheetnames) == len(tables) + 1
    for sheet, table in zip(book.worksheets[1:], tables, strict=True):
        read = [
            ["" if cell.value is None else cell.value for cell in row]
            for row in sheet.iter_rows(min_row=6, max_col=len(table.header))
        ]
        assert read == [[cell if isinstance(cell, int) else shown(cell) for cell in row] for row in table.rows]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_csv_has_every_cell_and_opens_in_excel(documents: dict[str, Document]) -> None:
    text = written(documents["meeting"], "csv").decode()
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    wanted = [shown(cell) for _, table in documents["meeting"].tables for row in table.rows for cell in row[1:]]
    assert [line["Value"].removeprefix("'") for line in lines] == wanted


def test_html_stands_alone_and_has_the_same_tables(documents: dict[str, Document]) -> None:
    html = written(documents["meeting"], "html").decode()
    assert not re.search(r"(src|href)=", html)
    tree = JustHTML(html, strict=True)
    read = [" ".join(cell.to_text().split()) for cell in tree.query("tbody th, tbody td")]
    assert read == [" ".join(cell.split()) for cell in cells(documents["meeting"])]


def test_pdf_is_tagged_and_has_every_number(documents: dict[str, Document]) -> None:
    pdf = PdfReader(io.BytesIO(written(documents["meeting"], "pdf")))
    catalog: Any = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("en")
    assert pdf.metadata is not None
    assert pdf.metadata.title == "What children and families say, April 2016 to March 2017"
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    read = numbers(page.extract_text() for page in pdf.pages)
    wanted = numbers(cells(documents["meeting"]))
    missing = {number: n for number, n in wanted.items() if read[number] < n}
    assert not missing


@pytest.mark.parametrize("style", ["meeting", "annual", "young"])
def test_every_style_is_written_in_every_format_and_read_back_from_what_is_kept(
    documents: dict[str, Document], style: str
) -> None:
    document = documents[style]
    text = as_text(document)
    assert from_text(text) == document
    assert content_hash(as_text(from_text(text))) == content_hash(text)
    for form in ("docx", "html", "xlsx", "csv"):
        assert written(document, form)
    assert faults_of(written(document, "pdf")) == []
    assert set(FORMATS) == {"pdf", "docx", "html", "xlsx", "csv"}


def test_every_chart_has_its_table_and_a_text(documents: dict[str, Document]) -> None:
    for section in documents["meeting"].sections:
        for place, block in enumerate(section.blocks):
            if isinstance(block, Bars):
                after = section.blocks[place + 1]
                assert isinstance(after, Table)
                assert after.caption == block.title
                assert block.described


def test_the_young_peoples_pack_has_two_pages_and_words_for_a_child_of_nine(documents: dict[str, Document]) -> None:
    done = [_done("Come after school.", "We now come after school.")] * 8
    engineless = documents["young"]
    document = Document(**{**vars(engineless), "sections": (*engineless.sections[:-2], _what_we_did(done))})
    assert len(PdfReader(io.BytesIO(written(document, "pdf"))).pages) <= 2
    level = reading_level(
        [
            block.text if isinstance(block, Paragraph) else " ".join(block.items)
            for section in engineless.sections
            for block in section.blocks
            if isinstance(block, Paragraph | Bullets)
        ]
    )
    assert level.grade <= 4
    assert level.longest_sentence <= 14


def _done(said: str, did: str) -> PublicLine:
    from hscb_voice.actions.statuses import Origin, Status  # noqa: PLC0415 - only here

    return PublicLine(said, did, Status.DONE, Origin.HAND, "en", None, invented=False)  # type: ignore[arg-type]  # no moment is shown


def _what_we_did(done: list[PublicLine]) -> Section:
    return Section("What we did", tuple(Paragraph(line.we_did, line.you_said) for line in done))


@pytest.mark.parametrize("form", FORMATS)
def test_characters_that_no_file_can_hold_stand_in_the_way_of_none(form: str) -> None:
    odd = "She \x1b[31mlistened\x00 to\x85 me\ud800.\uffff"
    sections = (Section(f"In short{odd}", (Quote(odd, "A child"), Paragraph(odd), Bullets((odd,)))),)
    document = Document("meeting", odd, "the Board", "a year", "2025-26", (("Period", odd),), sections)
    assert written(document, form)
