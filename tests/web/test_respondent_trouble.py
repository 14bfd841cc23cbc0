"""D1, D3, K4: with the database down or the key gone, the form is still there and no word is lost."""

import pytest
from flask import Flask

from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from tests.support.markup import attribute
from tests.support.pages import PageChecker
from tests.support.sittings import CHILD, PARENT, message_answers, open_codes, page_sending, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOSTILE = "</textarea><b>stay</b> & “here”\nsecond line"


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    return open_codes(app)


@pytest.fixture
def pages(app: Flask, site: Platform) -> PageChecker:
    """A browser on that site that has opened one form."""
    assert site
    checker = PageChecker(app)
    checker.get(f"/f/{CHILD}")
    return checker


def down(site: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the database down."""

    def refuse(*_: object, **__: object) -> None:
        message = "The database did not answer."
        raise DatabaseUnreachableError(message)

    for door in ("reading", "writing"):
        monkeypatch.setattr(site.database, door, refuse)


def test_the_form_is_served_while_the_database_is_down(
    app: Flask, pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["collect"].ways._fresh_seconds = 0  # so that it must ask, and finds nobody
    down(site, monkeypatch)
    assert pages.get(f"/f/{CHILD}").dom.all("#c-q2")
    assert pages.client.get("/healthz").status_code == 200
    assert pages.client.get("/readyz").status_code == 503


def test_what_cannot_be_stored_now_stays_on_the_page_and_can_be_sent_again(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = page_sending(version_of(site, CHILD))
    sent["q2a"] = HOSTILE
    with monkeypatch.context() as patch:
        down(site, patch)
        page = pages.post(f"/f/{CHILD}", sent, expect=503)
        assert int(page.response.headers["Retry-After"]) > 0
        assert "Your words are still on this page." in page.words("main")
        assert "0800 1111" in page.words("main")
        shown = "".join(getattr(c, "data", "") or "" for c in page.dom.one("textarea[name=q2a]").children)
        assert shown.strip() == HOSTILE
    assert pages.submit(page, expect=200).words(".receipt")


def test_a_process_that_never_saw_the_code_holds_the_words_too(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = page_sending(version_of(site, PARENT))
    down(site, monkeypatch)
    page = pages.post(f"/f/{PARENT}", sent, expect=503)
    held = {(attribute(e, "name"), attribute(e, "value")) for e in page.dom.all("form input")}
    assert {("sitting", sent["sitting"]), ("q3-1", "very_good"), ("carer", "female")} <= held
    page = pages.get(f"/f/{PARENT}", expect=503)
    assert "Something is not working just now" in page.words("h1")


def test_without_the_key_nothing_is_stored_and_no_word_is_lost(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        message = "There is no key."
        raise KeyMissingError(message)

    sent = page_sending(version_of(site, CHILD))
    monkeypatch.setattr(KeyRing, "seal_for_new_row", refuse)
    page = pages.post(f"/f/{CHILD}", sent, expect=503)
    assert "Your words are still on this page." in page.words("main")


def test_a_tablet_is_told_to_come_back(
    app: Flask, pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = version_of(site, CHILD)
    body = {"version": version.id, "variant": None, "language": "en", "answers": message_answers(version)}
    sitting = page_sending(version)["sitting"]
    down(site, monkeypatch)
    answer = app.test_client().put(f"/f/{CHILD}/answers/{sitting}", json=body)
    assert pages
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_fault_of_ours_gives_plain_help_and_no_code(
    app: Flask, pages: PageChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        message = "a child's words"
        raise RuntimeError(message)

    monkeypatch.setattr(app.extensions["collect"].pages, "form", break_down)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    page = pages.get(f"/f/{CHILD}", expect=500)
    assert "It is not your fault." in page.words("main")
    assert "500" not in page.words("body")
    assert "a child's words" not in page.text


def test_a_method_that_an_address_does_not_know_gets_plain_help(pages: PageChecker) -> None:
    page = pages.post("/f", expect=405)
    assert "GET" in page.response.headers["Allow"]
    assert "Please open your link again" in page.words("main")
