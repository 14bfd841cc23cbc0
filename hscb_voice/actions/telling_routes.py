"""The staff page on which is written what people of one age are told, in one language; it is checked as it is saved."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.actions import queries, service
from hscb_voice.actions.checking import Checked, check_words
from hscb_voice.actions.errors import ActionRefusedError
from hscb_voice.actions.forms import TellForm, show_refusal
from hscb_voice.actions.routes import found_action
from hscb_voice.actions.statuses import LOOKS
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform
from hscb_voice.web.languages import LANGUAGES

blueprint = Blueprint("staff_telling", __name__, url_prefix=f"{STAFF_PATH}/actions")
_REFUSED = 422


@blueprint.route("/<action_id>/tell/<look>/<language>", methods=["GET", "POST"])
@requires(Permission.DECIDE_ACTIONS)
def tell(action_id: str, look: str, language: str) -> ResponseReturnValue:
    """Write what some readers are told."""
    if look not in LOOKS or language not in LANGUAGES:
        abort(404)
    found = found_action(action_id)
    with platform().database.reading() as connection:
        told = queries.told_of(connection, action_id)
    form = TellForm(obj=told.get((look, language)))
    checked = _checked(form, look, language)
    if form.validate_on_submit() and (not (checked and checked.problems) or form.asks_to_keep()):
        is_hard = bool(checked and checked.is_hard)
        words = service.Words(look, language, str(form.you_said.data), str(form.we_did.data), is_hard=is_hard)
        if _is_kept(form, action_id, words):
            return redirect(url_for("staff_actions.action", action_id=action_id), 303)
    page = render_template(
        "actions/tell.html",
        form=form,
        action=found,
        checked=checked,
        look=LOOKS[look],
        language=LANGUAGES[language],
        english=told.get((look, "en")) if language != "en" else None,
    )
    return page, _REFUSED if form.is_submitted() else 200


def _is_kept(form: TellForm, action_id: str, words: service.Words) -> bool:
    try:
        with platform().database.writing() as connection:
            service.tell(connection, action_id, words, current_person().id, platform().clock)
    except ActionRefusedError as refusal:
        show_refusal(form, refusal)
        return False
    flash(f"Saved. {LOOKS[words.look]}, {LANGUAGES[words.language].name}.")
    return True


def _checked(form: TellForm, look: str, language: str) -> Checked | None:
    """Check what was sent; None when nothing was, or there are no words."""
    texts = [str(form.you_said.data or ""), str(form.we_did.data or "")]
    try:
        return check_words(texts, look, language) if form.is_submitted() else None
    except ValueError:
        return None
