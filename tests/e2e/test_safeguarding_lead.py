"""A safeguarding lead's way, in a real browser: from the queue to a closed concern, by mouse and by keyboard alone."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.staff.roles import Role
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import TEAM, add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
_MOST_TABS = 60


@pytest.fixture
def worried(platform: Platform) -> str:
    """A response that raises two concerns; its id."""
    answers = {"q2": ["scared", "okay"], "q2a": "It was ok. I am scared of my step dad.", "q5": "More games"}
    kept = keep_answer(platform, answers, setting=Setting(team=TEAM, service="Family support"))
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    platform.jobs.beat("a worker")
    return kept.response_id


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called so: nobody may need a mouse."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || e.value || '').trim() }"
        )
        if name.startswith(words):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"nothing called “{words}” can be reached by the keyboard")


@pytest.mark.usefixtures("worried")
def test_a_lead_reads_acknowledges_notes_and_closes_a_concern(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.SAFEGUARDING_LEAD)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/concerns/")
        sign_in_as(page, email)
        is_well(page)
        page.get_by_role("link", name="Afraid of").first.click()
        expect(page.locator("mark").first).to_contain_text("scared of my step dad")
        is_well(page)
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.locator(".govuk-notification-banner")).to_contain_text("You have acknowledged")
        page.get_by_label("Add a note").fill("Rang the school nurse.")
        page.get_by_role("button", name="Save the note").click()
        expect(page.locator(".voice-history")).to_contain_text("Rang the school nurse.")
        is_well(page)
        page.get_by_label("Referred to MASH").check()
        page.get_by_role("button", name="Close this concern").click()
        expect(page.locator(".voice-history")).to_contain_text("Closed: Referred to MASH")
        is_well(page)
        page.get_by_role("link", name="See the whole response").click()
        expect(page.locator(".voice-words").first).to_contain_text("It was ok.")
        is_well(page)
        for address in ("/staff/concerns/?state=closed", "/staff/responses/"):
            page.goto(site + address)
            is_well(page)
        assert faults == []


@pytest.mark.usefixtures("worried")
def test_the_whole_way_can_be_gone_by_the_keyboard_alone(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.SAFEGUARDING_LEAD)
    with running(app) as site, browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/concerns/")
        sign_in_as(page, email)
        _tab_to(page, "Afraid of")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/concerns/*-*")
        _tab_to(page, "Acknowledge")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-notification-banner")).to_contain_text("You have acknowledged")
        _tab_to(page, "Spoke with the child")
        page.keyboard.press("Space")
        _tab_to(page, "Close this concern")
        page.keyboard.press("Enter")
        expect(page.locator(".voice-history")).to_contain_text("Closed: Spoke with the child")


def test_what_is_missing_is_told_at_the_top_and_beside_the_field(app: Flask, browser: Browser, worried: str) -> None:
    _, email = add(app, Role.SAFEGUARDING_LEAD)
    with running(app) as site, browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/responses/{worried}")
        sign_in_as(page, email)
        is_well(page)
        page.get_by_role("link", name="Chose the face “Scared”").click()
        page.get_by_role("button", name="Save the note").click()
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        page.get_by_role("link", name="Write the note").click()
        expect(page.get_by_label("Add a note")).to_be_focused()
        is_well(page)
