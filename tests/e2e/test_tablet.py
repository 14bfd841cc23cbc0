"""A shared tablet in Chromium: set up once, used without a connection, emptied after each child, opened by a PIN."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import response_of_receipt
from hscb_voice.responses.words import comments_of
from hscb_voice.tablets.errors import CannotReadError
from hscb_voice.tablets.service import revoke_tablet
from hscb_voice.web.current import EXTENSION
from tests.support.browser import axe_problems, running
from tests.support.journeys import SIZES
from tests.support.proxy import Proxy, proxy_before
from tests.support.sittings import CHILD
from tests.support.tablet_browser import TabletBrowser, reachable
from tests.support.tablets import add

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
WORDS = "Zebra seven said it kindly."


@dataclass(frozen=True)
class Line:
    """A running site, and the line to it, which a test may cut."""

    platform: Platform
    proxy: Proxy

    @property
    def address(self) -> str:
        """The site as a tablet reaches it."""
        return f"http://127.0.0.1:{self.proxy.port}"

    def set_up_code(self) -> tuple[str, str]:
        """Add a tablet; return its id and its code."""
        made = add(self.platform, slugs=[CHILD])
        return made.tablet_id, made.code

    def words_of(self, receipt: str) -> list[str]:
        """Return the words of the answer that has this receipt."""
        with self.platform.database.reading() as connection:
            found = response_of_receipt(connection, self.platform.keys, receipt.replace(" ", "-"))
            assert found, f"no answer has the receipt {receipt}"
            return [comment.text for comment in comments_of(connection, self.platform.keys, [found])]


@pytest.fixture
def line(app: Flask, platform: Platform) -> Iterator[Line]:
    """The site and the line to it."""
    assert platform
    with running(app) as address, proxy_before(int(address.rsplit(":", 1)[1])) as proxy:
        yield Line(app.extensions[EXTENSION], proxy)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for each test."""
    opened = browser.new_context(viewport={"width": 768, "height": 1024})
    with contextlib.closing(opened):
        yield opened


@pytest.fixture
def tablet(line: Line, context: BrowserContext) -> TabletBrowser:
    """A tablet that has been set up."""
    _, code = line.set_up_code()
    device = TabletBrowser(context.new_page(), line.address)
    device.enrol(code)
    return device


def is_well(page: Page) -> None:
    """Check what is shown by axe, and that it does not scroll sideways at any size."""
    assert axe_problems(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.set_viewport_size({"width": 768, "height": 1024})


def test_a_child_answers_without_a_connection_and_it_is_sent_when_the_line_is_back(
    tablet: TabletBrowser, line: Line, context: BrowserContext
) -> None:
    is_well(tablet.page)
    line.proxy.become("refuse")
    tablet.page.close()
    cold = TabletBrowser(context.new_page(), line.address)
    cold.open()
    cold.on("start")
    cold.hand_over()
    cold.answer(WORDS)
    receipt = cold.send()
    assert len(receipt.split()) == 3
    assert "0800 1111" in cold.page.inner_text("main")
    is_well(cold.page)
    cold.give_back()
    assert reachable(cold.page, WORDS, receipt, receipt.replace(" ", "-")) == []
    is_well(cold.page)
    cold.unlock()
    cold.on("start")
    expect(cold.page.locator("#waiting")).to_contain_text("1 answer waits to be sent")
    line.proxy.become("pass")
    cold.wait_until_sent()
    expect(cold.page.locator("#waiting")).to_contain_text("Nothing waits to be sent. Last sent")
    assert line.words_of(receipt) == [WORDS]


def test_three_words_go_with_their_sitting_while_a_form_in_another_window_stays_open(
    tablet: TabletBrowser, line: Line, context: BrowserContext
) -> None:
    other = TabletBrowser(context.new_page(), line.address)
    other.open()
    other.on("start")
    tablet.hand_over()
    other.on("back")  # handing over in one window locks the other
    other.unlock()
    other.on("start")
    other.hand_over()
    tablet.answer(WORDS)
    receipt = tablet.send().replace(" ", "-")
    assert receipt
    tablet.give_back()
    for _ in range(100):  # nobody waits for the wiping: it goes on behind the page
        if not reachable(tablet.page, receipt):
            return
        tablet.page.wait_for_timeout(100)
    pytest.fail("the three words can still be reached")


def test_a_tablet_that_nobody_touches_warns_and_then_empties_itself(tablet: TabletBrowser) -> None:
    page = tablet.page
    page.clock.install()
    tablet.hand_over()
    tablet.answer(WORDS)
    page.clock.run_for(74_000)
    expect(page.locator("dialog")).to_have_count(0)
    page.clock.run_for(2_000)
    expect(page.locator("dialog")).to_contain_text("Are you still there?")
    is_well(page)
    page.get_by_role("button", name="I am still here").click()
    expect(page.locator("dialog")).to_be_hidden()
    page.clock.run_for(60_000)
    expect(page.locator("#end.on")).to_have_count(1)
    page.clock.run_for(31_000)
    tablet.on("back")
    assert WORDS not in page.content()
    for go in (page.go_back, page.go_back, page.go_forward):
        go()
        tablet.on("back")
        assert WORDS not in page.content()
    assert tablet.count("handed") == 0
    assert tablet.count("waiting") == 0


def test_handing_over_in_one_window_locks_every_other_at_once(tablet: TabletBrowser) -> None:
    other = TabletBrowser(tablet.page.context.new_page(), tablet.address)
    other.open()
    other.on("start")
    tablet.hand_over()
    other.on("back")
    other.unlock()
    other.on("start")
    other.page.locator("#lock").click()
    other.on("back")


def test_a_start_page_that_lies_about_locks_itself_but_not_a_window_that_nobody_sees(tablet: TabletBrowser) -> None:
    page = tablet.page
    page.clock.install()
    tablet.open()
    tablet.on("start")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.clock.run_for(700_000)
    tablet.on("start")
    page.evaluate("delete document.hidden")
    page.locator("#who").click()
    page.clock.run_for(590_000)
    tablet.on("start")
    page.clock.run_for(60_000)
    tablet.on("back")


def test_a_tablet_that_slept_for_long_wakes_up_locked(tablet: TabletBrowser) -> None:
    page = tablet.page
    page.evaluate("""() => {
      const tell = (hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      };
      tell(true);
      const now = Date.now;
      Date.now = () => now() + 700000;
      tell(false);
    }""")
    tablet.on("back")


def test_the_way_back_does_not_lead_out_of_a_form(tablet: TabletBrowser) -> None:
    tablet.hand_over()
    tablet.page.locator("#begin").click()
    for _ in range(4):
        tablet.page.evaluate("history.back()")
        tablet.page.wait_for_timeout(150)
    assert "/tablet/form/" in tablet.page.url
    expect(tablet.page.locator("#begin")).to_be_visible()


def test_leaving_the_children_s_screen_needs_the_pin_and_guessing_is_slowed_down_over_reloads(
    tablet: TabletBrowser,
) -> None:
    tablet.hand_over()
    tablet.open()
    tablet.on("back")
    for guess in ("1234", "0000", "111111", "270412"):
        tablet.unlock(guess)
        expect(tablet.page.locator("#pin-trouble")).to_have_text("That is not the PIN.")
    tablet.open()
    tablet.on("back")
    tablet.unlock()
    expect(tablet.page.locator("#pin-trouble")).to_contain_text("Too many tries. Wait a minute")
    is_well(tablet.page)
    tablet.page.clock.install()
    tablet.page.clock.fast_forward(31_000)
    tablet.unlock()
    tablet.on("start")


def test_what_the_server_refuses_is_kept_and_shown_and_goes_when_it_can_be_read(
    tablet: TabletBrowser, line: Line
) -> None:
    def cannot_read(*_: object, **__: object) -> None:
        raise CannotReadError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hscb_voice.tablets.public_routes.read_answer", cannot_read)
        receipt = tablet.one_child(WORDS)
        expect(tablet.page.locator("#help")).to_contain_text("Call your administrator")
        assert WORDS not in tablet.page.content()
        is_well(tablet.page)
        assert (tablet.count("waiting"), tablet.count("help")) == (0, 1)
    tablet.page.get_by_role("button", name="Try again").click()
    expect(tablet.page.locator("#help")).to_be_hidden()
    tablet.wait_until_sent()
    assert line.words_of(receipt) == [WORDS]


def test_a_tablet_that_was_switched_off_sends_what_waits_and_offers_no_form(
    line: Line, context: BrowserContext
) -> None:
    tablet_id, code = line.set_up_code()
    tablet = TabletBrowser(context.new_page(), line.address)
    tablet.enrol(code)
    line.proxy.become("refuse")
    receipt = tablet.one_child(WORDS)
    with line.platform.database.writing() as connection:
        assert revoke_tablet(connection, None, tablet_id, "a-worker", line.platform.clock.now())
    line.proxy.become("pass")
    tablet.wait_until_sent()
    tablet.on("ended")
    assert line.words_of(receipt) == [WORDS]
    expect(tablet.page.locator("#hand-over")).to_be_hidden()
