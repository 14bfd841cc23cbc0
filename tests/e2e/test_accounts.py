"""A7, A8, A3: somebody is invited, sets up a second step, changes the password; every page of it at three sizes."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.foundation.clock import SetClock
from hscb_voice.staff.fresh import FRESH_FOR
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import PASSWORD, add, code_of, code_with

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
NEWCOMER = "newcomer@example.org"
NEW_PASSWORD = "seven lanterns by the river"


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _invite(page: Page, site: str) -> str:
    page.goto(f"{site}/staff/people/invite")
    _press(page, "Invite")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter a name")
    is_well(page)
    page.get_by_label("Name", exact=True).fill("Example Newcomer")
    page.get_by_label("Email address").fill(NEWCOMER)
    page.get_by_label("Analyst").check()
    _press(page, "Invite")
    is_well(page)
    return page.inner_text(".voice-secret")


def _code_on(page: Page, app: Flask) -> str:
    secret = page.locator(".voice-secret code").text_content() or ""
    return code_with(secret.replace(" ", ""), app.extensions[EXTENSION].clock.now())


def test_a7_somebody_invited_chooses_a_password_and_a_second_step_and_is_in(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    with (
        running(app) as site,
        browser.new_context(viewport=TELEPHONE) as office,
        browser.new_context(viewport=TELEPHONE) as home,
    ):
        page = office.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/people")
        sign_in_as(page, email)
        link = _invite(page, site).replace(app.extensions[EXTENSION].settings.public_address, site)
        page.goto(f"{site}/staff/people")
        expect(page.locator("table")).to_contain_text("Invited until 24 November 2026")
        is_well(page)
        page.get_by_role("link", name="Example Newcomer").click()
        is_well(page)

        theirs = home.new_page()
        theirs.goto(link)
        is_well(theirs)
        theirs.get_by_label("New password", exact=True).fill("short")
        _press(theirs, "Continue")
        expect(theirs.locator(".govuk-error-summary")).to_contain_text("at least 12 characters")
        is_well(theirs)
        theirs.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
        _press(theirs, "Continue")
        expect(theirs.locator("h1")).to_have_text("Set up your second step")
        is_well(theirs)
        _press(theirs, "Set up an authenticator app")
        theirs.get_by_text("I cannot scan it").click()
        is_well(theirs)
        theirs.get_by_label("Code from your authenticator app").fill("000 000")
        _press(theirs, "Continue")
        expect(theirs.locator(".govuk-error-summary")).to_contain_text("The code is not right")
        is_well(theirs)
        theirs.get_by_label("Code from your authenticator app").fill(_code_on(theirs, app))
        _press(theirs, "Continue")
        expect(theirs.locator("h1")).to_have_text("Your recovery codes")
        is_well(theirs)
        theirs.get_by_role("button", name="I have kept them").click()
        expect(theirs.locator("h1")).to_have_text("Hello, Example Newcomer")
        assert [fault for fault in faults if "400" not in fault] == []


def test_a8_what_was_typed_survives_the_proof_and_every_page_of_ones_account_is_well(
    app: Flask, browser: Browser, clock: SetClock
) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    worker, _ = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/sign-in")
        is_well(page)
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        _press(page, "Sign in")
        is_well(page)
        page.get_by_label("Code from your authenticator app").fill(code_of(email))
        _press(page, "Continue")
        page.wait_for_url(lambda address: "/second-step" not in address)
        page.goto(f"{site}/staff/people/{worker}")
        clock.pass_time(FRESH_FOR * 2)
        page.get_by_label("Teams, one a line").fill("North team\nSouth team")
        _press(page, "Save roles and teams")
        expect(page.locator("h1")).to_have_text("Prove that it is you")
        is_well(page)
        page.get_by_label("Password", exact=True).fill("not the right one")
        page.get_by_label("Code from your authenticator app").fill(code_of(email))
        _press(page, "Continue")
        expect(page.locator(".govuk-error-summary")).to_contain_text("The password is not right")
        is_well(page)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Code from your authenticator app").fill(code_of(email))
        _press(page, "Continue")
        expect(page.get_by_label("Teams, one a line")).to_have_value("North team\nSouth team")
        for address in ("account", "account/password", "second-factor", "forgotten", "people/invite"):
            page.goto(f"{site}/staff/{address}")
            is_well(page)
        page.goto(f"{site}/staff/account")
        _press(page, "Make ten new recovery codes")
        expect(page.locator(".voice-codes li")).to_have_count(10)


def test_a3_without_script_the_second_step_works_with_codes(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ANALYST)
    with running(app) as site, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/account")
        sign_in_as(page, email)
        expect(page.locator("h1")).to_have_text("Your account")
        assert not page.get_by_role("button", name="passkey").count()
