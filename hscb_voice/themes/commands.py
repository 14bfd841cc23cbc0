"""The command `analyse`: reads comments from standard input, one JSON object a line, and needs no database."""

import json
import sys
from typing import Any

import click

from hscb_voice.language.evidence import Evidence

_EACH = 500


@click.command("analyse")
@click.option("--explain", is_flag=True, help="Add the words that decided, and the rule that said so.")
def analyse_command(*, explain: bool) -> None:
    """Read comments: JSON lines in (id, text, respondent, optionally question and known_names), JSON lines out.

    Out come, in the same order: polarity, themes, redactions, the redacted text and the concern. A bad line gives a
    line with its id and the error, and the rest goes on. Nothing is stored and nothing is sent anywhere.
    """
    shows_progress = sys.stderr.isatty()
    count = 0
    for raw in sys.stdin.buffer:
        if not raw.strip():
            continue
        sys.stdout.buffer.write(_line(_read(raw, explain=explain)))
        sys.stdout.buffer.flush()
        count += 1
        if shows_progress and count % _EACH == 0:
            click.echo(f"{count} comments read ...", err=True)


def _read(raw: bytes, *, explain: bool) -> dict[str, Any]:
    # Imported here, so that the other commands do not wait for the lexicons.
    from hscb_voice.language.analyse import analyse_line, comment_from  # noqa: PLC0415 - see above
    from hscb_voice.language.codebook import default_codebook  # noqa: PLC0415 - see above
    from hscb_voice.language.reading import read_comment  # noqa: PLC0415 - see above

    try:
        line = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {"id": None, "error": "the line is not UTF-8"}
    answer = analyse_line(line)
    if explain and "error" not in answer:
        reading = read_comment(comment_from(json.loads(line)), default_codebook())
        answer["why"] = {
            "polarity": [_told(e) for e in reading.polarity.evidence],
            "themes": {theme.id: [_told(e) for e in theme.evidence] for theme in reading.themes},
            "redactions": [_told(span.evidence) for span in reading.redaction.spans],
            "concern": [_told(e) for e in reading.concern.evidence],
        }
    return answer


def _line(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half an emoji has no bytes of its own; written as an escape, the offsets still fit.
        return json.dumps(answer).encode() + b"\n"


def _told(evidence: Evidence) -> dict[str, Any]:
    return {"start": evidence.start, "end": evidence.end, "words": evidence.words, "rule": evidence.rule}
