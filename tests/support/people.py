"""People for tests: one of each role with an authenticator app, signed in through the real sign-in pages."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import update

from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.models import AuthenticatorApp
from hscb_voice.staff.roles import OWN_TEAMS_ONLY, Role
from hscb_voice.staff.second_factors import begin_app, confirm_app, unfinished_app
from hscb_voice.staff.service import NewPerson, add_person, change_roles
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker

PASSWORD = "copper lantern meadow 47"
TEAM = "North team"
# Email address -> the account, its platform and its app's secret, as its owner would hold it.
_APPS: dict[str, tuple[Platform, str, str]] = {}


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
    account_id, email = add_without_app(app, *roles, email=email, team=team)
    give_app(app.extensions[EXTENSION], account_id, email)
    return account_id, email


def add_without_app(app: Flask, *roles: Role, email: str = "", team: str = TEAM) -> tuple[str, str]:
    """Add somebody who has no second factor yet; the arguments are those of `add`."""
    here = app.extensions[EXTENSION]
    email = email or f"{roles[0].value.replace('_', '-')}@example.org"
    teams = frozenset({team}) if set(roles) & OWN_TEAMS_ONLY else frozenset[str]()
    new = NewPerson(email, f"Example {roles[0].label}", frozenset(roles), teams)
    with here.database.writing() as connection:
        account_id = add_person(connection, new, PASSWORD, now=here.clock.now())
    _APPS.pop(email, None)
    return account_id, email


def give_app(here: Platform, account_id: str, email: str) -> None:
    """Set up an authenticator app for somebody, as they would.

    Args:
        here: the platform.
        account_id: whose.
        email: under which `code_of` finds it again.
    """
    now = here.clock.now()
    with here.database.writing() as connection:
        begin_app(connection, here.keys, account_id, now=now)
        new = unfinished_app(connection, here.keys, account_id, email=email, issuer="Tests")
        assert new is not None
        assert confirm_app(connection, here.keys, account_id, code_with(new.secret, now), now=now)
    _APPS[email] = (here, account_id, new.secret)


def code_of(email: str, *, again: bool = True) -> str:
    """Return the code that somebody's authenticator app shows now.

    Args:
        email: whose; they were added here.
        again: True to let one code open twice in one moment, because a test's clock stands still.
    """
    here, account_id, secret = _APPS[email]
    if again:
        with here.database.writing() as connection:
            connection.execute(
                update(AuthenticatorApp).where(AuthenticatorApp.account_id == account_id).values(last_step=0)
            )
    return code_with(secret, here.clock.now())


def code_at(email: str, now: datetime) -> str:
    """Return the code that somebody's app shows at another moment than that of the tests' clock."""
    return code_with(_APPS[email][2], now)


def code_with(secret: str, now: datetime) -> str:
    """Return what an authenticator app shows at a moment.

    Args:
        secret: in base32, as the app took it.
        now: the moment.
    """
    return str(TOTP(key=secret, format="base32").generate(now).token)


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
    """Sign in on the sign-in pages, as a person would: password first, then the app's code."""
    page = pages.get("/staff/sign-in")
    pages.submit(page, {"email": email, "password": password}, expect=expect)
    if expect == 302 and email in _APPS:
        pages.submit(pages.get("/staff/second-step"), {"code": code_of(email)})


def move_to(platform: Platform, person: SignedIn, team: str) -> None:
    """Let a worker belong to another team from now on, and to their old one no more."""
    with platform.database.writing() as connection:
        roles, teams = frozenset({Role.WORKER}), frozenset({team})
        change_roles(connection, person.account_id, roles, teams, now=platform.clock.now(), by="operator")
