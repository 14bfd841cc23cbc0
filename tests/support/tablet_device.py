"""A tablet for tests, in Python: it seals byte for byte as the tablet's own program does in a browser.

device = TabletDevice.set_up(app, code)
answer = device.send(device.finish(version, fields))
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask
from werkzeug.test import TestResponse

from hscb_voice.foundation.ids import new_id
from hscb_voice.questionnaires.queries import PublishedVersion

INFO = b"hscb-voice tablet answer v1"


def base64url(raw: bytes) -> str:
    """Write bytes as JWKs do, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Read what `base64url` wrote."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def seal(kid: str, jwk: Mapping[str, str], sitting: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """Seal an answer for the server.

    Args:
        kid: of the server's key pair.
        jwk: its public half.
        sitting: to which the answer is bound.
        written: what is sealed.

    Returns:
        The body that is sent.
    """
    x, y = (int.from_bytes(from_base64url(jwk[name]), "big") for name in ("x", "y"))
    server = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    own = ec.generate_private_key(ec.SECP256R1())
    shared = own.exchange(ec.ECDH(), server)
    key = HKDF(algorithm=SHA256(), length=32, salt=bytes(32), info=INFO).derive(shared)
    iv = os.urandom(12)
    plain = json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = AESGCM(key).encrypt(iv, plain, f"{kid}|{sitting}".encode())
    public = own.public_key().public_numbers()
    epk = {"kty": "EC", "crv": "P-256"}
    epk |= {"x": base64url(public.x.to_bytes(32, "big")), "y": base64url(public.y.to_bytes(32, "big"))}
    return {"kid": kid, "epk": epk, "iv": base64url(iv), "sealed": base64url(sealed)}


@dataclass(frozen=True)
class Finished:
    """An answer that waits on a tablet: sealed, with the sitting that the child has used."""

    sitting: str
    body: dict[str, Any]
    receipt: str | None = None  # what the child was told


@dataclass
class TabletDevice:
    """One tablet: its token, its kit, and a test client."""

    app: Flask
    token: str
    kit: dict[str, Any]
    used: set[str] = field(default_factory=set)

    @classmethod
    def set_up(cls, app: Flask, code: str) -> "TabletDevice":
        """Set a tablet up by the code that its worker sees."""
        answer = app.test_client().post("/tablet/enrol", json={"code": code})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        told = answer.get_json()
        return cls(app, told["token"], told["kit"])

    def finish(
        self,
        version: PublishedVersion,
        fields: Iterable[tuple[str, str]],
        *,
        variant: str | None = None,
        setting: Mapping[str, Any] | None = None,
        changed: Mapping[str, Any] | None = None,
    ) -> Finished:
        """Seal what a child has answered, for the next free sitting; without a receipt when none is left."""
        free = [one for one in self.kit["sittings"] if one["id"] not in self.used]
        sitting, receipt = (free[0]["id"], free[0]["receipt"]) if free else (new_id(), None)
        self.used.add(sitting)
        written = {
            "code": None,
            "slug": version.slug,
            "version": version.id,
            "variant": variant,
            "language": "en",
            "fields": [list(pair) for pair in fields],
            "setting": {"point": "", "session_date": None, "conference": None} | dict(setting or {}),
            "handed_over_at": "2026-11-22T09:50:00Z",
            "finished_at": "2026-11-22T09:55:00Z",
        }
        return Finished(sitting, self.seal(sitting, {**written, **(changed or {})}), receipt)

    def seal(self, sitting: str, written: Mapping[str, Any]) -> dict[str, Any]:
        """Seal anything for a sitting."""
        return seal(self.kit["key"]["kid"], self.kit["key"]["jwk"], sitting, written)

    def send(self, answer: Finished, **more: Any) -> TestResponse:
        """Send an answer that waits."""
        return self.ask("put", f"/tablet/answers/{answer.sitting}", json=answer.body, **more)

    def pulse(self, waiting: int = 0, needs_help: int = 0) -> TestResponse:
        """Say that it is there, and how many answers wait."""
        return self.ask("post", "/tablet/pulse", json={"waiting": waiting, "needs_help": needs_help})

    def fetch_kit(self) -> dict[str, Any]:
        """Fetch the kit anew."""
        answer = self.ask("get", "/tablet/kit")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.kit = answer.get_json()
        return self.kit

    def ask(self, method: str, address: str, **more: Any) -> TestResponse:
        """Ask anything with the tablet's token, closing the reply as a server does."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        with self.app.test_client() as client:
            answer: TestResponse = getattr(client, method)(address, headers=headers, **more)
            answer.close()
            return answer
