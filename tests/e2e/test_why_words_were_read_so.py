"""Words that decided say what they decided, when pointed at and when the keyboard reaches them."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add
from tests.support.reading_room import heard

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
TEXT = "Zofia always listened to me. I am scared of my dad, he hits me."
_MOST_TABS = 120


@pytest.fixture
def item_id(app: Flask) -> str:
    heard(app.extensions[EXTENSION], TEXT)
    return heard(app.extensions[EXTENSION], TEXT)


@pytest.fixture(params=["/staff/themes/listened_to", "/staff/themes/comments/{}"])
def address(request: pytest.FixtureRequest, item_id: str) -> str:
    path: str = request.param
    return path.format(item_id)


@pytest.fixture
def enter(app: Flask) -> Callable[[Page, str, Role], None]:
    """Sign in, and go to an address."""

    def come(page: Page, address: str, role: Role = Role.SAFEGUARDING_LEAD) -> None:
        _, email = add(app, role)
        page.goto(address)
        sign_in_as(page, email)
        page.goto(address)

    return come


def tab_to_worry(page: Page) -> None:
    """Press Tab until the words are reached that raised a concern."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        told = "(e => e.matches('mark') && e.nextElementSibling.textContent.includes('Concern (rule'))"
        if page.evaluate(f"{told}(document.activeElement)"):
            return
    pytest.fail("the Tab key never reaches the words that raised a concern")


@pytest.mark.parametrize("role", [Role.SAFEGUARDING_LEAD, Role.ANALYST])
def test_the_keyboard_and_the_pointer_reach_what_each_word_decided(
    app: Flask, browser: Browser, address: str, enter: Callable[..., None], role: Role
) -> None:
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        enter(page, f"{site}{address}", role)
        is_well(page)
        shown = page.locator(".reading__why:visible")
        expect(shown).to_have_count(0)
        tab_to_worry(page)
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text("Concern (")
        is_well(page)
        page.keyboard.press("Escape")
        expect(shown).to_have_count(0)
        page.locator("mark", has_text="listened").first.hover()
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text("Being listened to")
        assert faults == []


def test_it_needs_no_script_and_stands_in_print(
    app: Flask, browser: Browser, address: str, enter: Callable[..., None]
) -> None:
    with running(app) as site, browser.new_context(java_script_enabled=False, color_scheme="dark") as context:
        page = context.new_page()
        enter(page, f"{site}{address}")
        page.locator("mark", has_text="scared").first.focus()
        expect(page.locator(".reading__why:visible")).to_have_count(1)
        page.emulate_media(media="print")
        told = page.locator(".reading__words").first.locator(".reading__why")
        expect(page.locator(".reading__words").first.locator(".reading__why:visible")).to_have_count(told.count())
