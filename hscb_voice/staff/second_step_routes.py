"""The second step of signing in: a code of the app, a recovery code, or a passkey, which can also be the only step.

These pages stand before the sign-in is whole. They open nothing else, and say nothing of anybody but the person whose
password was right.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff import passkeys
from hscb_voice.staff.access import SIGN_IN_ENDPOINT, is_safe_next, open_to_everyone, person_or_none, waiting_or_none
from hscb_voice.staff.entering import enter_after_second_step, enter_whole
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.proof_forms import CodeForm, PasskeyForm, RecoveryForm
from hscb_voice.staff.proving import (
    TOO_OFTEN_FROM_HERE,
    NotProvedError,
    prove_by_passkey,
    prove_code,
    prove_recovery_code,
)
from hscb_voice.staff.second_factors import SecondFactors, second_factors_of
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.staff.throttle import may_ask_from
from hscb_voice.web.current import platform
from hscb_voice.web.places import place_of_request

second_step_blueprint = Blueprint("staff_second_step", __name__, url_prefix=f"{STAFF_PATH}/second-step")
_WAITING = "whoever has given the right password still owes the second step"


@second_step_blueprint.route("", methods=["GET", "POST"])
@open_to_everyone(_WAITING)
def ask() -> ResponseReturnValue:
    """Ask for a code of the authenticator app."""
    waiting = waiting_or_none()
    if waiting is None:
        return _away()
    has, form = _factors_of(waiting.person.id), CodeForm()
    form.next.data = _wanted(form)
    if not has.any:
        return redirect(url_for("staff_second_factor.choose", next=form.next.data or None))
    if has.app_since is None or not form.validate_on_submit():
        return _page("staff/second_step.html", form, has)
    try:
        prove_code(waiting.person, str(form.code.data))
        enter_after_second_step(waiting, how=f"{waiting.how} and code")
    except AccountError as refusal:
        form.code.errors = [str(refusal)]
        return _page("staff/second_step.html", form, has)
    return redirect(form.onward(url_for("staff_home.home")))


@second_step_blueprint.route("/recovery-code", methods=["GET", "POST"])
@open_to_everyone(_WAITING)
def recover() -> ResponseReturnValue:
    """Ask for a recovery code, when app and passkey are out of reach."""
    waiting = waiting_or_none()
    if waiting is None:
        return _away()
    has, form = _factors_of(waiting.person.id), RecoveryForm()
    form.next.data = _wanted(form)
    if not has.any or not form.validate_on_submit():
        return _page("staff/recovery_code.html", form, has)
    try:
        prove_recovery_code(waiting.person, str(form.code.data))
        enter_after_second_step(waiting, how=f"{waiting.how} and recovery code")
    except AccountError as refusal:
        form.code.errors = [str(refusal)]
        return _page("staff/recovery_code.html", form, has)
    left = has.recovery_codes - 1
    flash(f"Recovery codes left: {left}. If you have lost your app or passkey, replace it now.")
    return redirect(url_for("staff_account.account"))


@second_step_blueprint.post("/passkey/question")
@open_to_everyone("a passkey alone can sign somebody in, and whose it is shows only in its answer")
def passkey_question() -> ResponseReturnValue:
    """Return what a browser needs to ask a passkey: for signing in, or for whoever is signed in to prove it again."""
    site, person, now = passkeys.site_of(platform().settings), person_or_none(), platform().clock.now()
    if site is None:
        abort(404)
    purpose, account_id = (passkeys.PROVE, person.id) if person else (passkeys.SIGN_IN, None)
    with platform().database.writing() as connection:
        if not may_ask_from(connection, place_of_request(), now=now):
            return {"refusal": TOO_OFTEN_FROM_HERE}, 429
        return passkeys.ask_to_prove(connection, site, purpose, now=now, account_id=account_id)


@second_step_blueprint.post("/passkey")
@open_to_everyone("a passkey alone proves both factors: holding the device, and being its owner")
def enter_by_passkey() -> ResponseReturnValue:
    """Sign somebody in by their passkey alone."""
    site, form = passkeys.site_of(platform().settings), PasskeyForm()
    if site is None:
        abort(404)
    try:
        account_id = prove_by_passkey(site, passkeys.SIGN_IN, str(form.passkey.data or ""))
    except NotProvedError as refusal:
        flash(str(refusal), "refusal")
        return redirect(url_for(SIGN_IN_ENDPOINT, next=form.onward("") or None))
    enter_whole(account_id, how="passkey")
    return redirect(form.onward(url_for("staff_home.home")))


def _factors_of(account_id: str) -> SecondFactors:
    with platform().database.reading() as connection:
        return second_factors_of(connection, account_id)


def _away() -> ResponseReturnValue:
    return redirect(url_for("staff_home.home" if person_or_none() else SIGN_IN_ENDPOINT))


def _wanted(form: CodeForm | RecoveryForm) -> str:
    wanted = str(form.next.data or request.args.get("next", ""))
    return wanted if is_safe_next(wanted) else ""


def _page(template: str, form: CodeForm | RecoveryForm, has: SecondFactors) -> ResponseReturnValue:
    takes_passkey = has.passkeys > 0 and passkeys.site_of(platform().settings) is not None
    page = render_template(template, form=form, has=has, takes_passkey=takes_passkey)
    return page, 400 if form.errors else 200
