"""The command `analyse`: reads comments from standard input, one JSON object a line, and needs no database."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hscb_voice.language.errors import LanguageError
from hscb_voice.language.evidence import Evidence

if TYPE_CHECKING:
    from hscb_voice.language.reading import Comment, Reading

_EACH = 500
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Reader:
    """How comments are read, and what the themes are called where the codebook came from."""

    read: "Callable[[Comment], Reading]"
    prepare: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda fields: fields
    outside: Mapping[str, str] | None = None

    def called(self, theme_id: str) -> str:
        return theme_id if self.outside is None else self.outside.get(theme_id, theme_id)


@click.command("analyse")
@click.option("--explain", is_flag=True, help="Add the words that decided, and the rule that said so.")
@click.option("--codebook", "book_file", type=_FILE, help="Another list of themes: YAML, JSON or CSV.")
@click.option("--model", "model_file", type=_FILE, help="What “learn” wrote for the same codebook.")
def analyse_command(*, explain: bool, book_file: Path | None, model_file: Path | None) -> None:
    """Read comments: JSON lines in (id, text, respondent, optionally question and known_names), JSON lines out.

    Out come, in the same order: polarity, themes, redactions, the redacted text and the concern. A bad line gives a
    line with its id and the error, and the rest goes on. Nothing is stored and nothing is sent anywhere.

    With --codebook the themes are those of that file, and nobody need say who the respondent is.
    """
    try:
        reader = _reader(book_file, model_file)
    except LanguageError as mistake:
        raise click.ClickException(str(mistake)) from mistake
    shows_progress = sys.stderr.isatty()
    count = 0
    for raw in sys.stdin.buffer:
        if not raw.strip():
            continue
        sys.stdout.buffer.write(_line(_read(raw, reader, explain=explain)))
        sys.stdout.buffer.flush()
        count += 1
        if shows_progress and count % _EACH == 0:
            click.echo(f"{count} comments read ...", err=True)


def _reader(book_file: Path | None, model_file: Path | None) -> _Reader:
    # Imported here, so that the other commands do not wait for the lexicons.
    from hscb_voice.language.codebook import default_codebook  # noqa: PLC0415 - see above
    from hscb_voice.language.learned_themes import peoples_model_from, read_with  # noqa: PLC0415 - see above
    from hscb_voice.language.learning_data import codebook_from, public_codebook, with_respondent  # noqa: PLC0415 - same
    from hscb_voice.language.reading import load_for_many, read_comment  # noqa: PLC0415 - see above

    load_for_many()
    if book_file is None and model_file is None:
        return _Reader(lambda comment: read_comment(comment, default_codebook()))
    book = codebook_from(book_file) if book_file else public_codebook(default_codebook())
    outside = {own: name for name, own in book.own_ids.items()}
    prepare = with_respondent if book_file else _as_it_is
    if model_file is None:
        return _Reader(lambda comment: read_comment(comment, book.codebook), prepare, outside)
    people = peoples_model_from(model_file.read_bytes())
    if dict(people.themes) != outside:
        message = "The model was learned for another codebook: its themes are not those of this one."
        raise LanguageError(message)
    return _Reader(lambda comment: read_with(comment, book.codebook, people, english_only=False), prepare, outside)


def _as_it_is(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return fields


def _read(raw: bytes, reader: _Reader, *, explain: bool) -> dict[str, Any]:
    from hscb_voice.language.analyse import analyse_by  # noqa: PLC0415 - the other commands do not wait for lexicons

    try:
        line = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {"id": None, "error": "the line is not UTF-8"}
    answer, reading = analyse_by(line, reader.read, reader.prepare)
    if reading is None:
        return answer
    for theme in answer["themes"]:
        theme["id"] = reader.called(theme["id"])
    if explain:
        answer["why"] = {
            "polarity": [_told(e) for e in reading.polarity.evidence],
            "themes": {reader.called(theme.id): [_told(e) for e in theme.evidence] for theme in reading.themes},
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
