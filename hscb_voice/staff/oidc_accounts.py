"""Whose account a person of the council's sign-in service has here, and what they may do with it today.

An account is bound to issuer and subject. An email address alone binds nothing: addresses are handed on, and a service
may let people choose them. Roles and teams follow the groups at every sign-in. Every change stands in the record.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.database import upsert
from hscb_voice.staff.errors import AccountError, SignOnRefusedError, UnknownPersonError
from hscb_voice.staff.models import Account
from hscb_voice.staff.oidc_models import SignOnIdentity
from hscb_voice.staff.oidc_roles import Granted, GroupRoles
from hscb_voice.staff.oidc_tokens import SignedOn
from hscb_voice.staff.queries import person_by_id, tidy_email
from hscb_voice.staff.roles import OWN_TEAMS_ONLY
from hscb_voice.staff.service import NewPerson, add_without_password, change_roles, sign_out_everywhere

SERVICE = "single sign-on"
_NO_GROUP = (
    "You have signed in with your work account, but you are in none of the groups that may use this site. "
    "If you need it for your work, ask your administrator to add you to the right group."
)
_NO_TEAM = (
    "You are in a group of workers or team managers, but in no group that names your team. "
    "Ask your administrator to add you to your team's group."
)
_DISABLED = "Your account here has been disabled. Ask your administrator."
_NO_EMAIL = "Your work account has no email address that your council vouches for. Ask your administrator."
_TAKEN = (
    "There is already an account here with your email address, and it is not joined to your work account yet. "
    "Ask your administrator to join the two."
)


def account_for(connection: Connection, who: SignedOn, groups: GroupRoles, *, now: datetime) -> str | None:
    """Return the account of somebody who has signed in at the service, with roles as their groups say today.

    Somebody who comes for the first time gets an account. What a refusal changes is to be committed too.

    Args:
        connection: a writing connection.
        who: as the checked token says.
        groups: which groups mean what here.
        now: when.

    Returns:
        The account's id; None when the groups give no role any more: then every session has been ended here.

    Raises:
        SignOnRefusedError: they may not come in; the message says why, for them.
    """
    granted = groups.granted(who.groups)
    account_id = bound_account(connection, who.issuer, who.subject)
    if not granted.roles:
        if account_id is not None:
            sign_out_everywhere(connection, account_id, now=now, by=SERVICE)
        return None
    if account_id is None:
        return _welcome(connection, who, granted, now)
    if not person_by_id(connection, account_id).active:
        raise SignOnRefusedError(_DISABLED)
    _set_roles(connection, account_id, granted, now)
    _set_name(connection, account_id, who)
    return account_id


def refusal_without_group() -> SignOnRefusedError:
    """Return what is told to somebody whose groups give no role here."""
    return SignOnRefusedError(_NO_GROUP)


def bound_account(connection: Connection, issuer: str, subject: str) -> str | None:
    """Return the account that is bound to a person of the service.

    Args:
        connection: a reading connection.
        issuer: the service.
        subject: the person there.

    Returns:
        The account's id, or None.
    """
    table = SignOnIdentity
    query = select(table.account_id).where(table.issuer == issuer, table.subject == subject)
    return connection.execute(query).scalar()


def is_bound(connection: Connection, account_id: str) -> bool:
    """Tell whether an account belongs to a person of the service."""
    query = select(SignOnIdentity.account_id).where(SignOnIdentity.account_id == account_id)
    return connection.execute(query).first() is not None


def bind_account(connection: Connection, email: str, issuer: str, subject: str, *, now: datetime, by: str) -> str:
    """Bind an account that exists to a person of the service; what it was bound to before counts no more.

    Args:
        connection: a writing connection.
        email: whose account.
        issuer: the service.
        subject: the person there, as the service names them in `sub`.
        now: when.
        by: whoever does it.

    Returns:
        The account's id.

    Raises:
        UnknownPersonError: there is no account with this address.
        AccountError: the person is bound to another account already.
    """
    account_id = connection.execute(select(Account.id).where(Account.email == tidy_email(email))).scalar()
    if account_id is None:
        message = f"There is no account for {email}."
        raise UnknownPersonError(message)
    if bound_account(connection, issuer, subject) not in {None, account_id}:
        message = "This person of the sign-in service has another account here already."
        raise AccountError(message)
    connection.execute(delete(SignOnIdentity).where(SignOnIdentity.account_id == account_id))
    _bind(connection, account_id, issuer, subject, now)
    sign_out_everywhere(connection, account_id, now=now, by=by)
    note(connection, by, "joined an account to single sign-on", f"account {account_id}", now=now)
    return str(account_id)


def unbind_account(connection: Connection, email: str, *, now: datetime, by: str) -> None:
    """Take an account off single sign-on; every session of it ends.

    Args:
        connection: a writing connection.
        email: whose account.
        now: when.
        by: whoever does it.

    Raises:
        UnknownPersonError: there is no account with this address, or it is not joined.
    """
    whose = select(Account.id).where(Account.email == tidy_email(email)).scalar_subquery()
    gone = delete(SignOnIdentity).where(SignOnIdentity.account_id == whose).returning(SignOnIdentity.account_id)
    account_id = connection.execute(gone).scalar()
    if account_id is None:
        message = f"No account of {email} is joined to single sign-on."
        raise UnknownPersonError(message)
    sign_out_everywhere(connection, account_id, now=now, by=by)
    note(connection, by, "took an account off single sign-on", f"account {account_id}", now=now)


def _welcome(connection: Connection, who: SignedOn, granted: Granted, now: datetime) -> str:
    if not who.email:
        raise SignOnRefusedError(_NO_EMAIL)
    if connection.execute(select(Account.id).where(Account.email == who.email)).first() is not None:
        raise SignOnRefusedError(_TAKEN)
    new = NewPerson(who.email, who.name or who.email, granted.roles, granted.teams)
    try:
        account_id = add_without_password(connection, new, now=now, by=SERVICE, act="added an account")
    except AccountError as fault:
        raise _refusal(fault, granted) from fault
    _bind(connection, account_id, who.issuer, who.subject, now)
    return account_id


def _set_roles(connection: Connection, account_id: str, granted: Granted, now: datetime) -> None:
    person = person_by_id(connection, account_id)
    if (person.roles, person.own_teams) == (granted.roles, granted.teams):
        return
    try:
        change_roles(connection, account_id, granted.roles, granted.teams, now=now, by=SERVICE)
    except AccountError as fault:
        # Better no entry than yesterday's rights.
        raise _refusal(fault, granted) from fault


def _refusal(fault: AccountError, granted: Granted) -> SignOnRefusedError:
    lacks_team = bool(granted.roles & OWN_TEAMS_ONLY) and not granted.teams
    return SignOnRefusedError(_NO_TEAM if lacks_team else str(fault))


def _set_name(connection: Connection, account_id: str, who: SignedOn) -> None:
    if who.name:
        connection.execute(update(Account).where(Account.id == account_id).values(name=who.name))


def _bind(connection: Connection, account_id: str, issuer: str, subject: str, now: datetime) -> None:
    row = {"issuer": issuer, "subject": subject, "account_id": account_id, "bound_at": now}
    statement = upsert(connection, SignOnIdentity).values(row).on_conflict_do_nothing()
    if connection.execute(statement.returning(SignOnIdentity.account_id)).first() is None:
        message = "This work account has just been used in another window. Try again."
        raise SignOnRefusedError(message)
