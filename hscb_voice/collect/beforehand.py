"""Draws each questionnaire's page and its thanks before anybody asks, so that the processes that serve them share them.

It stores nothing and answers nobody. Pages that it leaves out are drawn when they are first asked for.
"""

from flask import Flask

from hscb_voice.collect.pages import Form
from hscb_voice.collect.room import room
from hscb_voice.web.exits import EVERYWHERE, exit_of
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES

_PACKINGS = ("br", "gzip")


def draw_forms(app: Flask) -> int:
    """Draw every questionnaire that is asked now, in English and for the first age.

    Args:
        app: the application, with the respondents' surface.

    Returns:
        How many there are.

    Raises:
        DatabaseUnreachableError: the database is down.
    """
    with app.test_request_context("/"):
        versions = room().ways.all_forms()
        for version in versions:
            ages = version.definition.variants
            age = ages[0].key if ages else None
            form = Form(version, age, LANGUAGES[DEFAULT_LANGUAGE], exit_address=exit_of(EVERYWHERE))
            for page in (room().pages.form(form), room().pages.thanks(form, worried=False)):
                page.best_of(_PACKINGS)
    return len(versions)
