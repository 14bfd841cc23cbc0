"""Score the screening and redaction of comments in Polish, Romanian and Welsh, and who notices other languages.

Why: these are read by lexicons alone, so a claim about them needs sets of its own.
May not: print a comment of the half that is put away.
"""

import json
import sys
from pathlib import Path
from typing import Any

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.reading import Reading, read_comment, read_concern
from tests.quality.score import Labelled, redaction_table, within

SETS = Path(__file__).parent / "languages"
UNLISTED = frozenset(("Swahili", "Finnish", "Indonesian", "Vietnamese", "Greek", "Shona", "Basque", "Hausa"))
LANGUAGES = {"pl": "Polish", "ro": "Romanian", "cy": "Welsh"}


def lines_of(half: str) -> list[str]:
    """Score one half of the sets.

    Args:
        half: "open" or "locked".

    Returns:
        Two lines a language.
    """
    found = []
    for code, name in LANGUAGES.items():
        written = (SETS / half / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in written]
        readings = [read_comment(comment_from(row), default_codebook()) for row in rows]
        found += [_screened(name, code, rows, readings), "  " + redaction_table(_labelled(rows), readings)[0]]
    return [*found, *_noticed(half)]


def _noticed(half: str) -> list[str]:
    """Score how many comments in languages that nobody reads are handed to a person, and worries within English ones.

    Of the languages of the first line common words are listed, of those of the second none.
    """
    written = (SETS / half / "other.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in written]
    groups = {
        "other languages": [row for row in rows if not row.get("within") and row["spoken"] not in UNLISTED],
        "other languages of which no word is listed": [row for row in rows if row["spoken"] in UNLISTED],
        "a sentence within an English comment": [row for row in rows if row.get("within")],
    }
    found = []
    for name, group in groups.items():
        readings = [read_concern(comment_from(row)) for row in group]
        noticed = sum("unreadable_language" in reading.reasons for reading in readings)
        found += [f"{name}: n {len(group)}  noticed {within(noticed, len(group))}"] if group else []
    return found


def _screened(name: str, code: str, rows: list[dict[str, Any]], readings: list[Reading]) -> str:
    flags = [reading.concern.flag for reading in readings]
    worries = sum(row["concern"] for row in rows)
    met = sum(flag and row["concern"] for flag, row in zip(flags, rows, strict=True))
    known = sum(reading.language == code for reading in readings)
    return (
        f"{name}: n {len(rows)}  concern recall {within(met, worries)} of {worries}"
        f"  false alarms {within(sum(flags) - met, len(rows) - worries)} of {len(rows) - worries}"
        f"  language known {within(known, len(rows))}"
    )


def _labelled(rows: list[dict[str, Any]]) -> list[Labelled]:
    return [Labelled(row, "neutral", frozenset(), tuple(row["redact"]), row["concern"]) for row in rows]


def main() -> None:
    """Print both halves."""
    for half in ("open", "locked"):
        sys.stdout.write(f"{half} half\n" + "\n".join(lines_of(half)) + "\n")


if __name__ == "__main__":
    main()
