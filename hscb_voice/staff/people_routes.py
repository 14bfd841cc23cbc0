"""The administrator's pages: who works here, what each may do, invitations, and ways back in for who is locked out.

They show no password and no second factor. A link that lets somebody in is shown once, where no mail is set up.
"""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff import entry_links, service
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.entry_links import INVITATION, RESET, NewLink
from hscb_voice.staff.errors import AccountError, UnknownPersonError
from hscb_voice.staff.forms import ActForm, InviteForm, RolesForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.notices import letters_go, send_link, tell_of_second_factor
from hscb_voice.staff.queries import Person, everybody, person_by_id
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.second_factors import with_second_factor
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

people_blueprint = Blueprint("staff_people", __name__, url_prefix=f"{STAFF_PATH}/people")


@people_blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def people() -> str:
    """List everybody with an account."""
    with platform().database.reading() as connection:
        return render_template(
            "staff/people.html",
            people=everybody(connection),
            invited=entry_links.open_invitations(connection, platform().clock.now()),
            without_password=entry_links.without_password(connection),
            with_second_factor=with_second_factor(connection),
        )


@people_blueprint.route("/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@freshly_signed_in
def invite() -> ResponseReturnValue:
    """Invite somebody to work here."""
    form, here = InviteForm(), platform()
    if not form.validate_on_submit():
        return _invite_page(form)
    new = service.NewPerson(str(form.email.data), str(form.name.data), form.chosen_roles(), form.named_teams())
    try:
        with here.database.writing() as connection:
            link = entry_links.invite(connection, new, now=here.clock.now(), by=current_person().id)
            send_link(connection, here, link)
    except AccountError as refusal:
        form.email.errors = [str(refusal)]
        return _invite_page(form)
    return _after_link(link)


@people_blueprint.get("/<account_id>")
@requires(Permission.MANAGE_PEOPLE)
def person(account_id: str) -> str:
    """Show one person, with what can be changed."""
    found = _find(account_id)
    return _person_page(found, RolesForm(roles=sorted(found.roles), teams="\n".join(sorted(found.own_teams))))


@people_blueprint.post("/<account_id>/roles")
@requires(Permission.MANAGE_PEOPLE)
@freshly_signed_in
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
@freshly_signed_in
def enable(account_id: str) -> ResponseReturnValue:
    """Let a person sign in again."""
    return _change(account_id, service.enable, "{name} can sign in again.")


@people_blueprint.post("/<account_id>/end-sessions")
@requires(Permission.MANAGE_PEOPLE)
def end_sessions(account_id: str) -> ResponseReturnValue:
    """End every session of a person, who may sign in again."""
    return _change(account_id, service.sign_out_everywhere, "Every session of {name} has ended.")


@people_blueprint.post("/<account_id>/reset-second-factor")
@requires(Permission.MANAGE_PEOPLE)
@freshly_signed_in
def reset_second_factor(account_id: str) -> ResponseReturnValue:
    """Take a person's second factors away, so that they set up new ones."""
    found, here = _find(account_id), platform()
    done = "{name} will set up a new second step with the next password. Every session has ended."
    answer = _change(account_id, service.reset_second_factor, done)
    with here.database.writing() as connection:
        tell_of_second_factor(connection, here, found, "An administrator has reset the second step of your account")
    return answer


@people_blueprint.post("/<account_id>/invite-again")
@requires(Permission.MANAGE_PEOPLE)
@freshly_signed_in
def invite_again(account_id: str) -> ResponseReturnValue:
    """Invite somebody anew; the earlier link is void."""
    return _make_link(account_id, INVITATION)


@people_blueprint.post("/<account_id>/reset-password")
@requires(Permission.MANAGE_PEOPLE)
@freshly_signed_in
def reset_password(account_id: str) -> ResponseReturnValue:
    """Let somebody who is locked out choose another password."""
    return _make_link(account_id, RESET)


@people_blueprint.post("/<account_id>/withdraw")
@requires(Permission.MANAGE_PEOPLE)
@freshly_signed_in
def withdraw(account_id: str) -> ResponseReturnValue:
    """Take an invitation back that nobody has accepted."""
    found, here = _find(account_id), platform()
    try:
        with here.database.writing() as connection:
            entry_links.withdraw(connection, account_id, now=here.clock.now(), by=current_person().id)
    except AccountError as refusal:
        return _person_page(found, _form_of(found), refusal=str(refusal)), 400
    flash(f"The invitation of {found.name} has been withdrawn.")
    return redirect(url_for(".people"))


def _make_link(account_id: str, kind: str) -> ResponseReturnValue:
    found, here = _find(account_id), platform()
    try:
        with here.database.writing() as connection:
            link = entry_links.make_link(connection, account_id, kind, now=here.clock.now(), by=current_person().id)
            send_link(connection, here, link)
    except AccountError as refusal:
        return _person_page(found, _form_of(found), refusal=str(refusal)), 400
    return _after_link(link)


def _after_link(link: NewLink) -> ResponseReturnValue:
    """Say that a letter goes, or show the link once where no mail is set up."""
    here = platform()
    if not letters_go(here):
        return render_template("staff/link.html", link=link, address=link.address(here.settings.public_address))
    flash(f"A letter with a link goes to {link.person.email}.")
    return redirect(url_for(".person", account_id=link.person.id))


def _change(account_id: str, act: Callable[..., None], done: str) -> ResponseReturnValue:
    found, by, now = _find(account_id), current_person().id, platform().clock.now()
    try:
        with platform().database.writing() as connection:
            act(connection, account_id, now=now, by=by)
    except AccountError as refusal:
        return _person_page(found, _form_of(found), refusal=str(refusal)), 400
    flash(done.format(name=found.name))
    return redirect(url_for(".person", account_id=account_id))


def _find(account_id: str) -> Person:
    try:
        with platform().database.reading() as connection:
            return person_by_id(connection, account_id)
    except UnknownPersonError:
        abort(404)


def _form_of(found: Person) -> RolesForm:
    return RolesForm(formdata=None, roles=sorted(found.roles), teams="\n".join(sorted(found.own_teams)))


def _person_page(found: Person, form: RolesForm, *, refusal: str = "") -> str:
    with platform().database.reading() as connection:
        return render_template(
            "staff/person.html",
            found=found,
            form=form,
            act=ActForm(formdata=None),
            refusal=refusal,
            own=current_person().id,
            until=entry_links.open_invitations(connection, platform().clock.now()).get(found.id),
            is_invited=found.id in entry_links.without_password(connection),
            has_second_factor=found.id in with_second_factor(connection),
        )


def _invite_page(form: InviteForm) -> ResponseReturnValue:
    page = render_template("staff/invite.html", form=form, letters_go=letters_go(platform()))
    return page, 400 if form.errors else 200
