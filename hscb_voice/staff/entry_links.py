"""Links that let one person choose a password once: an invitation lasts two days, a reset one hour.

Only a hash of a link is kept; a new link makes the earlier ones void. A reset never goes past the second factor: who
has followed it still signs in as always.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import enqueue
from hscb_voice.staff.errors import AccountError, EndedLinkError
from hscb_voice.staff.models import Account, EntryLink, ResetRequest, SignIn
from hscb_voice.staff.queries import Person, credentials_by, person_by_id
from hscb_voice.staff.service import NewPerson, add_without_password, set_password

INVITATION, RESET = "invitation", "reset"
LASTS = {INVITATION: timedelta(hours=48), RESET: timedelta(hours=1)}
RESET_JOB = "staff.reset"
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 100


@dataclass(frozen=True)
class NewLink:
    """A link that has just been made. It is shown or sent once, and then known to its receiver only."""

    person: Person
    kind: str
    token: str
    until: datetime

    def address(self, public_address: str) -> str:
        """Return the whole address.

        Args:
            public_address: of the site, without a slash at the end.
        """
        return f"{public_address}/staff/{self.kind}/{self.token}"


def invite(connection: Connection, new: NewPerson, *, now: datetime, by: str) -> NewLink:
    """Add somebody who will choose their password by a link.

    Args:
        connection: a writing connection.
        new: who.
        now: when.
        by: the account's id of whoever invites; `platform` from the command line.

    Returns:
        The link.

    Raises:
        AccountError: the name, address, roles or teams will not do, or the address is known.
    """
    account_id = add_without_password(connection, new, now=now, by=by)
    return make_link(connection, account_id, INVITATION, now=now, by=by)


def make_link(connection: Connection, account_id: str, kind: str, *, now: datetime, by: str) -> NewLink:
    """Make a link for somebody; the earlier ones are void.

    Args:
        connection: a writing connection.
        account_id: for whom.
        kind: invitation or reset.
        now: when.
        by: the account's id of whoever makes it.

    Returns:
        The link.

    Raises:
        UnknownPersonError: there is no such account.
        AccountError: the account is disabled, or an invitation is meant for somebody who has a password.
    """
    person = person_by_id(connection, account_id)
    known = credentials_by(connection, email=person.email)
    if not person.active or known is None:
        message = "This account is disabled. Let the person sign in again first."
        raise AccountError(message)
    if kind == INVITATION and known.password_hash:
        message = f"{person.name} has accepted the invitation already."
        raise AccountError(message)
    _void(connection, account_id)
    token, until = secrets.token_urlsafe(_TOKEN_BYTES), now + LASTS[kind]
    connection.execute(
        insert(EntryLink).values(
            id=new_id(),
            account_id=account_id,
            kind=kind,
            token_hash=_hash_of(token),
            made_at=now,
            made_by=by,
            expires_at=until,
        )
    )
    note(connection, by, f"made a link: {kind}", f"account {account_id}", now=now)
    return NewLink(person, kind, token, until)


def person_of_link(connection: Connection, kind: str, token: str, now: datetime) -> Person:
    """Return for whom a link was made.

    Args:
        connection: a reading connection.
        kind: invitation or reset.
        token: what stands in the address.
        now: when.

    Raises:
        EndedLinkError: there is none such, it has been used or replaced, or its time is over.
    """
    query = (
        select(EntryLink.account_id)
        .join(Account, Account.id == EntryLink.account_id)
        .where(*_open(kind, token, now), Account.active)
    )
    account_id = connection.execute(query).scalar()
    if account_id is None:
        raise EndedLinkError
    return person_by_id(connection, account_id)


def use_link(connection: Connection, kind: str, token: str, password: str, *, now: datetime, name: str = "") -> Person:
    """Let the holder of a link choose a password. Every session of theirs ends, and the link with it.

    Args:
        connection: a writing connection.
        kind: invitation or reset.
        token: what stands in the address.
        password: as typed.
        now: when.
        name: as the person writes it themselves; left as it is when empty.

    Returns:
        Whose account it is.

    Raises:
        EndedLinkError: the link opens nothing any more.
        WeakPasswordError: the password is too short or too easily guessed.
        AccountError: the name will not do.
    """
    person = person_of_link(connection, kind, token, now)
    used = update(EntryLink).where(*_open(kind, token, now)).values(used_at=now)
    if connection.execute(used.returning(EntryLink.id)).first() is None:
        raise EndedLinkError
    set_password(connection, person.id, password, now=now, name=name, act=f"chose a password by {kind}")
    _void(connection, person.id)
    return person_by_id(connection, person.id)


def ask_for_reset(connection: Connection, email: str, *, now: datetime) -> None:
    """Take down that somebody wants another password. Whether anybody has the address shows in nothing, nor in time.

    Args:
        connection: a writing connection.
        email: as typed.
        now: when.
    """
    known = credentials_by(connection, email=email)
    request_id = new_id()
    account_id = known.account_id if known is not None and known.active and known.password_hash else None
    connection.execute(insert(ResetRequest), {"id": request_id, "account_id": account_id, "asked_at": now})
    enqueue(connection, (RESET_JOB,), request_id, now)


def answer_reset(
    connection: Connection, request_id: str, *, now: datetime, send: Callable[[Connection, NewLink], None]
) -> None:
    """Make and send the link that somebody asked for, if they have an account; done by the worker.

    Args:
        connection: a writing connection.
        request_id: of `ask_for_reset`.
        now: when.
        send: sends it.
    """
    gone = delete(ResetRequest).where(ResetRequest.id == request_id).returning(ResetRequest.account_id)
    account_id = connection.execute(gone).scalar()
    if account_id is not None and person_by_id(connection, account_id).active:
        send(connection, make_link(connection, account_id, RESET, now=now, by=account_id))


def open_invitations(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Return who has been invited and may still accept.

    Args:
        connection: a reading connection.
        now: when.

    Returns:
        Account id -> until when.
    """
    query = select(EntryLink.account_id, EntryLink.expires_at).where(
        EntryLink.kind == INVITATION, EntryLink.used_at.is_(None), EntryLink.expires_at > now
    )
    return {row.account_id: row.expires_at for row in connection.execute(query)}


def without_password(connection: Connection) -> frozenset[str]:
    """Return the account ids of those who have not chosen a password: invited, and not come yet."""
    return frozenset(connection.execute(select(Account.id).where(Account.password_hash == "")).scalars())


def withdraw(connection: Connection, account_id: str, *, now: datetime, by: str) -> None:
    """Take an invitation back, and with it the account that nobody has used.

    Args:
        connection: a writing connection.
        account_id: who was invited.
        now: when.
        by: the account's id of whoever does it.

    Raises:
        UnknownPersonError: there is no such account.
        AccountError: the account is in use.
    """
    person = person_by_id(connection, account_id)
    known = credentials_by(connection, email=person.email)
    has_entered = connection.execute(select(SignIn.id).where(SignIn.account_id == account_id).limit(1)).first()
    if known is None or known.password_hash or has_entered:
        message = f"{person.name} has accepted the invitation already. Disable the account instead."
        raise AccountError(message)
    connection.execute(delete(Account).where(Account.id == account_id))
    note(connection, by, "withdrew an invitation", f"account {account_id}", now=now)


def _open(kind: str, token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        EntryLink.kind == kind,
        EntryLink.token_hash == _hash_of(token),
        EntryLink.used_at.is_(None),
        EntryLink.expires_at > now,
    )


def _void(connection: Connection, account_id: str) -> None:
    connection.execute(delete(EntryLink).where(EntryLink.account_id == account_id, EntryLink.used_at.is_(None)))


def _hash_of(token: str) -> str:
    return hashlib.sha256(token[:_LONGEST_TOKEN].encode()).hexdigest()
