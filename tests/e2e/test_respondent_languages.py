"""A form in other languages in a browser: chosen by a tap, also without script, whole in any direction and length."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hscb_voice.responses.models import Response
from hscb_voice.web.languages import Language
from tests.support.browser import axe_problems, running
from tests.support.pseudo import LONG, MIRRORED, speak_pseudo
from tests.support.sittings import CHILD, PARENT, open_codes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
BEYOND = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
KIND = "(document.querySelector('.q.on .os, .q.on textarea, .q.on [type=text]') || {className: 'words'}).className"


@pytest.fixture
def address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A running site whose codes are open, and which speaks two languages more."""
    speak_pseudo(monkeypatch)
    open_codes(app)
    with running(app) as found:
        yield found


def on_narrow_screen(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(address)
        yield page


@pytest.mark.parametrize(("slug", "language"), [(CHILD, MIRRORED), (PARENT, MIRRORED), (CHILD, LONG), (PARENT, LONG)])
def test_every_screen_holds_in_any_direction_and_length(
    browser: Browser, address: str, slug: str, language: Language
) -> None:
    for page in on_narrow_screen(browser, f"{address}/f/{slug}?lang={language.code}"):
        assert page.evaluate("getComputedStyle(document.body).direction") == language.direction
        checked: set[str] = set()
        for _ in range(40):
            assert page.evaluate(BEYOND) == 0, "the page is wider than the screen"
            kind = str(page.evaluate(KIND))
            if kind not in checked:
                checked.add(kind)
                assert axe_problems(page) == []
            if page.locator("#end").is_visible():
                break
            for choice in page.locator("section.on label").all()[:1]:
                choice.click()
            page.locator("#begin" if page.locator("#begin").is_visible() else "#next").click()
        page.locator("#end button").click()
        expect(page.locator(".receipt")).to_be_visible()
        assert page.evaluate(BEYOND) == 0


@pytest.mark.parametrize("path", ["/", "/privacy", "/about-browsing", "/you-said", "/f/nobody-opened-this"])
@pytest.mark.parametrize("language", [MIRRORED, LONG])
def test_the_pages_around_the_forms_hold_too(browser: Browser, address: str, path: str, language: Language) -> None:
    for page in on_narrow_screen(browser, f"{address}{path}?lang={language.code}"):
        assert page.evaluate(BEYOND) == 0
        assert axe_problems(page) == []


def test_a_child_chooses_polish_and_the_answer_says_so(browser: Browser, address: str, app: Flask) -> None:
    for page in on_narrow_screen(browser, f"{address}/f/{CHILD}?age=under-9"):
        page.get_by_role("link", name="Polski").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Twoja osoba wspierająca")
        page.get_by_role("button", name="Zaczynamy").click()
        expect(page.locator(".langs")).to_be_hidden()  # a tap there would lose what has been answered
        for _ in range(40):
            if page.locator("#end").is_visible():
                break
            for choice in page.locator("section.on label").all()[:1]:
                choice.click()
            page.locator("#next").click()
        page.get_by_role("button", name="Wyślij moje odpowiedzi").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dziękujemy, że nam to mówisz")
    with app.extensions["voice"].database.reading() as connection:
        assert connection.execute(select(Response.language, Response.variant)).all() == [("pl", "under-9")]


def test_a_language_is_chosen_without_script(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/f/{PARENT}")
        page.get_by_role("link", name="Cymraeg").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Gweithiwr cymorth eich teulu")
