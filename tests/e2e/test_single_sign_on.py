"""Single sign-on in a real browser: the sign-in service is another site, so cookies travel as they do for a council."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.foundation.sign_on import sign_on_from
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.engines import free_port
from tests.support.journeys import TELEPHONE, is_well
from tests.support.sign_in_service import SignInService, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def service(clock: SetClock) -> Iterator[SignInService]:
    """The council's sign-in service, reached by figures; our own site is reached by name, and so is another site."""
    started = SignInService(lambda: clock.now().timestamp())
    yield started
    started.stop()


@pytest.fixture
def port() -> int:
    """Where our own site will be."""
    return free_port()


@pytest.fixture
def app(platform: Platform, settings: Settings, clock: SetClock, service: SignInService, port: int) -> Iterator[Flask]:
    """The application with single sign-on."""
    del platform
    ours = replace(settings, sign_on=sign_on_from(service.settings()), public_address=f"http://localhost:{port}")
    application = create_app(ours, clock)
    yield application
    application.extensions[EXTENSION].database.dispose()


def test_a6_one_press_leads_to_the_page_that_was_wanted_and_the_session_is_there(
    app: Flask, browser: Browser, service: SignInService, port: int
) -> None:
    with running(app, port) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/concerns/")
        is_well(page)
        page.get_by_role("button", name="Sign in with your work account").click()
        page.wait_for_url("**/staff/concerns/")
        expect(page.locator("h1")).to_contain_text("Concerns")
        cookies = {cookie["name"]: cookie for cookie in context.cookies()}
        assert cookies["voice-staff"]["sameSite"] == "Strict"
        assert "voice-errand" not in cookies
        assert faults == []
        service.visitor = Visitor(groups=())
        page.goto(f"{site}/staff/sign-in/work-account")
        expect(page.locator("main")).to_contain_text("none of the groups")
        is_well(page)


def test_a6_it_works_without_script_too(app: Flask, browser: Browser, port: int) -> None:
    with running(app, port) as site, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/")
        page.get_by_text("Sign in with your work account").click()
        page.wait_for_url("**/staff/")
        expect(page.locator("main")).to_contain_text("Hello, Example Lead")


def test_d5_while_the_service_is_down_the_page_says_what_to_do(
    app: Flask, browser: Browser, service: SignInService, port: int
) -> None:
    service.stop()
    with running(app, port) as site, browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/sign-in/work-account")
        expect(page.locator("h1")).to_contain_text("not available just now")
        is_well(page)
