"""New themes and agreement in a real browser: asked for, found, decided and taken back; without script, too."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.new_themes.searching import SEARCH_JOB
from hscb_voice.reading_room.blind import Codes, code_blind
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add
from tests.unit.new_themes.test_suggesting import NEW, OLD, say
from tests.unit.reading_room.test_blind import drawn, first_coded

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def heard(app: Flask) -> None:
    """Walks in both times, taxis in the newer; twelve of them coded by two people."""
    here = app.extensions[EXTENSION]
    for number in range(10):
        say(here, f"{OLD} {number}.")
    here.clock.pass_time(timedelta(days=92))
    ids = [say(here, f"{OLD} {number}.") for number in range(6)] + [
        say(here, f"{NEW} {number}.") for number in range(8)
    ]
    first_coded(here, *ids[:6])
    first_coded(here, *ids[6:], polarity="negative")
    sample_id = drawn(here)
    with here.database.writing() as connection:
        for place, item_id in enumerate(ids):
            codes = Codes("positive" if place < 7 else "negative", {})
            code_blind(connection, sample_id, item_id, "the second", codes, here.clock)


@pytest.mark.usefixtures("heard")
def test_an_analyst_finds_a_new_subject_and_makes_it_a_theme(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ANALYST)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/new-themes/")
        sign_in_as(page, email)
        page.wait_for_url("**/staff/new-themes/")
        is_well(page)
        page.get_by_role("button", name="Look again now").click()
        expect(page.get_by_role("status")).to_contain_text("has not begun")
        app.extensions[EXTENSION].jobs.run_due(kinds=[SEARCH_JOB])
        page.get_by_role("link", name="See how far it is").click()
        expect(page.locator("main")).to_contain_text("of which 24 have no theme")
        is_well(page)
        page.get_by_role("link", name="taxi driver shouted").first.click()
        expect(page.locator("main")).to_contain_text("The taxi driver shouted 3.")
        is_well(page)
        page.get_by_role("button", name="Add to the codebook").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("Give the theme a name")
        is_well(page)
        page.get_by_label("Name of the theme").fill("Getting there")
        page.get_by_label("What it means").fill("Taxis, buses and lifts to sessions.")
        page.get_by_role("button", name="Add to the codebook").click()
        expect(page.locator("main")).to_contain_text("Became the theme “Getting there (draft)”")
        is_well(page)
        page.goto(f"{site}/staff/agreement/")
        expect(page.locator("main")).to_contain_text("13 of 14")
        is_well(page)
        page.get_by_role("link", name="Good or bad").click()
        expect(page.locator("h1")).to_contain_text("“Good or bad”")
        is_well(page)
        # The browser tells of the one refusal.
        assert [fault for fault in faults if "422" not in fault] == []


@pytest.mark.usefixtures("heard")
def test_a_suggestion_is_rejected_and_the_rejection_taken_back_without_script(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ANALYST)
    with running(app) as site, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/new-themes/")
        sign_in_as(page, email)
        page.get_by_role("button", name="Look again now").click()
        app.extensions[EXTENSION].jobs.run_due(kinds=[SEARCH_JOB])
        page.get_by_role("link", name="See how far it is").click()
        page.get_by_role("link", name="taxi driver shouted").first.click()
        page.get_by_label("It is a way of speaking, not a subject").check()
        page.get_by_role("button", name="Reject").click()
        expect(page.locator("#decided-caption")).to_be_visible()
        page.get_by_role("button", name="Take back").click()
        expect(page.locator(".govuk-notification-banner")).to_contain_text("Taken back.")
