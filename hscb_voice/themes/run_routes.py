"""Pages of a run: reading all comments by a new version, comparing, switching, and taking the switch back.

Only somebody who meets every team's comments may begin or switch: it changes the codes of all of them.
"""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import IntegerField
from wtforms.validators import InputRequired

from hscb_voice.codebooks.errors import CodebookEditError, UnknownVersionError
from hscb_voice.codebooks.queries import Standing, codebook_of, standing, switches, theme_titles, versions
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.jobs import jobs_waiting
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.themes import rerunning, switching
from hscb_voice.themes.comparing import changes, coded_by_people, last_run
from hscb_voice.themes.errors import RunError
from hscb_voice.themes.queries import NO_THEME
from hscb_voice.themes.rerunning import FINISHED, PAUSED, RUNNING
from hscb_voice.themes.service import THEME_POLARITIES
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_runs", __name__, url_prefix=f"{STAFF_PATH}/codebook/run")
NOT_EVERY_TEAM = "Only somebody who sees the comments of every team can do this."


class RunForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """An act on a run; there is nothing to fill in."""


class BeginRunForm(RunForm):
    """By which version all comments are to be read."""

    number = IntegerField("Version", validators=[InputRequired()])


@blueprint.get("/")
@requires(Permission.EDIT_CODEBOOK)
def run() -> str:
    """Show how far the reading is, and what a switch would change."""
    teams = current_person().teams
    with platform().database.reading() as connection:
        now, run_now = standing(connection), last_run(connection)
        is_ready = run_now is not None and run_now.state == FINISHED and run_now.version == now.standing_by
        return render_template(
            "themes/run.html",
            now=now,
            run=run_now,
            states={"running": RUNNING, "paused": PAUSED, "finished": FINISHED},
            is_ready=is_ready,
            changes=changes(connection, teams) if is_ready else [],
            people=coded_by_people(connection, teams),
            titles=_titles(connection, now),
            polarities=THEME_POLARITIES,
            versions=[one for one in versions(connection) if one.number != now.in_force],
            switches=switches(connection, 5),
            can_undo=switching.can_undo(connection),
            names={person.id: person.name for person in everybody(connection)},
            worker=jobs_waiting(connection).last_beat,
            form=RunForm(),
        )


@blueprint.post("/begin")
@requires(Permission.EDIT_CODEBOOK)
def begin() -> ResponseReturnValue:
    """Begin to read all comments by a version."""
    form = BeginRunForm()
    number = form.number.data
    if not form.validate_on_submit() or number is None:
        abort(400)

    def do(connection: Connection, by: str, clock: Clock) -> None:
        rerunning.begin_run(connection, number, by, clock)

    return _act(do, f"All comments are being read by version {number} now. Nothing changes until you switch.")


@blueprint.post("/again")
@requires(Permission.EDIT_CODEBOOK)
def again() -> ResponseReturnValue:
    """Begin to read all comments again by the version in force, with what was learned since."""
    return _act(rerunning.begin_again, "All comments are being read again now. Nothing changes until you switch.")


@blueprint.post("/pause")
@requires(Permission.EDIT_CODEBOOK)
def pause() -> ResponseReturnValue:
    """Let the run rest."""
    return _act(rerunning.pause_run, "Paused. What was read stays.")


@blueprint.post("/go-on")
@requires(Permission.EDIT_CODEBOOK)
def go_on() -> ResponseReturnValue:
    """Let a paused run go on."""
    return _act(rerunning.continue_run, "The reading goes on where it was.")


@blueprint.post("/give-up")
@requires(Permission.EDIT_CODEBOOK)
def give_up() -> ResponseReturnValue:
    """Give the run up."""
    return _act(rerunning.drop_run, "Given up. The codes in force are as they were.")


@blueprint.post("/switch")
@requires(Permission.EDIT_CODEBOOK)
def switch() -> ResponseReturnValue:
    """Put the new version in force."""
    return _act(switching.switch, "The new version is in force, with its codes and figures. You can take that back.")


@blueprint.post("/undo")
@requires(Permission.EDIT_CODEBOOK)
def undo() -> ResponseReturnValue:
    """Take the last switch back."""
    return _act(switching.undo_switch, "Taken back. The version from before is in force, with its codes and figures.")


def _titles(connection: Connection, now: Standing) -> dict[str, str]:
    """Return the themes' names; those that only the version that stands by has are named as it names them."""
    titles, coming = theme_titles(connection), {}
    if now.standing_by is not None:
        in_force = codebook_of(connection, now.in_force).theme_ids()
        themes = codebook_of(connection, now.standing_by).themes
        coming = {
            theme.id: f"{theme.name} (in version {now.standing_by})" for theme in themes if theme.id not in in_force
        }
    return {**titles, **coming, NO_THEME: "Without a theme"}


def _act(do: Callable[[Connection, str, Clock], object], told: str) -> ResponseReturnValue:
    here, person = platform(), current_person()
    if not RunForm().validate_on_submit():
        abort(400)
    if person.teams is not None:
        flash(NOT_EVERY_TEAM, "refusal")
        return redirect(url_for(".run"), code=303)
    try:
        with here.database.writing() as connection:
            do(connection, person.id, here.clock)
        flash(told)
    except (RunError, CodebookEditError, UnknownVersionError) as trouble:
        flash(str(trouble), "refusal")
    return redirect(url_for(".run"), code=303)
