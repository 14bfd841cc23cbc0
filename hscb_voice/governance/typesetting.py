"""The process that makes a PDF: data on standard input, the PDF on standard output. It imports nothing of ours.

Run as `python -m hscb_voice.governance.typesetting TEMPLATE`.
"""

import sys
from pathlib import Path
from typing import Any

import typst


def typeset(template: Path, data: str) -> bytes:
    """Return a tagged PDF (PDF/UA-1).

    Args:
        template: the Typst document.
        data: JSON; the document reads it as `sys.inputs.copy`.
    """
    # Its published types do not know that a document may be given as bytes, nor the names of standards.
    compile_document: Any = typst.compile
    made: bytes = compile_document(
        template.read_bytes(), format="pdf", sys_inputs={"copy": data}, pdf_standards=["ua-1"]
    )
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(Path(sys.argv[1]), sys.stdin.buffer.read().decode()))
