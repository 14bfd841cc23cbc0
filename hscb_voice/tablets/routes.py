"""Staff pages of shared tablets: which there are, adding one, its code, changing it, switching it off.

A worker meets the tablets of the own teams; another team's is not there. No page here shows an answer.
"""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.questionnaires.queries import PublishedVersion, current_version, published_slugs
from hscb_voice.responses.queries import services_heard
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.tablets import service
from hscb_voice.tablets.errors import NameTakenError, UnknownTabletError, UsedSetUpCodeError
from hscb_voice.tablets.forms import AddForm, ChangeForm
from hscb_voice.tablets.queries import TabletView, tablet_by_id, tablets_of
from hscb_voice.tablets.service import SetUpCode
from hscb_voice.tablets.wording import help_words, seen_words, state_words, waiting_words
from hscb_voice.web.current import platform
from hscb_voice.web.qr import picture_of

blueprint = Blueprint("staff_tablets", __name__, url_prefix=f"{STAFF_PATH}/tablets")
_REFUSED = 422


@blueprint.get("/")
@requires(Permission.KEEP_TABLETS)
def tablets() -> str:
    """List tablets: when each was last heard, and what waits on it."""
    here, person = platform(), current_person()
    with here.database.reading() as connection:
        found = tablets_of(connection, person.teams)
    now = here.clock.now()
    return render_template(
        "tablets/tablets.html",
        in_use=[one for one in found if not one.is_revoked],
        switched_off=[one for one in found if one.is_revoked],
        words=_words(now),
    )


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Permission.KEEP_TABLETS)
def add() -> ResponseReturnValue:
    """Add a tablet, and show the code that sets it up."""
    here, person, form = platform(), current_person(), AddForm()
    with here.database.reading() as connection:
        form.offer_questionnaires(_published(connection))
        form.offer_teams(_teams(connection))
        services = services_heard(connection, person.teams)
    if not form.validate_on_submit():
        return render_template("tablets/add.html", form=form, services=services), _REFUSED if form.errors else 200
    new = form.new()
    try:
        with here.database.writing() as connection:
            made = service.add_tablet(connection, here.keys, new, person.id, here.clock.now())
    except NameTakenError as refusal:
        form.name.errors = [str(refusal)]
        return render_template("tablets/add.html", form=form, services=services), _REFUSED
    return _code_page(made)


@blueprint.get("/<tablet_id>")
@requires(Permission.KEEP_TABLETS)
def tablet(tablet_id: str) -> str:
    """Show one tablet."""
    here, found = platform(), _found(tablet_id)
    with here.database.reading() as connection:
        titles = {one.slug: one.definition.short_title for one in _published(connection)}
        names = {one.id: one.name for one in everybody(connection)}
    now = here.clock.now()
    return render_template(
        "tablets/tablet.html",
        tablet=found,
        titles=[titles[slug] for slug in found.slugs if slug in titles],
        names=names,
        words=_words(now),
        act=ActForm(formdata=None),
        code_is_open=found.has_open_code(now),
    )


@blueprint.post("/<tablet_id>/code")
@requires(Permission.KEEP_TABLETS)
def new_code(tablet_id: str) -> ResponseReturnValue:
    """Show a new code for a tablet that has never been heard."""
    here, person = platform(), current_person()
    _found(tablet_id)
    try:
        with here.database.writing() as connection:
            made = service.renew_code(connection, here.keys, person.teams, tablet_id, person.id, here.clock.now())
    except UsedSetUpCodeError as refusal:
        flash(str(refusal), "refusal")
        return redirect(url_for(".tablet", tablet_id=tablet_id), code=303)
    return _code_page(made)


@blueprint.route("/<tablet_id>/change", methods=["GET", "POST"])
@requires(Permission.KEEP_TABLETS)
def change(tablet_id: str) -> ResponseReturnValue:
    """Change a tablet's name, questionnaires or PIN."""
    here, person, found = platform(), current_person(), _found(tablet_id)
    form = ChangeForm(data={"name": found.name, "slugs": list(found.slugs)})
    with here.database.reading() as connection:
        form.offer_questionnaires(_published(connection))
    if not form.validate_on_submit():
        return render_template("tablets/change.html", form=form, tablet=found), _REFUSED if form.errors else 200
    changed = form.change()
    try:
        with here.database.writing() as connection:
            service.change_tablet(connection, person.teams, tablet_id, changed, person.id, here.clock.now())
    except NameTakenError as refusal:
        form.name.errors = [str(refusal)]
        return render_template("tablets/change.html", form=form, tablet=found), _REFUSED
    flash(f"{changed.name} has been changed. The tablet learns of it when it next has a signal.")
    return redirect(url_for(".tablet", tablet_id=tablet_id), code=303)


@blueprint.route("/<tablet_id>/switch-off", methods=["GET", "POST"])
@requires(Permission.KEEP_TABLETS)
def switch_off(tablet_id: str) -> ResponseReturnValue:
    """Ask whether a tablet is to be switched off for good, and do it."""
    here, person, found, form = platform(), current_person(), _found(tablet_id), ActForm()
    if not form.validate_on_submit():
        page = render_template("tablets/switch_off.html", form=form, tablet=found, words=_words(here.clock.now()))
        return page, _REFUSED if form.errors else 200
    with here.database.writing() as connection:
        service.revoke_tablet(connection, person.teams, tablet_id, person.id, here.clock.now())
    flash(f"{found.name} has been switched off. Answers that wait on it still come in when it has a signal.")
    return redirect(url_for(".tablets"), code=303)


def _words(now: datetime) -> dict[str, object]:
    """Return how a tablet is spoken of, for templates: each takes the tablet."""
    return {
        "seen": lambda one: seen_words(one, now),
        "waiting": lambda one: waiting_words(one, now),
        "help": help_words,
        "state": lambda one: state_words(one, now),
    }


def _found(tablet_id: str) -> TabletView:
    try:
        with platform().database.reading() as connection:
            return tablet_by_id(connection, current_person().teams, tablet_id)
    except UnknownTabletError:
        abort(404)


def _code_page(made: SetUpCode) -> str:
    """Show a code once, as a picture and to be typed; the page tells when the tablet has been set up."""
    address = f"{platform().settings.public_address}/tablet"
    return render_template(
        "tablets/code.html",
        tablet=_found(made.tablet_id),
        code=made.code,
        address=address,
        picture=picture_of(f"{address}#{made.code}", title="QR code that sets the tablet up"),
    )


def _published(connection: Connection) -> list[PublishedVersion]:
    return [current_version(connection, slug) for slug in published_slugs(connection)]


def _teams(connection: Connection) -> list[str]:
    """Return the teams for which a person may add a tablet: the own ones, or every team in which somebody works."""
    teams = current_person().teams
    if teams is None:
        teams = frozenset(team for one in everybody(connection) for team in one.own_teams)
    return sorted(teams)
