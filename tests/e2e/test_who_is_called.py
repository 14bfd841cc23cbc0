"""Setting up who is called, raising a concern by hand, handing it over and being warned, in a real browser."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.staff.roles import Role
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import TEAM, add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_a_lead_sets_up_who_is_called_and_hands_a_concern_over(
    app: Flask, platform: Platform, clock: SetClock, browser: Browser
) -> None:
    _, email = add(app, Role.SAFEGUARDING_LEAD)
    add(app, Role.SAFEGUARDING_LEAD, email="second@example.org")
    setting = Setting(team=TEAM, service="Family support")
    kept = keep_answer(platform, {"q2a": "I am scared of my step dad."}, setting=setting)
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    platform.jobs.run_all_due()
    clock.pass_time(timedelta(minutes=61))
    platform.jobs.run_all_due()
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/duties/")
        sign_in_as(page, email)
        expect(page.get_by_role("region", name="This cannot wait").first).to_contain_text("1 concern has waited")
        is_well(page)
        page.get_by_role("link", name="who is called for: Every other service").click()
        page.get_by_label("First person").select_option(index=1)
        page.get_by_label("Opens at").fill("nine")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("Enter an hour such as 09:00")
        is_well(page)
        page.get_by_label("Opens at").fill("09:00")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Send test letters for: Every other service").click()
        expect(page.locator("main")).to_contain_text("Test letters are on their way")
        is_well(page)
        page.goto(f"{site}/staff/responses/{kept.response_id}")
        page.get_by_role("link", name="Raise a concern about this response").click()
        is_well(page)
        page.get_by_label("What worries you?").fill("The drawing beside it.")
        page.get_by_role("button", name="Raise a concern").click()
        page.goto(f"{site}/staff/concerns/")
        page.get_by_role("link", name="Raised by a person who read it").click()
        page.get_by_label("To whom?").select_option(index=1)
        page.get_by_label("What they need to know").fill("Please ring the school.")
        page.get_by_role("button", name="Hand over").click()
        expect(page.locator(".voice-history")).to_contain_text("(second@example.org)")
        is_well(page)
        page.goto(f"{site}/staff/concerns/")
        is_well(page)
        # The browser tells of the one refusal that was asked for, the hour that is none, and of nothing else.
        assert len(faults) == 1
        assert "400 (BAD REQUEST)" in faults[0]
