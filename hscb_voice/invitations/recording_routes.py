"""Staff pages for recording what somebody has said aloud: the setting first, then the same form that others meet.

The form itself is the respondents' own page and knows nothing of staff; a code that works once leads to it and says
that a worker recorded the answer.
"""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from hscb_voice.invitations import making
from hscb_voice.invitations.forms import RecordForm
from hscb_voice.invitations.listing import known_names
from hscb_voice.invitations.recording import last_recording
from hscb_voice.invitations.routes import definition_of
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_recording", __name__, url_prefix=f"{STAFF_PATH}/recording")


@blueprint.get("")
@requires(Permission.INVITE)
def choose() -> str:
    """Let a worker choose the questionnaire that somebody answers aloud."""
    with platform().database.reading() as connection:
        return render_template("invitations/choose.html", titles=short_titles(connection), recording=True)


@blueprint.route("/<slug>", methods=["GET", "POST"])
@requires(Permission.INVITE)
def begin(slug: str) -> ResponseReturnValue:
    """Ask for the setting, then go to the form."""
    here, person, form, definition = platform(), current_person(), RecordForm(), definition_of(slug)
    form.offer(definition, person.teams or ())
    if not form.validate_on_submit() or form.refuse_later_than(here.clock.today()):
        return _begin_page(form, definition)
    with here.database.writing() as connection:
        code = making.make_recording(connection, form.wish(slug), making.Doer(person.id, here.clock))
    return redirect(f"/f/{code}")


@blueprint.get("/done")
@requires(Permission.INVITE)
def done() -> str:
    """Show what the worker recorded last: the three words to hand over, or that nothing has been sent."""
    here = platform()
    with here.database.reading() as connection:
        found = last_recording(connection, here.keys, current_person(), here.clock.now())
    return render_template("invitations/recorded.html", found=found)


def _begin_page(form: RecordForm, definition: Definition) -> ResponseReturnValue:
    with platform().database.reading() as connection:
        known = {name: known_names(connection, current_person().teams, name) for name in ("service", "locality")}
    page = render_template("invitations/record.html", form=form, definition=definition, known=known)
    return page, 400 if form.errors else 200
