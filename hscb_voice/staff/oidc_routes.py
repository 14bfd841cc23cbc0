"""Single sign-on: away to the council's sign-in service, and back. What it says is checked before anybody is let in.

The service being down stops nobody who may come in by password: the sign-in page does not ask it.
"""

from dataclasses import dataclass
from typing import cast

import structlog
from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from hscb_voice.foundation.sign_on import BY_SERVICE, BY_TOKEN, SignOnSettings
from hscb_voice.staff.access import current_person, current_sign_in, is_safe_next, open_to_everyone, requires
from hscb_voice.staff.entering import enter_half, enter_whole
from hscb_voice.staff.errors import SignOnError, SignOnRefusedError, SignOnUnavailableError
from hscb_voice.staff.fresh import FRESH_FOR
from hscb_voice.staff.oidc_accounts import SERVICE, account_for, is_bound, refusal_without_group
from hscb_voice.staff.oidc_errand import Errand, end_errand, errand_of_request, give_errand, new_errand
from hscb_voice.staff.oidc_provider import SignOnProvider
from hscb_voice.staff.oidc_roles import GroupRoles, read_group_roles
from hscb_voice.staff.oidc_tokens import LEEWAY, Expected, SignedOn, is_signed_by_unknown_key, read_id_token
from hscb_voice.staff.queries import open_sign_in
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.service import note_failed_sign_in
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.staff.sign_ins import confirm_sign_in
from hscb_voice.web.current import platform

RETURN_PATH = f"{STAFF_PATH}/sign-in/work-account/back"
_EXTENSION = "single_sign_on"
_HOME = f"{STAFF_PATH}/"
_LONGEST = 4096
_NOT_AGAIN = (
    "Your work account did not say that you have just proved who you are. Try again, or ask your administrator."
)
_SOMEBODY_ELSE = "That was another person's work account, or your session here has ended. Sign in again."
_LOG = structlog.get_logger(__name__)
blueprint = Blueprint("staff_sign_on", __name__, url_prefix=f"{STAFF_PATH}/sign-in/work-account")


@dataclass(frozen=True)
class SignOn:
    """Single sign-on as this application uses it."""

    settings: SignOnSettings
    provider: SignOnProvider
    groups: GroupRoles


def install_single_sign_on(app: Flask, settings: SignOnSettings, public_address: str) -> None:
    """Put single sign-on on the staff surface.

    Args:
        app: the application.
        settings: the service.
        public_address: where people reach this site.

    Raises:
        SettingError: the list of groups cannot be read.
    """
    provider = SignOnProvider(settings, public_address + RETURN_PATH)
    app.extensions[_EXTENSION] = SignOn(settings, provider, read_group_roles(settings.roles))
    app.register_blueprint(blueprint)
    app.jinja_env.globals["may_prove_elsewhere"] = _may_prove_elsewhere


@blueprint.get("")
@open_to_everyone("whoever signs in is not signed in yet")
def leave() -> ResponseReturnValue:
    """Send the browser to the sign-in service. A link and no form: browsers let no form lead to another site here."""
    wanted = request.args.get("next", "")
    return _away(new_errand(wanted if is_safe_next(wanted) and len(wanted) <= _LONGEST else ""))


@blueprint.get("/again")
@requires(Permission.ENTER)
def leave_again() -> ResponseReturnValue:
    """Send whoever is signed in to the service, to prove once more that it is them."""
    return _away(new_errand("", current_sign_in().id))


@blueprint.get("/back")
@open_to_everyone("whoever signs in is not signed in yet")
def come_back() -> ResponseReturnValue:
    """Take what the service says, check it, and let the person in; or say in plain words why not."""
    try:
        errand = _errand_in_hand()
        who = _signed_on(errand)
        response = make_response(_enter(who, errand) if not errand.sign_in else _confirm(who, errand.sign_in))
    except SignOnUnavailableError as fault:
        response = _unavailable(fault)
    except SignOnRefusedError as refusal:
        response = make_response(_page(str(refusal)), 403)
    except SignOnError as fault:
        _LOG.warning("single sign-on was refused", why=str(fault))
        _note_failure("single sign-on did not hold")
        response = make_response(_page(""), 400)
    end_errand(response)
    return response


def _errand_in_hand() -> Errand:
    """Return the errand with which this browser left; without it, or with another's state, nothing further is asked."""
    errand = errand_of_request()
    if errand is None or request.args.get("state", "") != errand.state:
        message = "the browser did not leave from here, or has been back already"
        raise SignOnError(message)
    return errand


def _signed_on(errand: Errand) -> SignedOn:
    """Return whom the service says it is; everything that a browser brings is checked on the way."""
    here, given = _here(), request.args
    if given.get("iss", here.settings.issuer) != here.settings.issuer:
        message = "another service sent the browser back"
        raise SignOnError(message)
    if not given.get("code") or len(given["code"]) > _LONGEST:
        message = "the service sent no code"
        raise SignOnError(message)
    token = here.provider.id_token_for(given["code"], errand.asked)
    settings = here.settings
    now = platform().clock.now()
    expected = Expected(settings.issuer, settings.client_id, errand.nonce, settings.group_claim, now)
    keys = here.provider.keys()
    if is_signed_by_unknown_key(token, keys):
        keys = here.provider.keys(anew=True)
    return read_id_token(token, keys, expected)


def _enter(who: SignedOn, errand: Errand) -> str:
    """Let somebody in whom the service knows, as far as their groups and the second factor go."""
    account_id = _account_of(who)
    # Whoever still owes our own second factor is led to it by the first page they ask for.
    (enter_whole if _is_proved_twice(who) else enter_half)(account_id, how=SERVICE)
    # A page, and no redirect: after one from another site, browsers would still leave the new session at home.
    return render_template("staff/signed_on.html", address=errand.wanted or _HOME)


def _confirm(who: SignedOn, sign_in_id: str) -> str:
    """Write down that whoever is signed in has just proved it again at the service."""
    account_id, now = _account_of(who), platform().clock.now()
    if who.proved_at is None or not _is_just_now(now.timestamp() - who.proved_at):
        raise SignOnRefusedError(_NOT_AGAIN)
    with platform().database.writing() as connection:
        waiting = open_sign_in(connection, sign_in_id)
        if waiting is None or waiting.person.id != account_id:
            raise SignOnRefusedError(_SOMEBODY_ELSE)
        confirm_sign_in(connection, sign_in_id, now=now)
    return render_template("staff/proved_again.html")


def _account_of(who: SignedOn) -> str:
    now = platform().clock.now()
    with platform().database.writing() as connection:
        account_id = account_for(connection, who, _here().groups, now=now)
    if account_id is None:
        _note_failure("in no group")
        raise refusal_without_group()
    return account_id


def _is_just_now(seconds_ago: float) -> bool:
    return -LEEWAY.total_seconds() <= seconds_ago <= FRESH_FOR.total_seconds()


def _is_proved_twice(who: SignedOn) -> bool:
    asked_by = _here().settings.second_factor
    return asked_by == BY_SERVICE or (asked_by == BY_TOKEN and who.two_proofs)


def _away(errand: Errand) -> ResponseReturnValue:
    try:
        address = _here().provider.address_for(errand.asked, again=bool(errand.sign_in))
    except SignOnUnavailableError as fault:
        return _unavailable(fault)
    response = make_response(redirect(address, 303))
    give_errand(response, errand)
    return response


def _may_prove_elsewhere() -> bool:
    """Tell whether whoever is signed in has a person at the service, to prove it there again."""
    with platform().database.reading() as connection:
        return is_bound(connection, current_person().id)


def _note_failure(reason: str) -> None:
    with platform().database.writing() as connection:
        note_failed_sign_in(connection, None, now=platform().clock.now(), reason=reason)


def _unavailable(fault: SignOnUnavailableError) -> Response:
    _LOG.warning("single sign-on is not available", why=str(fault))
    response = make_response(render_template("staff/sign_on_trouble.html", refusal="", is_down=True), 503)
    response.headers["Retry-After"] = "30"
    return response


def _page(refusal: str) -> str:
    return render_template("staff/sign_on_trouble.html", refusal=refusal, is_down=False)


def _here() -> SignOn:
    return cast("SignOn", current_app.extensions[_EXTENSION])
