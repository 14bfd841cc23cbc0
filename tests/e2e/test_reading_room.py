"""The reading room by keyboard alone: every comment read, corrected, masked, quoted and undone without a mouse."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import DESK, TELEPHONE, is_well, sign_in_as
from tests.support.people import PASSWORD, TEAM, add, code_of

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
_MOST_TABS = 60


@pytest.fixture
def read(app: Flask) -> None:
    """Two children's comments, read by the machine; the older one first in line."""
    platform = app.extensions[EXTENSION]
    for text in ("Zofia played games with me and we made puppets.", "She listened to me about school."):
        answers = {"q2": ["happy"], "q6": text, "may_quote": "yes"}
        kept = keep_answer(platform, answers, setting=Setting(team=TEAM, service="Family support"))
        platform.jobs.run_for(kept.response_id, [SCREEN_JOB, READ_JOB])
        platform.clock.pass_time(timedelta(minutes=1))


def tab_to(page: Page, is_there: str) -> None:
    """Press Tab until what has the focus fits; `is_there` is JavaScript about `e`."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const e = document.activeElement; return {is_there}; }})()"):
            return
    pytest.fail(f"the Tab key never reaches {is_there}")


def sign_in_by_keyboard(page: Page, email: str) -> None:
    tab_to(page, "e.type === 'email'")
    page.keyboard.type(email)
    tab_to(page, "e.type === 'password'")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    tab_to(page, "e.labels?.[0]?.textContent.includes('authenticator')")
    page.keyboard.type(code_of(email))
    press(page, "Enter")


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.fixture
def begun(app: Flask, browser: Browser) -> Callable[..., None]:
    """Sign in and give the reason, by keyboard."""
    del browser

    def begin(page: Page, site: str, role: Role = Role.ANALYST) -> None:
        _, email = add(app, role)
        page.goto(f"{site}/staff/reading/")
        sign_in_by_keyboard(page, email)
        page.wait_for_url("**/staff/reading/")
        is_well(page)
        tab_to(page, "e.name === 'reason'")
        page.keyboard.press("Space")
        press(page, "Enter")

    return begin


@pytest.mark.usefixtures("read")
@pytest.mark.parametrize("role", [Role.ANALYST, Role.SAFEGUARDING_LEAD])
def test_an_analyst_or_a_lead_reads_everything_by_keyboard_alone(
    app: Flask, browser: Browser, begun: Callable[..., None], role: Role
) -> None:
    with running(app) as site, browser.new_context(viewport=DESK) as context:
        page = context.new_page()
        faults = watch(page)
        begun(page, site, role)
        expect(page.locator("h1")).to_contain_text("0 of 2 read; 2 left.")
        is_well(page)
        tab_to(page, "e.matches('.reading__mark')")
        expect(page.locator(".reading__why:visible")).to_have_count(1)
        is_well(page)
        page.keyboard.press("Escape")
        expect(page.locator(".reading__why:visible")).to_have_count(0)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_have_attribute("open", "")
        is_well(page)
        page.keyboard.press("?")
        press(page, "f")
        expect(page.locator(".govuk-notification-banner")).to_contain_text("Turned. These are your codes now.")
        press(page, "u")
        expect(page.locator(".reading__text")).to_contain_text("Coded by the machine.")
        page.keyboard.press("a")
        page.keyboard.type("School")
        tab_to(page, "e.textContent.trim() === 'Add this theme'")
        press(page, "Enter")
        expect(page.locator("ul[aria-label=Themes]")).to_contain_text("School")
        page.keyboard.press("w")
        expect(page.locator("#wrong")).to_have_attribute("open", "")
        is_well(page)
        page.keyboard.press("Escape")
        press(page, "h")
        is_well(page)
        tab_to(page, "e.name === 'word'")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        page.keyboard.press("Shift+ArrowRight")
        press(page, "Enter")
        expect(page.locator(".reading__text blockquote").last).to_contain_text("[name] […] with me")
        press(page, "q")
        expect(page.locator("main")).to_contain_text("The Board may see this quote.")
        press(page, "n")
        expect(page.locator(".reading__words")).to_contain_text("school")
        press(page, "p")
        expect(page.locator(".reading__words")).to_contain_text("Zofia")
        press(page, "n")
        press(page, "r")
        expect(page.locator("main")).to_contain_text("Everything is read: 2 of 2.")
        assert faults == []


@pytest.mark.usefixtures("read")
def test_what_a_colleague_masked_meanwhile_is_said_at_once_and_shown_before_it_is_approved(
    app: Flask, browser: Browser, begun: Callable[..., None]
) -> None:
    with running(app) as site, browser.new_context() as one, browser.new_context(viewport=TELEPHONE) as other:
        analyst, lead = one.new_page(), other.new_page()
        begun(analyst, site)
        begun(lead, site, Role.SAFEGUARDING_LEAD)
        press(analyst, "h")
        analyst.get_by_label("puppets.").check()
        analyst.get_by_role("button", name="Hide the ticked words").click()
        expect(analyst.locator("main")).to_contain_text("These words are hidden in quotes now.")
        press(lead, "q")
        expect(lead.locator(".govuk-error-summary")).to_be_focused()
        expect(lead.locator(".govuk-error-summary")).to_contain_text("has changed since you opened the page")
        expect(lead.locator(".reading__text blockquote").last).to_contain_text("we made […].")
        is_well(lead)
        press(lead, "q")
        expect(lead.locator("main")).to_contain_text("The Board may see this quote.")


@pytest.mark.usefixtures("read")
def test_keys_can_be_turned_off_and_never_work_inside_a_field(
    app: Flask, browser: Browser, begun: Callable[[Page, str], None]
) -> None:
    with running(app) as site, browser.new_context() as context:
        page = context.new_page()
        begun(page, site)
        here = page.url
        page.keyboard.press("c")
        page.keyboard.type("n f r u q ?")
        expect(page.locator("#text")).to_have_value("n f r u q ?")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        tab_to(page, "e.id === 'keys-switch'")
        page.keyboard.press("Enter")
        expect(page.locator("#keys-switch")).to_have_text("Turn the keys on")
        page.keyboard.press("n")
        page.wait_for_timeout(300)
        assert page.url == here


@pytest.mark.usefixtures("read")
def test_the_reading_room_works_without_script(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ANALYST)
    with running(app) as site, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/reading/")
        sign_in_as(page, email)
        page.get_by_label("So that a person has read every comment").check()
        page.get_by_role("button", name="Start reading").click()
        page.get_by_role("button", name="Turn good and bad").click()
        expect(page.locator(".reading__text")).to_contain_text("Coded by a person.")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".reading__text")).to_contain_text("Coded by the machine.")
        page.get_by_text("Raise a concern", exact=False).first.click()
        page.get_by_label("What worries you?").fill("It sounds rehearsed.")
        page.get_by_role("button", name="Raise this concern").click()
        expect(page.locator("main")).to_contain_text("The concern has been raised")
        page.get_by_role("button", name="Next").click()
        expect(page.locator(".reading__words")).to_contain_text("school")
