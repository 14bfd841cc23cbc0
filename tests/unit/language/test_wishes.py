"""A theme is a wish where it is asked or hoped for, and not where something that happened is told in such words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.reading import Comment, read_comment
from hscb_voice.language.wishes import WISH, way_of

WRITTEN = Path(__file__).parents[2] / "quality" / "wishes"
LEAST_FOUND, LEAST_TRUE = 0.6, 0.85  # of what has a theme at all; measured 0.74 and 0.98 on both files together


def ways(text: str, respondent: str = "child", question: str | None = None) -> set[str]:
    comment = Comment("1", text, respondent, question)
    reading = read_comment(comment, default_codebook())
    assert reading.themes, text
    return {way_of(theme, reading, comment) for theme in reading.themes}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("I want to see my brother more", None),
        ("Could we have longer sessions please", None),
        ("more puppets", "better"),
        ("Fridays", "change"),
        ("Send the report to school before the conference", "better"),
    ],
)
def test_what_is_asked_or_hoped_for_is_a_wish(text: str, question: str | None) -> None:
    assert ways(text, question=question) == {WISH}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("they let me have my own shelf in the fridge", None),
        ("We were asked when the visits could be", None),
        ("help with school", "q6"),
        ("Can't fault the worker", None),
        ("the session was on a Friday", "better"),
        ("the last session", "liked_least"),
    ],
)
def test_what_happened_is_none_though_its_words_wish(text: str, question: str | None) -> None:
    assert WISH not in ways(text, question=question)


def test_what_is_praised_or_blamed_stays_so() -> None:
    assert ways("I wish they had listened to me") == {"negative"}
    assert ways("She was kind and listened to me. Please tell her") == {"positive"}


def test_who_tells_of_harm_and_asks_for_help_is_looked_at_today_and_not_counted_as_wishing() -> None:
    assert WISH not in ways("please can someone come to my house, dad hits mum every night")


def written() -> Iterator[dict[str, Any]]:
    for path in sorted(WRITTEN.glob("*.jsonl")):
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def test_most_of_the_wishes_written_for_it_are_found_and_little_else() -> None:
    found: list[tuple[bool, bool]] = []
    for row in written():
        comment = comment_from({key: value for key, value in row.items() if key != "wish"})
        reading = read_comment(comment, default_codebook())
        if reading.themes:
            found.append((row["wish"], WISH in {way_of(theme, reading, comment) for theme in reading.themes}))
    said = [is_one for is_one, is_said in found if is_said]
    wished = [is_said for is_one, is_said in found if is_one]
    assert sum(wished) / len(wished) >= LEAST_FOUND
    assert sum(said) / len(said) >= LEAST_TRUE
