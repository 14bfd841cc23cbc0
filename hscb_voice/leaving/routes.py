"""Staff pages on which an administrator sets where “Leave this page” leads, service by service."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.invitations.queries import services_invited
from hscb_voice.leaving.forms import ExitForm
from hscb_voice.leaving.queries import every_exit
from hscb_voice.leaving.service import set_exit
from hscb_voice.responses.queries import EVERY_TEAM, services_heard
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform
from hscb_voice.web.exits import DEFAULT_EXIT, EVERYWHERE

blueprint = Blueprint("staff_exits", __name__, url_prefix=f"{STAFF_PATH}/leaving")
_LONGEST_SERVICE = 80


@blueprint.get("/")
@requires(Permission.MANAGE_SETTINGS)
def exits() -> str:
    """List where the pages of each service lead."""
    with platform().database.reading() as connection:
        known = every_exit(connection)
        services = {*services_heard(connection, EVERY_TEAM), *services_invited(connection), *known} - {EVERYWHERE}
    usual = known.get(EVERYWHERE, DEFAULT_EXIT)
    lines = [(service, known.get(service, usual), service in known) for service in sorted(services)]
    return render_template("leaving/exits.html", lines=lines, usual=usual)


@blueprint.route("/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def edit() -> ResponseReturnValue:
    """Set where the pages of one service lead."""
    here, service = platform(), " ".join(request.args.get("service", EVERYWHERE).split())
    if len(service) > _LONGEST_SERVICE:
        abort(404)
    with here.database.reading() as connection:
        standing = every_exit(connection).get(service, "")
    form = ExitForm() if request.method == "POST" else ExitForm(formdata=None, data={"address": standing})
    form.own_host = urlsplit(here.settings.public_address).hostname or ""
    if not form.validate_on_submit():
        status = 400 if request.method == "POST" else 200
        return render_template("leaving/exit.html", form=form, service=service), status
    with here.database.writing() as connection:
        set_exit(
            connection, service, str(form.address.data or "").strip(), by=current_person().id, now=here.clock.now()
        )
    flash(f"Saved for {service or 'every other service'}. Pages lead there within a minute.")
    return redirect(url_for(".exits"), code=303)
