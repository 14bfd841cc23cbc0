"""Reading accounts: who is signed in, and who works here."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Connection, Executable, Row, select

from hscb_voice.staff.errors import UnknownPersonError
from hscb_voice.staff.models import Account, AccountRole, AccountTeam, SignIn
from hscb_voice.staff.roles import Permission, Role, permissions_of, reach_of

LONGEST_WAIT_FOR_SECOND_FACTOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Person:
    """One person who works here, with what they may do."""

    id: str
    name: str
    email: str
    roles: frozenset[Role]
    own_teams: frozenset[str]  # the teams beside the name
    teams: frozenset[str] | None  # whose responses they may meet; None for every team
    permissions: frozenset[Permission]
    active: bool = True

    def may(self, permission: Permission) -> bool:
        """Tell whether the person may do something."""
        return permission in self.permissions


@dataclass(frozen=True)
class Credentials:
    """What signing in needs of an account; it goes nowhere else."""

    account_id: str
    email: str
    password_hash: str
    session_key: str
    active: bool


@dataclass(frozen=True)
class OpenSignIn:
    """A sign-in that has not been ended, and whose it is."""

    id: str
    person: Person
    started_at: datetime
    how: str
    confirmed_at: datetime | None  # when the person last proved who they are
    seen_at: datetime | None  # to the minute
    browser: str  # such as “Firefox on Windows”


_ACCOUNT = (Account.id, Account.name, Account.email, Account.active)
_CREDENTIALS = (Account.id, Account.email, Account.password_hash, Account.session_key, Account.active)


def everybody(connection: Connection) -> list[Person]:
    """Return everybody with an account, by name; those whose account is disabled too."""
    return _people(connection, select(*_ACCOUNT).order_by(Account.name, Account.email))


def person_by_id(connection: Connection, account_id: str) -> Person:
    """Return one person.

    Args:
        connection: a reading connection.
        account_id: whose.

    Returns:
        The person.

    Raises:
        UnknownPersonError: there is none of that id.
    """
    found = _people(connection, select(*_ACCOUNT).where(Account.id == account_id))
    if not found:
        message = "There is no such person."
        raise UnknownPersonError(message)
    return found[0]


def open_sign_in(connection: Connection, sign_in_id: str) -> OpenSignIn | None:
    """Return the sign-in of a session, if it still counts.

    Args:
        connection: a reading connection.
        sign_in_id: what the session holds.

    Returns:
        None once it has been ended or the account disabled, and while the second factor is still to come.
    """
    return _sign_in(connection, SignIn.id == sign_in_id, SignIn.whole)


def waiting_sign_in(connection: Connection, sign_in_id: str, now: datetime) -> OpenSignIn | None:
    """Return a sign-in whose password was right, and whose second factor is still to come.

    Args:
        connection: a reading connection.
        sign_in_id: what the session holds.
        now: it waits for ten minutes only.
    """
    recent = SignIn.started_at > now - LONGEST_WAIT_FOR_SECOND_FACTOR
    return _sign_in(connection, SignIn.id == sign_in_id, SignIn.whole.is_(False), recent)


def open_sign_ins_of(connection: Connection, account_id: str, since: datetime) -> list[OpenSignIn]:
    """Return somebody's sign-ins that have not been ended, the latest first.

    Args:
        connection: a reading connection.
        account_id: whose.
        since: only those that began after this moment; older ones open nothing any more.
    """
    query = (
        select(SignIn.id)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.whole, SignIn.started_at > since)
        .order_by(SignIn.started_at.desc(), SignIn.id)
    )
    found = (open_sign_in(connection, sign_in_id) for sign_in_id in connection.execute(query).scalars().all())
    return [sign_in for sign_in in found if sign_in is not None]


def credentials_by(connection: Connection, *, email: str = "", session_key: str = "") -> Credentials | None:
    """Return what signing in needs, by email address however written, or by session key."""
    by = Account.session_key == session_key if session_key else Account.email == tidy_email(email)
    row = connection.execute(select(*_CREDENTIALS).where(by)).first()
    return None if row is None else Credentials(*row)


def tidy_email(email: str) -> str:
    """Return an email address as accounts keep it."""
    return email.strip().lower()


def _sign_in(connection: Connection, *conditions: ColumnExpressionArgument[bool]) -> OpenSignIn | None:
    query = (
        select(*SignIn.__table__.columns)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.ended_at.is_(None), Account.active, *conditions)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    person = person_by_id(connection, row.account_id)
    return OpenSignIn(row.id, person, row.started_at, row.how, row.confirmed_at, row.seen_at, row.browser)


def _people(connection: Connection, query: Executable) -> list[Person]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    roles: dict[str, set[Role]] = defaultdict(set)
    teams: dict[str, set[str]] = defaultdict(set)
    of_roles = select(AccountRole.account_id, AccountRole.role).where(AccountRole.account_id.in_(ids))
    for role_row in connection.execute(of_roles):
        roles[role_row.account_id].add(Role(role_row.role))
    of_teams = select(AccountTeam.account_id, AccountTeam.team).where(AccountTeam.account_id.in_(ids))
    for team_row in connection.execute(of_teams):
        teams[team_row.account_id].add(team_row.team)
    return [_person(row, roles[row.id], teams[row.id]) for row in rows]


def _person(row: Row[Any], roles: set[Role], teams: set[str]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=frozenset(roles),
        own_teams=frozenset(teams),
        teams=reach_of(roles, teams),
        permissions=permissions_of(roles),
        active=row.active,
    )
