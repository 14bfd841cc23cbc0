"""Row F7: two hundred children on one tablet with a bad line and a browser that is killed, and everything changes.

A real Chromium with its profile on the disk, the real site by gunicorn, and between them a line that is cut, slowed
down and robbed of replies. Afterwards every child that was thanked has exactly one answer, with its own three words;
none is lost, doubled or merged; and no file of the browser's profile holds a word of any.
"""

import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SystemClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.models import Response
from tests.support.killable_browser import KillableBrowser, found_in
from tests.support.proxy import Proxy, proxy_before
from tests.support.serving import RealSite, real_site
from tests.support.sittings import CHILD, version_of
from tests.support.tablet_books import TabletBooks
from tests.support.tablet_browser import TabletBrowser, worker_of
from tests.support.tablets import add

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SITTINGS = 200
MARKER = "quincelamp"
OTHER_NAME = {"VOICE_BOARD_NAME": "Another board’s name"}
# Everything that asks what time it is, in the worker and in pages, is told another one.
SHIFT_CLOCK = """(shift) => {
  const Real = self.Date;
  self.Date = class extends Real {
    constructor(...parts) { if (parts.length) super(...parts); else super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
}"""
DAY = 86_400_000


@dataclass
class Day:
    """One tablet's day."""

    platform: Platform
    proxy: Proxy
    browser: KillableBrowser
    books: TabletBooks = field(default_factory=TabletBooks)
    context: BrowserContext | None = None
    shift: int = 0
    number: int = 0

    @property
    def address(self) -> str:
        """The site as the tablet reaches it."""
        return f"http://127.0.0.1:{self.proxy.port}"

    def window(self) -> TabletBrowser:
        """Open another window of the tablet."""
        assert self.context is not None
        return TabletBrowser(self.context.new_page(), self.address)

    def start(self) -> TabletBrowser:
        """Start the browser, with its clock as wrong as it was, and open the start page."""
        self.context = self.browser.start()
        if self.shift:
            self.context.add_init_script(f"({SHIFT_CLOCK})({self.shift})")
        tablet = self.window()
        tablet.open()
        tablet.page.locator("#start, #back").locator("visible=true").first.wait_for()
        if self.shift:
            worker_of(tablet.page).evaluate(SHIFT_CLOCK, self.shift)
        if tablet.page.locator("#back").is_visible():
            tablet.unlock()
        tablet.on("start")
        return tablet

    def next_words(self) -> str:
        """Return what the next child says: nobody else says the same."""
        self.number += 1
        return f"{MARKER} {self.number:03d} says {random.Random(self.number).random()}"  # noqa: S311 - no secret

    def child(self, tablet: TabletBrowser) -> None:
        """Let one child answer and be thanked."""
        words = self.next_words()
        self.books.thanked[words] = tablet.one_child(words)


def kill_while_sending(day: Day, tablet: TabletBrowser, milliseconds: float) -> TabletBrowser:
    """Kill the browser just after a child has pressed the button."""
    words = day.next_words()
    day.books.unsure.add(words)
    tablet.hand_over()
    tablet.answer(words)
    tablet.page.locator("#end button.go").click(no_wait_after=True)
    time.sleep(milliseconds / 1000)
    with contextlib.suppress(Error):
        receipt = tablet.page.locator(".receipt")
        if receipt.count():
            day.books.unsure.discard(words)
            day.books.thanked[words] = receipt.inner_text(timeout=500)
    day.browser.kill()
    return day.start()


def kill_in_the_middle(day: Day, tablet: TabletBrowser) -> TabletBrowser:
    """Kill the browser while a child writes; what was not sent is gone, and nobody ever sees it."""
    words = day.next_words()
    day.books.unsure.add(words)
    tablet.hand_over()
    tablet.answer(words)
    day.browser.kill()
    return day.start()


def reload_in_the_middle(day: Day, tablet: TabletBrowser) -> None:
    """Reload the form while a child writes; they begin anew."""
    tablet.hand_over()
    tablet.answer("never sent")
    tablet.page.reload()
    tablet.page.locator("#begin").wait_for()
    words = day.next_words()
    tablet.answer(words)
    day.books.thanked[words] = tablet.send()
    tablet.page.reload()
    tablet.on("back")
    tablet.unlock()
    tablet.on("start")


def two_windows(day: Day, tablet: TabletBrowser) -> None:
    """Let two children answer at once, in two windows of one tablet: handing over in one locks the other."""
    other = day.window()
    other.open()
    other.on("start")
    both = [(tablet, day.next_words()), (other, day.next_words())]
    for window, words in both:
        window.hand_over()
        if window is tablet:
            other.on("back")
            other.unlock()
            other.on("start")
        window.answer(words)
    for window, words in both:
        day.books.thanked[words] = window.send()
    for window, _ in both:
        window.give_back()
    tablet.unlock()
    tablet.on("start")
    other.page.close()


def publish_new_version(platform: Platform) -> None:
    """Publish the children's questionnaire with another sentence."""
    definition = version_of(platform, CHILD).definition
    changed = definition.model_copy(update={"opening": (*definition.opening, "A new sentence.")})
    with platform.database.writing() as connection:
        publish(connection, changed, platform.clock)


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Drives the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def site(settings: Settings, platform: Platform) -> Iterator[RealSite]:
    """The real site."""
    assert platform
    with real_site(settings) as running:
        yield running


@pytest.fixture
def day(site: RealSite, platform: Platform, playwright: Playwright, tmp_path: Path) -> Iterator[Day]:
    """A tablet that has been set up."""
    browser = KillableBrowser(playwright, tmp_path / "profile")
    with proxy_before(site.port) as proxy:
        made = Day(platform, proxy, browser)
        made.context = browser.start()
        made.window().enrol(add(replace(platform, clock=SystemClock()), slugs=[CHILD]).code)
        browser.kill()
        yield made
        browser.kill()


def kept(platform: Platform) -> int:
    """Count the answers that the server has."""
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def everything_is_sent(day: Day, tablet: TabletBrowser) -> None:
    """Let the line be well, and wait until nothing waits."""
    day.proxy.become("pass")
    tablet.wait_until_sent(120_000)
    assert tablet.count("help") == 0


def without_a_line(day: Day, tablet: TabletBrowser, children: int) -> TabletBrowser:
    """Let children answer with no line at all, and then with one that loses replies; kill the browser at times."""
    for number in range(children):
        lost = number > children // 2
        day.proxy.become(("lose_receipts", "lose_replies")[number % 2] if lost else "refuse")
        day.child(tablet)
        if number % 10 == 5:
            tablet = kill_while_sending(day, tablet, number * 4)
        if not lost:
            assert kept(day.platform) == 0
    return tablet


def on_a_bad_line(day: Day, tablet: TabletBrowser, children: int) -> TabletBrowser:
    """Let children answer on a line that comes and goes, reload pages, kill the browser."""
    for number in range(children):
        day.proxy.become(("reset", "pass", "slow", "refuse")[number % 4])
        if number % 5 == 0:
            reload_in_the_middle(day, tablet)
        day.child(tablet)
        if number % 10 == 7:
            tablet = kill_in_the_middle(day, tablet)
    return tablet


def test_row_f7_two_hundred_children_are_each_heard_once_whatever_breaks(day: Day, settings: Settings) -> None:
    tablet = without_a_line(day, day.start(), SITTINGS * 2 // 5)
    publish_new_version(day.platform)  # a new wording, while answers to the old one wait
    tablet = on_a_bad_line(day, tablet, SITTINGS * 3 // 20)
    day.proxy.become("refuse")
    for _ in range(SITTINGS // 20):
        two_windows(day, tablet)
    day.browser.kill()
    day.shift = DAY  # the clock is a day wrong from now on
    tablet = day.start()
    for _ in range(SITTINGS // 10):
        day.child(tablet)
    waiting = tablet.count("waiting")
    day.proxy.become("reset")  # it listens, so that nobody takes its port
    with real_site(settings, environment=OTHER_NAME) as newer:  # a new version of the program, while answers wait
        day.proxy.lead_to(newer.port)
        day.proxy.become("pass")
        tablet.open()
        tablet.on("start")
        expect_new_version(tablet.page)
        while len(day.books.thanked) < SITTINGS:
            day.child(tablet)
        everything_is_sent(day, tablet)
    day.browser.kill()
    traces = found_in(day.browser.profile, [MARKER, *receipts(day)])
    wordings = wordings_of(day.platform)
    without_words = sum(not receipt for receipt in day.books.thanked.values())
    print(  # noqa: T201 - the row's figures
        f"F7: {len(day.books.thanked)} thanked, {kept(day.platform)} kept, {day.browser.killed} kills, {waiting} "
        f"waited at the new version, {without_words} without three words, wordings {wordings}, {traces}"
    )
    assert day.books.faults(day.platform) == []
    assert len(day.books.thanked) >= SITTINGS
    assert waiting > 0
    assert len(wordings) == 2
    assert traces == {}


def wordings_of(platform: Platform) -> dict[int, int]:
    """Count the answers to each version of the questionnaire."""
    with platform.database.reading() as connection:
        counted = select(Response.version_id, func.count()).group_by(Response.version_id)
        return dict(connection.execute(counted).tuples().all())


def receipts(day: Day) -> list[str]:
    """Return the three words of everybody, as a page and as the server writes them."""
    return [way for words in day.books.thanked.values() if words for way in (words, words.replace(" ", "-"))]


def expect_new_version(page: Page) -> None:
    """Wait until the start page is the new version's."""
    page.locator("header", has_text=OTHER_NAME["VOICE_BOARD_NAME"]).wait_for(timeout=60_000)


def test_row_f7_the_search_for_words_in_the_profile_finds_them_where_they_are(day: Day) -> None:
    """The control of the row: the same search finds a word that a page itself has put into the browser's storage."""
    tablet = day.start()
    tablet.page.evaluate(
        """async (words) => {
          const database = await new Promise((done) => {
            const asked = indexedDB.open("control", 1);
            asked.onupgradeneeded = () => asked.result.createObjectStore("plain");
            asked.onsuccess = () => done(asked.result);
          });
          const change = database.transaction("plain", "readwrite", { durability: "strict" });
          for (let number = 0; number < 50; number += 1) change.objectStore("plain").put({ words }, number);
          await new Promise((done) => { change.oncomplete = done; });
          await (await caches.open("control")).put("/control", new Response(`cached ${words}`));
        }""",
        f"{MARKER} plain",
    )
    day.browser.kill()
    files = " ".join(found_in(day.browser.profile, [MARKER])[MARKER])
    assert "IndexedDB" in files
    assert "CacheStorage" in files


def test_row_f7_the_books_tell_what_is_lost_doubled_or_strange(day: Day) -> None:
    """The other control: books that do not balance are told, each kind by its name."""
    tablet = day.start()
    day.child(tablet)
    words = next(iter(day.books.thanked))
    everything_is_sent(day, tablet)
    assert day.books.faults(day.platform) == []
    day.books.thanked["never sent"] = ""
    assert day.books.faults(day.platform) == ["lost: never sent"]
    day.books.thanked = {"something else": day.books.thanked[words]}
    faults = " ".join(day.books.faults(day.platform))
    assert f"nobody said: {words}" in faults
    assert "the receipt leads elsewhere" in faults
