"""A worker's way from making a code to the child's form and back, in a real browser; and what is due."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.staff.roles import Role
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SLUG = "cidva-child-5-8"


def _date(page: Page, day: str, month: str, year: str) -> None:
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(label, exact=True).fill(value)


def test_a_worker_invites_and_the_code_opens_the_form_once(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/")
        sign_in_as(page, email)
        faults = watch(page)
        page.goto(f"{site}/staff/invitations/new/{SLUG}")
        is_well(page)
        page.get_by_label("One person").check()
        page.locator("#service").fill("CIDVA")
        page.get_by_role("button", name="Make the invitation").click()
        expect(page.get_by_label("One person")).to_have_count(0)
        is_well(page)
        words = page.locator("h1").inner_text()
        assert len(words.split()) == 3
        with browser.new_context() as outside:
            child = outside.new_page()
            child.goto(f"{site}/")
            child.get_by_label("Your code").fill(words.upper())
            child.get_by_role("button", name="Go", exact=True).click()
            expect(child.locator("h1")).to_contain_text("Time with your worker")
        page.goto(f"{site}/staff/invitations")
        is_well(page)
        page.goto(f"{site}/staff/invited")
        is_well(page)
        assert faults == []


def test_a_worker_plans_a_series_and_records_what_is_due(app: Flask, browser: Browser) -> None:
    _, email = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/")
        sign_in_as(page, email)
        page.goto(f"{site}/staff/due/new/{SLUG}")
        is_well(page)
        _date(page, "22", "11", "2026")
        page.locator("#service").fill("CIDVA")
        page.get_by_role("button", name="Plan the forms").click()
        is_well(page)
        page.goto(f"{site}/staff/due")
        is_well(page)
        page.get_by_role("button", name="Record what is said").first.click()
        expect(page.locator("main")).to_contain_text("You write this down for somebody else")
        is_well(page)
        page.goto(f"{site}/staff/recording/done")
        is_well(page)
