"""The key pairs for which tablets seal answers, and the opening of what they sealed.

A tablet knows the public half only, so that nobody can read on it what waits there, not even with the whole of its
storage. The private half stands in the database, sealed like a child's words; a new pair follows after a year.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import Connection, insert, select

from hscb_voice.foundation.ids import is_id, new_id
from hscb_voice.foundation.keys import KeyRing, WrappedKey
from hscb_voice.tablets.errors import CannotOpenError, NoSealingKeyError
from hscb_voice.tablets.models import TabletKey

_NEW_PAIR_AFTER = timedelta(days=365)
_INFO = b"hscb-voice tablet answer v1"
_SALT = bytes(32)
_COORDINATE_BYTES, _KEY_BYTES, _IV_BYTES = 32, 32, 12
_PRIVATE = "sealed"


@dataclass(frozen=True)
class SealingKey:
    """The public half of a pair."""

    kid: str
    x: str
    y: str

    @property
    def jwk(self) -> dict[str, str]:
        """Return it as browsers take it."""
        return {"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y}


@dataclass(frozen=True)
class SealedAnswer:
    """What a tablet sends: sealed for one pair, and bound to one sitting."""

    sitting: str
    kid: str
    epk: ec.EllipticCurvePublicKey
    iv: bytes
    sealed: bytes

    @classmethod
    def of(cls, sitting: str, message: Mapping[str, object]) -> "SealedAnswer":
        """Read a message.

        Args:
            sitting: of the address.
            message: the parts `kid`, `epk`, `iv` and `sealed`.

        Raises:
            CannotOpenError: a part is missing, or is none.
        """
        kid, epk = message.get("kid"), message.get("epk")
        if not isinstance(kid, str) or not is_id(kid) or not isinstance(epk, dict) or epk.get("crv") != "P-256":
            raise CannotOpenError
        try:
            x, y = (int.from_bytes(from_base64url(epk.get(name)), "big") for name in ("x", "y"))
            point = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            iv, sealed = from_base64url(message.get("iv")), from_base64url(message.get("sealed"))
        except ValueError as fault:
            raise CannotOpenError from fault
        if len(iv) != _IV_BYTES:
            raise CannotOpenError
        return cls(sitting, kid, point, iv, sealed)


def make_sealing_key(connection: Connection, keys: KeyRing, now: datetime) -> None:
    """Make a pair when there is none, or the newest is a year old.

    Args:
        connection: a writing connection.
        keys: seal the private half.
        now: the present moment.

    Raises:
        KeyMissingError: there is no usable key.
    """
    newest = connection.execute(select(TabletKey.made_at).order_by(TabletKey.made_at.desc()).limit(1)).scalar()
    if newest is not None and now - newest < _NEW_PAIR_AFTER:
        return
    private, kid = ec.generate_private_key(ec.SECP256R1()), new_id()
    public = private.public_key().public_numbers()
    seal, wrapped = keys.seal_for_new_row(TabletKey.__tablename__, kid)
    written = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    row = {
        "id": kid,
        "x": to_base64url(public.x.to_bytes(_COORDINATE_BYTES, "big")),
        "y": to_base64url(public.y.to_bytes(_COORDINATE_BYTES, "big")),
        "made_at": now,
        "key_id": wrapped.key_id,
        "wrapped_key": wrapped.wrapped,
        "sealed": seal.close(written, _PRIVATE),
    }
    connection.execute(insert(TabletKey), row)


def sealing_key(connection: Connection) -> SealingKey:
    """Return the public half of the newest pair.

    Args:
        connection: a reading connection.

    Raises:
        NoSealingKeyError: there is none yet.
    """
    query = select(TabletKey.id, TabletKey.x, TabletKey.y).order_by(TabletKey.made_at.desc(), TabletKey.id).limit(1)
    row = connection.execute(query).first()
    if row is None:
        message = "There is no key pair for tablets yet."
        raise NoSealingKeyError(message)
    return SealingKey(row.id, row.x, row.y)


def open_answer(connection: Connection, keys: KeyRing, answer: SealedAnswer) -> dict[str, object]:
    """Open what a tablet sealed.

    Args:
        connection: a reading connection.
        keys: open the private half.
        answer: as it came.

    Returns:
        What the tablet wrote.

    Raises:
        CannotOpenError: the pair is not ours, or something was changed on the way.
        KeyMissingError: the private half cannot be opened with the keys that are here; with them, it can later.
    """
    columns = (TabletKey.key_id, TabletKey.wrapped_key, TabletKey.sealed)
    row = connection.execute(select(*columns).where(TabletKey.id == answer.kid)).first()
    if row is None:
        raise CannotOpenError
    seal = keys.seal_of_row(TabletKey.__tablename__, answer.kid, WrappedKey(row.key_id, row.wrapped_key))
    private = load_pem_private_key(seal.open(row.sealed, _PRIVATE).encode(), password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it; this tells the type checker
    shared = private.exchange(ec.ECDH(), answer.epk)
    key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=_SALT, info=_INFO).derive(shared)
    try:
        plain = AESGCM(key).decrypt(answer.iv, answer.sealed, f"{answer.kid}|{answer.sitting}".encode())
        written = json.loads(plain)
    except (InvalidTag, ValueError, RecursionError) as fault:
        raise CannotOpenError from fault
    if not isinstance(written, dict):
        raise CannotOpenError
    return written


def to_base64url(raw: bytes) -> str:
    """Return bytes as URLs and JWKs write them, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: object) -> bytes:
    """Return the bytes that `to_base64url` wrote.

    Args:
        text: as it came from outside.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(text, str) or not text.isascii():
        message = "This is no base64url."
        raise ValueError(message)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as fault:
        message = "This is no base64url."
        raise ValueError(message) from fault
