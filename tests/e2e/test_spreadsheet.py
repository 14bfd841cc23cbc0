"""Bringing a spreadsheet in a real browser: a look before anything is kept, what is refused, the yes, the way back."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.printing import printable_form
from hscb_voice.responses.models import Response
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
TEXT = "id,q2,q2a\na,Happy,She was kind\nb,joyful,\nc,Sad,He was late\n"


def kept(platform: Platform) -> int:
    """Count the answers that are kept."""
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def test_a_worker_brings_a_sheet_sees_what_is_refused_and_takes_it_back(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    platform = app.extensions[EXTENSION]
    with platform.database.reading() as connection:
        code = printable_form(connection, "support-worker-child").code
    sheet = tmp_path / "answers.csv"
    sheet.write_text(TEXT, encoding="utf-8")
    _, email = add(app, Role.WORKER)
    with running(app) as site, browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        page.goto(f"{site}/staff/spreadsheets/")
        sign_in_as(page, email)
        faults = watch(page)
        is_well(page)
        page.get_by_label("Questionnaire").select_option(value=code)
        page.get_by_label("Month").fill("October 2026")
        page.locator("input[type=file]").set_input_files(sheet)
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Look before it is kept")
        is_well(page)
        expect(page.locator("main")).to_contain_text("2 rows can be kept. 1 row cannot, and will be left out.")
        expect(page.locator("main")).to_contain_text("“joyful” is none of the answers")
        assert kept(platform) == 0
        page.get_by_role("button", name="Keep 2 rows").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Brought in")
        is_well(page)
        assert kept(platform) == 2
        with page.expect_download() as coming:
            page.get_by_role("link", name="Download the refused rows as CSV").click()
        assert '"b","joyful",""' in coming.value.path().read_text(encoding="utf-8-sig")
        platform.jobs.run_all_due()  # only what has been screened can be taken back
        page.get_by_text("Was it the wrong file?").click()
        page.get_by_role("button", name="Take 2 rows back").click()
        expect(page.locator("main")).to_contain_text("2 rows taken back")
        is_well(page)
        assert kept(platform) == 0
        assert faults == []
