"""The contract of `hscb-voice analyse`: one JSON object a line in, one a line out, whatever is wrong with a line.

Why: whoever uses the reader from outside needs a form that does not change.
May not: keep anything, or let one bad line stop the rest.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from hscb_voice.language.beside import as_of_a_child, by_faces_and_ticks, with_raised
from hscb_voice.language.chosen import Chosen, face, tick
from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.errors import BadCommentError, LanguageError
from hscb_voice.language.reading import READ_LANGUAGE, Comment, Reading, Respondent, read_comment
from hscb_voice.language.respondents import UNKNOWN_READ_AS, respondent_of
from hscb_voice.language.theme_matching import ThemeMatch
from hscb_voice.language.wishes import WISH, way_of

LONGEST_TEXT = 20_000
_BEST = 2


@dataclass(frozen=True)
class Reader:
    """How comments are read.

    `also_reads` are languages beside English whose themes a model has learned; `also_judges` those whose polarity too.
    """

    read: Callable[[Comment], Reading]
    codebook: Codebook
    also_reads: Collection[str] = ()
    also_judges: Collection[str] = ()


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


def given_id(fields: Mapping[str, Any]) -> str | int:
    """Return a comment's id as it was given: whoever sent it must be able to match the answer.

    Args:
        fields: those of the comment.

    Raises:
        BadCommentError: it is neither text nor a whole number.
    """
    value = fields.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        message = "id must be text or a whole number"
        raise BadCommentError(message)
    return value


def with_respondent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a comment, its id as text and its respondent the nearest of the three.

    Args:
        fields: those of the comment. Where nobody is named who is known, it is read as of a grown-up.

    Raises:
        BadCommentError: the id or the respondent is of a kind that neither may be.
    """
    known = dict(fields)
    known["id"] = str(given_id(fields))
    known["respondent"] = respondent_of(fields.get("respondent")) or UNKNOWN_READ_AS
    return known


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


def chosen_from(fields: Mapping[str, Any], respondent: str, codebook: Codebook) -> list[Chosen]:
    """Check the faces and ticks that came with a comment.

    Args:
        fields: optionally `faces`, words or keys of the eight, and `ticks`: sentences, or `words` and `tone` of each.
        respondent: child, parent or professional.
        codebook: the themes to look for.

    Returns:
        What was chosen, faces first.

    Raises:
        BadCommentError: a face is none of the eight, or a tick is not as it should be.
    """
    faces, ticks = fields.get("faces") or [], fields.get("ticks") or []
    if not isinstance(faces, list) or not isinstance(ticks, list):
        message = "faces and ticks must be lists"
        raise BadCommentError(message)
    known = [face(words) if isinstance(words, str) else None for words in faces]
    found = [one for one in known if one is not None]
    if len(found) < len(faces):
        message = "faces must be among the eight: really happy, happy, okay, sad, angry, confused, scared, really sad"
        raise BadCommentError(message)
    return [*found, *(_tick(one, respondent, codebook) for one in ticks)]


def _tick(given: object, respondent: str, codebook: Codebook) -> Chosen:
    if isinstance(given, str):
        return tick(given[:LONGEST_TEXT], respondent, codebook)
    if isinstance(given, dict) and isinstance(given.get("words"), str):
        tone = given.get("tone")
        if tone is None or (isinstance(tone, int) and abs(tone) <= _BEST):
            return Chosen(given["words"][:LONGEST_TEXT], tone)
    message = "a tick must be text, or hold words and a tone from -2 to 2"
    raise BadCommentError(message)


def as_line(comment_id: str | int, reading: Reading, comment: Comment) -> dict[str, Any]:
    """Put a reading into the form of one output line.

    Args:
        comment_id: the comment's id, as it was given.
        reading: what was read.
        comment: the comment.

    Returns:
        Plain values ready for JSON; offsets are those of the given text.
    """
    wished = {theme.id for theme in reading.themes if theme.polarity == "neutral" and _is_wish(theme, reading, comment)}
    return {
        "id": comment_id,
        "polarity": reading.polarity.polarity,
        "wish": bool(wished) or (reading.polarity.wish and _is_wish(_whole(comment), reading, comment)),
        "themes": [
            {
                "id": theme.id,
                "start": theme.start,
                "end": theme.end,
                "polarity": theme.polarity,
                "wish": theme.id in wished,
                "confidence": theme.confidence,
            }
            for theme in reading.themes
        ],
        "redactions": [{"start": span.start, "end": span.end, "kind": span.kind} for span in reading.redaction.spans],
        "redacted": reading.redaction.redacted,
        "concern": {"flag": reading.concern.flag, "reasons": list(reading.concern.reasons)},
    }


def _whole(comment: Comment) -> ThemeMatch:
    return ThemeMatch("", 0, len(comment.text), "neutral", wish=True, confidence=1.0, evidence=())


def _is_wish(theme: ThemeMatch, reading: Reading, comment: Comment) -> bool:
    """Tell whether a wish is said, by the rule that the platform counts wishes by."""
    return reading.language == READ_LANGUAGE and way_of(theme, reading, comment) == WISH


def analyse_line(line: str, codebook: Codebook | None = None) -> dict[str, Any]:
    """Read one JSON line.

    Args:
        line: a JSON object with the fields of `comment_from`, and perhaps those of `chosen_from`.
        codebook: the themes to look for; the program's own when None.

    Returns:
        The output line; for a bad line `id` (None when unknown) and `error`.
    """
    book = codebook or default_codebook()
    return analyse_by(line, Reader(lambda comment: read_comment(comment, book), book))[0]


def analyse_by(line: str, reader: Reader) -> tuple[dict[str, Any], Reading | None]:
    """Read one JSON line by a given reader.

    Args:
        line: a JSON object with the fields of `comment_from`, and perhaps those of `chosen_from`.
        reader: reads a comment.

    Returns:
        The output line, and the whole reading; for a bad line `id` (None when unknown) and `error`, and no reading.
    """
    comment_id: str | int | None = None
    try:
        fields = _fields(line)
        comment_id = given_id(fields)
        return _analysed(comment_id, fields, reader)
    except LanguageError as error:
        return {"id": comment_id, "error": str(error)}, None
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with one comment, the others are read
        kind = type(fault).__name__  # never its message, which may hold a child's words
        return {"id": comment_id, "error": f"this comment could not be read ({kind}); please report it"}, None


def _fields(line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} at character {error.pos}"
        raise BadCommentError(message) from error
    except RecursionError as error:
        message = "not JSON: nested too deeply"
        raise BadCommentError(message) from error
    except ValueError as error:
        message = "not JSON: it holds a number of too many digits"
        raise BadCommentError(message) from error
    if not isinstance(fields, dict):
        message = "a line must hold a JSON object"
        raise BadCommentError(message)
    return fields


def _analysed(comment_id: str | int, fields: Mapping[str, Any], reader: Reader) -> tuple[dict[str, Any], Reading]:
    """Read one comment, and what was chosen on the same form.

    A comment that is not in English has also `language` and `read_by_machine`: false where its polarity or its themes
    are for a person to say. Where faces and ticks said something, `decided_by` names those, and no theme that they
    said has a place in the text.
    """
    prepared = with_respondent(fields)
    comment = comment_from(prepared)
    chosen = chosen_from(prepared, comment.respondent, reader.codebook)
    reading = reader.read(comment)
    if respondent_of(fields.get("respondent")) is None:
        reading = replace(reading, concern=as_of_a_child(comment, reading.concern))
    is_read = reading.language == READ_LANGUAGE or reading.language in reader.also_reads
    said = by_faces_and_ticks(comment, reading, chosen, reader.codebook, is_read=is_read) if chosen else None
    told: dict[str, Any] = {}
    if reading.language != READ_LANGUAGE:
        told = {"language": reading.language, "read_by_machine": reading.language in reader.also_judges}
    if said is not None:
        reading = said.reading
        told |= {"read_by_machine": False} if said.instead_of_words else {}
        told["decided_by"] = {"faces": list(said.by_faces), "ticks": list(said.by_ticks)}
    reading = with_raised(reading, chosen)
    return as_line(comment_id, reading, comment) | told, reading
