"""What every journey through the staff pages does: sign in, and ask whether a page is well, at each size.

A journey is walked once, at one size; every page on its way is looked at in all of them. What is looked at is looked
at again when the page was just being replaced by another: on a busy machine that comes in between.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Error, Page, ViewportSize
from playwright.sync_api import TimeoutError as TookTooLong

from tests.support.browser import PATIENCE_SECONDS, axe_problems
from tests.support.people import PASSWORD, code_of

SIZES = [(360, 640), (768, 1024), (1280, 800)]
TELEPHONE = ViewportSize(width=360, height=640)
DESK = ViewportSize(width=1280, height=800)
_BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ResultT = TypeVar("ResultT")


def at_rest(act: Callable[[], ResultT], page: Page) -> ResultT:
    """Do something with a page, again while another page comes in between.

    Args:
        act: may be done more than once.
        page: with which it is done.

    Returns:
        What it returned.

    Raises:
        Error: the page never came to rest, or what was waited for did not come.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except Error as fault:
            if time.monotonic() > end or isinstance(fault, TookTooLong):
                raise
            page.wait_for_timeout(20)


def is_well(page: Page) -> None:
    """Check a page with axe at each size, and that it does not scroll sideways at any; its own size comes back.

    Args:
        page: as it is shown now.
    """
    at_rest(lambda: _check(page), page)


def _check(page: Page) -> None:
    page.wait_for_load_state("load")
    own = page.viewport_size
    assert own is not None
    others = [size for width, height in SIZES if (size := ViewportSize(width=width, height=height)) != own]
    try:
        for size in (own, *others):
            if size != own:
                page.set_viewport_size(size)
            place = f"{page.url} at {size['width']}"
            assert axe_problems(page) == [], place
            assert page.evaluate(_BEYOND) == 0, f"{place} is wider than the screen"
    finally:
        page.set_viewport_size(own)


def sign_in_as(page: Page, email: str) -> None:
    """Fill in the sign-in page that is shown, and the second step after it; wait for the page to which that leads.

    Args:
        page: on which the sign-in page is.
        email: whose account.
    """
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/second-step" in address)
    page.get_by_label("Code from your authenticator app").fill(code_of(email))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda address: "/second-step" not in address and "/sign-in" not in address)
