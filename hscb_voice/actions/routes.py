"""Staff pages of actions: what waits for a decision, the list, one action with its history, what people are told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection

from hscb_voice.actions import queries, service
from hscb_voice.actions.errors import ActionRefusedError, UnknownActionError
from hscb_voice.actions.forms import (
    DecisionForm,
    NoteForm,
    ProgressForm,
    RewordForm,
    ThresholdForm,
    show_refusal,
)
from hscb_voice.actions.queries import ActionLine
from hscb_voice.actions.statuses import LOOKS, ORIGIN_LABELS, STATUS_LABELS, Origin, Status
from hscb_voice.codebooks.queries import theme_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.queries import Person, everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform
from hscb_voice.web.languages import LANGUAGES

blueprint = Blueprint("staff_actions", __name__, url_prefix=f"{STAFF_PATH}/actions")
_REFUSED = 422


@blueprint.get("/")
@requires(Permission.SEE_ACTIONS)
def actions() -> str:
    """List what waits for a decision, and all actions."""
    here, person = platform(), current_person()
    asked = {name: request.args.get(name, "") for name in ("status", "origin", "service", "mine")}
    with here.database.reading() as connection:
        return render_template(
            "actions/list.html",
            waits=queries.waits(connection),
            actions=_asked_for(connection, asked, person),
            asked=asked,
            services=queries.services_named(connection),
            titles=theme_titles(connection),
            names=_names(connection),
            today=here.clock.today(),
            statuses=STATUS_LABELS,
            origins=ORIGIN_LABELS,
            thresholds=queries.thresholds(connection),
            may_decide=person.may(Permission.DECIDE_ACTIONS),
        )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.DECIDE_ACTIONS)
def new() -> ResponseReturnValue:
    """Note something that people said or asked."""
    here, form = platform(), NoteForm()
    with here.database.reading() as connection:
        form.offer(theme_titles(connection))
    if request.method == "GET":
        form.theme.data, form.service.data = request.args.get("theme", ""), request.args.get("service", "")
    if form.validate_on_submit():
        with here.database.writing() as connection:
            action_id = service.note_action(connection, form.new(), current_person().id, here.clock)
        flash("Noted. Now decide what is done about it.")
        return redirect(url_for(".action", action_id=action_id), 303)
    page = render_template("actions/form.html", form=form, title="Note what people said", back=url_for(".actions"))
    return page, _REFUSED if form.is_submitted() else 200


@blueprint.get("/<action_id>")
@requires(Permission.SEE_ACTIONS)
def action(action_id: str) -> str:
    """Show one action with its history and what people are told."""
    here, person, found = platform(), current_person(), found_action(action_id)
    with here.database.reading() as connection:
        return render_template(
            "actions/action.html",
            action=found,
            steps=queries.steps_of(connection, action_id),
            told=queries.told_of(connection, action_id),
            titles=theme_titles(connection),
            names=_names(connection),
            today=here.clock.today(),
            origins=ORIGIN_LABELS,
            looks=LOOKS,
            languages=LANGUAGES,
            act=ActForm(formdata=None),
            may_decide=person.may(Permission.DECIDE_ACTIONS),
            may_report=_may_report(person, found),
        )


@blueprint.route("/<action_id>/decide", methods=["GET", "POST"])
@requires(Permission.DECIDE_ACTIONS)
def decide(action_id: str) -> ResponseReturnValue:
    """Decide what is done, or that it cannot be."""
    found = found_action(action_id)
    standing = {"doing": found.doing, "owner": found.owner_id, "due": found.due, "because": found.because}
    standing["can"] = {Status.ASKED: "", Status.CANNOT: "no"}.get(found.status, "yes")
    form = DecisionForm(data=standing)
    with platform().database.reading() as connection:
        form.offer(_owners(connection))
    return _changed(
        form,
        found,
        "What is done about it",
        lambda connection, by: service.decide(connection, action_id, form.decision(), by, platform().clock),
    )


@blueprint.route("/<action_id>/report", methods=["GET", "POST"])
@requires(Permission.SEE_ACTIONS)
def report(action_id: str) -> ResponseReturnValue:
    """Report how it goes: whoever sees to it, or whoever decides."""
    found = found_action(action_id)
    if not _may_report(current_person(), found):
        flash("Whoever sees to it, or whoever decides, reports how it goes.", "refusal")
        return redirect(url_for(".action", action_id=action_id), 303)
    standing = {"status": found.status.value, "because": found.because}
    form = ProgressForm(data=standing | {"outcome": found.outcome, "evidence": found.evidence})
    return _changed(
        form,
        found,
        "How it goes",
        lambda connection, by: service.report(connection, action_id, form.progress(), by, platform().clock),
    )


@blueprint.route("/<action_id>/change", methods=["GET", "POST"])
@requires(Permission.DECIDE_ACTIONS)
def change(action_id: str) -> ResponseReturnValue:
    """Change how it is said what people said."""
    found = found_action(action_id)
    form = RewordForm(data={"said": found.said, "service": found.service, "goes_to": found.goes_to})
    return _changed(
        form,
        found,
        "What people said",
        lambda connection, by: service.reword(
            connection,
            action_id,
            service.Wording(str(form.said.data), str(form.service.data), str(form.goes_to.data)),
            by,
            platform().clock,
        ),
    )


@blueprint.post("/<action_id>/publish")
@requires(Permission.DECIDE_ACTIONS)
def publish(action_id: str) -> ResponseReturnValue:
    """Show it on the public page, or take it off."""
    here, wanted = platform(), request.form.get("wanted") != "no"
    found_action(action_id)
    try:
        with here.database.writing() as connection:
            service.publish(connection, action_id, current_person().id, here.clock, wanted=wanted)
        flash("It is on the public page now." if wanted else "It is off the public page.")
    except ActionRefusedError as refusal:
        flash(str(refusal), "refusal")
    return redirect(url_for(".action", action_id=action_id), 303)


@blueprint.route("/thresholds", methods=["GET", "POST"])
@requires(Permission.DECIDE_ACTIONS)
def thresholds() -> ResponseReturnValue:
    """Set from how many responses on a theme needs a decision."""
    here, form = platform(), ThresholdForm()
    if form.validate_on_submit():
        with here.database.writing() as connection:
            fewest, by = int(form.fewest.data or 0), current_person().id
            service.set_threshold(connection, str(form.service.data), fewest, by, here.clock)
        flash("Saved. It counts from the next daily look.")
        return redirect(url_for(".thresholds"), 303)
    with here.database.reading() as connection:
        standing = queries.thresholds(connection)
    return render_template("actions/thresholds.html", form=form, standing=standing), (
        _REFUSED if form.is_submitted() else 200
    )


def _changed(
    form: FlaskForm, found: ActionLine, title: str, act: Callable[[Connection, str], None]
) -> ResponseReturnValue:
    """Do what a form asks and go back to the action, or show the form again with what will not do."""
    if form.validate_on_submit():
        try:
            with platform().database.writing() as connection:
                act(connection, current_person().id)
        except ActionRefusedError as refusal:
            show_refusal(form, refusal)
        else:
            flash("Saved.")
            return redirect(url_for(".action", action_id=found.id), 303)
    back = url_for(".action", action_id=found.id)
    page = render_template("actions/form.html", form=form, title=title, back=back, found=found)
    return page, _REFUSED if form.is_submitted() else 200


def found_action(action_id: str) -> ActionLine:
    """Return an action, or answer that there is none.

    Args:
        action_id: as it stands in the address.
    """
    with platform().database.reading() as connection:
        try:
            return queries.action_by_id(connection, action_id)
        except UnknownActionError:
            abort(404)


def _asked_for(connection: Connection, asked: Mapping[str, str], person: Person) -> list[ActionLine]:
    return queries.action_list(
        connection,
        statuses=[status for status in Status if status.value == asked["status"]],
        origin=next((origin for origin in Origin if origin.value == asked["origin"]), None),
        service=asked["service"],
        owner_id=person.id if asked["mine"] else "",
    )


def _may_report(person: Person, found: ActionLine) -> bool:
    decided = found.status not in {Status.ASKED, Status.CANNOT}
    return decided and (person.may(Permission.DECIDE_ACTIONS) or found.owner_id == person.id)


def _owners(connection: Connection) -> list[Person]:
    return [person for person in everybody(connection) if person.active and person.may(Permission.SEE_ACTIONS)]


def _names(connection: Connection) -> Mapping[str, Any]:
    return {person.id: person.name for person in everybody(connection)}
