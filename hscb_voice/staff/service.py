"""Changing accounts and sign-ins. Every change is noted in the record, in the same transaction."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.ids import new_id
from hscb_voice.staff.errors import AccountError, KnownAddressError
from hscb_voice.staff.models import Account, AccountRole, AccountTeam, SignIn
from hscb_voice.staff.passwords import check_new_password, hash_password
from hscb_voice.staff.queries import person_by_id, tidy_email
from hscb_voice.staff.roles import OWN_TEAMS_ONLY, Permission, Role, permissions_of
from hscb_voice.staff.second_factors import forget_second_factors

PLATFORM = "platform"
NOBODY = "nobody"
_EMAIL_SHAPE = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_LONGEST_EMAIL, _LONGEST_NAME, _LONGEST_TEAM = 254, 120, 80
_LONGEST_REASON = 300  # what the record takes
_SIGN_INS_KEPT = timedelta(days=30)  # the record keeps for longer who signed in and when


@dataclass(frozen=True)
class NewPerson:
    """Who is to be added."""

    email: str
    name: str
    roles: frozenset[Role]
    teams: frozenset[str] = frozenset()


def add_person(connection: Connection, new: NewPerson, password: str, *, now: datetime, by: str = PLATFORM) -> str:
    """Add somebody who works here.

    Args:
        connection: a writing connection.
        new: who.
        password: their first password, as typed.
        now: when.
        by: the account's id of whoever adds them; `platform` from the command line.

    Returns:
        The new account's id.

    Raises:
        AccountError: the name, address, roles or teams will not do.
        KnownAddressError: somebody has this email address already.
        WeakPasswordError: the password is too short or too easily guessed.
    """
    check_new_password(password, tidy_email(new.email), new.name)
    return _add(connection, new, hash_password(password), now=now, by=by, act="added an account")


def add_without_password(
    connection: Connection, new: NewPerson, *, now: datetime, by: str, act: str = "invited somebody"
) -> str:
    """Add somebody who chooses a password later, or comes in by another way; until then no password opens the account.

    Args:
        connection: a writing connection.
        new: who.
        now: when.
        by: the account's id of whoever adds them.
        act: what it was, for the record.

    Returns:
        The new account's id.

    Raises:
        AccountError: the name, address, roles or teams will not do, or somebody has this address already.
    """
    return _add(connection, new, "", now=now, by=by, act=act)


def set_password(
    connection: Connection, account_id: str, password: str, *, now: datetime, act: str, name: str = ""
) -> None:
    """Give somebody a new password. Every session of theirs ends.

    Args:
        connection: a writing connection.
        account_id: whose.
        password: as typed.
        now: when.
        act: how it came about, for the record.
        name: their name as they write it themselves; left as it is when empty.

    Raises:
        UnknownPersonError: there is no such account.
        WeakPasswordError: the password is too short or too easily guessed.
        AccountError: the name will not do.
    """
    person = person_by_id(connection, account_id)
    told = " ".join(name.split()) or person.name
    _check_who(person.email, told)
    check_new_password(password, person.email, told)
    changed = update(Account).where(Account.id == account_id)
    connection.execute(changed.values(password_hash=hash_password(password), name=told))
    _end_every_sign_in(connection, account_id, now)
    note(connection, account_id, act, f"account {account_id}", now=now)


def reset_second_factor(connection: Connection, account_id: str, *, now: datetime, by: str) -> None:
    """Take somebody's second factors away, so that they set up new ones with their next password.

    Args:
        connection: a writing connection.
        account_id: whose.
        now: when.
        by: the account's id of whoever does it; `platform` from the command line.

    Raises:
        UnknownPersonError: there is no such account.
        AccountError: it is one's own account.
    """
    person_by_id(connection, account_id)
    if account_id == by:
        message = "You cannot take away your own second step. Change it on the page of your account."
        raise AccountError(message)
    forget_second_factors(connection, account_id)
    _end_every_sign_in(connection, account_id, now)
    note(connection, by, "reset a second factor", f"account {account_id}", now=now)


def change_roles(
    connection: Connection, account_id: str, roles: frozenset[Role], teams: frozenset[str], *, now: datetime, by: str
) -> None:
    """Give somebody other roles and teams; they count from the person's next page.

    Args:
        connection: a writing connection.
        account_id: whose.
        roles: all their roles from now on.
        teams: all their teams from now on.
        now: when.
        by: the account's id of whoever changes them.

    Raises:
        UnknownPersonError: there is no such account.
        AccountError: the roles or teams will not do, or nobody would be left to manage people.
    """
    before = person_by_id(connection, account_id)
    _check_roles(roles, teams)
    if before.active and Permission.MANAGE_PEOPLE not in permissions_of(roles):
        _check_somebody_is_left(connection, account_id)
    connection.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
    connection.execute(delete(AccountTeam).where(AccountTeam.account_id == account_id))
    _write_roles(connection, account_id, roles, teams)
    change = f"{_told(before.roles)} -> {_told(roles)}"
    if before.own_teams != teams:
        change += f"; teams {_named(before.own_teams)} -> {_named(teams)}"
    note(connection, by, "changed roles", f"account {account_id}", now=now, reason=change[:_LONGEST_REASON])


def disable(connection: Connection, account_id: str, *, now: datetime, by: str) -> None:
    """Shut somebody out at once: every session ends, and they cannot sign in.

    Args:
        connection: a writing connection.
        account_id: whom.
        now: when.
        by: the account's id of whoever does it.

    Raises:
        UnknownPersonError: there is no such account.
        AccountError: it is one's own account, or nobody would be left to manage people.
    """
    person_by_id(connection, account_id)
    if account_id == by:
        message = "You cannot disable your own account. Another administrator can."
        raise AccountError(message)
    _check_somebody_is_left(connection, account_id)
    connection.execute(update(Account).where(Account.id == account_id).values(active=False))
    _end_every_sign_in(connection, account_id, now)
    note(connection, by, "disabled an account", f"account {account_id}", now=now)


def enable(connection: Connection, account_id: str, *, now: datetime, by: str) -> None:
    """Let somebody sign in again.

    Args:
        connection: a writing connection.
        account_id: whom.
        now: when.
        by: the account's id of whoever does it.

    Raises:
        UnknownPersonError: there is no such account.
    """
    person_by_id(connection, account_id)
    connection.execute(update(Account).where(Account.id == account_id).values(active=True))
    note(connection, by, "enabled an account", f"account {account_id}", now=now)


def begin_sign_in(
    connection: Connection,
    account_id: str,
    *,
    now: datetime,
    how: str = "password",
    browser: str = "",
    whole: bool = True,
) -> str:
    """Write down that somebody has signed in, with what they proved already checked.

    Args:
        connection: a writing connection.
        account_id: who.
        now: when.
        how: by what they proved who they are, such as `passkey`.
        browser: which kind of browser, in words; never an address.
        whole: False when the second factor is still to come; then it opens nothing but the page that asks for it.

    Returns:
        The sign-in's id, for the browser's session to hold on to.
    """
    sign_in_id = new_id()
    connection.execute(delete(SignIn).where(SignIn.started_at < now - _SIGN_INS_KEPT))
    connection.execute(
        insert(SignIn).values(
            id=sign_in_id,
            account_id=account_id,
            started_at=now,
            whole=whole,
            how=how,
            confirmed_at=now if whole else None,
            seen_at=now,
            browser=browser,
        )
    )
    if whole:
        note(connection, account_id, "signed in", f"sign-in {sign_in_id}", now=now, reason=how)
    return sign_in_id


def end_sign_in(connection: Connection, sign_in_id: str, *, now: datetime, act: str = "signed out") -> None:
    """End one sign-in, so that a copy of its session opens nothing any more.

    Args:
        connection: a writing connection.
        sign_in_id: which; one that has ended already is left as it is.
        now: when.
        act: how it came about, for the record.
    """
    account_id = connection.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SignIn.account_id)
    ).scalar()
    if account_id is not None:
        note(connection, account_id, act, f"sign-in {sign_in_id}", now=now)


def sign_out_everywhere(connection: Connection, account_id: str, *, now: datetime, by: str) -> None:
    """End every session of a person, on whatever device.

    Args:
        connection: a writing connection.
        account_id: whose.
        now: when.
        by: the account's id of whoever does it; mostly the person.
    """
    _end_every_sign_in(connection, account_id, now)
    note(connection, by, "signed out everywhere", f"account {account_id}", now=now)


def note_failed_sign_in(connection: Connection, account_id: str | None, *, now: datetime, reason: str) -> None:
    """Note that somebody tried in vain to sign in. What was typed is not kept: it may be a password.

    Args:
        connection: a writing connection.
        account_id: whose account it was; None when the name is nobody's.
        now: when.
        reason: why it failed.
    """
    subject = f"account {account_id}" if account_id else "an unknown name"
    note(connection, NOBODY, "failed to sign in", subject, now=now, reason=reason)


def _add(connection: Connection, new: NewPerson, password_hash: str, *, now: datetime, by: str, act: str) -> str:
    email, name = tidy_email(new.email), " ".join(new.name.split())
    _check_who(email, name)
    _check_roles(new.roles, new.teams)
    if connection.execute(select(Account.id).where(Account.email == email)).first():
        message = f"There is already an account for {email}."
        raise KnownAddressError(message)
    account_id = new_id()
    connection.execute(
        insert(Account).values(
            id=account_id,
            email=email,
            name=name,
            password_hash=password_hash,
            active=True,
            session_key=_new_session_key(),
            created_at=now,
        )
    )
    _write_roles(connection, account_id, new.roles, new.teams)
    note(connection, by, act, f"account {account_id}", now=now, reason=_told(new.roles))
    return account_id


def _check_who(email: str, name: str) -> None:
    if not _EMAIL_SHAPE.fullmatch(email) or len(email) > _LONGEST_EMAIL:
        message = f"“{email}” is not an email address."
        raise AccountError(message)
    if not name or len(name) > _LONGEST_NAME:
        message = f"Give a name of at most {_LONGEST_NAME} characters."
        raise AccountError(message)


def _check_roles(roles: Iterable[Role], teams: Iterable[str]) -> None:
    roles, teams = set(roles), set(teams)
    if not roles:
        message = "Choose at least one role."
        raise AccountError(message)
    if any(not team.strip() or len(team) > _LONGEST_TEAM for team in teams):
        message = f"A team's name must have between 1 and {_LONGEST_TEAM} characters."
        raise AccountError(message)
    if roles & OWN_TEAMS_ONLY and not teams:
        message = "A worker or team manager needs at least one team, because they see only their own teams' responses."
        raise AccountError(message)


def _check_somebody_is_left(connection: Connection, without: str) -> None:
    """Refuse to take away the last person who can manage people: nobody could put it right from a page."""
    managing = [role for role in Role if Permission.MANAGE_PEOPLE in permissions_of([role])]
    others = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.active, Account.id != without, AccountRole.role.in_(managing))
    )
    is_one = (
        select(AccountRole.account_id)
        .join(Account, Account.id == AccountRole.account_id)
        .where(Account.active, Account.id == without, AccountRole.role.in_(managing))
    )
    if connection.execute(is_one).first() and not connection.execute(others).first():
        message = "This is the only administrator. Make somebody else an administrator first."
        raise AccountError(message)


def _write_roles(connection: Connection, account_id: str, roles: Iterable[Role], teams: Iterable[str]) -> None:
    connection.execute(
        insert(AccountRole), [{"account_id": account_id, "role": role.value} for role in sorted(set(roles))]
    )
    names = sorted({" ".join(team.split()) for team in teams})
    if names:
        connection.execute(insert(AccountTeam), [{"account_id": account_id, "team": team} for team in names])


def _end_every_sign_in(connection: Connection, account_id: str, now: datetime) -> None:
    connection.execute(
        update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )
    connection.execute(update(Account).where(Account.id == account_id).values(session_key=_new_session_key()))


def _new_session_key() -> str:
    return secrets.token_hex(32)


def _named(teams: Iterable[str]) -> str:
    return ", ".join(sorted(teams)) or "none"


def _told(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(role.value for role in roles))
