"""Making tagged PDF of data and one of our templates, for whichever room prints something.

Typst runs in a process of its own, because it is large and a web process must stay small. Words reach it as data,
never as markup, so nothing that somebody wrote can be taken for a command.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from hscb_voice.foundation.errors import VoiceError

_HOUSE = Path(__file__).parent.parent.parent
_TEMPLATES = _HOUSE / "templates"
_PATIENCE_SECONDS = 60
_TROUBLE = "The PDF could not be made."


class NotPrintedError(VoiceError):
    """The PDF could not be made."""


def printed(template: str, data: Mapping[str, object]) -> bytes:
    """Return data set in type, as tagged PDF.

    Args:
        template: a Typst document's path under `templates/`; it reads the data as `json(bytes(sys.inputs.data))`.
        data: whatever JSON can carry.

    Returns:
        The PDF.

    Raises:
        NotPrintedError: it could not be made; the reason is not told, because it could hold words.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "hscb_voice.foundation.typesetting", str(_TEMPLATES / template)],
            input=json.dumps(data, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
            cwd=_HOUSE,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NotPrintedError(_TROUBLE) from fault
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise NotPrintedError(_TROUBLE)
    return done.stdout
