"""A Board member's two minutes in a real browser: the page in three sizes and on paper, by keyboard too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.staff.roles import Role
from tests.support.board_data import filled_file
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's answers, in place of the empty database that other tests begin with."""
    return filled_file(tmp_path_factory.mktemp("board"))


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """A running site with a year's answers and a Board member."""
    add(app, Role.BOARD_MEMBER)
    with running(app) as address:
        yield address


def _sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/staff/board/?period=2016-17")
    sign_in_as(page, "board-member@example.org")
    expect(page.locator("h1")).to_contain_text("What we heard")


def test_a_board_member_reads_the_year_a_quarter_and_one_questionnaire(browser: Browser, site: str) -> None:
    with browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        _sign_in(page, site)
        is_well(page)
        page.locator(".chart summary").first.press("Enter")
        expect(page.locator("details table").first).to_be_visible()
        page.get_by_text("Other periods", exact=True).click()
        page.get_by_role("link", name="July to September 2016").click()
        expect(page).to_have_url(re.compile("period=2016-17-q2"))
        is_well(page)
        page.get_by_text("Other periods", exact=True).click()
        page.get_by_role("link", name="April 2016 to March 2017").click()
        page.get_by_role("link", name="Every question of “Support worker: children”").click()
        expect(page.locator("h1")).to_contain_text("Support worker: children")
        is_well(page)
        assert faults == []


def test_a_board_member_goes_from_subject_to_subject_and_into_a_theme(browser: Browser, site: str) -> None:
    with browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        _sign_in(page, site)
        for subject in (
            "Who is not being heard",
            "Domestic abuse (CIDVA)",
            "Children in care",
            "How good the data are",
        ):
            page.get_by_label("The Board’s pages").get_by_role("link", name=subject).press("Enter")
            here = page.get_by_label("The Board’s pages").locator("[aria-current=page]")
            expect(here).to_have_text(subject)
            expect(page).to_have_url(re.compile("period=2016-17"))
            is_well(page)
        page.get_by_label("The Board’s pages").get_by_role("link", name="What we heard").click()
        page.locator("#themes ~ h3 ~ .voice-wide a").first.click()
        is_well(page)
        page.get_by_label("Compare with another period too").select_option(index=0)
        page.get_by_role("button", name="Compare").click()
        expect(page).to_have_url(re.compile("period=2016-17"))
        assert faults == []


def test_on_a_telephone_the_figures_come_before_the_other_periods(browser: Browser, site: str) -> None:
    for scripted in (True, False):
        with browser.new_context(viewport=TELEPHONE, java_script_enabled=scripted) as context:
            page = context.new_page()
            _sign_in(page, site)
            page.goto(f"{site}/staff/board/?period=2016-17")
            periods = page.get_by_label("Period", exact=True)
            another = periods.get_by_role("link", name="July to September 2016")
            expect(another).to_be_hidden()
            periods.locator("summary").press("Enter")
            expect(another).to_be_visible()
            if scripted:
                is_well(page)
            another.press("Enter")
            expect(page).to_have_url(re.compile("period=2016-17-q2"))
            expect(
                page.get_by_label("Period", exact=True).get_by_role("link", name="April to June 2016")
            ).to_be_hidden()


def test_where_there_is_room_the_periods_stand_open(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        _sign_in(page, site)
        page.goto(f"{site}/staff/board/?period=2016-17")
        periods = page.get_by_label("Period", exact=True)
        expect(periods.get_by_role("link", name="July to September 2016")).to_be_visible()
        expect(periods.locator("summary")).to_be_hidden()
        is_well(page)


def test_on_paper_every_table_is_open(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 794, "height": 1123}) as context:
        page = context.new_page()
        _sign_in(page, site)
        tables = page.locator(".chart details table")
        on_screen = page.evaluate("document.documentElement.scrollHeight")
        page.emulate_media(media="print")
        assert tables.count() > 5
        assert page.evaluate("document.documentElement.scrollHeight") > on_screen
        expect(page.get_by_label("Period", exact=True)).to_be_hidden()


def test_a_board_member_splits_a_year_by_keyboard_and_shares_the_address(browser: Browser, site: str) -> None:
    with browser.new_context(viewport=TELEPHONE) as context:
        page = context.new_page()
        faults = watch(page)
        _sign_in(page, site)
        page.goto(f"{site}/staff/board/support-worker-parent?period=2016-17")
        page.get_by_role("link", name="who helped to fill it in").press("Enter")
        is_well(page)
        page.get_by_label("Show", exact=True).focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name="Show").press("Enter")
        page.wait_for_url("**/split?period=2016-17&by=helper&only=*")
        is_well(page)
        page.get_by_label("Split by").select_option("service")
        page.get_by_label("Show", exact=True).select_option("")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".govuk-inset-text")).to_contain_text("not two groups of ten")
        is_well(page)
        assert [fault for fault in faults if "422" not in fault] == []
