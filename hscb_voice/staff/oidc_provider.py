"""Asks the council's sign-in service: what it is, its keys, and what a code is worth. Every wait ends within seconds.

It follows no redirect, takes no answer of unreasonable size, and speaks only to addresses that the service itself has
published under the issuer that the settings name. It knows no account.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.sign_on import SignOnSettings, check_address
from hscb_voice.staff.errors import SignOnError, SignOnUnavailableError

# The whole of one question and answer, however slowly it drips; a person waits before a blank page meanwhile.
PATIENCE_SECONDS = 5.0
_LARGEST_ANSWER = 512 * 1024
_KEPT_SECONDS = 600.0
# Keys are asked for anew when a token names one that is not known, but no more often than this.
_ASK_AGAIN_SECONDS = 30.0
_DISCOVERY = "/.well-known/openid-configuration"
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_AT_ONCE = 8
_HTTP_OK, _HTTP_OURS = 200, 500
_SILENT = "The sign-in service does not answer."
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What is remembered of one sign-in while the person is away at the service."""

    state: str
    nonce: str
    verifier: str


class SignOnProvider:
    """The sign-in service, as one process knows it."""

    def __init__(self, settings: SignOnSettings, return_address: str) -> None:
        """Remember where it is; nothing is asked yet.

        Args:
            settings: the service and what we are there.
            return_address: our own page to which it sends people back.
        """
        self._settings = settings
        self._return_address = return_address
        self._places = _Kept(self._discover)
        self._keys = _Kept(self._fetch_keys)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def address_for(self, asked: Asked, *, again: bool = False) -> str:
        """Return the service's address at which a person signs in.

        Args:
            asked: state, nonce and verifier of this sign-in.
            again: whoever is signed in there already must prove it once more.

        Returns:
            Where to send the browser.

        Raises:
            SignOnUnavailableError: the service does not answer.
        """
        with self._session() as session:
            address, _ = session.create_authorization_url(
                self._places.now()["authorization_endpoint"],
                state=asked.state,
                nonce=asked.nonce,
                code_challenge=create_s256_code_challenge(asked.verifier),
                code_challenge_method="S256",
                **({"prompt": "login", "max_age": "0"} if again else {}),
            )
        return str(address)

    def id_token_for(self, code: str, asked: Asked) -> str:
        """Give a code back to the service and return the ID token for it. A code works once.

        Args:
            code: as it came with the browser.
            asked: of the sign-in to which it belongs.

        Returns:
            The token, not yet checked.

        Raises:
            SignOnError: the service does not take the code.
            SignOnUnavailableError: it does not answer.
        """
        settings = self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return_address,
            "code_verifier": asked.verifier,
        }
        # The standard asks for both parts to be quoted before they are joined (RFC 6749, 2.3.1).
        who = (quote(settings.client_id, safe=""), quote(settings.client_secret, safe=""))
        answer = self._ask("POST", self._places.now()["token_endpoint"], data=form, auth=who)
        token = answer.get("id_token")
        if not isinstance(token, str):
            message = f"it does not take the code ({answer.get('error', 'no token')!s:.40})"
            raise SignOnError(message)
        return token

    def keys(self, *, anew: bool = False) -> KeySet:
        """Return the service's published keys.

        Args:
            anew: ask again, because a token was signed with a key that is not among them.

        Raises:
            SignOnUnavailableError: the service does not answer.
        """
        return self._keys.now(anew=anew)

    def _discover(self) -> dict[str, str]:
        told = self._ask("GET", self._settings.issuer.rstrip("/") + _DISCOVERY)
        if told.get("issuer") != self._settings.issuer:
            message = "The sign-in service calls itself by another name than VOICE_OIDC_ISSUER."
            raise SignOnUnavailableError(message)
        places = {name: str(told.get(name, "")) for name in _ADDRESSES}
        try:
            for name, address in places.items():
                check_address(name, address)
        except SettingError as fault:
            message = f"The sign-in service publishes an address that cannot be used: {fault}"
            raise SignOnUnavailableError(message) from fault
        return places

    def _fetch_keys(self) -> KeySet:
        told = self._ask("GET", self._places.now()["jwks_uri"])
        try:
            # A secret among public keys would let anybody who reads them sign.
            return KeySet.import_key_set({"keys": [key for key in told["keys"] if key.get("kty") != "oct"]})
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as fault:
            message = "The sign-in service's keys cannot be read."
            raise SignOnUnavailableError(message) from fault

    def _session(self) -> OAuth2Session:
        return OAuth2Session(self._settings.client_id, redirect_uri=self._return_address, scope="openid profile email")

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on to requests as they are
        """Ask in a thread of its own: the library's limits are between bytes, and a drip would keep within them."""
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise SignOnUnavailableError(_SILENT)
        answers: list[dict[str, Any]] = []

        def ask() -> None:
            try:
                answers.append(_fetched(method, address, more))
            except (requests.RequestException, ValueError, TypeError, RecursionError):
                pass  # told below: there is no answer
            finally:
                self._turns.release()

        thread = threading.Thread(target=ask, name="single sign-on", daemon=True)
        thread.start()
        thread.join(PATIENCE_SECONDS)
        if not answers:
            raise SignOnUnavailableError(_SILENT)
        return answers[0]


class _Kept(Generic[T]):
    """Something that the service tells, remembered for some minutes."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._held: tuple[float, T] | None = None

    def now(self, *, anew: bool = False) -> T:
        """Return it, asked for when it is old; when the service is silent then, that is told."""
        held = self._held
        age = monotonic() - held[0] if held else float("inf")
        if held is None or age > (_ASK_AGAIN_SECONDS if anew else _KEPT_SECONDS):
            held = self._held = (monotonic(), self._ask())
        return held[1]


def _fetched(method: str, address: str, more: Mapping[str, Any]) -> dict[str, Any]:
    with requests.request(
        method,
        address,
        timeout=PATIENCE_SECONDS,
        allow_redirects=False,
        stream=True,
        headers={"Accept": "application/json"},
        **more,
    ) as answer:
        body, until = b"", monotonic() + PATIENCE_SECONDS
        for piece in answer.iter_content(16 * 1024):
            body += piece
            if len(body) > _LARGEST_ANSWER or monotonic() > until:
                message = "too long"
                raise ValueError(message)
        # A refusal says why in its body (RFC 6749, 5.2); what is broken on their side says nothing.
        if answer.status_code != _HTTP_OK and not (method == "POST" and 400 <= answer.status_code < _HTTP_OURS):  # noqa: PLR2004 - the first status of refusal
            message = "no answer of use"
            raise ValueError(message)
    told = json.loads(body)
    if not isinstance(told, dict):
        message = "no object"
        raise TypeError(message)
    return told
