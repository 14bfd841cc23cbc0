"""A data-protection officer's and a lead's way through keeping and erasing, in a real browser; and the privacy page."""

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.responses.service import Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def _kept(app: Flask) -> tuple[str, str]:
    here = app.extensions[EXTENSION]
    answers = {"q2": ["happy"], "q2a": "We played a game and it was fun."}
    kept = keep_answer(here, answers, setting=Setting(service="Family support"))
    here.jobs.run_all_due()
    return kept.response_id, kept.receipt


def _look(page: Page, name: str) -> None:
    """Check a page, and keep a picture of it where a folder for pictures is named."""
    is_well(page)
    if folder := os.environ.get("VOICE_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_an_officer_finds_holds_and_erases_and_a_lead_releases(app: Flask, browser: Browser) -> None:
    response_id, receipt = _kept(app)
    _, officer = add(app, Role.DATA_PROTECTION_OFFICER)
    _, lead = add(app, Role.SAFEGUARDING_LEAD)
    with (
        running(app) as site,
        browser.new_context(viewport=TELEPHONE) as office,
        browser.new_context(viewport=TELEPHONE) as safe,
    ):
        page, other = office.new_page(), safe.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/keeping")
        sign_in_as(page, officer)
        _look(page, "e-overview")
        page.get_by_label("The three words").fill(receipt.replace("-", " "))
        page.get_by_role("button", name="Find the answer").click()
        expect(page.locator("main")).to_contain_text(response_id)
        page.get_by_role("button", name="Ask a safeguarding lead").click()
        other.goto(f"{site}/staff/copies/{response_id}")
        sign_in_as(other, lead)
        other.get_by_label("Nothing: not even").check()
        _look(other, "e-copy")
        other.get_by_role("button", name="Release the copy").click()
        _look(other, "e-released")
        with other.expect_download() as download:
            other.get_by_role("button", name="For a child or young person").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
        page.get_by_label("Why must it stay?").fill("A complaint is being looked into")
        for label, value in (("Day", "31"), ("Month", "3"), ("Year", "2027")):
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_role("button", name="Hold this answer").click()
        expect(page.locator("main")).to_contain_text("Held until 31 March 2027")
        page.get_by_role("button", name="End the hold").click()
        page.get_by_role("button", name="Erase this answer").click()
        _look(page, "e-unsure")
        page.get_by_label("The person who answered asked for it").check()
        page.get_by_label("I know that this cannot be undone").check()
        page.get_by_role("button", name="Erase this answer").click()
        expect(page.locator("main")).to_contain_text("The answer has been erased.")
        page.goto(f"{site}/staff/keeping/periods")
        _look(page, "e-periods")
        # A form that is not complete is answered with 400, which the browser notes.
        assert [fault for fault in faults if "400 (BAD REQUEST)" not in fault] == []


def test_the_privacy_page_is_well_on_every_screen(app: Flask, browser: Browser) -> None:
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        page.goto(f"{site}/privacy")
        _look(page, "e-privacy")
