"""A worker's way in a real browser: the own team's responses, a reason before any words, and nothing of other teams."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.responses.service import Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import TEAM, add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_a_worker_reads_the_own_teams_words_and_no_other(app: Flask, browser: Browser) -> None:
    platform = app.extensions[EXTENSION]
    own = keep_answer(platform, {"q2a": "we made a volcano"}, setting=Setting(team=TEAM)).response_id
    other = keep_answer(platform, {"q2a": "not for you"}, setting=Setting(team="South team")).response_id
    _, email = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/")
        sign_in_as(page, email)
        is_well(page)
        page.goto(f"{site}/staff/responses/")
        is_well(page)
        expect(page.locator(f"a[href*='{own}']")).to_have_count(1)
        expect(page.locator(f"a[href*='{other}']")).to_have_count(0)
        faults = watch(page)
        page.locator(f"a[href*='{own}']").click()
        expect(page.locator("main")).not_to_contain_text("volcano")
        form = page.locator(f"main form[action$='{own}']")
        form.get_by_role("radio").first.check()
        form.get_by_role("button").click()
        expect(page.locator("main")).to_contain_text("we made a volcano")
        is_well(page)
        assert faults == []
        reply = page.goto(f"{site}/staff/responses/{other}")
        assert reply is not None
        assert reply.status == 404
