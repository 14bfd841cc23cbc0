"""Every English text around the questions can be read by those who meet it: pages, thanks, errors, paper, tablets.

The texts are those that the catalogues gather, so a new page is measured without being named here. What may be harder
stands in `hard_to_read.toml`, with its reason.
"""

import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from hscb_voice.language.reading_level import reading_level
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.translations.sources import words_of_pages
from hscb_voice.translations.template_words import CHILD, GROWN_UP

LIMITS = {CHILD: (3.0, 12), GROWN_UP: (6.0, 20)}
# What is filled in later, and telephone numbers, are no prose.
NO_PROSE = re.compile(r"%\(\w+\)s|\{\w+\}|[0-9][0-9 ]+[0-9]")
_FILE = Path(__file__).parent / "hard_to_read.toml"
EXCEPTIONS: list[dict[str, list[str] | str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["texts"]
EXCEPTED = {text for exception in EXCEPTIONS for text in exception["list"]}


@cache
def passages() -> dict[tuple[str, str], list[str]]:
    """Return what each template or module says, and to whom; what both read must be easy enough for the child."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    # A module does not tell to whom each line of it is said; a page that says it to grown-ups only does.
    to_grown_ups = {one.text for one in words_of_pages() if one.said_to == {GROWN_UP}}
    for one in words_of_pages():
        if one.text not in EXCEPTED:
            reader = CHILD if CHILD in one.said_to and one.text not in to_grown_ups else GROWN_UP
            found[one.where, reader][one.text] = NO_PROSE.sub("us", one.text)
    return {key: list(texts.values()) for key, texts in found.items()}


@pytest.mark.parametrize(("where", "reader"), sorted(passages()))
def test_it_can_be_read_by_those_who_meet_it(where: str, reader: str) -> None:
    texts = passages()[where, reader]
    grade, longest = LIMITS[reader]
    assert reading_level(texts).grade <= grade, texts
    assert [text for text in texts if reading_level([text]).longest_sentence > longest] == []


def test_every_page_of_a_respondent_is_among_them() -> None:
    measured = {where for where, _ in passages()}
    templates = Path(__file__).parent.parent.parent.parent / "templates"
    pages = {f"templates/{file.relative_to(templates)}" for file in (templates / "collect").glob("*.html")}
    assert pages <= measured
    assert {"collect/held.py", "web/error_pages.py", "paper/sheets.py"} <= measured


def test_every_exception_is_still_said_and_has_its_reason() -> None:
    questions = [question for definition in all_definitions() for question in definition.questions]
    said = {one.text for one in words_of_pages()} | {question.text for question in questions}
    assert said >= EXCEPTED
    assert all(len(str(exception["reason"])) > 20 for exception in EXCEPTIONS)


def test_the_reports_own_questions_are_exactly_those_that_the_list_names() -> None:
    [report] = [set(exception["list"]) for exception in EXCEPTIONS if "annual report" in exception["reason"]]
    definitions = all_definitions()
    assert report == {q.text for d in definitions for q in d.questions if q.source == "report"}


def test_a_long_sentence_would_be_found() -> None:
    [text] = ["This is a sentence that has far too many words in it for a child of nine."]
    assert reading_level([text]).longest_sentence > LIMITS[CHILD][1]
