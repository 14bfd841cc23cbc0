"""W5: no cell of any export is ever taken for a formula, and nothing that was written is lost on the way."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hscb_voice.foundation.spreadsheets import BYTE_ORDER_MARK, csv_lines, safe_text

PACKAGE = Path(__file__).parents[3] / "hscb_voice"
PLANTED = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u200b=1",
    "\ufeff=1",
    "＝1",
    "=cmd|' /C'!A1",
    "\0=1",
)


def read_back(text: str) -> list[list[str]]:
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


@given(st.lists(st.text(), min_size=1, max_size=6))
@example(list(PLANTED))
def test_w5_no_cell_of_an_export_begins_a_formula(texts: list[str]) -> None:
    written = "".join(csv_lines([f"column {n}" for n in range(len(texts))], [texts]))
    (_header, cells) = read_back(written)
    for cell, text in zip(cells, texts, strict=True):
        assert not cell.strip().lstrip("\u200b\ufeff\u2060").startswith(tuple("=+-@＝＋－＠")), repr(cell)
        assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'")


@pytest.mark.parametrize("planted", PLANTED)
def test_w5_a_planted_formula_is_shown_as_text(planted: str) -> None:
    assert safe_text(planted).startswith("'")


@pytest.mark.parametrize("plain", ["", "I was happy", "3 - 2", "it's = fine", "ż = 1", "'quoted'"])
def test_plain_words_are_left_as_they_are(plain: str) -> None:
    assert safe_text(plain) == plain


def test_numbers_dates_and_nothing_are_written_as_a_spreadsheet_reads_them() -> None:
    row = [-3, 0.5, True, None, date(2026, 11, 22), datetime(2026, 11, 22, 10, 0, tzinfo=UTC)]
    written = "".join(csv_lines(["a", "b", "c", "d", "e", "f"], [row]))
    assert written.endswith('\r\n-3,0.5,"yes","","2026-11-22","2026-11-22 10:00:00"\r\n')


def test_it_refuses_a_row_that_does_not_fit_its_header() -> None:
    with pytest.raises(ValueError, match="3 cells"):
        list(csv_lines(["a", "b"], [[1, 2, 3]]))


def test_w5_nothing_else_in_the_house_writes_a_spreadsheet() -> None:
    writers = {
        file.name
        for file in PACKAGE.rglob("*.py")
        if "csv.writer" in (text := file.read_text(encoding="utf-8")) or "csv.DictWriter" in text
    }
    assert writers == {"spreadsheets.py"}
