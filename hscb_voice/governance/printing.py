"""Writing a copy of what is held: as JSON, and as tagged PDF, for grown-ups or for a child.

Typst runs in a process of its own, because it is large and a web process must stay small. The words reach it as data,
never as markup, so nothing that a child wrote can be taken for a command.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from hscb_voice.foundation.errors import VoiceError
from hscb_voice.governance.copies import HeldCopy

_HOUSE = Path(__file__).parent.parent.parent
_TEMPLATE = _HOUSE / "templates" / "governance/copy.typ"
_PATIENCE_SECONDS = 60


class NotPrintedError(VoiceError):
    """The PDF could not be made."""


def written_as_json(copy: HeldCopy) -> bytes:
    """Return a copy as JSON, for whoever wants to work with it."""
    return json.dumps(asdict(copy), ensure_ascii=False, indent=2).encode()


def printed(copy: HeldCopy, *, for_a_child: bool = False) -> bytes:
    """Return a copy as tagged PDF.

    Args:
        copy: what is held.
        for_a_child: in large print and few words.

    Returns:
        The PDF.

    Raises:
        NotPrintedError: it could not be made; the reason is not told, because it could hold words.
    """
    data = json.dumps({**asdict(copy), "child": for_a_child}, ensure_ascii=False)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "hscb_voice.governance.typesetting", str(_TEMPLATE)],
            input=data.encode(),
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
            cwd=_HOUSE,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        message = "The PDF could not be made."
        raise NotPrintedError(message) from fault
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        message = "The PDF could not be made."
        raise NotPrintedError(message)
    return done.stdout
