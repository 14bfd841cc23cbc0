"""What every journey through the staff pages does: sign in, and ask whether a page is well."""

from playwright.sync_api import Page

from tests.support.browser import axe_problems
from tests.support.people import PASSWORD, code_of

SIZES = [(360, 640), (768, 1024), (1280, 800)]


def is_well(page: Page) -> None:
    """Check a page with axe, and that it does not scroll sideways.

    Args:
        page: as it is shown now.
    """
    page.wait_for_load_state("load")
    assert axe_problems(page) == []
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0, "the page is wider than the screen"


def sign_in_as(page: Page, email: str) -> None:
    """Fill in the sign-in page that is shown, and the second step after it.

    Args:
        page: on which the sign-in page is.
        email: whose account.
    """
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code from your authenticator app").fill(code_of(email))
    page.get_by_role("button", name="Continue").click()
