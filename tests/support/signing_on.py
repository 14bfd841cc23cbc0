"""What a browser does in single sign-on: leave for the sign-in service, come back, and what the record says of it."""

from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask

from hscb_voice.audit.queries import entries
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page, PageChecker
from tests.support.sign_in_service import SignInService

LEAVE = "/staff/sign-in/work-account"


def leave(pages: PageChecker, service: SignInService, wanted: str = "") -> str:
    """Go to the service and sign in there.

    Returns:
        The address on which the service sends the browser back.
    """
    page = pages.get(LEAVE + (f"?next={wanted}" if wanted else ""), expect=303)
    return service.arrive(page.location)


def path_of(address: str) -> str:
    """Return an address without the site."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def come_back(pages: PageChecker, service: SignInService, *, expect: int = 200) -> Page:
    """Sign in through the service."""
    return pages.get(path_of(leave(pages, service)), expect=expect)


def altered(address: str, **changes: str | None) -> str:
    """Return an address with other values in its query; None takes one out."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return f"{parts.path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def is_outside(pages: PageChecker) -> bool:
    """Tell whether a browser opens nothing here."""
    return pages.get("/staff/", expect=302).location.startswith("/staff/sign-in")


def acts(app: Flask) -> list[tuple[str, str]]:
    """Return what the record says was done, and why."""
    with app.extensions[EXTENSION].database.reading() as connection:
        return [(entry.act, entry.reason) for entry in reversed(entries(connection)[0])]


def people(app: Flask) -> dict[str, frozenset[Role]]:
    """Return who has an account, and their roles."""
    with app.extensions[EXTENSION].database.reading() as connection:
        return {person.email: person.roles for person in everybody(connection)}
