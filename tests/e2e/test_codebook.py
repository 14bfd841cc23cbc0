"""The codebook in a browser: matches while somebody types, the same by a button without script, then the switch."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.responses.service import READ_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.themes.rerunning import RERUN_JOB
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.browser import running, watch
from tests.support.journeys import TELEPHONE, is_well, sign_in_as
from tests.support.people import TEAM, add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def begin(app: Flask, page: Page, site: str) -> None:
    platform = app.extensions[EXTENSION]
    for text in ("I miss my hamster", "the puppets were fun", "my dog came to school"):
        kept = keep_answer(platform, {"q2a": text}, setting=Setting(team=TEAM))
        platform.jobs.run_for(kept.response_id, [READ_JOB])
    _, email = add(app, Role.ANALYST)
    page.goto(f"{site}/staff/codebook/")
    sign_in_as(page, email)
    page.wait_for_url("**/staff/codebook/")
    is_well(page)
    page.get_by_role("button", name="Begin a draft").click()
    is_well(page)
    page.get_by_role("link", name="Add a theme").click()


def write_pets(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Pets")
    page.get_by_label("Short name").fill("pets")
    page.get_by_label("What it means").fill("Animals at home.")
    page.get_by_label("Patterns").fill("my dog")


def test_an_analyst_writes_a_theme_and_puts_it_in_force(app: Flask, browser: Browser) -> None:
    page = browser.new_page(viewport=TELEPHONE)
    faults = watch(page)
    with running(app) as site:
        begin(app, page, site)
        write_pets(page)
        expect(page.locator("#matches")).to_contain_text("1 of the newest 3 comments")
        page.get_by_label("Patterns").fill("my dog\nmy hamster")
        expect(page.locator("#matches")).to_contain_text("2 of the newest 3 comments")
        is_well(page)
        page.get_by_role("button", name="Save in the draft").click()
        page.get_by_label("What changed, and why").fill("Children write about pets.")
        page.get_by_role("button", name="Publish as a new version").click()
        page.get_by_role("button", name="Begin reading").click()
        expect(page.get_by_role("heading", name="Version 2 is reading")).to_be_visible()
        is_well(page)
        app.extensions[EXTENSION].jobs.run_due(50, [RERUN_JOB])
        page.reload()
        is_well(page)
        page.get_by_role("button", name="Switch to version 2").click()
        expect(page.get_by_text("The new version is in force")).to_be_visible()
        page.goto(f"{site}/staff/codebook/compare?old=1&new=2")
        is_well(page)
        page.goto(f"{site}/staff/codebook/run/")
        page.get_by_role("button", name="Go back to version 1").click()
        expect(page.get_by_text("Version 1 is in force")).to_be_visible()
    assert faults == []


def test_without_script_a_button_shows_the_matches(app: Flask, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    with running(app) as site:
        begin_without_axe(app, page, site)
        write_pets(page)
        page.get_by_role("button", name="Try on comments").click()
        expect(page.locator("#matches")).to_contain_text("1 of the newest 1 comments")
        expect(page.get_by_label("Patterns")).to_have_value("my dog")
        page.get_by_label("Patterns").fill("~ dog")
        page.get_by_role("button", name="Save in the draft").click()
        expect(page.get_by_role("alert")).to_contain_text("begins and ends with a word")


def begin_without_axe(app: Flask, page: Page, site: str) -> None:
    platform = app.extensions[EXTENSION]
    kept = keep_answer(platform, {"q2a": "my dog came to school"}, setting=Setting(team=TEAM))
    platform.jobs.run_for(kept.response_id, [READ_JOB])
    _, email = add(app, Role.ANALYST)
    page.goto(f"{site}/staff/codebook/")
    sign_in_as(page, email)
    page.wait_for_url("**/staff/codebook/")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("link", name="Add a theme").click()
