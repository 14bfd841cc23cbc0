"""The administrator's page of API tokens: which there are, making one, which is shown once, and revoking one."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.api.errors import TokenRefusedError, UnknownTokenError
from hscb_voice.api.forms import TokenForm
from hscb_voice.api.tokens import make_token, revoke_token, tokens
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

tokens_blueprint = Blueprint("staff_tokens", __name__, url_prefix=f"{STAFF_PATH}/api-tokens")
_USUAL_LIFE = timedelta(days=90)
_REFUSED = 422


@tokens_blueprint.get("")
@requires(Permission.MANAGE_SETTINGS)
def overview() -> str:
    """List the tokens there have been."""
    here = platform()
    with here.database.reading() as connection:
        return render_template(
            "api/tokens.html",
            tokens=tokens(connection),
            names={person.id: person.name for person in everybody(connection)},
            today=here.clock.today(),
        )


@tokens_blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
@freshly_signed_in
def new() -> ResponseReturnValue:
    """Make a token, and show it once."""
    here, form = platform(), TokenForm()
    if not form.is_submitted():
        form.expires_on.data = here.clock.today() + _USUAL_LIFE
    if form.validate_on_submit():
        try:
            with here.database.writing() as connection:
                token = make_token(
                    connection,
                    str(form.name.data),
                    form.chosen(),
                    form.last_day(),
                    by=current_person().id,
                    keys=here.keys,
                    clock=here.clock,
                )
        except TokenRefusedError as refusal:
            form.expires_on.errors = [*form.expires_on.errors, str(refusal)]
        else:
            return render_template("api/made.html", token=token, name=form.name.data)
    return render_template("api/new.html", form=form), _REFUSED if form.is_submitted() else 200


@tokens_blueprint.post("/<token_id>/revoke")
@requires(Permission.MANAGE_SETTINGS)
@freshly_signed_in
def revoke(token_id: str) -> ResponseReturnValue:
    """Make a token open nothing any more."""
    here = platform()
    if not ActForm().validate_on_submit():
        abort(400)
    try:
        with here.database.writing() as connection:
            revoke_token(connection, token_id, by=current_person().id, clock=here.clock)
    except UnknownTokenError:
        flash("There is no such token.", "refusal")
    else:
        flash("The token opens nothing any more.")
    return redirect(url_for(".overview"), 303)
