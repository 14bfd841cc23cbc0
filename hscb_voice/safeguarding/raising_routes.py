"""The staff page on which a person who has read a response raises a concern by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.queries import ResponseSummary, response_by_id
from hscb_voice.safeguarding.forms import RaiseForm
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.service import raise_by_hand
from hscb_voice.safeguarding.wording import moment_words
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_raising", __name__, url_prefix=f"{STAFF_PATH}/responses")


@blueprint.get("/<response_id>/concern")
@requires(Permission.READ_COMMENTS)
def ask(response_id: str) -> str:
    """Ask what worries the person."""
    return _page(_find(response_id), RaiseForm())


@blueprint.post("/<response_id>/concern")
@requires(Permission.READ_COMMENTS)
def raise_one(response_id: str) -> ResponseReturnValue:
    """Raise a concern by hand; whoever is on duty is called as for any other."""
    here, found, form = platform(), _find(response_id), RaiseForm()
    if not form.validate_on_submit():
        return _page(found, form), 400
    with here.database.writing() as connection:
        written = Written(form.text.data or "", here.keys)
        raise_by_hand(connection, found, current_person().id, written, here.clock)
    flash("You have raised a concern. Whoever is on duty is being told now.")
    return redirect(url_for("staff_responses.response", response_id=response_id))


def _find(response_id: str) -> ResponseSummary:
    try:
        with platform().database.reading() as connection:
            return response_by_id(connection, current_person().teams, response_id)
    except UnknownResponseError:
        abort(404)


def _page(found: ResponseSummary, form: RaiseForm) -> str:
    return render_template("safeguarding/raise.html", form=form, response=found, came=moment_words(found.received_at))
