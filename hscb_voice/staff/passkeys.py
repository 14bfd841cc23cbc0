"""Passkeys: a person's device proves who they are, after it has checked them itself by finger, face or PIN.

Each question to a device can be answered once, within minutes, and only on this site. An address of figures alone, such
as 127.0.0.1, can have no passkeys: the standard ties them to a name.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, insert, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hscb_voice.audit.service import note
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.models import Account, Passkey, PasskeyChallenge
from hscb_voice.staff.queries import Person

REGISTER, SIGN_IN, PROVE = "register", "sign in", "prove"
MOST_PASSKEYS = 10
LONGEST_NAME = 60
_LONGEST_ANSWER = 20_000
_ANSWER_WITHIN = timedelta(minutes=5)
NOT_TAKEN = "The passkey was not accepted. Try again."


@dataclass(frozen=True)
class Site:
    """The site as devices know it."""

    name: str  # the host's name, to which passkeys are tied
    origin: str
    title: str


@dataclass(frozen=True)
class KnownPasskey:
    """One passkey as its owner sees it."""

    id: str
    name: str
    made_at: datetime
    used_at: datetime | None


def site_of(settings: Settings) -> Site | None:
    """Return the site as devices know it; None when its address can have no passkeys.

    Args:
        settings: hold the public address and the Board's name.
    """
    parts = urlsplit(settings.public_address)
    name = parts.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        is_local = name == "localhost" or name.endswith(".localhost")
        if parts.scheme == "https" or is_local:
            return Site(name, f"{parts.scheme}://{parts.netloc}", settings.board_name)
    return None


def passkeys_of(connection: Connection, account_id: str) -> list[KnownPasskey]:
    """Return somebody's passkeys, the oldest first.

    Args:
        connection: a reading connection.
        account_id: whose.
    """
    columns = (Passkey.id, Passkey.name, Passkey.made_at, Passkey.used_at)
    rows = connection.execute(select(*columns).where(Passkey.account_id == account_id).order_by(Passkey.made_at))
    return [KnownPasskey(*row) for row in rows]


def ask_to_register(connection: Connection, site: Site, person: Person, *, now: datetime) -> dict[str, Any]:
    """Return what a browser needs to make a passkey for somebody.

    Args:
        connection: a writing connection.
        site: this site.
        person: who.
        now: when.

    Returns:
        The standard's creation options, ready for JSON.
    """
    known = connection.execute(select(Passkey.credential_id).where(Passkey.account_id == person.id)).scalars().all()
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=site.title,
        user_id=person.id.encode(),
        user_name=person.email,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    _keep_challenge(connection, REGISTER, options.challenge, person.id, now)
    return options_to_json_dict(options)


def register(
    connection: Connection, site: Site, person: Person, answer: str, *, name: str, now: datetime
) -> KnownPasskey:
    """Keep a new passkey.

    Args:
        connection: a writing connection.
        site: this site.
        person: whose it is.
        answer: what the browser sent, as JSON.
        name: what its owner calls it.
        now: when.

    Returns:
        The passkey.

    Raises:
        AccountError: the answer is not right, came too late or a second time; or there are too many passkeys.
    """
    if len(passkeys_of(connection, person.id)) >= MOST_PASSKEYS:
        message = f"You may have at most {MOST_PASSKEYS} passkeys. Remove one first."
        raise AccountError(message)
    try:
        credential = parse_registration_credential_json(answer[:_LONGEST_ANSWER])
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        _take_challenge(connection, REGISTER, challenge, person.id, now)
        proved = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as fault:
        raise AccountError(NOT_TAKEN) from fault
    told = " ".join(name.split())[:LONGEST_NAME] or "Passkey"
    row = {
        "id": new_id(),
        "account_id": person.id,
        "credential_id": bytes_to_base64url(proved.credential_id),
        "public_key": proved.credential_public_key,
        "sign_count": proved.sign_count,
        "name": told,
        "made_at": now,
    }
    if connection.execute(select(Passkey.id).where(Passkey.credential_id == row["credential_id"])).first():
        raise AccountError(NOT_TAKEN)
    connection.execute(insert(Passkey), row)
    note(connection, person.id, "added a passkey", f"passkey {row['id']}", now=now)
    return KnownPasskey(str(row["id"]), told, now, None)


def ask_to_prove(
    connection: Connection, site: Site, purpose: str, *, now: datetime, account_id: str | None = None
) -> dict[str, Any]:
    """Return what a browser needs to prove who somebody is by a passkey.

    Args:
        connection: a writing connection.
        site: this site.
        purpose: to sign in, or to prove it again.
        now: when.
        account_id: who must prove it; None while nobody is known yet.

    Returns:
        The standard's request options, ready for JSON. They name no passkey, and so tell nobody who has one.
    """
    options = generate_authentication_options(rp_id=site.name, user_verification=UserVerificationRequirement.REQUIRED)
    _keep_challenge(connection, purpose, options.challenge, account_id, now)
    return options_to_json_dict(options)


def proved_by(
    connection: Connection, site: Site, purpose: str, answer: str, *, now: datetime, account_id: str | None = None
) -> str:
    """Return whose passkey gave an answer.

    Args:
        connection: a writing connection.
        site: this site.
        purpose: for what it was asked.
        answer: what the browser sent, as JSON.
        now: when.
        account_id: who was asked to prove it; None when anybody may.

    Returns:
        The account's id. The account is open.

    Raises:
        AccountError: the answer is not right, came too late or a second time, or is somebody else's.
    """
    try:
        credential = parse_authentication_credential_json(answer[:_LONGEST_ANSWER])
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        _take_challenge(connection, purpose, challenge, account_id, now)
        row = connection.execute(
            select(*Passkey.__table__.columns)
            .join(Account, Account.id == Passkey.account_id)
            .where(Passkey.credential_id == bytes_to_base64url(credential.raw_id), Account.active)
        ).first()
        if row is None or account_id not in {None, row.account_id}:
            raise AccountError(NOT_TAKEN)
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as fault:
        raise AccountError(NOT_TAKEN) from fault
    used = update(Passkey).where(Passkey.id == row.id)
    connection.execute(used.values(sign_count=proved.new_sign_count, used_at=now))
    return str(row.account_id)


def remove(connection: Connection, account_id: str, passkey_id: str, *, is_last: bool, now: datetime) -> None:
    """Let a passkey open nothing any more.

    Args:
        connection: a writing connection.
        account_id: whose it is.
        passkey_id: which.
        is_last: True when its owner would have no second factor without it.
        now: when.

    Raises:
        AccountError: it is the only second factor, or there is no such passkey.
    """
    if is_last:
        message = "This passkey is your only second step. Set up an authenticator app or another passkey first."
        raise AccountError(message)
    gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    if connection.execute(gone.returning(Passkey.id)).first() is None:
        message = "There is no such passkey any more."
        raise AccountError(message)
    note(connection, account_id, "removed a passkey", f"passkey {passkey_id}", now=now)


def _keep_challenge(
    connection: Connection, purpose: str, challenge: bytes, account_id: str | None, now: datetime
) -> None:
    connection.execute(delete(PasskeyChallenge).where(PasskeyChallenge.made_at < now - _ANSWER_WITHIN))
    row = {"id": new_id(), "purpose": purpose, "account_id": account_id, "challenge": challenge, "made_at": now}
    connection.execute(insert(PasskeyChallenge), row)


def _take_challenge(
    connection: Connection, purpose: str, challenge: bytes, account_id: str | None, now: datetime
) -> None:
    """Use a question up, so that its answer counts once."""
    whose = PasskeyChallenge.account_id
    gone = delete(PasskeyChallenge).where(
        PasskeyChallenge.challenge == challenge,
        PasskeyChallenge.purpose == purpose,
        PasskeyChallenge.made_at > now - _ANSWER_WITHIN,
        whose.is_(None) if account_id is None else whose == account_id,
    )
    if connection.execute(gone.returning(PasskeyChallenge.id)).first() is None:
        raise AccountError(NOT_TAKEN)
