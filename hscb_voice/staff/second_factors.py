"""Second factors that need no script: codes of an authenticator app, and recovery codes for the day it is lost.

The app's secret lies sealed. Each code opens once, even within its half minute, and so does each recovery code. How
often somebody may try is the throttle's business.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import Connection, delete, func, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.models import AuthenticatorApp, Passkey, RecoveryCode

RECOVERY_CODES = 10
STEP_SECONDS = 30
DIGITS = 6
_LONGEST_CODE = 24  # with whatever somebody puts between the figures
_SECRET_BYTES = 20  # as long as SHA-1's digest: every app takes it
_TABLE, _COLUMN = "authenticator_apps", "sealed"
# Without letters and figures that are taken for one another. Sixteen of 31 signs: 79 bits, beyond any guessing.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True)
class NewApp:
    """An authenticator app that is being set up."""

    id: str
    secret: str  # base32, as the app takes it
    address: str  # otpauth://…, for the QR code


@dataclass(frozen=True)
class SecondFactors:
    """What a person has besides the password."""

    app_since: datetime | None
    passkeys: int
    recovery_codes: int  # not used yet

    @property
    def any(self) -> bool:
        """Tell whether there is a second factor at all; recovery codes alone are none."""
        return self.app_since is not None or self.passkeys > 0


def second_factors_of(connection: Connection, account_id: str) -> SecondFactors:
    """Return what a person has besides the password.

    Args:
        connection: a reading connection.
        account_id: whose.
    """
    app = select(func.max(AuthenticatorApp.confirmed_at)).where(AuthenticatorApp.account_id == account_id)
    keys = select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id)
    codes = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return SecondFactors(
        connection.execute(app).scalar(),
        connection.execute(keys).scalar_one(),
        connection.execute(codes).scalar_one(),
    )


def has_second_factor(connection: Connection, account_id: str) -> bool:
    """Tell whether a person has an authenticator app or a passkey."""
    return second_factors_of(connection, account_id).any


def with_second_factor(connection: Connection) -> frozenset[str]:
    """Return the account ids of everybody who has an authenticator app or a passkey."""
    apps = select(AuthenticatorApp.account_id).where(AuthenticatorApp.confirmed_at.is_not(None))
    return frozenset(connection.execute(apps.union(select(Passkey.account_id))).scalars())


def begin_app(connection: Connection, keys: KeyRing, account_id: str, *, now: datetime) -> str:
    """Make a secret for an authenticator app; it counts only once a code of it was right.

    Args:
        connection: a writing connection.
        keys: seal the secret.
        account_id: whose.
        now: when.

    Returns:
        The app's id.
    """
    unfinished = (AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_(None))
    connection.execute(delete(AuthenticatorApp).where(*unfinished))
    app_id = new_id()
    seal, wrapped = keys.seal_for_new_row(_TABLE, app_id)
    connection.execute(
        insert(AuthenticatorApp).values(
            id=app_id,
            account_id=account_id,
            key_id=wrapped.key_id,
            wrapped_key=wrapped.wrapped,
            sealed=seal.close(TOTP(key=secrets.token_bytes(_SECRET_BYTES), format="raw").base32_key, _COLUMN),
            made_at=now,
            last_step=0,
        )
    )
    return app_id


def unfinished_app(connection: Connection, keys: KeyRing, account_id: str, *, email: str, issuer: str) -> NewApp | None:
    """Return the authenticator app that somebody is setting up, to be shown to them; None when there is none.

    Args:
        connection: a reading connection.
        keys: open the secret.
        account_id: whose.
        email: the name under which the app lists it.
        issuer: whose site it is, for the app's list.
    """
    query = select(AuthenticatorApp.id).where(
        AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_(None)
    )
    app_id = connection.execute(query).scalar()
    if app_id is None:
        return None
    secret = _secret_of(connection, keys, app_id)
    plain = issuer.replace(":", " ")
    return NewApp(app_id, secret, TOTP(key=secret, format="base32").to_uri(label=email, issuer=plain))


def confirm_app(connection: Connection, keys: KeyRing, account_id: str, code: str, *, now: datetime) -> bool:
    """Let an authenticator app count from now on, in place of an earlier one, if it shows the right code.

    Args:
        connection: a writing connection.
        keys: open the secret.
        account_id: whose.
        code: as typed.
        now: when.

    Returns:
        False when the code is not right, or nothing is being set up.
    """
    query = select(AuthenticatorApp.id).where(
        AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_(None)
    )
    app_id = connection.execute(query).scalar()
    if app_id is None or not _take_code(connection, keys, app_id, code, now=now):
        return False
    others = (AuthenticatorApp.account_id == account_id, AuthenticatorApp.id != app_id)
    connection.execute(delete(AuthenticatorApp).where(*others))
    connection.execute(update(AuthenticatorApp).where(AuthenticatorApp.id == app_id).values(confirmed_at=now))
    note(connection, account_id, "set up an authenticator app", f"account {account_id}", now=now)
    return True


def code_fits(connection: Connection, keys: KeyRing, account_id: str, code: str, *, now: datetime) -> bool:
    """Take a code of somebody's authenticator app, if it is right and was not taken before.

    Args:
        connection: a writing connection.
        keys: open the secret.
        account_id: whose.
        code: as typed; spaces do not matter.
        now: when; the code of half a minute before or after is taken too, because clocks differ.
    """
    query = select(AuthenticatorApp.id).where(
        AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    app_id = connection.execute(query).scalar()
    return app_id is not None and _take_code(connection, keys, app_id, code, now=now)


def remove_app(connection: Connection, account_id: str, *, now: datetime) -> None:
    """Let somebody's authenticator app count no more.

    Args:
        connection: a writing connection.
        account_id: whose.
        now: when.

    Raises:
        AccountError: it is the only second factor.
    """
    if not second_factors_of(connection, account_id).passkeys:
        message = "The authenticator app is your only second step. Add a passkey first."
        raise AccountError(message)
    connection.execute(delete(AuthenticatorApp).where(AuthenticatorApp.account_id == account_id))
    note(connection, account_id, "removed the authenticator app", f"account {account_id}", now=now)


def new_recovery_codes(connection: Connection, account_id: str, *, now: datetime) -> list[str]:
    """Make ten new recovery codes; the earlier ones open nothing any more.

    Args:
        connection: a writing connection.
        account_id: whose.
        now: when.

    Returns:
        The codes, to be shown once. Only their hashes are kept.
    """
    connection.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    rows = [{"id": new_id(), "account_id": account_id, "code_hash": _code_hash(account_id, code)} for code in codes]
    connection.execute(insert(RecoveryCode), rows)
    note(connection, account_id, "made recovery codes", f"account {account_id}", now=now)
    return codes


def use_recovery_code(connection: Connection, account_id: str, code: str, *, now: datetime) -> bool:
    """Take a recovery code, if it is somebody's and was not used before.

    Args:
        connection: a writing connection.
        account_id: whose.
        code: as typed; capital letters, spaces and hyphens do not matter.
        now: when.
    """
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _code_hash(account_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    if connection.execute(used.returning(RecoveryCode.id)).first() is None:
        return False
    note(connection, account_id, "used a recovery code", f"account {account_id}", now=now)
    return True


def forget_second_factors(connection: Connection, account_id: str) -> None:
    """Take every second factor of a person away; whoever calls it notes who did it and ends the sessions.

    Args:
        connection: a writing connection.
        account_id: whose.
    """
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        connection.execute(delete(table).where(table.account_id == account_id))


def _take_code(connection: Connection, keys: KeyRing, app_id: str, code: str, *, now: datetime) -> bool:
    if len(code) > _LONGEST_CODE:
        return False
    try:
        match = TOTP(key=_secret_of(connection, keys, app_id), format="base32").match(code, now, window=STEP_SECONDS)
    except TokenError:
        return False
    # Of those who send the same code, even at the same moment, the database lets one have it.
    taken = (
        update(AuthenticatorApp)
        .where(AuthenticatorApp.id == app_id, AuthenticatorApp.last_step < match.counter)
        .values(last_step=match.counter)
    )
    return connection.execute(taken.returning(AuthenticatorApp.id)).first() is not None


def _secret_of(connection: Connection, keys: KeyRing, app_id: str) -> str:
    row = connection.execute(select(*AuthenticatorApp.__table__.columns).where(AuthenticatorApp.id == app_id)).one()
    seal = keys.seal_of_row(_TABLE, app_id, WrappedKey(row.key_id, row.wrapped_key))
    return seal.open(row.sealed, _COLUMN)


def _new_code() -> str:
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _code_hash(account_id: str, code: str) -> str:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(f"{account_id}|{plain}".encode()).hexdigest()
