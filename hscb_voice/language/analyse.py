"""The contract of `hscb-voice analyse`: one JSON object a line in, one a line out, whatever is wrong with a line.

Why: whoever uses the reader from outside needs a form that does not change.
May not: keep anything, or let one bad line stop the rest.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

from hscb_voice.language.chosen import Chosen, ChosenReading, face, read_chosen, tick
from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.errors import BadCommentError, LanguageError
from hscb_voice.language.normalise import normalise
from hscb_voice.language.phrases import tokens
from hscb_voice.language.reading import READ_LANGUAGE, Comment, Reading, Respondent, read_comment

LONGEST_TEXT = 20_000
_BEST = 2


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
        return tick(given, respondent, codebook)
    if isinstance(given, dict) and isinstance(given.get("words"), str):
        tone = given.get("tone")
        if tone is None or (isinstance(tone, int) and abs(tone) <= _BEST):
            return Chosen(given["words"], tone)
    message = "a tick must be text, or hold words and a tone from -2 to 2"
    raise BadCommentError(message)


def as_line(comment_id: str, reading: Reading, chosen: ChosenReading | None = None) -> dict[str, Any]:
    """Put a reading into the form of one output line.

    Args:
        comment_id: the comment's id.
        reading: what was read.
        chosen: what faces and ticks say, where the words could not be read.

    Returns:
        Plain values ready for JSON; offsets are those of the given text. For a comment that is not in English also
        `language` and `read_by_machine`, which is false: its polarity and themes are for a person to say. Where faces
        and ticks said them for the time being, `decided_by` names those, and no theme has a place in the text.
    """
    line: dict[str, Any] = {
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
    if reading.language != READ_LANGUAGE:
        line |= {"language": reading.language, "read_by_machine": False}
    if chosen is not None:
        themes = [{"id": one.id, "start": 0, "end": 0, "polarity": one.polarity} for one in chosen.themes]
        line |= {"polarity": chosen.polarity or line["polarity"], "themes": themes, "read_by_machine": False}
        line["decided_by"] = {"faces": list(chosen.by_faces), "ticks": list(chosen.by_ticks)}
    return line


def _by_chosen(fields: Mapping[str, Any], comment: Comment, reading: Reading) -> ChosenReading | None:
    """Let faces and ticks speak where the words cannot be read, or where there are none."""
    chosen = chosen_from(fields, comment.respondent, default_codebook())
    if not chosen or (reading.language == READ_LANGUAGE and tokens(normalise(comment.text).text)):
        return None
    return read_chosen(chosen, default_codebook())


def analyse_line(line: str, codebook: Codebook | None = None) -> dict[str, Any]:
    """Read one JSON line.

    Args:
        line: a JSON object with the fields of `comment_from`.
        codebook: the themes to look for; the program's own when None.

    Returns:
        The output line; for a bad line `id` (None when unknown) and `error`.
    """
    return analyse_by(line, lambda comment: read_comment(comment, codebook or default_codebook()))[0]


def analyse_by(
    line: str,
    read: Callable[[Comment], Reading],
    prepare: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda fields: fields,
) -> tuple[dict[str, Any], Reading | None]:
    """Read one JSON line by a given reader.

    Args:
        line: a JSON object with the fields of `comment_from`.
        read: reads a comment.
        prepare: may fill in fields before they are checked.

    Returns:
        The output line, and the whole reading; for a bad line `id` (None when unknown) and `error`, and no reading.
    """
    comment_id: str | None = None
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            return {"id": None, "error": "a line must hold a JSON object"}, None
        if isinstance(fields.get("id"), str):
            comment_id = fields["id"]
        prepared = prepare(fields)
        comment = comment_from(prepared)
        reading = read(comment)
        return as_line(comment.id, reading, _by_chosen(prepared, comment, reading)), reading
    except json.JSONDecodeError as error:
        return {"id": None, "error": f"not JSON: {error.msg} at character {error.pos}"}, None
    except RecursionError:
        return {"id": None, "error": "not JSON: nested too deeply"}, None
    except LanguageError as error:
        return {"id": comment_id, "error": str(error)}, None
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with one comment, the others are read
        kind = type(fault).__name__  # never its message, which may hold a child's words
        return {"id": comment_id, "error": f"this comment could not be read ({kind}); please report it"}, None
