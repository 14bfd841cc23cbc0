"""Read comments that somebody has sorted into themes, to learn from.

Why: the same engine can be tried on somebody else's data, which is not written as ours is; where its meaning is plain
it is taken, and what is wrong with it must be said with the line where it stands.
May not: hold a comment's words in a message, or learn anything.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hscb_voice.language.analyse import comment_from, given_id, with_respondent
from hscb_voice.language.errors import BadCommentError, BadLessonError
from hscb_voice.language.public_codebook import PublicCodebook
from hscb_voice.language.reading import Comment

MOST_COMMENTS = 50_000
POLARITIES = ("positive", "negative", "mixed", "neutral")
_LONGEST_NAME = 80
_MOST_NAMED = 8


@dataclass(frozen=True)
class Lesson:
    """One comment that somebody has sorted."""

    comment: Comment
    themes: frozenset[str]  # our ids
    polarity: str | None


def lessons_from(
    lines: Iterable[bytes],
    book: PublicCodebook,
    *,
    left_out: Callable[[str], None] | None = None,
    wordless: Callable[[int], None] = lambda _: None,
) -> Iterator[Lesson]:
    """Read labelled comments.

    Args:
        lines: JSON objects with `text`, `themes` (ids or names) and optionally `id`, `question`, `respondent`,
            `polarity`.
        book: knows the themes.
        left_out: is told what is wrong with each line that is wrong; when None, the first such line ends it all.
        wordless: is told the number of each line without words: nothing can be learned from it.

    Yields:
        The comments, in order; empty lines are passed over.

    Raises:
        BadLessonError: a line is wrong; the message names it by its number.
    """
    seen: dict[str, int] = {}
    read = 0
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            lesson = _lesson(raw, number, book, seen)
        except BadCommentError as fault:
            message = f"line {number}: {fault}"
            if left_out is None:
                raise BadLessonError(message) from fault
            left_out(message)
            continue
        if lesson is None:
            wordless(number)
            continue
        read += 1
        if read > MOST_COMMENTS:
            message = f"line {number}: more than {MOST_COMMENTS:,} comments are too many"
            raise BadLessonError(message)
        yield lesson


def _lesson(raw: bytes, number: int, book: PublicCodebook, seen: dict[str, int]) -> Lesson | None:
    fields = _fields(raw)
    if fields.get("id") is None:
        fields["id"] = f"line {number}"
    else:
        own = str(given_id(fields))
        if own in seen:
            message = f"its id {own[:_LONGEST_NAME]} stands in line {seen[own]} already"
            raise BadCommentError(message)
    if "text" in fields and (
        fields["text"] is None or (isinstance(fields["text"], str) and not fields["text"].strip())
    ):
        return None
    themes, polarity = _themes(fields.get("themes"), book), _polarity(fields.get("polarity"))
    lesson = Lesson(comment_from(with_respondent(fields)), themes, polarity)
    seen[lesson.comment.id] = number
    return lesson


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        message = "it is not UTF-8"
        raise BadCommentError(message) from fault
    except (json.JSONDecodeError, RecursionError) as fault:
        message = "it is not JSON"
        raise BadCommentError(message) from fault
    except ValueError as fault:
        message = "it holds a number of too many digits"
        raise BadCommentError(message) from fault
    if not isinstance(fields, dict):
        message = "a line must hold a JSON object"
        raise BadCommentError(message)
    return fields


def _themes(given: object, book: PublicCodebook) -> frozenset[str]:
    if given is None:
        return frozenset()
    if isinstance(given, str) and (alone := book.own_id(given)) is not None:
        return frozenset({alone})
    if not isinstance(given, list) or not all(isinstance(name, str | int) for name in given):
        message = "themes must be a list of ids"
        raise BadCommentError(message)
    found = {str(name): book.own_id(str(name)) for name in given}  # true and false are the names of no theme
    unknown = [" ".join(name.split()) for name, own in found.items() if own is None]
    if unknown:
        known = ", ".join(islice(book.own_ids, _MOST_NAMED))
        more = f" and {len(book.own_ids) - _MOST_NAMED} more" if len(book.own_ids) > _MOST_NAMED else ""
        message = f"the codebook has no theme {unknown[0][:_LONGEST_NAME]}; it has {known}{more}"
        raise BadCommentError(message)
    return frozenset(own for own in found.values() if own is not None)


def _polarity(given: object) -> str | None:
    said = given.strip().lower() if isinstance(given, str) else given
    if said is None or said == "":
        return None
    if said not in POLARITIES:
        message = "polarity must be positive, negative, mixed or neutral"
        raise BadCommentError(message)
    return str(said)
