"""D1 and row S6 in Chromium: a sending that fails stays on the page and goes later; then the way back is empty."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hscb_voice.foundation.platform import Platform
from tests.support.browser import running
from tests.support.journeys import at_rest
from tests.support.sittings import CHILD, open_codes
from tests.web.test_respondent_trouble import down

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
WORDS = "He shouted and I hid."
WRITTEN = "[...document.querySelectorAll('textarea')].map(box => box.value).filter(Boolean)"


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    return open_codes(app)


@pytest.fixture
def address(app: Flask, site: Platform) -> Iterator[str]:
    """The running site's form."""
    assert site
    with running(app) as opened:
        yield f"{opened}/f/{CHILD}"


def to_the_last_screen(page: Page) -> None:
    """Write something and go on until the button that sends."""
    page.locator("#begin").click()
    for _ in range(30):
        if page.locator(".q.on#end").count():
            return
        box = page.locator(".q.on textarea")
        if box.count():
            box.first.fill(WORDS)
        must = page.locator(".q.on[data-must] input")
        if must.count():
            must.first.check(force=True)
        page.locator("#next").click()
    message = "the last screen was never reached"
    raise AssertionError(message)


def test_d1_with_script_the_page_stays_says_so_kindly_and_sends_again_by_itself(
    browser: Browser, address: str, site: Platform
) -> None:
    page = browser.new_page()
    page.goto(address)
    to_the_last_screen(page)
    with pytest.MonkeyPatch.context() as patch:
        down(site, patch)
        page.locator("#end button.go").click()
        expect(page.locator("#end .said")).to_contain_text("Your words are safe on this page. We keep trying.")
        expect(page.locator("textarea").first).to_have_value(WORDS)
    expect(page.locator(".receipt")).to_be_visible()
    page.close()


def without_script(context: BrowserContext, address: str) -> Page:
    """Fill in the long form, send it, and see the thanks."""
    page = context.new_page()
    page.goto(address)
    page.locator("textarea").first.fill(WORDS)
    page.locator("input[name=answered]").first.check(force=True)
    page.locator("#end button.go").click()
    expect(page.locator(".receipt")).to_be_visible()
    return page


@pytest.mark.parametrize("kept", [True, False], ids=["pages kept", "pages not kept"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_row_s6_after_the_thanks_the_way_back_shows_no_answer(
    browser_that: Callable[[bool], Browser], address: str, *, kept: bool, script: bool
) -> None:
    with browser_that(kept).new_context(java_script_enabled=script) as context:
        if script:
            page = context.new_page()
            page.goto("about:blank")
            page.goto(address)
            to_the_last_screen(page)
            page.locator("#end button.go").click()
            expect(page.locator(".receipt")).to_be_visible()
        else:
            page = without_script(context, address)
        for _ in range(12):
            at_rest(page.go_back, page)
            assert WORDS not in at_rest(page.content, page)
            assert at_rest(lambda: page.evaluate(WRITTEN), page) == []
