"""One Chromium for all journeys of a run; each journey leaves it with no window open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; each journey opens a context of its own in it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _windows_are_closed(browser: Browser) -> Iterator[None]:
    """Close what a journey left open: a forgotten window goes on working beside the next journey."""
    yield
    for context in browser.contexts:
        context.close()
