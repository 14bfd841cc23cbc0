"""Read one comment whole: polarity, themes, words to hide, and whether a person must look.

Why: the command line, the jobs of the themes and safeguarding rooms, and the quality checks must all read alike.
May not: keep anything, or let one bad line stop the rest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.concern import ConcernReading, screen
from hscb_voice.language.errors import BadCommentError, LanguageError
from hscb_voice.language.normalise import Normalised, normalise
from hscb_voice.language.polarity import PolarityReading, read_polarity
from hscb_voice.language.questions import themes_asked
from hscb_voice.language.redaction import Redaction, redact
from hscb_voice.language.theme_matching import ThemeMatch, match_themes

Respondent = Literal["child", "parent", "professional"]
LONGEST_TEXT = 20_000
_PERSON_WORD = "somename"
_CONCERN_LEANS = -1.0
# Reasons for a person to look that say nothing about good or bad.
_NO_BAD_NEWS = frozenset({"talk_to_someone", "unreadable_language"})


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment to read; `known_names` are names that the system knows to belong to this response."""

    id: str
    text: str
    respondent: Respondent
    question: str | None = None
    known_names: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one comment."""

    polarity: PolarityReading
    themes: tuple[ThemeMatch, ...]
    redaction: Redaction
    concern: ConcernReading


def _with_names_masked(n: Normalised, redaction: Redaction) -> Normalised:
    """Put one same word for every person's name, so that "Joy was late" is not joyful and a name counts as a person."""
    people = {(span.start, span.end) for span in redaction.spans if span.kind == "person"}
    if not people:
        return n
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for start, end in sorted(people):
        left = next((i for i in range(at, len(n.text)) if n.offsets[i] >= start), len(n.text))
        right = next((i for i in range(left, len(n.text)) if n.offsets[i] >= end), len(n.text))
        pieces += [n.text[at:left], _PERSON_WORD]
        offsets += [*n.offsets[at:left], *([start] * len(_PERSON_WORD))]
        at = right
    pieces.append(n.text[at:])
    return Normalised(n.original, "".join(pieces), (*offsets, *n.offsets[at:]))


def read_comment(comment: Comment, codebook: Codebook) -> Reading:
    """Read one comment.

    Args:
        comment: the comment.
        codebook: the themes to look for.

    Returns:
        Polarity, themes, words to hide and concern, each with the words that decided.
    """
    plain = normalise(comment.text)
    redaction = redact(plain, known_names=comment.known_names)
    concern = screen(plain, respondent=comment.respondent, question=comment.question, language=comment.language)
    masked = _with_names_masked(plain, redaction)
    polarity = read_polarity(
        masked,
        respondent=comment.respondent,
        question=comment.question,
        leaning=_CONCERN_LEANS if set(concern.reasons) - _NO_BAD_NEWS else None,
    )
    asked = themes_asked(comment.question, comment.respondent)
    return Reading(polarity, match_themes(masked, codebook, polarity, concern, asked), redaction, concern)


def _text_field(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        message = f"{name} must be text"
        raise BadCommentError(message)
    return value


def _respondent(value: str) -> Respondent:
    for known in get_args(Respondent):
        if known == value:
            found: Respondent = known
            return found
    message = "respondent must be child, parent or professional"
    raise BadCommentError(message)


def comment_from(fields: Mapping[str, Any]) -> Comment:
    """Check the fields of one comment.

    Args:
        fields: `id`, `text`, `respondent`, and optionally `question`, `known_names` and `language`.

    Returns:
        The comment.

    Raises:
        BadCommentError: a field is missing or wrong; the message names it and never holds the text.
    """
    text = _text_field(fields, "text")
    if len(text) > LONGEST_TEXT:
        message = f"text is longer than {LONGEST_TEXT:,} characters"
        raise BadCommentError(message)
    question = fields.get("question")
    if question is not None and not isinstance(question, str):
        message = "question must be text"
        raise BadCommentError(message)
    names = fields.get("known_names") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = "known_names must be a list of texts"
        raise BadCommentError(message)
    language = fields.get("language") or "en"
    if not isinstance(language, str):
        message = "language must be text"
        raise BadCommentError(message)
    return Comment(
        _text_field(fields, "id"),
        text,
        _respondent(_text_field(fields, "respondent")),
        question,
        tuple(names),
        language,
    )


def as_line(comment_id: str, reading: Reading) -> dict[str, Any]:
    """Put a reading into the form of one output line.

    Args:
        comment_id: the comment's id.
        reading: what was read.

    Returns:
        Plain values ready for JSON; offsets are those of the given text.
    """
    return {
        "id": comment_id,
        "polarity": reading.polarity.polarity,
        "themes": [
            {"id": theme.id, "start": theme.start, "end": theme.end, "polarity": theme.polarity}
            for theme in reading.themes
        ],
        "redactions": [{"start": span.start, "end": span.end, "kind": span.kind} for span in reading.redaction.spans],
        "redacted": reading.redaction.redacted,
        "concern": {"flag": reading.concern.flag, "reasons": list(reading.concern.reasons)},
    }


def analyse_line(line: str, codebook: Codebook | None = None) -> dict[str, Any]:
    """Read one JSON line.

    Args:
        line: a JSON object with the fields of `comment_from`.
        codebook: the themes to look for; the program's own when None.

    Returns:
        The output line; for a bad line `id` (None when unknown) and `error`.
    """
    comment_id: str | None = None
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            return {"id": None, "error": "a line must hold a JSON object"}
        if isinstance(fields.get("id"), str):
            comment_id = fields["id"]
        comment = comment_from(fields)
        return as_line(comment.id, read_comment(comment, codebook or default_codebook()))
    except json.JSONDecodeError as error:
        return {"id": None, "error": f"not JSON: {error.msg} at character {error.pos}"}
    except RecursionError:
        return {"id": None, "error": "not JSON: nested too deeply"}
    except LanguageError as error:
        return {"id": comment_id, "error": str(error)}
