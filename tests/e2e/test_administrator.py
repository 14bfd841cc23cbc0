"""An administrator's way through the staff pages in a real browser, on a telephone, a tablet and a desk."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.staff.roles import Role
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import PASSWORD, add, code_of

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_an_administrator_signs_in_changes_a_role_and_signs_out(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    worker, _ = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/people/{worker}")
        is_well(page)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("Enter your password")
        is_well(page)
        sign_in_as(page, email)
        expect(page.locator("h1")).to_have_text("Example Worker")
        is_well(page)
        page.get_by_label("Analyst").check()
        page.get_by_role("button", name="Save roles and teams").click()
        expect(page.locator(".govuk-notification-banner--success")).to_contain_text("have been changed")
        is_well(page)
        for address in ("/staff/people", "/staff/", "/staff/account"):
            page.goto(site + address)
            is_well(page)
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.locator("main")).to_contain_text("You have signed out.")
        is_well(page)
        assert faults == []


def test_on_a_telephone_the_menu_opens_by_keyboard(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    with running(app) as site, browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/second-step" in address)
        page.get_by_label("Code from your authenticator app").fill(code_of(email))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/second-step" not in address)
        people = page.get_by_role("navigation", name="Staff pages").get_by_role("link", name="People")
        expect(page.get_by_role("button", name="Menu")).to_be_visible()
        expect(people).to_be_hidden()
        page.get_by_role("button", name="Menu").focus()
        page.keyboard.press("Enter")
        expect(people).to_be_visible()
        is_well(page)


def test_without_script_every_staff_page_still_works(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    with running(app) as site, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/people")
        sign_in_as(page, email)
        expect(page.locator("table")).to_contain_text("Everybody with an account (1)")
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("main")).to_contain_text("You have signed out.")
