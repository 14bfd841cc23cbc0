"""A file is read as a table whatever it says of itself, or is refused in plain words."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from hscb_voice.uploads.errors import FileRefusedError
from hscb_voice.uploads.tables import BROKEN, FORMULA, MOST_ROWS, TOO_LONG, read_table

PLAIN = "id,q2a\r\n1,Zoë’s café\r\n\r\n2,“Łódź”\r\n"


def workbook(*rows: tuple[object, ...], change: Callable[[Workbook], None] = lambda _: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(content: bytes, parts: dict[str, bytes]) -> bytes:
    """Return a workbook with some parts put in or exchanged."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in parts if name not in old.namelist())]:
            new.writestr(name, parts.get(name) or old.read(name))
    return written.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_every_encoding_that_excel_writes(encoding: str) -> None:
    table = read_table(PLAIN.encode(encoding))
    assert table.header == ("id", "q2a")
    assert table.rows == ((2, ("1", "Zoë’s café")), (4, ("2", "“Łódź”")))


def test_a_csv_that_excel_saved_on_windows_by_itself_is_read() -> None:
    assert read_table("id;q2a\r\n1;Zoë’s café\r\n".encode("cp1252")).rows == ((2, ("1", "Zoë’s café")),)


@pytest.mark.parametrize("text", ["id;a\n1;x, y\n", "id\ta\n1\tx, y\n", 'id,a\n1,"x, y"\n', 'sep=;\nid;a\n1;"x, y"\n'])
def test_every_usual_separator_is_known(text: str) -> None:
    table = read_table(text.encode())
    assert (table.header, [cells for _, cells in table.rows]) == (("id", "a"), [("1", "x, y")])


def test_a_workbook_becomes_texts_with_days_as_days_and_numbers_as_they_look() -> None:
    content = workbook(("id", "b", "c", "d"), (1, 2.0, 2.5, True), (None, None), ("x", date(2026, 11, 22), "y", " z "))
    rows = read_table(content).rows
    assert rows == ((2, ("1", "2", "2.5", "yes")), (4, ("x", "2026-11-22", "y", "z")))


def test_formulas_and_errors_are_told_and_never_worked_out() -> None:
    content = workbook(("id", "a"), ("=1+1", '=HYPERLINK("http://x")'), ("#N/A", "plain"))
    assert [cells for _, cells in read_table(content).rows] == [(FORMULA, FORMULA), (BROKEN, "plain")]


def test_a_very_long_cell_is_told() -> None:
    assert read_table(f"id,a\n1,{'x' * 8001}\n".encode()).rows[0][1] == ("1", TOO_LONG)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"   \r\n", "empty"),
        (b"id,a\n", "no row below"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 nonsense", "damaged"),
        (b"\x00\x01\x02\x03\x81", "no table that can be read"),
        (b'id,a\n1,"never closed', "quotation mark"),
        (("id\n" + "x\n" * (MOST_ROWS + 1)).encode(), f"more than {MOST_ROWS} rows"),
        (("," * 300 + "x\n" + "," * 300 + "x\n").encode(), "columns"),
    ],
)
def test_it_refuses_what_is_no_table(content: bytes, told: str) -> None:
    with pytest.raises(FileRefusedError, match=told):
        read_table(content)


def test_it_refuses_a_file_that_unpacks_to_very_much() -> None:
    bomb = repacked(workbook(("id",), ("1",)), {"xl/media/zeros.bin": bytes(60 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(FileRefusedError, match="too large once it is unpacked"):
        read_table(bomb)


def test_it_refuses_a_file_that_lies_about_how_much_it_unpacks_to() -> None:
    honest = repacked(workbook(("id",), ("1",)), {"xl/sharedStrings.xml": b"<sst>" + b" " * 30_000_000 + b"</sst>"})
    lie = honest.replace((30_000_011).to_bytes(4, "little"), (11).to_bytes(4, "little"))
    assert lie != honest
    with pytest.raises(FileRefusedError, match="damaged"):
        read_table(lie)


def test_it_refuses_macros() -> None:
    with pytest.raises(FileRefusedError, match="macros"):
        read_table(repacked(workbook(("id",), ("1",)), {"xl/vbaProject.bin": b"x"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_refuses_entities_that_grow(encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'.encode(encoding)
    with pytest.raises(FileRefusedError, match="damaged"):
        read_table(repacked(workbook(("id",), ("1",)), {"xl/sharedStrings.xml": bomb}))


def test_a_sheet_that_claims_to_be_huge_is_read_by_what_it_holds() -> None:
    content = workbook(("id", "a"), ("1", "x"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    claimed = sheet.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
    assert claimed != sheet
    assert read_table(repacked(content, {"xl/worksheets/sheet1.xml": claimed})).rows == ((2, ("1", "x")),)


def test_it_refuses_a_workbook_with_a_cell_very_far_down() -> None:
    def put_far_down(book: Workbook) -> None:
        book.active.cell(1_000_000, 1, "x")

    content = workbook(("id", "a"), ("1", "x"), change=put_far_down)
    assert read_table(content).rows == ((2, ("1", "x")),)
