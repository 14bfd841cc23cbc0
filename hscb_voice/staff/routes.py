"""The staff room's own pages: home, one's own account, and people for the administrator."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from hscb_voice.staff import service
from hscb_voice.staff.access import SIGN_IN_ENDPOINT, current_person, open_to_everyone, requires
from hscb_voice.staff.errors import AccountError, UnknownPersonError
from hscb_voice.staff.forms import ActForm, RolesForm
from hscb_voice.staff.navigation import home_places_of
from hscb_voice.staff.queries import Person, everybody, person_by_id
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH, forget_session, idle_limit, sign_in_of_session
from hscb_voice.web.current import platform

home_blueprint = Blueprint("staff_home", __name__, url_prefix=STAFF_PATH)
account_blueprint = Blueprint("staff_account", __name__, url_prefix=STAFF_PATH)
people_blueprint = Blueprint("staff_people", __name__, url_prefix=f"{STAFF_PATH}/people")


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
    person = current_person()
    minutes = int(idle_limit(person).total_seconds() // 60)
    return render_template("staff/account.html", person=person, idle_minutes=minutes, form=ActForm())


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


@people_blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def people() -> str:
    """List everybody with an account."""
    with platform().database.reading() as connection:
        return render_template("staff/people.html", people=everybody(connection))


@people_blueprint.get("/<account_id>")
@requires(Permission.MANAGE_PEOPLE)
def person(account_id: str) -> str:
    """Show one person, with what can be changed."""
    found = _find(account_id)
    form = RolesForm(roles=sorted(found.roles), teams="\n".join(sorted(found.own_teams)))
    return _person_page(found, form)


@people_blueprint.post("/<account_id>/roles")
@requires(Permission.MANAGE_PEOPLE)
def change_roles(account_id: str) -> ResponseReturnValue:
    """Give a person other roles and teams."""
    found, form = _find(account_id), RolesForm()
    if not form.validate_on_submit():
        return _person_page(found, form), 400
    roles, teams = form.chosen_roles(), form.named_teams()
    by = current_person().id
    try:
        with platform().database.writing() as connection:
            service.change_roles(connection, account_id, roles, teams, now=platform().clock.now(), by=by)
    except AccountError as refusal:
        form.roles.errors = [str(refusal)]
        return _person_page(found, form), 400
    flash(f"The roles and teams of {found.name} have been changed.")
    return redirect(url_for(".person", account_id=account_id))


@people_blueprint.post("/<account_id>/disable")
@requires(Permission.MANAGE_PEOPLE)
def disable(account_id: str) -> ResponseReturnValue:
    """Shut a person out at once."""
    return _change(account_id, service.disable, "{name} can no longer sign in, and every session has ended.")


@people_blueprint.post("/<account_id>/enable")
@requires(Permission.MANAGE_PEOPLE)
def enable(account_id: str) -> ResponseReturnValue:
    """Let a person sign in again."""
    return _change(account_id, service.enable, "{name} can sign in again.")


@people_blueprint.post("/<account_id>/end-sessions")
@requires(Permission.MANAGE_PEOPLE)
def end_sessions(account_id: str) -> ResponseReturnValue:
    """End every session of a person, who may sign in again."""
    return _change(account_id, service.sign_out_everywhere, "Every session of {name} has ended.")


def _change(account_id: str, act: Callable[..., None], done: str) -> ResponseReturnValue:
    found, by, now = _find(account_id), current_person().id, platform().clock.now()
    try:
        with platform().database.writing() as connection:
            act(connection, account_id, now=now, by=by)
    except AccountError as refusal:
        form = RolesForm(formdata=None, roles=sorted(found.roles), teams="\n".join(sorted(found.own_teams)))
        return _person_page(found, form, refusal=str(refusal)), 400
    flash(done.format(name=found.name))
    return redirect(url_for(".person", account_id=account_id))


def _find(account_id: str) -> Person:
    try:
        with platform().database.reading() as connection:
            return person_by_id(connection, account_id)
    except UnknownPersonError:
        abort(404)


def _person_page(found: Person, form: RolesForm, *, refusal: str = "") -> str:
    return render_template(
        "staff/person.html",
        found=found,
        form=form,
        act=ActForm(formdata=None),
        refusal=refusal,
        own=current_person().id,
    )


def _gone() -> ResponseReturnValue:
    logout_user()
    forget_session()
    flash("You have signed out.")
    return redirect(url_for(SIGN_IN_ENDPOINT))
