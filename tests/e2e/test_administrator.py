"""An administrator's way through the staff pages in a real browser, on a telephone, a tablet and a desk."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from hscb_voice.staff.roles import Role
from tests.support.browser import axe_problems, chromium, running, watch
from tests.support.people import PASSWORD, add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SIZES = [(360, 640), (768, 1024), (1280, 800)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for these journeys."""
    with chromium() as opened:
        yield opened


def _is_well(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert axe_problems(page) == []
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0, "the page is wider than the screen"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_administrator_signs_in_changes_a_role_and_signs_out(
    app: Flask, browser: Browser, width: int, height: int
) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    worker, _ = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/people/{worker}")
        _is_well(page)
        page.get_by_role("button", name="Sign in").click()
        assert "Enter your password" in page.inner_text(".govuk-error-summary")
        _is_well(page)
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        assert page.inner_text("h1") == "Example Worker"
        _is_well(page)
        page.get_by_label("Analyst").check()
        page.get_by_role("button", name="Save roles and teams").click()
        assert "have been changed" in page.inner_text(".govuk-notification-banner")
        _is_well(page)
        for address in ("/staff/people", "/staff/", "/staff/account"):
            page.goto(site + address)
            _is_well(page)
        page.get_by_role("button", name="Sign out", exact=True).click()
        assert "You have signed out." in page.inner_text("main")
        _is_well(page)
        assert faults == []


def test_on_a_telephone_the_menu_opens_by_keyboard(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    with running(app) as site, browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        people = page.get_by_role("navigation", name="Staff pages").get_by_role("link", name="People")
        page.wait_for_selector("button.govuk-service-navigation__toggle:not([hidden])")
        assert not people.is_visible()
        page.get_by_role("button", name="Menu").focus()
        page.keyboard.press("Enter")
        assert people.is_visible()
        _is_well(page)


def test_without_script_every_staff_page_still_works(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    with running(app) as site, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/people")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        assert "Everybody with an account (1)" in page.inner_text("table")
        page.get_by_role("button", name="Sign out").click()
        assert "You have signed out." in page.inner_text("main")
