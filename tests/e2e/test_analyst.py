"""An analyst's way in a real browser: from a theme to its comments, a correction, and a quote that the Board sees."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import TEAM, add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def read(app: Flask) -> None:
    """A child's comment, read by the machine."""
    platform = app.extensions[EXTENSION]
    answers = {"q6": "Zofia played games with me and we made puppets.", "may_quote": "yes"}
    kept = keep_answer(platform, answers, setting=Setting(team=TEAM))
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB, READ_JOB])


@pytest.mark.usefixtures("read")
def test_an_analyst_corrects_the_machine_and_clears_a_quote(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ANALYST)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/themes/")
        sign_in_as(page, email)
        is_well(page)
        page.get_by_role("link", name="Activities").first.click()
        marked = page.locator(".voice-words mark")
        expect(marked.first).to_have_text("Zofia")
        expect(page.locator(".reading__why:visible")).to_have_count(0)
        marked.first.focus()
        expect(page.locator(".reading__why:visible")).to_contain_text("Hidden in quotes")
        is_well(page)
        page.get_by_role("link", name="Correct or quote").first.click()
        is_well(page)
        page.get_by_label("School").select_option("positive")
        page.get_by_role("button", name="Save codes").click()
        expect(page.locator(".govuk-notification-banner")).to_contain_text("Your codes are in force now")
        expect(page.locator("#quote ~ .voice-words")).to_contain_text("[name] played games")
        page.get_by_role("button", name="Approve as a quote").click()
        expect(page.locator("main")).to_contain_text("The Board may see this quote.")
        is_well(page)
        assert faults == []
