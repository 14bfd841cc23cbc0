"""Writes a pack's document as HTML, PDF, DOCX, XLSX or CSV. The same document gives the same numbers in each.

The libraries that write files are loaded when they are needed, so that no web process carries them.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from hscb_voice.foundation.printing import printed
from hscb_voice.foundation.spreadsheets import csv_lines
from hscb_voice.packs.document import Document, shown, writable

_TEMPLATES = Path(__file__).parent.parent.parent / "templates"
FORMATS = {
    "pdf": ("PDF", "application/pdf"),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("Web page", "text/html; charset=utf-8"),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv; charset=utf-8"),
}


def written(document: Document, form: str) -> bytes:
    """Write a document.

    Args:
        document: what is to be written.
        form: pdf, docx, html, xlsx or csv.

    Returns:
        The file.

    Raises:
        KeyError: there is no such format.
        NotPrintedError: the PDF could not be made.
    """
    return _WRITERS[form](writable(document))


def file_name(document: Document, form: str) -> str:
    """Return what a file is called, such as voice-meeting-2016-17-q2.pdf."""
    return f"voice-{document.style}-{document.period_name}.{form}"


def _as_html(document: Document) -> bytes:
    page = _environment().get_template("packs/alone.html").render(document=document, shown=shown)
    return page.encode()


def _as_pdf(document: Document) -> bytes:
    return printed("packs/pack.typ", asdict(document))


def _as_docx(document: Document) -> bytes:
    from hscb_voice.packs.word import as_docx  # noqa: PLC0415 - heavy; only where a file is written

    return as_docx(document)


def _as_xlsx(document: Document) -> bytes:
    from hscb_voice.packs.excel import as_xlsx  # noqa: PLC0415 - heavy; only where a file is written

    return as_xlsx(document)


def _as_csv(document: Document) -> bytes:
    """Write every cell of every table as a line of its own, so that any program can take it."""
    rows = [
        (section.title, table.caption, shown(row[0]), name, cell if isinstance(cell, int) else shown(cell), table.note)
        for section, table in document.tables
        for row in table.rows
        for name, cell in zip(table.header[1:], row[1:], strict=True)
    ]
    header = ("Section", "Table", "Row", "Column", "Value", "Note")
    return "".join(csv_lines(header, rows)).encode()


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


_WRITERS: dict[str, Callable[[Document], bytes]] = {
    "pdf": _as_pdf,
    "docx": _as_docx,
    "html": _as_html,
    "xlsx": _as_xlsx,
    "csv": _as_csv,
}
