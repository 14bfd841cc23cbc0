"""Read what strangers give us to learn from: any list of themes, and comments that somebody has sorted into them.

Why: the same engine can be tried on somebody else's data, which is not written as ours is; what is wrong with it must
be said with the line where it stands.
May not: hold a comment's words in a message, or learn anything.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import Codebook, default_codebook, read_codebook, theme_problem
from hscb_voice.language.errors import BadCodebookError, BadCommentError, BadLessonError
from hscb_voice.language.reading import Comment

MOST_COMMENTS, MOST_THEMES = 50_000, 200
POLARITIES = ("positive", "negative", "mixed", "neutral")
UNKNOWN_RESPONDENT = "parent"  # a grown-up who is no professional: what most who write to a public service are
_OWN_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LONGEST_ID, _LONGEST_NAME = 200, 80
_MANY_PATTERNS = re.compile(r"[|;]")


@dataclass(frozen=True)
class PublicCodebook:
    """A codebook, and what its themes are called where it came from."""

    codebook: Codebook
    own_ids: Mapping[str, str]  # the name outside -> our id


@dataclass(frozen=True)
class Lesson:
    """One comment that somebody has sorted."""

    comment: Comment
    themes: frozenset[str]  # our ids
    polarity: str | None


def codebook_from(file: Path) -> PublicCodebook:
    """Read a codebook: ours in YAML, or any list of themes in YAML, JSON or CSV.

    Args:
        file: a list of ids, or of objects with `id` and optionally `label`, `definition` and `patterns`, or such a
            list under `themes`; as CSV, those columns.

    Returns:
        The codebook.

    Raises:
        BadCodebookError: it cannot be read; the message says where.
        OSError: the file cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        message = f"the codebook is not UTF-8: {file.name}"
        raise BadCodebookError(message) from fault
    if file.suffix.lower() == ".csv":
        return _public(list(_csv_themes(text)))
    try:
        data = json.loads(text) if file.suffix.lower() == ".json" else yaml.safe_load(text)
    except (json.JSONDecodeError, yaml.YAMLError, RecursionError) as fault:
        kind = "JSON" if file.suffix.lower() == ".json" else "YAML"
        message = f"the codebook is not {kind}: {fault}"
        raise BadCodebookError(message) from fault
    if isinstance(data, dict) and {"version", "name", "themes"} <= set(data):
        return public_codebook(read_codebook(text))
    return _public(list(_listed_themes(data)))


def public_codebook(codebook: Codebook) -> PublicCodebook:
    """Return a codebook of ours, whose themes are called outside as they are here."""
    return PublicCodebook(codebook, {theme_id: theme_id for theme_id in codebook.theme_ids()})


def _csv_themes(text: str) -> Iterator[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text))
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if "id" not in names:
        message = "the codebook's first line must name its columns: id, and if you like label, definition, patterns"
        raise BadCodebookError(message)
    for row in reader:
        yield {str(name).strip().lower(): value for name, value in row.items() if value}


def _listed_themes(data: object) -> Iterator[object]:
    if isinstance(data, dict):
        data = data["themes"] if "themes" in data else [{"id": name, "label": told} for name, told in data.items()]
    if isinstance(data, dict):
        data = [{"id": name, **(told if isinstance(told, dict) else {"label": told})} for name, told in data.items()]
    if not isinstance(data, list):
        message = "the codebook must be a list of themes"
        raise BadCodebookError(message)
    yield from data


def _public(listed: list[Any]) -> PublicCodebook:
    if not 1 <= len(listed) <= MOST_THEMES:
        message = f"the codebook must have from 1 to {MOST_THEMES} themes; it has {len(listed)}"
        raise BadCodebookError(message)
    own_ids: dict[str, str] = {}
    themes = []
    for place, one in enumerate(listed, start=1):
        told: dict[str, Any] = one if isinstance(one, dict) else {"id": one}
        name = " ".join(str(told.get("id", "") if told.get("id") is not None else "").split())
        if not name or len(name) > _LONGEST_ID:
            message = f"theme {place} of the codebook has no id, or one that is too long"
            raise BadCodebookError(message)
        if name in own_ids:
            message = f"theme {place} of the codebook has the id of another: {name}"
            raise BadCodebookError(message)
        # A stranger's “home” need not mean what ours means: our models must not speak for it.
        is_free = _OWN_ID.fullmatch(name) and name not in default_codebook().theme_ids()
        own_ids[name] = name if is_free else f"theme_no_{place}"
        themes.append(_theme(place, own_ids[name], name, told))
    if len(set(own_ids.values())) != len(own_ids):
        message = "two themes of the codebook have ids that cannot be told apart: theme_no_ and a number is ours"
        raise BadCodebookError(message)
    return PublicCodebook(Codebook.model_validate({"version": 1, "name": "Public", "themes": themes}), own_ids)


def _theme(place: int, own_id: str, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    label = str(told.get("label") or told.get("name") or name)
    patterns = told.get("patterns") or ()
    if isinstance(patterns, str):
        patterns = _MANY_PATTERNS.sub("\n", patterns)
    elif isinstance(patterns, list):
        patterns = "\n".join(str(pattern) for pattern in patterns)
    if patterns:
        patterns = patterns.lower()
    made = {
        "id": own_id,
        "name": label[:_LONGEST_NAME],
        "definition": str(told.get("definition") or label),
        "patterns": patterns,
    }
    problem = theme_problem(made)
    if problem:
        message = f"theme {place} of the codebook, {name}: {problem}"
        raise BadCodebookError(message)
    return made


def lessons_from(lines: Iterable[bytes], book: PublicCodebook) -> Iterator[Lesson]:
    """Read labelled comments.

    Args:
        lines: JSON objects with `id`, `text`, `themes` and optionally `question`, `respondent`, `polarity`.
        book: knows the themes.

    Yields:
        The comments, in order; empty lines are passed over.

    Raises:
        BadLessonError: a line is wrong; the message names it by its number.
    """
    seen: dict[str, int] = {}
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            lesson = _lesson(raw, book)
        except BadCommentError as fault:
            message = f"line {number}: {fault}"
            raise BadLessonError(message) from fault
        earlier = seen.setdefault(lesson.comment.id, number)
        if earlier != number:
            message = f"line {number}: its id stands in line {earlier} already"
            raise BadLessonError(message)
        if len(seen) > MOST_COMMENTS:
            message = f"line {number}: more than {MOST_COMMENTS:,} comments are too many"
            raise BadLessonError(message)
        yield lesson


def _lesson(raw: bytes, book: PublicCodebook) -> Lesson:
    try:
        fields = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        message = "it is not UTF-8"
        raise BadCommentError(message) from fault
    except (json.JSONDecodeError, RecursionError) as fault:
        message = "it is not JSON"
        raise BadCommentError(message) from fault
    if not isinstance(fields, dict):
        message = "a line must hold a JSON object"
        raise BadCommentError(message)
    names, polarity = fields.get("themes"), fields.get("polarity")
    if not isinstance(names, list) or not all(isinstance(name, str | int) for name in names):
        message = "themes must be a list of ids"
        raise BadCommentError(message)
    themes = [" ".join(str(name).split()) for name in names]
    unknown = [name for name in themes if name not in book.own_ids]
    if unknown:
        message = f"the codebook has no theme {unknown[0][:_LONGEST_NAME]}"
        raise BadCommentError(message)
    if polarity is not None and polarity not in POLARITIES:
        message = "polarity must be positive, negative, mixed or neutral"
        raise BadCommentError(message)
    comment = comment_from(with_respondent(fields))
    return Lesson(comment, frozenset(book.own_ids[name] for name in themes), polarity)


def with_respondent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a comment, its respondent filled in where nobody said who wrote it."""
    known = dict(fields)
    if known.get("respondent") is None:
        known["respondent"] = UNKNOWN_RESPONDENT
    if isinstance(known.get("id"), int):
        known["id"] = str(known["id"])
    return known
