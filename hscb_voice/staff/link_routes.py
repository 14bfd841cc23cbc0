"""The doors for people without a password: an accepted invitation, a forgotten password, a reset.

They answer in the same words whether somebody is known or not. None of them leads past the second factor.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff.access import SIGN_IN_ENDPOINT, open_to_everyone
from hscb_voice.staff.entering import enter_by_password
from hscb_voice.staff.entry_links import INVITATION, RESET, ask_for_reset, person_of_link, use_link
from hscb_voice.staff.errors import AccountError, EndedLinkError
from hscb_voice.staff.notices import letters_go, tell_of_new_password
from hscb_voice.staff.proof_forms import AcceptForm, ForgottenForm, NewPasswordForm
from hscb_voice.staff.proving import TOO_OFTEN, TOO_OFTEN_FROM_HERE
from hscb_voice.staff.queries import Person
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.staff.throttle import RESET as A_RESET
from hscb_voice.staff.throttle import may_try, may_try_from
from hscb_voice.web.current import platform
from hscb_voice.web.places import place_of_request

link_blueprint = Blueprint("staff_links", __name__, url_prefix=STAFF_PATH)
_BY_LINK = "whoever holds the link has no password yet"


@link_blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_everyone(_BY_LINK)
def accept(token: str) -> ResponseReturnValue:
    """Let somebody who was invited say their name and choose a password; the second step follows."""
    person = _person_of(INVITATION, token)
    if person is None:
        return _ended(INVITATION)
    form = AcceptForm(name=person.name)
    if not form.validate_on_submit():
        return _page("staff/accept.html", form, person)
    here = platform()
    try:
        with here.database.writing() as connection:
            password, name = str(form.password.data), str(form.name.data)
            use_link(connection, INVITATION, token, password, now=here.clock.now(), name=name)
    except AccountError as refusal:
        form.password.errors = [str(refusal)]
        return _page("staff/accept.html", form, person)
    enter_by_password(person.id)
    return redirect(url_for("staff_home.home"))


@link_blueprint.route("/reset/<token>", methods=["GET", "POST"])
@open_to_everyone(_BY_LINK)
def reset(token: str) -> ResponseReturnValue:
    """Let somebody choose another password; they sign in with it, and their second step, as always."""
    person = _person_of(RESET, token)
    if person is None:
        return _ended(RESET)
    form, here = NewPasswordForm(), platform()
    if not form.validate_on_submit():
        return _page("staff/reset.html", form, person)
    try:
        with here.database.writing() as connection:
            use_link(connection, RESET, token, str(form.password.data), now=here.clock.now())
            tell_of_new_password(connection, here, person)
    except AccountError as refusal:
        form.password.errors = [str(refusal)]
        return _page("staff/reset.html", form, person)
    flash("Your password has been changed. Sign in with it now.")
    return redirect(url_for(SIGN_IN_ENDPOINT))


@link_blueprint.route("/forgotten", methods=["GET", "POST"])
@open_to_everyone("whoever has forgotten the password cannot sign in")
def forgotten() -> ResponseReturnValue:
    """Send a link for a new password; the answer is the same whether the address is known or not."""
    form, here = ForgottenForm(), platform()
    if not letters_go(here) or not form.validate_on_submit():
        page = render_template("staff/forgotten.html", form=form, letters_go=letters_go(here))
        return page, 400 if form.errors else 200
    email, now = str(form.email.data), here.clock.now()
    with here.database.writing() as connection:
        refusal = "" if may_try_from(connection, place_of_request(), now=now) else TOO_OFTEN_FROM_HERE
        if not refusal and not may_try(connection, email, now=now, at=A_RESET):
            refusal = TOO_OFTEN
        if not refusal:
            ask_for_reset(connection, email, now=now)
    if refusal:
        form.email.errors = [refusal]
        return render_template("staff/forgotten.html", form=form, letters_go=True), 400
    return render_template("staff/forgotten_sent.html")


def _person_of(kind: str, token: str) -> Person | None:
    try:
        with platform().database.reading() as connection:
            return person_of_link(connection, kind, token, platform().clock.now())
    except EndedLinkError:
        return None


def _ended(kind: str) -> ResponseReturnValue:
    return render_template("staff/link_ended.html", is_invitation=kind == INVITATION), 410


def _page(template: str, form: NewPasswordForm, person: Person) -> ResponseReturnValue:
    return render_template(template, form=form, person=person), 400 if form.errors else 200
