"""Paper forms typed by keyboard alone: a key an answer, Enter to the next, back, clear, undo, and the keys counted."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.printing import printable_form
from hscb_voice.responses.models import Response
from hscb_voice.responses.words import comments_of
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.browser import running, watch
from tests.support.journeys import DESK, is_well, sign_in_as
from tests.support.people import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


def begin(page: Page, address: str, app: Flask, here: Platform, slug: str, *, moves_on: bool = False) -> None:
    """Sign in and open a pile of one form."""
    _, email = add(app, Role.WORKER)
    page.goto(f"{address}/staff/paper/piles/new")
    sign_in_as(page, email)
    with here.database.reading() as connection:
        code = printable_form(connection, slug).code
    page.get_by_label("Form code").fill(code.lower())
    if moves_on:
        page.get_by_label("Go to the next question by itself").check()
    page.get_by_role("button", name="Begin to type").click()
    page.wait_for_url("**/piles/*-*")


def strike(page: Page, keys: str) -> int:
    """Press keys, given by name with blanks between, and return how many there were."""
    names = keys.split()
    for name in names:
        if name == names[-1] and name == "Enter" and page.evaluate("document.activeElement.type") == "submit":
            with page.expect_navigation():
                page.keyboard.press(name)
        else:
            page.keyboard.press(name)
    return len(names)


def kept(here: Platform) -> list[dict[str, object]]:
    with here.database.reading() as connection:
        return list(connection.execute(select(Response.answers).order_by(Response.received_at)).scalars())


def test_twelve_questions_take_twenty_three_keys_and_thirteen_when_it_moves_on(
    app: Flask, here: Platform, browser: Browser
) -> None:
    """Of the youngest children's twelve questions nine are ticked; the three in words are passed over."""
    with running(app) as address, browser.new_context() as context:
        page = context.new_page()
        troubles = watch(page)
        begin(page, address, app, here, "cidva-child-5-8")
        # The number on the paper was passed over, because there is none: one Enter.
        count = strike(
            page, "Enter 1 Enter 2 Enter 1 Enter 3 Enter 1 Enter Enter Enter Enter 2 Enter 2 Enter 2 Enter 1"
        )
        count += strike(page, "Enter Enter")
        expected = {"coming": "good", "talked_feelings": "a_bit", "who_to_tell": "yes", "know_what_to_do": "no"}
        expected |= {"again": "yes", "may_quote": "no", "talk": "no", "age_band": "5_to_9", "answered": "by_myself"}
        assert kept(here) == [expected]
        assert count == 9 + 12 + 2
        page.goto(f"{address}/staff/paper/piles/new")
        page.get_by_label("Form code").fill(_code(here))
        page.get_by_label("Go to the next question by itself").check()
        page.get_by_role("button", name="Begin to type").click()
        page.wait_for_url("**/piles/*-*")
        count = strike(page, "Enter 1 2 1 3 1 Enter Enter Enter 2 2 2 1") + strike(page, "Enter")
        assert kept(here) == [expected, expected]
        assert count == 9 + 3 + 2
        assert troubles == []


def _code(here: Platform) -> str:
    with here.database.reading() as connection:
        return printable_form(connection, "cidva-child-5-8").code


def test_back_clear_words_and_undo_by_keys(app: Flask, here: Platform, browser: Browser) -> None:
    with running(app) as address, browser.new_context() as context:
        page = context.new_page()
        troubles = watch(page)
        begin(page, address, app, here, "support-worker-child")
        page.keyboard.type("41")
        strike(page, "Enter 1 Enter 3 4 3 Enter")  # q2: sad and scared, and sad taken back
        page.keyboard.type("She was ")
        strike(page, "F2")
        page.keyboard.type("kind")
        strike(page, "Shift+Enter")
        page.keyboard.type("Twice")
        strike(page, "Enter Backspace Enter Enter 1 2 Escape 9 Enter Enter")
        page.keyboard.type("A mistake")
        strike(page, "Escape Backspace Enter Control+z")
        is_well(page)
        strike(page, "Escape")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        expect(page.locator("body")).to_contain_text("Form 41 is kept.")
        assert kept(here) == [{"q1": "a_few_times", "q2": ["scared"], "q4": ["9"]}]
        with here.database.reading() as connection:
            ids = list(connection.execute(select(Response.id)).scalars())
            assert [one.text for one in comments_of(connection, here.keys, ids)] == ["She was [unreadable] kind\nTwice"]
        assert page.evaluate(
            "document.activeElement.closest('[data-step]').querySelector('legend').textContent"
        ).startswith("1.")
        assert troubles == []


def test_the_pages_are_well_in_every_size(app: Flask, here: Platform, browser: Browser) -> None:
    with running(app) as address, browser.new_context(viewport=DESK) as context:
        page = context.new_page()
        begin(page, address, app, here, "support-worker-parent")
        is_well(page)
        strike(page, "Enter 1")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        is_well(page)
        with page.expect_navigation():
            page.locator("#undo").click()
        is_well(page)
        for path in ("piles/new", ""):
            page.goto(f"{address}/staff/paper/{path}")
            is_well(page)
