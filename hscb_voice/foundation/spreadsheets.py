"""The one way in which anything here is written for a spreadsheet, so that no cell is ever taken for a formula.

A spreadsheet runs what begins with = + - or @, and some strip blanks or odd marks before they look. A text that would
begin so gets an apostrophe in front, which every spreadsheet shows as “this is text”. Numbers and dates are ours and
are written as they are. Excel opens the file as UTF-8 because of the mark at its start.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

Cell = str | int | float | bool | date | datetime | None

BYTE_ORDER_MARK = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"
# The full-width forms count: some programs fold them to the plain ones while they open a file.
_BEGINS_A_FORMULA = frozenset("=+-@|%＝＋－＠｜％\t\r\n")
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_UNKEEPABLE = "\0"


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Args:
        text: anything that somebody wrote.

    Returns:
        The same, without the character that no file keeps, and with an apostrophe in front where it is needed.
    """
    text = text.replace(_UNKEEPABLE, "")
    first_seen = next((mark for mark in text if unicodedata.category(mark) not in _UNSEEN), "")
    return "'" + text if first_seen in _BEGINS_A_FORMULA or text[:1] in _BEGINS_A_FORMULA else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    r"""Write a table as CSV, line by line, so that a long one never stands in memory at once.

    Args:
        header: the columns' names.
        rows: as many cells each as the header has names.

    Yields:
        Pieces of text: a byte-order mark first; every line ends with \r\n; every text stands in quotes.

    Raises:
        ValueError: a row is longer or shorter than the header.
    """
    yield BYTE_ORDER_MARK + _line(header)
    for row in rows:
        if len(row) != len(header):
            message = f"A row has {len(row)} cells, its header {len(header)}."
            raise ValueError(message)
        yield _line(row)


def _line(cells: Sequence[Cell]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerow([_plain(cell) for cell in cells])
    return written.getvalue()


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return safe_text(cell) if isinstance(cell, str) else cell
