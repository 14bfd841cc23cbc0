"""People for tests: one of each role, signed in through the real sign-in page."""

from dataclasses import dataclass

from flask import Flask

from hscb_voice.staff.roles import OWN_TEAMS_ONLY, Role
from hscb_voice.staff.service import NewPerson, add_person
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker

PASSWORD = "copper lantern meadow 47"
TEAM = "North team"


@dataclass(frozen=True)
class SignedIn:
    """Somebody's account and their browser."""

    account_id: str
    email: str
    pages: PageChecker


def add(app: Flask, *roles: Role, email: str = "", team: str = TEAM) -> tuple[str, str]:
    """Add somebody with some roles.

    Args:
        app: the application.
        *roles: what they are.
        email: their address; made from the role when left out.
        team: their team, for roles that need one.

    Returns:
        The account's id and email address.
    """
    here = app.extensions[EXTENSION]
    email = email or f"{roles[0].value.replace('_', '-')}@example.org"
    teams = frozenset({team}) if set(roles) & OWN_TEAMS_ONLY else frozenset[str]()
    new = NewPerson(email, f"Example {roles[0].label}", frozenset(roles), teams)
    with here.database.writing() as connection:
        return add_person(connection, new, PASSWORD, now=here.clock.now()), email


def sign_in(
    app: Flask, *roles: Role, email: str = "", team: str = TEAM, base_url: str = "http://localhost/"
) -> SignedIn:
    """Add somebody with some roles and sign them in on a browser of their own.

    Args:
        app: the application.
        *roles: what they are.
        email: their address; made from the role when left out.
        team: their team, for roles that need one.
        base_url: `https://localhost/` to come by https.

    Returns:
        The account and the browser.
    """
    account_id, email = add(app, *roles, email=email, team=team)
    pages = PageChecker(app, base_url=base_url)
    enter(pages, email)
    return SignedIn(account_id, email, pages)


def enter(pages: PageChecker, email: str, password: str = PASSWORD, *, expect: int = 302) -> None:
    """Sign in on the sign-in page, as a person would."""
    page = pages.get("/staff/sign-in")
    pages.submit(page, {"email": email, "password": password}, expect=expect)
