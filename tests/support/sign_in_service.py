"""A council's sign-in service on loopback: OpenID Connect with discovery, keys, code and PKCE, as the standard says.

It is strict where the standard is: the return address, the client's secret, the verifier and each code count once. Its
tokens are signed here by hand, so that they prove what our own reading of tokens takes and what it refuses. A test can
make it lie, be silent or drip.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.engines import free_port

CLIENT, SECRET = "hscb voice", "a secret of the client: 7%"
_KEY_BITS = 2048


def encoded(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SigningKey:
    """One key of the service."""

    kid: str
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, _KEY_BITS))

    def published(self) -> dict[str, str]:
        """Return its public half as a JSON web key."""
        numbers = self.private.public_key().public_numbers()
        parts = {
            name: encoded(n.to_bytes((n.bit_length() + 7) // 8, "big"))
            for name, n in zip("ne", (numbers.n, numbers.e), strict=True)
        }
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, **parts}

    def token(self, claims: dict[str, Any], *, algorithm: str = "RS256", kid: str | None = None) -> str:
        """Return claims as a token signed with this key; with `none` it is not signed."""
        header = {"alg": algorithm, "typ": "JWT", "kid": kid or self.kid}
        signed = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
        if algorithm == "none":
            return f"{signed}."
        return f"{signed}.{encoded(self.private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@dataclass
class Visitor:
    """Who signs in at the service."""

    subject: str = "subject-1"
    email: str = "sam@council.example"
    name: str = "Example Lead"
    groups: tuple[str, ...] = ("Voice Leads",)
    amr: tuple[str, ...] = ("pwd", "mfa")
    more: dict[str, Any] = field(default_factory=dict)


Lie = Callable[[dict[str, Any]], dict[str, Any]]


class SignInService:
    """The service. `visitor` signs in at once whenever a browser comes."""

    key: ClassVar[SigningKey] = SigningKey("key-1")  # made once: it takes a while

    def __init__(self, now: Callable[[], float], host: str = "127.0.0.1") -> None:
        """Start it.

        Args:
            now: seconds since 1970; the clock of the application under test.
            host: by which name it calls itself.
        """
        self.visitor = Visitor()
        self.now = now
        self.lie: Lie = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self.key.token
        self.published = [self.key.published()]
        self.pause = 0.0  # seconds before each answer
        self.drips = False
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", free_port()), self._handler())
        self._server.daemon_threads = True
        self.issuer = f"http://{host}:{self._server.server_address[1]}/tenant"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def settings(self, **more: str) -> dict[str, str]:
        """Return the environment that makes an installation use it."""
        return {
            "VOICE_OIDC_ISSUER": self.issuer,
            "VOICE_OIDC_CLIENT_ID": CLIENT,
            "VOICE_OIDC_CLIENT_SECRET": SECRET,
            "VOICE_OIDC_ROLES": "Voice Leads = safeguarding_lead; Voice Workers = worker; North = @ North team; "
            "Voice Admins = administrator",
            **more,
        }

    def stop(self) -> None:
        """Stop it: from now on nobody answers."""
        self._server.shutdown()
        self._server.server_close()

    def arrive(self, address: str) -> str:
        """Sign the visitor in, as a browser that was sent to an address of the service.

        Returns:
            Where the browser is sent back to.
        """
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert given["response_type"] == "code"
        assert given["client_id"] == CLIENT
        assert given["code_challenge_method"] == "S256"
        assert "openid" in given["scope"].split()
        assert min(len(given[name]) for name in ("state", "nonce", "code_challenge")) >= 32
        code = secrets.token_urlsafe(24)
        self._codes[code] = given
        return f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state'], 'iss': self.issuer})}"

    def answer(self, path: str) -> dict[str, Any] | None:
        """Answer a question that is no sign-in."""
        if path == "/tenant/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer, **{name: f"{self.issuer}/{place}" for name, place in places.items()}}
        return {"keys": self.published} if path == "/tenant/keys" else None

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Give a token for a code, once, to whoever may have it."""
        given = self._codes.pop(form.get("code", ""), None)
        who = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if [unquote(part) for part in who.split(":", 1)] != [CLIENT, SECRET]:
            return 401, {"error": "invalid_client"}
        challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        fits = given is not None and given["redirect_uri"] == form.get("redirect_uri")
        if given is None or not fits or given["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        visitor, now = self.visitor, self.now()
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": visitor.subject,
            "iat": int(now),
            "exp": int(now) + 300,
            "nonce": given["nonce"],
            "name": visitor.name,
            "email": visitor.email,
            "groups": list(visitor.groups),
            "amr": list(visitor.amr),
            **visitor.more,
        }
        token = self.sign(self.lie(claims))
        return 200, {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": token}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                service.asked.append(path)
                if path == "/tenant/authorize":
                    self.send_response(303)
                    self.send_header("Location", service.arrive(self.path))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                told = service.answer(path)
                self._tell(404 if told is None else 200, told or {})

            def do_POST(self) -> None:
                service.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._tell(*service.exchange(form, self.headers.get("Authorization", "")))

            def _tell(self, status: int, told: dict[str, Any]) -> None:
                time.sleep(service.pause)
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # whoever waited has gone away
                    for piece in [body] if not service.drips else [bytes([one]) for one in body]:
                        self.wfile.write(piece)
                        self.wfile.flush()
                        time.sleep(0.2 if service.drips else 0)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
