"""The staff room's own pages: home, and one's own account."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from hscb_voice.staff import service
from hscb_voice.staff.access import SIGN_IN_ENDPOINT, current_person, current_sign_in, open_to_everyone, requires
from hscb_voice.staff.entering import change_own_password
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.navigation import home_places_of
from hscb_voice.staff.passkeys import passkeys_of
from hscb_voice.staff.proof_forms import ChangePasswordForm
from hscb_voice.staff.proving import NotProvedError, prove_present_password
from hscb_voice.staff.queries import open_sign_ins_of
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.second_factors import second_factors_of
from hscb_voice.staff.sessions import ABSOLUTE_LIMIT, STAFF_PATH, forget_session, idle_limit, sign_in_of_session
from hscb_voice.staff.sign_ins import end_own_sign_in
from hscb_voice.web.current import platform

home_blueprint = Blueprint("staff_home", __name__, url_prefix=STAFF_PATH)
account_blueprint = Blueprint("staff_account", __name__, url_prefix=STAFF_PATH)


@home_blueprint.get("/")
@requires(Permission.ENTER)
def home() -> str:
    """Show what this person can do here, and what waits."""
    person = current_person()
    with platform().database.reading() as connection:
        places = home_places_of(person, connection)
    return render_template("staff/home.html", person=person, places=places)


@account_blueprint.get("/account")
@requires(Permission.ENTER)
def account() -> str:
    """Show a person what is known of them here."""
    here, person = platform(), current_person()
    since = here.clock.now() - ABSOLUTE_LIMIT
    with here.database.reading() as connection:
        return render_template(
            "staff/account.html",
            person=person,
            idle_minutes=int(idle_limit(person).total_seconds() // 60),
            form=ActForm(formdata=None),
            has=second_factors_of(connection, person.id),
            passkeys=passkeys_of(connection, person.id),
            sign_ins=open_sign_ins_of(connection, person.id, since),
            here=current_sign_in().id,
        )


@account_blueprint.post("/account/sessions/<sign_in_id>/end")
@requires(Permission.ENTER)
def end_session(sign_in_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    try:
        with platform().database.writing() as connection:
            end_own_sign_in(connection, current_person().id, sign_in_id, now=platform().clock.now())
    except AccountError:
        abort(404)
    if sign_in_id == current_sign_in().id:
        return _gone()
    flash("That session has ended.")
    return redirect(url_for(".account"))


@account_blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ENTER)
def password() -> ResponseReturnValue:
    """Let a person choose another password; their other sessions end."""
    form, person = ChangePasswordForm(), current_person()
    if not form.validate_on_submit():
        return _password_page(form)
    try:
        prove_present_password(person, str(form.present.data))
    except NotProvedError as refusal:
        form.present.errors = [str(refusal)]
        return _password_page(form)
    try:
        change_own_password(person, str(form.password.data))
    except AccountError as refusal:
        form.password.errors = [str(refusal)]
        return _password_page(form)
    flash("Your password has been changed. Your other sessions have ended.")
    return redirect(url_for(".account"))


@account_blueprint.post("/sign-out")
@open_to_everyone("whoever is no longer signed in may still press the button")
def sign_out() -> ResponseReturnValue:
    """End this session, here and in the database."""
    sign_in_id = sign_in_of_session()
    if sign_in_id:
        with platform().database.writing() as connection:
            service.end_sign_in(connection, sign_in_id, now=platform().clock.now())
    return _gone()


@account_blueprint.post("/sign-out-everywhere")
@requires(Permission.ENTER)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of this person, on whatever device."""
    person_id = current_person().id
    with platform().database.writing() as connection:
        service.sign_out_everywhere(connection, person_id, now=platform().clock.now(), by=person_id)
    return _gone()


def _password_page(form: ChangePasswordForm) -> ResponseReturnValue:
    return render_template("staff/password.html", form=form), 400 if form.errors else 200


def _gone() -> ResponseReturnValue:
    logout_user()
    forget_session()
    flash("You have signed out.")
    return redirect(url_for(SIGN_IN_ENDPOINT))
