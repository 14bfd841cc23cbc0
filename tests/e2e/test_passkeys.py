"""A3: a passkey is made, signs in, proves its owner again and is removed, with Chromium's own device in it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.fresh import FRESH_FOR
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.engines import free_port
from tests.support.journeys import is_well, sign_in_as
from tests.support.people import PASSWORD, add, add_without_app

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def port() -> int:
    """The port of the site, known before the site is built: passkeys are tied to its address."""
    return free_port()


@pytest.fixture
def local_app(platform: Platform, settings: Settings, clock: SetClock, port: int) -> Iterator[Flask]:
    """The site under a name, because figures alone can have no passkeys."""
    del platform
    app = create_app(replace(settings, public_address=f"http://localhost:{port}"), clock)
    yield app
    app.extensions[EXTENSION].database.dispose()


def _with_device(context: BrowserContext, page: Page, *, verifies: bool = True) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def _make_passkey(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/staff/second-factor")
    page.get_by_label("What will you call it?").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/staff/second-factor/passkeys")


def test_a3_a_passkey_alone_signs_in_and_proves_again_until_it_is_removed(
    local_app: Flask, browser: Browser, clock: SetClock, port: int
) -> None:
    _, email = add(local_app, Role.ADMINISTRATOR)
    worker, _ = add(local_app, Role.WORKER)
    with running(local_app, port) as site, browser.new_context() as context:
        page = context.new_page()
        faults = watch(page)
        _with_device(context, page)
        page.goto(f"{site}/staff/account")
        sign_in_as(page, email)
        _make_passkey(page, site, "My telephone")
        expect(page.locator("h1")).to_have_text("Your recovery codes")
        expect(page.locator(".voice-codes li")).to_have_count(10)
        is_well(page)
        page.get_by_role("button", name="I have kept them").click()
        page.get_by_role("button", name="Sign out", exact=True).click()

        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{site}/staff/")
        page.goto(f"{site}/staff/account")
        expect(page.locator("main")).to_contain_text("Passkey “My telephone”")
        expect(page.locator(".voice-sessions")).to_contain_text("by passkey")
        is_well(page)

        clock.pass_time(FRESH_FOR * 2)
        page.goto(f"{site}/staff/people/{worker}")
        page.get_by_label("Analyst").check()
        page.get_by_role("button", name="Save roles and teams").click()
        expect(page.locator("h1")).to_have_text("Prove that it is you")
        is_well(page)
        page.get_by_role("button", name="Use your passkey instead").click()
        page.wait_for_url(f"{site}/staff/people/{worker}")
        expect(page.locator(".govuk-notification-banner--success")).to_contain_text("have been changed")
        expect(page.get_by_label("Analyst")).to_be_checked()

        page.goto(f"{site}/staff/account")
        page.get_by_role("button", name="Remove the passkey My telephone").click()
        expect(page.locator("main")).to_contain_text("The passkey has been removed.")
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.locator(".govuk-notification-banner")).to_contain_text("The passkey was not accepted")
        assert faults == []


def test_a3_somebody_new_sets_up_a_passkey_before_anything_opens(local_app: Flask, browser: Browser, port: int) -> None:
    _, email = add_without_app(local_app, Role.ANALYST)
    with running(local_app, port) as site, browser.new_context() as context:
        page = context.new_page()
        _with_device(context, page)
        page.goto(f"{site}/staff/themes")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator("h1")).to_have_text("Set up your second step")
        is_well(page)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.locator("h1")).to_have_text("Your recovery codes")
        page.get_by_role("button", name="I have kept them").click()
        expect(page).to_have_url(f"{site}/staff/themes/")


def test_a3_a_device_that_does_not_check_its_owner_is_refused(local_app: Flask, browser: Browser, port: int) -> None:
    _, email = add(local_app, Role.ANALYST)
    with running(local_app, port) as site, browser.new_context() as context:
        page = context.new_page()
        _with_device(context, page, verifies=False)
        page.goto(f"{site}/staff/second-factor")
        sign_in_as(page, email)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.locator("[data-passkey-says]")).to_contain_text("The passkey was not used")
        is_well(page)
