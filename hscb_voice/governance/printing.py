"""Writing a copy of what is held: as JSON, and as tagged PDF, for grown-ups or for a child."""

import json
from dataclasses import asdict

from hscb_voice.foundation.printing import printed
from hscb_voice.governance.copies import HeldCopy


def written_as_json(copy: HeldCopy) -> bytes:
    """Return a copy as JSON, for whoever wants to work with it."""
    return json.dumps(asdict(copy), ensure_ascii=False, indent=2).encode()


def printed_copy(copy: HeldCopy, *, for_a_child: bool = False) -> bytes:
    """Return a copy as tagged PDF.

    Args:
        copy: what is held.
        for_a_child: in large print and few words.

    Returns:
        The PDF.

    Raises:
        NotPrintedError: it could not be made.
    """
    return printed("governance/copy.typ", {**asdict(copy), "child": for_a_child})
