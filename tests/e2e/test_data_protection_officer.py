"""A data-protection officer's way through the record in a real browser, on a telephone, a tablet and a desk."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from hscb_voice.audit.service import note
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import DESK, is_well, sign_in_as
from tests.support.people import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_an_officer_looks_through_the_record_and_takes_it_along(app: Flask, browser: Browser) -> None:
    analyst, _ = add(app, Role.ANALYST)
    _, email = add(app, Role.DATA_PROTECTION_OFFICER)
    here = app.extensions[EXTENSION]
    with here.database.writing() as connection:
        for number in range(70):
            subject = f"comment 019aab12-0000-7000-8000-{number:012}"
            note(connection, analyst, "read a comment", subject, now=here.clock.now(), reason="themes")
    with running(app) as site, browser.new_context(viewport=DESK) as context:
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{site}/staff/record")
        sign_in_as(page, email)
        expect(page.locator("h1")).to_have_text("Record")
        is_well(page)
        page.get_by_label("What was done", exact=True).select_option("read a comment")
        page.get_by_label("First day").fill("22 November 2026")
        page.get_by_role("button", name="Show these").click()
        expect(page.locator("caption")).to_contain_text("70 entries")
        page.get_by_role("link", name="Next").click()
        expect(page.locator("tbody tr")).to_have_count(20)
        is_well(page)
        with page.expect_download() as taken:
            page.get_by_role("button", name="Take as a spreadsheet (CSV)").click()
        text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text, newline="")))) == 71
        page.get_by_label("First day").fill("the day before yesterday")
        page.get_by_role("button", name="Show these").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("Enter a day such as")
        is_well(page)
        page.emulate_media(media="print")
        expect(page.locator("#filters")).to_be_hidden()
        # The refused day is a 400.
        assert [fault for fault in faults if "400" not in fault] == []
