"""The command `analyse`: reads comments from standard input, one JSON object a line, and needs no database."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hscb_voice.language.errors import LanguageError
from hscb_voice.language.evidence import Evidence

if TYPE_CHECKING:
    from hscb_voice.language.analyse import Reader
    from hscb_voice.language.learned_themes import PeoplesModel
    from hscb_voice.language.public_codebook import PublicCodebook
    from hscb_voice.language.reading import Reading

_EACH = 500
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Calls:
    """How comments are read, and what the themes are called where the codebook came from."""

    reader: "Reader"
    outside: Mapping[str, str]

    def called(self, theme_id: str) -> str:
        return self.outside.get(theme_id, theme_id)

    def rule(self, theme_id: str, rule: str) -> str:
        return ".".join(self.called(part) if part == theme_id else part for part in rule.split("."))


@click.command("analyse")
@click.option("--explain", is_flag=True, help="Add the words that decided, and the rule that said so.")
@click.option("--codebook", "book_file", type=_FILE, help="Another list of themes: YAML, JSON, CSV or plain text.")
@click.option("--model", "model_file", type=_FILE, help="What “learn” wrote for the same codebook.")
def analyse_command(*, explain: bool, book_file: Path | None, model_file: Path | None) -> None:
    """Read comments: JSON lines in (id, text, respondent, optionally question and known_names), JSON lines out.

    Out come, in the same order: polarity, themes, redactions, the redacted text and the concern. A bad line gives a
    line with its id and the error, and the rest goes on; the exit code is 1 only when every line was bad. Nothing is
    stored and nothing is sent anywhere.

    With --codebook the themes are those of that file. Who the respondent is may be said in any words, or not at all:
    then worries are looked for as in a child's words too.
    """
    try:
        calls = _calls(book_file, model_file)
    except LanguageError as mistake:
        raise click.ClickException(plainly(str(mistake))) from mistake
    except OSError as fault:
        message = f"A file cannot be read: {fault.strerror}."
        raise click.ClickException(message) from fault
    shows_progress = sys.stderr.isatty()
    count = failed = 0
    for answer in _answers(calls, explain=explain):
        sys.stdout.buffer.write(_line(answer))
        sys.stdout.buffer.flush()
        count += 1
        failed += "error" in answer
        if shows_progress and count % _EACH == 0:
            say(f"{count} comments read ...")
    if failed:
        say(f"{failed:,} of {count:,} lines could not be read; each has its error in its place.")
    if failed and failed == count:
        raise SystemExit(1)


def plainly(text: str) -> str:
    """Return a message in one line that any terminal can show."""
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split())


def say(text: str) -> None:
    """Say something on standard error, beside what a command prints."""
    click.echo(plainly(text), err=True)


def _calls(book_file: Path | None, model_file: Path | None) -> _Calls:
    # Imported here, so that the other commands do not wait for the lexicons.
    from hscb_voice.language.analyse import Reader  # noqa: PLC0415 - see above
    from hscb_voice.language.codebook import default_codebook  # noqa: PLC0415 - see above
    from hscb_voice.language.learned_themes import POLARITY, peoples_model_from, read_with  # noqa: PLC0415 - see above
    from hscb_voice.language.public_codebook import public_codebook  # noqa: PLC0415 - see above
    from hscb_voice.language.public_files import codebook_from  # noqa: PLC0415 - see above
    from hscb_voice.language.reading import load_for_many, read_comment  # noqa: PLC0415 - see above

    load_for_many()
    book = codebook_from(book_file) if book_file else public_codebook(default_codebook())
    for warning in book.warnings:
        say(f"Warning: {warning}.")
    codebook, outside = book.codebook, {own: name for name, own in book.own_ids.items()}
    if model_file is None:
        return _Calls(Reader(lambda comment: read_comment(comment, codebook), codebook), outside)
    people = peoples_model_from(model_file.read_bytes())
    _check(people, outside, book)
    also = people.languages if people.speaks_for() else frozenset()
    reader = Reader(
        read=lambda comment: read_with(comment, codebook, people),
        codebook=codebook,
        also_reads=also,
        also_judges=also if POLARITY in people.speaks_for() else (),
    )
    return _Calls(reader, outside)


def _check(people: "PeoplesModel", outside: Mapping[str, str], book: "PublicCodebook") -> None:
    """Refuse a model of other themes; warn where only their phrases are others."""
    if dict(people.themes) != outside:
        message = "The model was learned for another codebook: its themes are not those of this one."
        raise LanguageError(message)
    if people.codebook and people.codebook != book.digest():
        say("Warning: the codebook has other phrases than the one that the model learned by: learn it anew.")


def _answers(calls: _Calls, *, explain: bool) -> Iterator[dict[str, Any]]:
    for raw in sys.stdin.buffer:
        if raw.strip():
            yield _read(raw, calls, explain=explain)


def _read(raw: bytes, calls: _Calls, *, explain: bool) -> dict[str, Any]:
    from hscb_voice.language.analyse import analyse_by  # noqa: PLC0415 - the other commands do not wait for lexicons

    try:
        line = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {"id": None, "error": "the line is not UTF-8"}
    answer, reading = analyse_by(line, calls.reader)
    if reading is None:
        return answer
    for theme in answer["themes"]:
        theme["id"] = calls.called(theme["id"])
    if explain:
        answer["why"] = _why(reading, calls)
    return answer


def _why(reading: "Reading", calls: _Calls) -> dict[str, Any]:
    return {
        "polarity": [_told(e) for e in reading.polarity.evidence],
        "themes": {
            calls.called(theme.id): [_told(e) | {"rule": calls.rule(theme.id, e.rule)} for e in theme.evidence]
            for theme in reading.themes
        },
        "redactions": [_told(span.evidence) for span in reading.redaction.spans],
        "concern": [_told(e) for e in reading.concern.evidence],
    }


def _line(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half an emoji has no bytes of its own; written as an escape, the offsets still fit.
        return json.dumps(answer).encode() + b"\n"


def _told(evidence: Evidence) -> dict[str, Any]:
    return {"start": evidence.start, "end": evidence.end, "words": evidence.words, "rule": evidence.rule}
