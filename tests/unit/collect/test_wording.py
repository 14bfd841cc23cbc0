"""The words that every form shares are as easy to read as its questions: children's to grade 3, parents' to grade 6."""

import re

import pytest
from flask import Flask

from hscb_voice.collect.pages import Form
from hscb_voice.language.reading_level import reading_level
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.web.languages import LANGUAGES, words_in
from tests.support.markup import Document, words_of
from tests.support.sittings import FORMS, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# A name, a telephone number and a receipt are no prose.
NO_PROSE = re.compile(r"the Herefordshire Safeguarding Children Board|[0-9][0-9 ]+[0-9]|@@gap@@")
BOUNDS = {"child": (3.0, 12), "parent": (6.0, 20), "professional": (8.0, 20)}


def prose(html: str, *selectors: str) -> list[str]:
    """Return the sentences of some parts of a page."""
    document = Document(html)
    parts = [words_of(e).strip() for selector in selectors for e in document.all(selector)]
    return [NO_PROSE.sub("us", part) for part in parts if part]


def test_the_opening_and_the_thanks_are_easy_to_read(app: Flask) -> None:
    platform = app.extensions["voice"]
    pages = app.extensions["collect"].pages
    by_slug = {definition.slug: definition for definition in all_definitions()}
    for slug, variant in FORMS:
        with app.test_request_context():
            form = Form(version_of(platform, slug), variant, LANGUAGES["en"])
            opening = pages.form(form).filled("x", "").decode()
            thanks = [pages.thanks(form, worried=worried).filled("@@gap@@", "").decode() for worried in (False, True)]
        grade, longest = BOUNDS[by_slug[slug].respondent_of(variant)]
        texts = [prose(opening, ".promises li", "aside p", ".end p"), *(prose(t, "main p", "main li") for t in thanks)]
        for text in texts:
            level = reading_level(text)
            assert level.grade <= grade, (slug, level, text)
            assert level.longest_sentence <= longest, (slug, level, text)


def test_words_without_a_translation_stay_as_they_are(app: Flask) -> None:
    with app.test_request_context("/?lang=xx"):
        assert words_in("support-worker-child")("100 % of “it”") == "100 % of “it”"
