"""Learning from people in a real browser: asked for, looked at, switched off and on, a phrase taken into the draft."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.staff.roles import Role
from hscb_voice.themes.learning_queries import LEARN_JOB
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add
from tests.unit.themes.test_learning import teach

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_an_analyst_lets_the_machine_learn_and_decides_what_it_may_say(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.ANALYST)
    teach(app.extensions[EXTENSION])
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/learning/")
        sign_in_as(page, email)
        page.wait_for_url("**/staff/learning/")
        expect(page.locator("main")).to_contain_text("Nothing has been learned yet")
        is_well(page)
        page.get_by_role("button", name="Learn from all codes now").click()
        expect(page.locator("main")).to_contain_text("has not finished yet")
        app.extensions[EXTENSION].jobs.run_due(kinds=[LEARN_JOB])
        page.goto(f"{site}/staff/learning/")
        expect(page.locator("main")).to_contain_text("50 comments of 50 responses")
        is_well(page)
        page.get_by_role("button", name="Switch off for Family").click()
        expect(page.locator("main")).to_contain_text("Switched off by a person")
        is_well(page)
        page.get_by_role("button", name="Switch on for Family").click()
        expect(page.locator("main")).not_to_contain_text("Switched off by a person")
        page.get_by_role("button", name="Accept").first.click()
        expect(page.locator("main")).to_contain_text("is in the draft of the codebook")
        is_well(page)
        assert faults == []
