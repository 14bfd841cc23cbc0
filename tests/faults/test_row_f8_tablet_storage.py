"""Row F8: storage refused, full or closed under an open form, two windows at once, a new program in mid-answer.

The fault is put into the service worker of a real Chromium, or asked of the browser itself; the site is the real one.
Each test ends with the books: everybody who was thanked has exactly one answer, and nobody's words were thrown away.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hscb_voice.foundation.clock import SystemClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from tests.support.browser import chromium
from tests.support.proxy import Proxy, proxy_before
from tests.support.serving import RealSite, real_site
from tests.support.sittings import CHILD
from tests.support.tablet_books import TabletBooks
from tests.support.tablet_browser import TabletBrowser, worker_of
from tests.support.tablets import add

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
WORDS = "quincelamp under the bed"
OTHER_NAME = {"VOICE_BOARD_NAME": "Another board’s name"}
# Ways in which storage fails, each put into the running service worker; `mend` takes it out again.
FULL = """() => {
  const real = IDBObjectStore.prototype.put;
  self.mend = () => { IDBObjectStore.prototype.put = real; };
  IDBObjectStore.prototype.put = function () { throw new DOMException("full", "QuotaExceededError"); };
}"""
GONE = """async () => {
  const real = IDBFactory.prototype.open;
  self.mend = () => { IDBFactory.prototype.open = real; };
  (await openStore()).close();
  IDBFactory.prototype.open = () => { throw new DOMException("the system has closed it", "UnknownError"); };
}"""
CLOSED = "async () => (await openStore()).close()"
MEND = "() => self.mend()"


@dataclass
class Scene:
    """One tablet on the real site."""

    platform: Platform
    proxy: Proxy
    context: BrowserContext
    books: TabletBooks = field(default_factory=TabletBooks)

    def window(self) -> TabletBrowser:
        """Open a window of the tablet."""
        return TabletBrowser(self.context.new_page(), f"http://127.0.0.1:{self.proxy.port}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the row."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(settings: Settings, platform: Platform) -> Iterator[RealSite]:
    """The real site."""
    assert platform
    with real_site(settings, workers=1) as running:
        yield running


@pytest.fixture
def scene(site: RealSite, platform: Platform, browser: Browser) -> Iterator[Scene]:
    """A tablet's browser, and the line to the site."""
    with proxy_before(site.port) as proxy:
        context = browser.new_context(viewport={"width": 768, "height": 1024})
        yield Scene(platform, proxy, context)
        context.close()


@pytest.fixture
def tablet(scene: Scene) -> TabletBrowser:
    """The tablet, set up."""
    made = scene.window()
    made.enrol(add(replace(scene.platform, clock=SystemClock()), slugs=[CHILD]).code)
    return made


def balanced(scene: Scene, tablet: TabletBrowser) -> None:
    """Let the line be well, send what waits, and look at the books."""
    scene.proxy.become("pass")
    tablet.wait_until_sent()
    assert scene.books.faults(scene.platform) == []


def answer_and_press(tablet: TabletBrowser, words: str = WORDS) -> None:
    """Fill in a form that is open and press the button that sends."""
    tablet.answer(words)
    tablet.page.locator("#end button.go").click()


def thanked(tablet: TabletBrowser) -> str:
    """Wait for the thanks and return the three words."""
    back = tablet.page.locator("[data-tablet-back]")
    expect(back).to_be_visible(timeout=40_000)
    return tablet.page.locator(".receipt").inner_text()


@pytest.mark.parametrize("fault", [FULL, GONE], ids=["full", "gone"])
def test_row_f8_with_a_line_an_answer_that_cannot_be_kept_is_sent_at_once(
    scene: Scene, tablet: TabletBrowser, fault: str
) -> None:
    tablet.hand_over()
    worker_of(tablet.page).evaluate(fault)
    answer_and_press(tablet)
    scene.books.thanked[WORDS] = thanked(tablet)
    assert scene.books.faults(scene.platform) == []


@pytest.mark.parametrize("fault", [FULL, GONE], ids=["full", "gone"])
def test_row_f8_without_a_line_or_storage_the_page_keeps_the_words_says_so_and_is_never_emptied(
    scene: Scene, tablet: TabletBrowser, fault: str
) -> None:
    tablet.page.clock.install()
    tablet.hand_over()
    worker_of(tablet.page).evaluate(fault)
    scene.proxy.become("refuse")
    answer_and_press(tablet)
    expect(tablet.page.locator("#tablet-unsent")).to_contain_text("Your answers are not sent yet.")
    expect(tablet.page.locator("#end .said")).to_contain_text("Your words are safe on this page.")
    tablet.page.clock.run_for(95_000)  # nobody touches it: it is covered, and not wiped
    expect(tablet.page.get_by_role("alertdialog")).to_contain_text("Please give the tablet to your worker.")
    box = tablet.page.locator(".q:not([data-if]) textarea").first
    assert box.input_value() == WORDS
    scene.proxy.become("pass")
    for _ in range(40):
        if tablet.page.locator("[data-tablet-back]").count():
            break
        tablet.page.clock.run_for(5_000)
        tablet.page.wait_for_timeout(300)
    scene.books.thanked[WORDS] = thanked(tablet)
    assert scene.books.faults(scene.platform) == []


def test_row_f8_storage_that_the_system_closed_is_opened_again(scene: Scene, tablet: TabletBrowser) -> None:
    scene.proxy.become("refuse")
    tablet.hand_over()
    worker_of(tablet.page).evaluate(CLOSED)
    answer_and_press(tablet)
    scene.books.thanked[WORDS] = thanked(tablet)
    tablet.give_back()
    worker_of(tablet.page).evaluate(CLOSED)
    tablet.unlock()
    tablet.on("start")
    assert tablet.count("waiting") == 1
    balanced(scene, tablet)


def test_row_f8_a_browser_that_grants_no_room_at_all_loses_nothing(scene: Scene, tablet: TabletBrowser) -> None:
    """The browser's own refusal, not one that we put in."""
    tablet.hand_over()
    quota(tablet.page, 1)
    for number in range(3):
        words = f"{WORDS} {number}"
        answer_and_press(tablet, words)
        scene.books.thanked[words] = thanked(tablet)
        tablet.give_back()
        tablet.unlock()
        tablet.on("start")
        if number < 2:
            tablet.hand_over()
    quota(tablet.page, None)
    balanced(scene, tablet)


def quota(page: Page, size: int | None) -> None:
    """Have the browser grant an origin so many bytes, or as many as usual."""
    session = page.context.new_cdp_session(page)
    told: dict[str, object] = {"origin": page.evaluate("location.origin")}
    session.send("Storage.overrideQuotaForOrigin", told if size is None else {**told, "quotaSize": size})
    session.detach()


def test_row_f8_two_windows_that_send_at_once_do_no_harm(scene: Scene, tablet: TabletBrowser) -> None:
    other = scene.window()
    other.open()
    other.on("start")
    scene.proxy.become("refuse")
    windows = (tablet, other)
    for turn in range(3):
        tablet.hand_over()
        other.on("back")  # handing over in one window locks the other
        other.unlock()
        other.on("start")
        other.hand_over()
        for place, window in enumerate(windows):
            answer_and_press(window, f"{WORDS} {turn} {place}")
        for place, window in enumerate(windows):
            scene.books.thanked[f"{WORDS} {turn} {place}"] = thanked(window)
        for window in windows:
            window.give_back()
        tablet.unlock()
        tablet.on("start")
        other.open()
        other.on("start")
    assert tablet.count("waiting") == 6
    scene.proxy.become("lose_receipts")
    for window in windows:
        window.page.locator("#send-now").click()
    tablet.page.wait_for_timeout(1_500)
    assert tablet.count("waiting") == 6  # whatever the server has: without its receipt nothing is let go
    scene.proxy.become("pass")
    # Past our own lock, too: the same answers, sent by two at the same time.
    worker_of(tablet.page).evaluate("async () => { await Promise.all([sendAll(true), sendAll(true), send(true)]); }")
    balanced(scene, tablet)
    assert len(set(scene.books.thanked.values())) == 6


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait until something has happened, from outside: a page's policy forbids Playwright's own way."""
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_row_f8_a_new_program_waits_until_no_form_is_open_and_what_waits_outlives_it(
    scene: Scene, tablet: TabletBrowser, settings: Settings
) -> None:
    scene.proxy.become("refuse")
    scene.books.thanked[f"{WORDS} before"] = tablet.one_child(f"{WORDS} before")
    child = scene.window()
    child.open()
    child.on("start")
    child.hand_over()
    scene.proxy.become("reset")  # it listens, so that nobody takes its port
    with real_site(settings, workers=1, environment=OTHER_NAME) as newer:
        scene.proxy.lead_to(newer.port)
        scene.proxy.become("pass")
        tablet.page.evaluate("registration.update()")
        wait_for(lambda: tablet.page.evaluate("registration.waiting !== null"))
        tablet.page.evaluate("goOn(true)")
        answer_and_press(child)
        scene.books.thanked[WORDS] = thanked(child)
        assert tablet.page.evaluate("registration.waiting !== null")
        child.give_back()
        child.page.close()
        tablet.open()
        expect(tablet.page.locator("header")).to_contain_text("Another board", timeout=15_000)
        tablet.on("back")
        tablet.unlock()
        tablet.on("start")
        balanced(scene, tablet)
