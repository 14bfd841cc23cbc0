"""Setting up a second factor: during the first sign-in, when nothing else is open yet, or later from one's account.

Later it needs a fresh proof of who one is, or a session left open could be turned into a key of somebody else's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff import passkeys
from hscb_voice.staff.access import (
    current_person,
    is_safe_next,
    open_to_everyone,
    person_or_none,
    requires,
    to_sign_in,
    waiting_or_none,
)
from hscb_voice.staff.entering import enter_after_second_step
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.fresh import ask_for_proof, freshly_signed_in, is_fresh
from hscb_voice.staff.notices import tell_of_second_factor
from hscb_voice.staff.proof_forms import CodeForm, NewPasskeyForm
from hscb_voice.staff.proving import WRONG_CODE
from hscb_voice.staff.queries import OpenSignIn, Person
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.second_factors import (
    begin_app,
    confirm_app,
    has_second_factor,
    new_recovery_codes,
    remove_app,
    second_factors_of,
    unfinished_app,
)
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform
from hscb_voice.web.qr import picture_of

P = ParamSpec("P")
factor_blueprint = Blueprint("staff_second_factor", __name__, url_prefix=f"{STAFF_PATH}/second-factor")
_FIRST_TIME = "whoever signs in for the first time sets a second step up before anything else opens"


@dataclass(frozen=True)
class SettingUp:
    """Who is setting up, and the half sign-in that becomes whole by it, if it is one."""

    person: Person
    waiting: OpenSignIn | None


def _while_setting_up(
    view: Callable[Concatenate[SettingUp, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        waiting, person = waiting_or_none(), person_or_none()
        if waiting is not None and not _has_any(waiting.person):
            return view(SettingUp(waiting.person, waiting), *args, **kwargs)
        if person is None:
            return to_sign_in()
        if not is_fresh():
            return ask_for_proof()
        return view(SettingUp(person, None), *args, **kwargs)

    return guarded


@factor_blueprint.get("")
@open_to_everyone(_FIRST_TIME)
@_while_setting_up
def choose(who: SettingUp) -> ResponseReturnValue:
    """Let a person choose between an authenticator app and a passkey."""
    wanted = request.args.get("next", "")
    return render_template(
        "staff/second_factor.html",
        is_first=who.waiting is not None,
        form=NewPasskeyForm(formdata=None),
        wanted=wanted if is_safe_next(wanted) else "",
        takes_passkeys=passkeys.site_of(platform().settings) is not None,
    )


@factor_blueprint.post("/app")
@open_to_everyone(_FIRST_TIME)
@_while_setting_up
def begin(who: SettingUp) -> ResponseReturnValue:
    """Make a secret for an authenticator app."""
    here = platform()
    with here.database.writing() as connection:
        begin_app(connection, here.keys, who.person.id, now=here.clock.now())
    return redirect(url_for(".app", next=_wanted() or None))


@factor_blueprint.get("/app")
@open_to_everyone(_FIRST_TIME)
@_while_setting_up
def app(who: SettingUp) -> ResponseReturnValue:
    """Show the secret, as a picture and as letters, and ask for the first code."""
    return _app_page(who, CodeForm(formdata=None, next=_wanted()))


@factor_blueprint.post("/app/code")
@open_to_everyone(_FIRST_TIME)
@_while_setting_up
def confirm(who: SettingUp) -> ResponseReturnValue:
    """Let the app count once it has shown the right code."""
    here, form = platform(), CodeForm()
    if not form.validate_on_submit():
        return _app_page(who, form)
    with here.database.writing() as connection:
        is_right = confirm_app(connection, here.keys, who.person.id, str(form.code.data), now=here.clock.now())
        if is_right:
            change = "An authenticator app has been set up for your account on Voice"
            tell_of_second_factor(connection, here, who.person, change)
    if not is_right:
        form.code.errors = [WRONG_CODE]
        return _app_page(who, form)
    return _set_up(who, form.onward(""), "Your authenticator app is set up.")


@factor_blueprint.post("/app/remove")
@requires(Permission.ENTER)
@freshly_signed_in
def remove() -> ResponseReturnValue:
    """Let the authenticator app count no more."""
    here, person = platform(), current_person()
    try:
        with here.database.writing() as connection:
            remove_app(connection, person.id, now=here.clock.now())
            change = "The authenticator app has been removed from your account on Voice"
            tell_of_second_factor(connection, here, person, change)
        flash("The authenticator app has been removed.")
    except AccountError as refusal:
        flash(str(refusal), "refusal")
    return redirect(url_for("staff_account.account"))


@factor_blueprint.post("/recovery-codes")
@requires(Permission.ENTER)
@freshly_signed_in
def make_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them once."""
    if not _has_any(current_person()):
        flash("Set up a second step first: recovery codes stand in for it.", "refusal")
        return redirect(url_for("staff_account.account"))
    return _codes_page(current_person(), "")


@factor_blueprint.post("/passkeys/question")
@open_to_everyone(_FIRST_TIME)
@_while_setting_up
def passkey_question(who: SettingUp) -> ResponseReturnValue:
    """Return what a browser needs to make a passkey."""
    here = platform()
    with here.database.writing() as connection:
        return passkeys.ask_to_register(connection, _site(), who.person, now=here.clock.now())


@factor_blueprint.post("/passkeys")
@open_to_everyone(_FIRST_TIME)
@_while_setting_up
def add_passkey(who: SettingUp) -> ResponseReturnValue:
    """Keep a new passkey."""
    here, form = platform(), NewPasskeyForm()
    site, name, answer = _site(), str(form.name.data or ""), str(form.passkey.data or "")
    try:
        with here.database.writing() as connection:
            passkeys.register(connection, site, who.person, answer, name=name, now=here.clock.now())
            tell_of_second_factor(connection, here, who.person, "A passkey has been added to your account on Voice")
    except AccountError as refusal:
        flash(str(refusal), "refusal")
        return redirect(url_for(".choose", next=_wanted() or None))
    return _set_up(who, _wanted(), "Your passkey has been added.")


@factor_blueprint.post("/passkeys/<passkey_id>/remove")
@requires(Permission.ENTER)
@freshly_signed_in
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Let a passkey open nothing any more."""
    here, person = platform(), current_person()
    try:
        with here.database.writing() as connection:
            has = second_factors_of(connection, person.id)
            is_last = has.app_since is None and has.passkeys == 1
            passkeys.remove(connection, person.id, passkey_id, is_last=is_last, now=here.clock.now())
            tell_of_second_factor(connection, here, person, "A passkey has been removed from your account on Voice")
        flash("The passkey has been removed.")
    except AccountError as refusal:
        flash(str(refusal), "refusal")
    return redirect(url_for("staff_account.account"))


def _set_up(who: SettingUp, wanted: str, done: str) -> ResponseReturnValue:
    """Go on after a second factor has been set up: with recovery codes if there are none yet."""
    with platform().database.reading() as connection:
        has_codes = second_factors_of(connection, who.person.id).recovery_codes > 0
    if who.waiting is not None:
        enter_after_second_step(who.waiting, how="password and a new second step")
    if not has_codes:
        return _codes_page(who.person, wanted)
    flash(done)
    return redirect(wanted or url_for("staff_account.account"))


def _codes_page(person: Person, wanted: str) -> str:
    here = platform()
    with here.database.writing() as connection:
        codes = new_recovery_codes(connection, person.id, now=here.clock.now())
    onward = wanted or url_for("staff_home.home")
    return render_template("staff/recovery_codes.html", codes=codes, onward=onward)


def _app_page(who: SettingUp, form: CodeForm) -> ResponseReturnValue:
    here = platform()
    with here.database.reading() as connection:
        new = unfinished_app(
            connection, here.keys, who.person.id, email=who.person.email, issuer=f"Voice, {here.settings.board_name}"
        )
    if new is None:
        return redirect(url_for(".choose", next=_wanted() or None))
    page = render_template(
        "staff/authenticator_app.html",
        form=form,
        new=new,
        picture=picture_of(new.address),
        secret=_in_groups(new.secret),
    )
    return page, 400 if form.errors else 200


def _in_groups(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _has_any(person: Person) -> bool:
    with platform().database.reading() as connection:
        return has_second_factor(connection, person.id)


def _site() -> passkeys.Site:
    site = passkeys.site_of(platform().settings)
    if site is None:
        abort(404)
    return site


def _wanted() -> str:
    wanted = request.form.get("next") or request.args.get("next", "")
    return wanted if is_safe_next(wanted) else ""
