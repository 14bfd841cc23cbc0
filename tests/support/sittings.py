"""Sittings for tests: a code that leads to a questionnaire, and what a browser or a tablet sends for it."""

import re
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.definition import Kind, Question
from hscb_voice.questionnaires.queries import PublishedVersion, current_version
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.responses.service import Setting
from hscb_voice.web.current import EXTENSION

CHILD = "support-worker-child"
PARENT = "support-worker-parent"
LONGEST = "cp-conference-parent-review"
SLUGS = tuple(definition.slug for definition in all_definitions())
NO_AGES: list[str | None] = [None]
FORMS = tuple(
    (definition.slug, variant)
    for definition in all_definitions()
    for variant in ([one.key for one in definition.variants] or NO_AGES)
)


def open_codes(app: Flask) -> Platform:
    """Open one code for each questionnaire, the same as its slug, as the demonstration does."""
    platform: Platform = app.extensions[EXTENSION]
    with platform.database.writing() as connection:
        for slug in SLUGS:
            setting = Setting(channel="link", service="Family support", team="North")
            open_code(connection, slug, slug, setting, platform.clock)
    return platform


def version_of(platform: Platform, slug: str) -> PublishedVersion:
    """Return the wording that is asked now."""
    with platform.database.reading() as connection:
        return current_version(connection, slug)


def envelope(version: PublishedVersion, variant: str | None = None) -> dict[str, str]:
    """Return what stands around a page's answers, for a new sitting."""
    return {"sitting": new_id(), "version": str(version.id), "variant": variant or "", "language": "en"}


def page_sending(version: PublishedVersion, variant: str | None = None) -> MultiDict[str, str]:
    """Return what a browser sends when every question of a form has been answered."""
    sent: MultiDict[str, str] = MultiDict(envelope(version, variant))
    for question in version.definition.asked_of(variant):
        for name, value in _sent_for(question):
            sent.add(name, value)
    return sent


def message_answers(version: PublishedVersion, variant: str | None = None) -> dict[str, Any]:
    """Return the same answers as a tablet holds them."""
    answers: dict[str, Any] = {}
    for question in version.definition.asked_of(variant):
        values = [value for _, value in _sent_for(question)]
        if question.kind is Kind.GRID:
            answers[question.key] = {row.key: values[0] for row in question.rows}
        elif question.kind in {Kind.FACES_SET, Kind.SOME_OF, Kind.BLANKS}:
            answers[question.key] = values
        else:
            answers[question.key] = values[0]
    return answers


def sitting_of(page: str) -> str:
    """Return the sitting's id that stands on a page."""
    found = re.search(r'name="sitting" value="([^"]+)"', page)
    assert found, "the page names no sitting"
    return found[1]


def _sent_for(question: Question) -> list[tuple[str, str]]:
    keys = [option.key for option in question.options]
    if question.kind is Kind.GRID:
        return [(f"{question.key}-{row.key}", keys[0]) for row in question.rows]
    if question.kind is Kind.BLANKS:
        return [(f"{question.key}-{line}", f"line {line}") for line in range(question.blanks)]
    if question.kind in {Kind.FACES_SET, Kind.SOME_OF}:
        return [(question.key, key) for key in keys[:2]]
    if question.takes_words:
        return [(question.key, "She listened to me.")]
    return [(question.key, keys[0] if keys else "yes")]
