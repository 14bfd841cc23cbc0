"""The same questionnaire at several points in the work: the code says which, and after a session the form is short."""

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.invitations.service import open_code
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import Setting
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.sittings import envelope, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SLUG = "cidva-child-5-8"


def _open(app: Flask, code: str, point: str) -> None:
    platform = app.extensions[EXTENSION]
    with platform.database.writing() as connection:
        open_code(connection, code, SLUG, Setting(channel="link", point=point), platform.clock)


def _asked(pages: PageChecker, code: str) -> list[str]:
    page = pages.get(f"/f/{code}").dom
    return [str(card.attrs["id"])[2:] for card in page.elements() if str(card.attrs.get("id", "")).startswith("c-")]


def test_a_code_for_after_a_session_asks_three_items_and_one_for_the_last_session_everything(app: Flask) -> None:
    _open(app, "after", "during")
    _open(app, "last", "final")
    pages = PageChecker(app)
    assert _asked(pages, "after") == ["coming", "know_what_to_do", "one_thing", "talk", "answered"]
    assert len(_asked(pages, "last")) > 8


def test_the_short_form_is_kept_with_its_point_under_the_same_keys(app: Flask) -> None:
    _open(app, "after", "during")
    platform = app.extensions[EXTENSION]
    sent = envelope(version_of(platform, SLUG)) | {"coming": "good", "again": "yes", "answered": "together"}
    PageChecker(app).post("/f/after", sent, expect=200)
    with platform.database.reading() as connection:
        kept = connection.execute(select(Response.point, Response.answers)).one()
    assert kept.point == "during"
    # “again” is not asked there, so it is passed over, as everything that a form does not know.
    assert kept.answers == {"coming": "good", "answered": "together"}
