"""An administrator sets where leaving leads, service by service; what would not lead away is refused."""

import pytest
from flask import Flask

from hscb_voice.foundation.platform import Platform
from hscb_voice.leaving.queries import every_exit
from hscb_voice.staff.roles import Role
from hscb_voice.web.exits import DEFAULT_EXIT
from tests.support.pages import PageChecker
from tests.support.people import sign_in
from tests.support.sittings import CHILD, open_codes
from tests.web.test_leaving import leads_to
from tests.web.test_respondent_trouble import down

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE, WEATHER = "/staff/leaving/", "https://www.metoffice.gov.uk/"


def test_an_administrator_sets_one_service_and_then_every_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = open_codes(app)
    monkeypatch.setattr(app.extensions["collect"].ways, "_fresh_seconds", 0)
    me, child = sign_in(app, Role.ADMINISTRATOR), PageChecker(app)
    page = me.pages.get(PAGE)
    assert f"Family support {DEFAULT_EXIT} (the usual one)" in page.words("table")
    page = me.pages.get(page.link("Change where Family support leads"))
    me.pages.submit(page, {"address": f"  {WEATHER} "}, expect=303)
    assert leads_to(child.get(f"/f/{CHILD}").text, WEATHER)
    assert leads_to(child.get("/").text, DEFAULT_EXIT)
    page = me.pages.get(me.pages.get(PAGE).link("Change where every other service leads"))
    me.pages.submit(page, {"address": "https://www.bbc.co.uk/news"}, expect=303)
    assert leads_to(child.get("/").text, "https://www.bbc.co.uk/news")
    page = me.pages.get(f"{PAGE}edit?service=Family+support")
    me.pages.submit(page, {"address": ""}, expect=303)
    assert leads_to(child.get(f"/f/{CHILD}").text, "https://www.bbc.co.uk/news")
    with platform.database.reading() as connection:
        assert every_exit(connection) == {"": "https://www.bbc.co.uk/news"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("http://www.bbc.co.uk/", "begins with https://"),
        ("www.bbc.co.uk", "begins with https://"),
        ("https://localhost/", "begins with https://"),
        ("https://10.0.0.1/", "begins with https://"),
        ("https://user@www.bbc.co.uk/", "begins with https://"),
        ("https://www.bbc.co.uk:8443/", "begins with https://"),
        ("https://[", "begins with https://"),
        ('https://www.bbc.co.uk/"><script>', "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("https://voice.example.org/f/x", "on this site"),
        ("https://www.bbc.co.uk/" + "x" * 200, "200 characters or fewer"),
    ],
)
def test_it_refuses_an_address_that_does_not_lead_away(app: Flask, platform: Platform, typed: str, told: str) -> None:
    object.__setattr__(app.extensions["voice"].settings, "public_address", "https://voice.example.org")
    me = sign_in(app, Role.ADMINISTRATOR)
    page = me.pages.submit(me.pages.get(PAGE + "edit"), {"address": typed}, expect=400)
    assert told in page.words(".govuk-error-summary")
    assert page.dom.one("#address").attrs["value"] == typed
    with platform.database.reading() as connection:
        assert every_exit(connection) == {}


def test_d1_people_can_leave_while_the_database_is_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = open_codes(app)
    pages = PageChecker(app)
    pages.get(f"/f/{CHILD}")
    down(platform, monkeypatch)
    app.extensions["collect"].ways._fresh_seconds = 0
    assert leads_to(pages.get(f"/f/{CHILD}").text, DEFAULT_EXIT)
    assert leads_to(pages.get("/f/never-followed", expect=503).text, DEFAULT_EXIT)
