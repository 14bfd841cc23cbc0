"""Row S6 in Chromium, with whole pages kept for the way back and without: nobody who comes after finds an answer.

Out by each of four routes, and by simply going elsewhere; then back, forward, reload, and a look at everything that a
browser stores for a site.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hscb_voice.web.exits import know_exits
from tests.e2e.test_when_the_line_breaks import WORDS, to_the_last_screen
from tests.support.browser import axe_problems, running
from tests.support.journeys import at_rest
from tests.support.sittings import CHILD, open_codes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
TRIES = 20
STORED = """async () => [{...localStorage}, {...sessionStorage}, document.cookie, await indexedDB.databases(),
    await caches.keys(), await navigator.serviceWorker.getRegistrations()].map(kept => JSON.stringify(kept)).join()"""
NOTHING = '{},{},"",[],[],[]'
# What a page that was kept whole shows in the first moment in which it is back, before it leads on by itself.
BACK_AGAIN = """addEventListener("pageshow", ({persisted}) => persisted && console.debug("back again",
    document.documentElement.outerHTML,
    JSON.stringify([...document.querySelectorAll("textarea,[type=text]")].map(box => box.value))))"""
# In one look, so that all of it is of the same page.
SHOWN = """() => ({
    page: document.documentElement.outerHTML,
    words: [...document.querySelectorAll("textarea,[type=text]")].map(box => box.value).filter(Boolean),
    chosen: document.querySelectorAll("input:checked").length,
})"""
# When the tap has been dealt with and the next picture is on the screen.
LEAVE_AND_TELL = """() => new Promise(done => {
    const start = performance.now();
    document.getElementById("leave").click();
    const isBlank = !document.body;
    requestAnimationFrame(() => setTimeout(() => done([isBlank, performance.now() - start])));
})"""


@dataclass(frozen=True)
class Places:
    """Where a site's forms are, and where leaving leads."""

    site: str
    outside: str

    @property
    def form(self) -> str:
        """A child's form."""
        return f"{self.site}/f/{CHILD}"


@pytest.fixture
def places(app: Flask) -> Iterator[Places]:
    """A site whose forms lead to another one, which is slow to answer."""
    open_codes(app)
    weather = Flask("weather")

    def forecast() -> str:
        time.sleep(0.3)
        return "<!doctype html><title>Weather</title><p>Dry."

    weather.add_url_rule("/", view_func=forecast)
    with running(app) as inside, running(weather) as outside:
        know_exits(app, lambda: {"": f"{outside}/"})
        yield Places(inside, f"{outside}/")


@pytest.fixture(params=[True, False], ids=["pages kept", "pages not kept"])
def own(browser_that: Callable[[bool], Browser], request: pytest.FixtureRequest) -> Browser:
    """A Chromium that keeps whole pages for the way back, as people's browsers do, and one that does not."""
    return browser_that(request.param)


def tap(page: Page) -> None:
    """Tap the link."""
    page.get_by_role("link", name="Leave this page").click(no_wait_after=True)


def press_shift(page: Page) -> None:
    """Press Shift three times, in the box in which somebody writes."""
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")


def press_escape(page: Page) -> None:
    """Press Escape three times."""
    for _ in range(3):
        page.keyboard.press("Escape")


def go_elsewhere(page: Page) -> None:
    """Type another address, as if nothing were."""
    address = page.evaluate("new URLSearchParams(document.getElementById('leave').search).get('to')")
    at_rest(lambda: page.goto(address), page)


def shows_nothing(page: Page) -> None:
    """Check what a page shows now, and what stands in its boxes.

    A page that is just being replaced by another cannot be looked at; then the other one is.
    """
    told = at_rest(lambda: page.evaluate(SHOWN), page)
    assert WORDS not in told["page"]
    assert told["words"] == []
    assert told["chosen"] == 0


def look_everywhere(page: Page, places: Places) -> None:
    """Go back, forward and reload until there is nothing left to look at; then look into what is stored."""
    for move in [page.go_back] * 16 + [page.go_forward] * 6 + [page.reload, page.go_back, page.reload]:
        with contextlib.suppress(Exception):  # a way that leads on by itself interrupts the move
            move(wait_until="commit")
        page.wait_for_timeout(30)
        shows_nothing(page)
    at_rest(lambda: page.goto(places.form), page)
    shows_nothing(page)
    assert at_rest(lambda: page.evaluate(STORED), page) == NOTHING


@pytest.mark.parametrize("way_out", [tap, press_shift, press_escape, go_elsewhere])
def test_row_s6_after_leaving_no_answer_comes_back(
    own: Browser, places: Places, way_out: Callable[[Page], None]
) -> None:
    page = own.new_context().new_page()
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.add_init_script(BACK_AGAIN)
    page.goto(places.form)
    to_the_last_screen(page)
    way_out(page)
    page.wait_for_url(places.outside)
    look_everywhere(page, places)
    assert not [text for text in seen if WORDS in text]


def test_row_s6_without_script_the_link_leads_away_and_no_answer_comes_back(own: Browser, places: Places) -> None:
    page = own.new_context(java_script_enabled=False).new_page()
    page.goto(places.form)
    page.locator("textarea").first.fill(WORDS)
    page.locator("input[name=answered]").first.check(force=True)
    tap(page)
    page.wait_for_url(places.outside)
    for move in (page.go_back, page.reload, page.go_forward, page.go_back):
        move(wait_until="commit")
        page.wait_for_timeout(100)
        shows_nothing(page)


def test_row_s6_the_way_back_from_the_other_site_does_not_lead_to_the_questions(
    browser: Browser, places: Places
) -> None:
    page = browser.new_context().new_page()
    page.goto(places.outside + "?before")
    page.goto(places.form)
    to_the_last_screen(page)
    tap(page)
    page.wait_for_url(places.outside)
    page.go_back()
    expect(page).to_have_url(places.outside + "?before")


@pytest.mark.parametrize("address", ["/", "/privacy", "/about-browsing", "/nowhere", f"/f/{CHILD}"])
def test_the_page_is_blank_within_a_tenth_of_a_second(browser: Browser, places: Places, address: str) -> None:
    taken = []
    for _ in range(TRIES):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(places.site + address)
            is_blank, milliseconds = page.evaluate(LEAVE_AND_TELL)
            assert is_blank
            assert "voice" not in page.title().lower()
            page.wait_for_url(places.outside)
            taken.append(milliseconds)
        if milliseconds < 100:
            return
    # A busy machine holds up one try or another; a page that is slow by itself holds up all of them.
    pytest.fail(f"blank after {taken} ms")


def test_without_signal_nothing_of_the_form_is_left(browser: Browser, places: Places) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(places.form)
    to_the_last_screen(page)
    context.set_offline(True)
    press_escape(page)
    page.wait_for_url("about:blank")
    expect(page.locator("body *")).to_have_count(0)


def test_writing_capitals_and_closing_things_leaves_nothing(browser: Browser, places: Places) -> None:
    page = browser.new_context().new_page()
    page.goto(places.form)
    page.locator("#begin").click()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.type("I Am Here")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    assert page.url == places.form
    expect(page.get_by_role("heading", name="If you need to stop fast")).to_be_visible()


def test_the_link_is_on_the_screen_wherever_somebody_scrolls_and_hides_no_button(
    browser: Browser, places: Places
) -> None:
    for width, height in ((320, 480), (640, 320), (1280, 800)):
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        for address in (f"/f/{CHILD}", "/about-browsing"):
            page.goto(places.site + address)
            for spot in (0, 10_000):
                page.evaluate("spot => scrollTo(0, spot)", spot)
                expect(page.get_by_role("link", name="Leave this page")).to_be_in_viewport(ratio=1)
        page.goto(places.form)
        page.locator("#begin").click()
        page.locator("#next").click()  # would fail if the link lay over it
        assert axe_problems(page) == []
