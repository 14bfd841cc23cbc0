"""Asks whoever is signed in to prove it again before something that matters: roles, exports, unmasking, keys.

What they were sending is carried through the page that asks, and sent again by the browser itself afterwards, so that
nothing typed is lost. The proof lasts five minutes and stands in the database, not in the browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff.access import current_person, current_sign_in, wanted_page
from hscb_voice.staff.passkeys import site_of
from hscb_voice.staff.proof_forms import ProofForm
from hscb_voice.staff.second_factors import second_factors_of
from hscb_voice.web.current import platform

P = ParamSpec("P")
R = TypeVar("R")
FRESH_FOR = timedelta(minutes=5)
PROOF_ENDPOINT = "staff_proof.prove"
_FRESHNESS = "asks_for_freshness"
OWN_FIELDS = frozenset(
    {"csrf_token", "proof_password", "proof_code", "proof_passkey", "proof_submit", "proof_next", "proof_sends"}
)


@dataclass(frozen=True)
class Errand:
    """What somebody was about to do."""

    address: str
    sends: bool  # True when it was a form, whose fields are carried along
    fields: tuple[tuple[str, str], ...] = ()


def freshly_signed_in(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
    """Let only those in who have proved within five minutes who they are; others are asked to, and then come back.

    It stands below `requires` and directly above the view.

    Args:
        view: the view.

    Returns:
        The guarded view.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
        if not is_fresh():
            return ask_for_proof()
        return view(*args, **kwargs)

    setattr(guarded, _FRESHNESS, True)
    return guarded


def is_fresh() -> bool:
    """Tell whether whoever is signed in has proved within five minutes who they are."""
    confirmed_at = current_sign_in().confirmed_at
    return confirmed_at is not None and platform().clock.now() - confirmed_at <= FRESH_FOR


def asks_for_freshness(app: Flask, endpoint: str) -> bool:
    """Tell whether a route asks for a fresh proof of who somebody is."""
    return bool(getattr(app.view_functions[endpoint], _FRESHNESS, False))


def ask_for_proof() -> ResponseReturnValue:
    """Ask whoever is signed in to prove it again; what they were sending is carried through that page."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for(PROOF_ENDPOINT, next=wanted_page()))
    return proof_page(ProofForm(formdata=None), Errand(request.full_path.rstrip("?"), True, carried_fields()))


def carried_fields() -> tuple[tuple[str, str], ...]:
    """Return the fields of this request's form that belong to the errand, not to the proof."""
    return tuple((name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS)


def proof_page(form: ProofForm, errand: Errand, refusal: str = "") -> str:
    """Return the page that asks for a proof.

    Args:
        form: the proof, as far as it was given.
        errand: what follows.
        refusal: what was wrong with the last proof.
    """
    here = platform()
    with here.database.reading() as connection:
        has = second_factors_of(connection, current_person().id)
    return render_template(
        "staff/proof.html",
        form=form,
        errand=errand,
        refusal=refusal,
        asks_code=has.app_since is not None or (has.any and has.recovery_codes > 0),
        takes_passkey=has.passkeys > 0 and site_of(here.settings) is not None,
    )
