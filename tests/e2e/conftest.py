"""The browsers of a run: each is opened once, and each journey leaves it with no window open."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import another_chromium, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; each journey opens a context of its own in it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def other_browsers() -> Iterator[dict[bool, Browser]]:
    """Those that have been opened beside it, by whether they keep whole pages for the way back."""
    opened: dict[bool, Browser] = {}
    yield opened
    for one in opened.values():
        one.close()


@pytest.fixture
def browser_that(browser: Browser, other_browsers: dict[bool, Browser]) -> Callable[[bool], Browser]:
    """Return a further Chromium: True keeps whole pages for the way back, as people's browsers do, False does not."""

    def open_one(keeps_pages: bool) -> Browser:  # noqa: FBT001 - the one thing in which they differ
        if keeps_pages not in other_browsers:
            other_browsers[keeps_pages] = another_chromium(browser, keeps_pages=keeps_pages)
        return other_browsers[keeps_pages]

    return open_one


@pytest.fixture(autouse=True)
def _windows_are_closed(browser: Browser, other_browsers: dict[bool, Browser]) -> Iterator[None]:
    """Close what a journey left open: a forgotten window goes on working beside the next journey."""
    yield
    for one in (browser, *other_browsers.values()):
        for context in one.contexts:
            context.close()
