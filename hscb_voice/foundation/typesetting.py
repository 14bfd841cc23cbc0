"""The process that makes a PDF: data on standard input, the PDF on standard output. It imports nothing of ours.

Run as `python -m hscb_voice.foundation.typesetting TEMPLATE`.
"""

import sys
import unicodedata
from pathlib import Path
from typing import Any

import typst

_JOINERS = {"\ufe0f", "\ufe0e", "\u200d"}  # they only say how the sign before them is drawn
_SIGNS = {"So", "Sk"}


def typeset(template: Path, data: str) -> bytes:
    """Return a tagged PDF.

    Its standard (PDF/UA-1) wants a glyph for everything. Children write signs for which no font here has one, so these
    are then named, such as [slightly smiling face]. A script for which there is no font at all costs the standard, not
    the words.

    Args:
        template: the Typst document.
        data: JSON; the document reads it as `sys.inputs.data`.
    """
    for text in (data, named_signs(data)):
        try:
            return _compiled(template, text, pdf_standards=["ua-1"])
        except typst.TypstError:
            continue
    return _compiled(template, data)


def named_signs(text: str) -> str:
    """Return a text with each pictured sign named in brackets."""
    shown = []
    for letter in text:
        if unicodedata.category(letter) in _SIGNS and letter not in "^`¨¯´¸":
            shown.append(f"[{unicodedata.name(letter, 'a sign').lower()}]")
        elif letter not in _JOINERS:
            shown.append(letter)
    return "".join(shown)


def _compiled(template: Path, data: str, **more: Any) -> bytes:  # noqa: ANN401 - options are passed on as they are
    # Its published types do not know that a document may be given as bytes, nor the names of standards.
    compile_document: Any = typst.compile
    made: bytes = compile_document(template.read_bytes(), format="pdf", sys_inputs={"data": data}, **more)
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(Path(sys.argv[1]), sys.stdin.buffer.read().decode()))
