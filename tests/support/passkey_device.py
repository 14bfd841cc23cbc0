"""A passkey device made of software, for tests without a browser: it answers the standard's questions as a real one."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


class PasskeyDevice:
    """One device with one key."""

    def __init__(self, origin: str) -> None:
        """Make a key.

        Args:
            origin: what the browser would say it shows.
        """
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.count = 0

    def make(self, question: dict[str, Any], *, verified: bool = True) -> str:
        """Answer the question to make a passkey, as JSON."""
        told = self._told("webauthn.create", question["challenge"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(public)
        data = self._data(question["rp"]["id"], _HAS_KEY, verified=verified) + credential
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._json({"clientDataJSON": told, "attestationObject": attestation})

    def prove(self, question: dict[str, Any], *, verified: bool = True) -> str:
        """Answer the question who somebody is, as JSON."""
        self.count += 1
        told = self._told("webauthn.get", question["challenge"])
        data = self._data(question["rpId"], 0, verified=verified)
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._json({"clientDataJSON": told, "authenticatorData": data, "signature": signature})

    def _told(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, name: str, flags: int, *, verified: bool) -> bytes:
        flags |= _PRESENT | (_VERIFIED if verified else 0)
        return hashlib.sha256(name.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _json(self, response: dict[str, bytes]) -> str:
        named = bytes_to_base64url(self.credential_id)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": told})
