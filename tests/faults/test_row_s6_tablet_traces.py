"""Row S6 on a shared tablet: after finishing, leaving and 90 seconds alone nothing of a child is left on it.

Searched are what the page shows, every form of storage that a page can reach, the way back and forward, and every file
of the browser's profile on the disk, also after the browser was killed in the middle of an answer.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright, sync_playwright

from hscb_voice.foundation.clock import SystemClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from tests.support.killable_browser import KillableBrowser, found_in
from tests.support.proxy import Proxy, proxy_before
from tests.support.serving import real_site
from tests.support.sittings import CHILD
from tests.support.tablet_browser import TabletBrowser, reachable
from tests.support.tablets import add

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
MARKER = "velvetanchor"


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Drives the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def browser(playwright: Playwright, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[KillableBrowser]:
    """The tablet's browser, its profile on the disk; it keeps whole pages for the way back, or does not."""
    opened = KillableBrowser(playwright, tmp_path / "profile", keeps_pages=getattr(request, "param", True))
    yield opened
    opened.kill()


@pytest.fixture
def proxy(settings: Settings, platform: Platform) -> Iterator[Proxy]:
    """The line to the real site."""
    assert platform
    with real_site(settings, workers=1) as site, proxy_before(site.port) as line:
        yield line


def around(tablet: TabletBrowser, *markers: str) -> list[str]:
    """Return the markers that the way back and forward brings to light."""
    found = []
    for step in (-1, -1, -1, -1, -1, 1, 1, 1):
        with contextlib.suppress(Error):  # it may lead to another page at once
            tablet.page.evaluate(f"setTimeout(() => history.go({step}))")
        for _ in range(3):
            tablet.page.wait_for_timeout(80)
            with contextlib.suppress(Error):
                found += reachable(tablet.page, *markers)
    tablet.open()
    tablet.on("back")
    return found


def finish(tablet: TabletBrowser) -> list[str]:
    """Finish and give the tablet back; return the three words as a page and as the server writes them."""
    words = tablet.send()
    assert len(words.split()) == 3
    tablet.give_back()
    return [words, words.replace(" ", "-")]


def leave(tablet: TabletBrowser) -> list[str]:
    """Leave by the button that is on every page."""
    tablet.page.locator("#leave").click()
    tablet.on("back")
    return []


def leave_by_key(tablet: TabletBrowser) -> list[str]:
    """Leave by Escape three times."""
    for _ in range(3):
        tablet.page.keyboard.press("Escape")
    tablet.on("back")
    return []


def be_idle(tablet: TabletBrowser) -> list[str]:
    """Leave the form alone for 90 seconds."""
    tablet.page.clock.run_for(92_000)
    tablet.on("back")
    return []


@pytest.mark.parametrize("browser", [True, False], ids=["pages kept", "pages not kept"], indirect=True)
@pytest.mark.parametrize("line", ["pass", "refuse"])
def test_row_s6_after_finish_leave_and_idle_a_tablet_holds_nothing_of_any_child(
    proxy: Proxy, platform: Platform, browser: KillableBrowser, line: str
) -> None:
    page = browser.start().new_page()
    tablet = TabletBrowser(page, f"http://127.0.0.1:{proxy.port}")
    tablet.enrol(add(replace(platform, clock=SystemClock()), slugs=[CHILD]).code)
    page.clock.install()
    proxy.become("refuse" if line == "refuse" else "pass")
    markers = [MARKER]
    for end in (finish, leave, leave_by_key, be_idle):
        tablet.hand_over()
        tablet.answer(f"{MARKER} {end.__name__}")
        page.wait_for_timeout(300)
        assert reachable(page, MARKER) == [MARKER]  # the search itself finds what is there
        markers += end(tablet)
        assert reachable(page, *markers) == []
        assert around(tablet, *markers) == []
        tablet.unlock()
        tablet.on("start")
    waiting = tablet.count("waiting")
    browser.close()
    assert found_in(browser.profile, markers) == {}
    print(f"S6: {json.dumps(markers[1:2])} and {MARKER} nowhere, {waiting} sealed on the tablet, line {line}")  # noqa: T201 - the row's figures


def test_row_s6_a_tablet_that_dies_in_mid_answer_holds_nothing_of_it(
    proxy: Proxy, platform: Platform, browser: KillableBrowser
) -> None:
    tablet = TabletBrowser(browser.start().new_page(), f"http://127.0.0.1:{proxy.port}")
    tablet.enrol(add(replace(platform, clock=SystemClock()), slugs=[CHILD]).code)
    tablet.hand_over()
    tablet.answer(MARKER)
    tablet.page.wait_for_timeout(3_000)  # a browser writes down now and then what is open
    browser.kill()
    assert found_in(browser.profile, [MARKER]) == {}
    again = TabletBrowser(browser.start().new_page(), tablet.address)
    again.open()
    again.on("back")
    assert reachable(again.page, MARKER) == []
