"""One Chromium for all journeys of a run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; each journey opens a context of its own in it."""
    with chromium() as opened:
        yield opened
