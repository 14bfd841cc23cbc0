"""Staff pages on which it is set up who is called about a concern; they also tell who would be called now."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.foundation.letters import latest_about, letters_waiting, post
from hscb_voice.safeguarding.calendars import weekdays_said
from hscb_voice.safeguarding.calling import CALLED_AFTER
from hscb_voice.safeguarding.duties import (
    EVERY_OTHER,
    TURN_LABELS,
    Called,
    Duties,
    Turn,
    called_for,
    duties_of,
    duty_problems,
    every_duty,
    known_services,
    remove_duties,
    save_duties,
    service_name,
    who_handles,
)
from hscb_voice.safeguarding.duty_forms import DutiesForm, filled
from hscb_voice.safeguarding.letter_words import trial_letter
from hscb_voice.safeguarding.wording import fate_words, moment_words, trouble_words
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_duties", __name__, url_prefix=f"{STAFF_PATH}/duties")
_LONGEST_SERVICE = 80
_TRIAL = "test letter"
_TRIALS_SHOWN = 5


@dataclass(frozen=True)
class CallLine:
    """One call as the page tells it."""

    turn: str
    when: str
    people: list[Called]


@dataclass(frozen=True)
class DutyLine:
    """One service in the list."""

    service: str
    name: str
    hours: str
    is_own: bool  # has a duty of its own
    calls: list[CallLine]


@blueprint.get("/")
@requires(Permission.SET_DUTIES)
def duties() -> str:
    """List who is called for each service, and who would be called now."""
    here = platform()
    now = here.clock.now()
    with here.database.reading() as connection:
        known, handlers = every_duty(connection), who_handles(connection)
        services = [EVERY_OTHER, *known_services(connection)]
        problems = duty_problems(connection, mail_is_set_up=here.mailer.is_set_up)
        letters = letters_waiting(connection, now)
        trials = latest_about(connection, _TRIAL, _TRIALS_SHOWN)
        lines = [_line(duties_of(connection, service), service, known, handlers) for service in services]
    return render_template(
        "safeguarding/duties.html",
        lines=lines,
        problems=problems,
        letters=letters,
        trouble=trouble_words(letters.trouble),
        trials=[(moment_words(posted), fate_words(fate)) for posted, fate in trials],
        now=moment_words(now),
    )


@blueprint.route("/edit", methods=["GET", "POST"])
@requires(Permission.SET_DUTIES)
def edit() -> ResponseReturnValue:
    """Set up who is called for one service."""
    here, service = platform(), _service()
    with here.database.reading() as connection:
        handlers, standing = who_handles(connection), duties_of(connection, service)
        is_own = service in every_duty(connection)
    form = filled(standing, handlers, sent=request.method == "POST")
    if not form.validate_on_submit():
        status = 400 if request.method == "POST" else 200
        return _edit_page(form, service, is_own=is_own), status
    with here.database.writing() as connection:
        save_duties(connection, form.chosen(service), by=current_person().id, now=here.clock.now())
    flash(f"Who is called has been saved. Service: {service_name(service)}.")
    return redirect(url_for(".duties"))


@blueprint.post("/remove")
@requires(Permission.SET_DUTIES)
def remove() -> ResponseReturnValue:
    """Let a service go by the duty of every other service again."""
    here, service = platform(), _service()
    with here.database.writing() as connection:
        remove_duties(connection, service, by=current_person().id, now=here.clock.now())
    flash(f"{service_name(service)} has no duty of its own any more.")
    return redirect(url_for(".duties"))


@blueprint.post("/test")
@requires(Permission.SET_DUTIES)
def send_test() -> ResponseReturnValue:
    """Send a test letter to everybody who could be called for a service now."""
    here, service, asker = platform(), _service(), current_person()
    with here.database.writing() as connection:
        people = _everyone_called(connection, service)
        for called in people:
            letter = trial_letter(called, service_name(service), asker.name)
            post(connection, here.keys, letter, here.clock.now(), about=_TRIAL)
    if people:
        flash("Test letters are on their way to " + ", ".join(called.address for called in people) + ".")
    else:
        flash("There is nobody to send a test letter to.")
    return redirect(url_for(".duties"))


def _everyone_called(connection: Connection, service: str) -> list[Called]:
    duties_here, handlers = duties_of(connection, service), who_handles(connection)
    now = platform().clock.now()
    found = [one for turn in Turn for one in called_for(duties_here, handlers, turn, now)]
    if duties_here.out_of_hours:
        found.append(Called("", duties_here.out_of_hours, "Out-of-hours duty"))
    return list({one.address: one for one in found}.values())


def _service() -> str:
    service = " ".join(request.args.get("service", EVERY_OTHER).split())
    if len(service) > _LONGEST_SERVICE:
        abort(404)
    return service


def _edit_page(form: DutiesForm, service: str, *, is_own: bool) -> str:
    return render_template(
        "safeguarding/duty.html",
        form=form,
        service=service,
        name=service_name(service),
        is_own=is_own,
        act=ActForm(formdata=None),
    )


def _line(duties_here: Duties, service: str, known: dict[str, Duties], handlers: list[Person]) -> DutyLine:
    hours, now = duties_here.hours, platform().clock.now()
    said = f"{weekdays_said(hours.weekdays)}, {hours.opens:%H:%M} to {hours.closes:%H:%M}"
    closed = len([day for day in hours.closing_days if day >= platform().clock.today()])
    said += f", and {closed} closing {'day' if closed == 1 else 'days'} to come" if closed else ""
    calls = [
        CallLine(TURN_LABELS[turn], _WHEN[turn], called_for(duties_here, handlers, turn, now + CALLED_AFTER[turn]))
        for turn in Turn
    ]
    return DutyLine(service, service_name(service), said, service in known, calls)


_WHEN = {Turn.FIRST: "At once", Turn.SECOND: "After 15 minutes", Turn.LEAD: "After an hour"}
