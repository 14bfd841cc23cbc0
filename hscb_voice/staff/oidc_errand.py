"""What the browser carries while its person is away at the council's sign-in service: one short-lived cookie.

The staff session's own cookie is SameSite=Strict, so browsers leave it at home when another site sends them here. This
one is Lax, opens nothing, lives ten minutes, and is signed, so that nobody can hand a person an errand of their own.
"""

import secrets
from dataclasses import asdict, dataclass

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from hscb_voice.staff.oidc_provider import Asked
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

_LIFETIME_SECONDS = 600
_BYTES = 32


@dataclass(frozen=True)
class Errand:
    """One sign-in that has begun."""

    state: str
    nonce: str
    verifier: str
    wanted: str  # the page that was wanted at first; empty for home
    sign_in: str = ""  # the sign-in here whose person goes to prove it again; empty for a new one

    @property
    def asked(self) -> Asked:
        """Return what the service must answer to."""
        return Asked(self.state, self.nonce, self.verifier)


def new_errand(wanted: str, sign_in: str = "") -> Errand:
    """Return an errand that nobody can guess.

    Args:
        wanted: the page to go to in the end.
        sign_in: of whoever is signed in and goes to prove it again.
    """
    state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
    return Errand(state, nonce, verifier, wanted, sign_in)


def give_errand(response: Response, errand: Errand) -> None:
    """Let the browser carry an errand.

    Args:
        response: the answer that sends it away.
        errand: what it carries.
    """
    response.set_cookie(
        _name(),
        str(_signer().dumps(asdict(errand))),
        max_age=_LIFETIME_SECONDS,
        secure=platform().settings.secure,
        httponly=True,
        samesite="Lax",
        path=_path(),
    )


def errand_of_request() -> Errand | None:
    """Return the errand that this browser carries; None when there is none, or it is not ours, or old."""
    try:
        carried = _signer().loads(request.cookies.get(_name(), ""), max_age=_LIFETIME_SECONDS)
        return Errand(**carried)
    except (BadSignature, TypeError):
        return None


def end_errand(response: Response) -> None:
    """Take the errand away: each counts once, however it ended."""
    response.delete_cookie(_name(), path=_path(), secure=platform().settings.secure, httponly=True, samesite="Lax")


def _name() -> str:
    return "__Host-voice-errand" if platform().settings.secure else "voice-errand"


def _path() -> str:
    return "/" if platform().settings.secure else STAFF_PATH  # __Host- asks for the whole host


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="single sign-on errand")
