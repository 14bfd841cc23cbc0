"""Checks what the sign-in service says about somebody: the ID token of OpenID Connect. Pure: no network, no database.

Only signatures by the service's published keys count, never a shared secret and never “none”. Anything that does not
fit is refused in the same way; which check failed is for the log, not for whoever sent it.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hscb_voice.staff.errors import SignOnError

ALGORITHMS = ("RS256", "PS256", "ES256")
# Clocks differ a little; a token is also never older than the quarter of an hour that a sign-in may take.
LEEWAY, OLDEST = timedelta(seconds=60), timedelta(minutes=15)
_LONGEST_ID, _LONGEST_NAME, _LONGEST_EMAIL = 255, 120, 254
_MOST_GROUPS = 2000
# What a service writes into `amr` (RFC 8176) when it has asked for more than one proof.
_TWO_PROOFS = "mfa"


@dataclass(frozen=True)
class Expected:
    """What a token must carry to count."""

    issuer: str
    client_id: str
    nonce: str
    group_claim: str
    now: datetime


@dataclass(frozen=True)
class SignedOn:
    """Whom the service says it is, once the token has been checked."""

    issuer: str
    subject: str
    email: str  # empty when it tells none
    name: str
    groups: frozenset[str]
    two_proofs: bool  # it says that it has asked for a second factor
    proved_at: float | None = None  # when they last proved it there, in seconds since 1970; None when it does not say


def read_id_token(token: str, keys: KeySet, expected: Expected) -> SignedOn:
    """Check an ID token and return what it says.

    Args:
        token: as it came from the service.
        keys: the service's published keys.
        expected: what it must carry.

    Returns:
        Who has signed in there.

    Raises:
        SignOnError: it is not the service's word for this sign-in, here and now.
    """
    try:
        decoded = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError) as fault:
        message = f"its signature does not hold ({type(fault).__name__})"
        raise SignOnError(message) from fault
    claims: dict[str, Any] = dict(decoded.claims)
    trouble = _trouble(claims, expected)
    if trouble:
        raise SignOnError(trouble)
    return SignedOn(
        issuer=expected.issuer,
        subject=str(claims["sub"]),
        email=_email(claims),
        name=_first_text(claims, ("name", "preferred_username"))[:_LONGEST_NAME],
        groups=_texts(claims.get(expected.group_claim)),
        two_proofs=_TWO_PROOFS in _texts(claims.get("amr")),
        proved_at=float(claims["auth_time"]) if _is_number(claims.get("auth_time")) else None,
    )


def is_signed_by_unknown_key(token: str, keys: KeySet) -> bool:
    """Tell whether a token names a key that is not among those known: then the service may have changed its keys.

    Args:
        token: not yet checked.
        keys: as they were published last.
    """
    head = token.split(".", 1)[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        return header["kid"] not in {key.kid for key in keys.keys}
    except (ValueError, KeyError, TypeError):
        return False


def _trouble(claims: dict[str, Any], expected: Expected) -> str:
    """Return what is wrong with a token's claims; empty when nothing is."""
    subject = claims.get("sub")
    checks = (
        (claims.get("iss") == expected.issuer, "it comes from another issuer"),
        (_is_for(claims, expected.client_id), "it is meant for another client"),
        (isinstance(subject, str) and 0 < len(subject) <= _LONGEST_ID, "it names nobody"),
        (_is_same(claims.get("nonce"), expected.nonce), "it answers another sign-in"),
        (_is_in_time(claims, expected.now), "it has run out, or is not from now"),
    )
    return next((trouble for fits, trouble in checks if not fits), "")


def _is_for(claims: dict[str, Any], client_id: str) -> bool:
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or client_id not in named:
        return False
    # Where a token is meant for several, the one that asked for it must be named; and it must be us.
    return claims.get("azp", client_id if len(named) == 1 else None) == client_id


def _is_same(told: object, expected: str) -> bool:
    return isinstance(told, str) and bool(expected) and hmac.compare_digest(told.encode(), expected.encode())


def _is_in_time(claims: dict[str, Any], now: datetime) -> bool:
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, issued, begins = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
    if not all(_is_number(one) for one in (expires, issued, begins)):
        return False
    is_fresh = moment - OLDEST.total_seconds() <= issued <= moment + leeway  # type: ignore[operator]  # checked to be numbers above
    return is_fresh and begins <= moment + leeway and moment - leeway < expires  # type: ignore[operator]  # the same


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _email(claims: dict[str, Any]) -> str:
    """Return the address that the service vouches for; one that it calls unverified is none."""
    told = _first_text(claims, ("email", "preferred_username", "upn")).lower()
    is_address = "@" in told and not any(letter.isspace() for letter in told) and len(told) <= _LONGEST_EMAIL
    return told if is_address and claims.get("email_verified", True) is True else ""


def _first_text(claims: dict[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = claims.get(name)
        if isinstance(value, str) and value.strip() and value.isprintable():
            return " ".join(value.split())
    return ""


def _texts(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    return (
        frozenset(one for one in value[:_MOST_GROUPS] if isinstance(one, str))
        if isinstance(value, list)
        else frozenset()
    )
