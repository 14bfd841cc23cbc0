"""Staff pages of the safeguarding lead: which copies of what is held are asked for, release or refuse, take along."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.governance import access, forms
from hscb_voice.governance.errors import NotReleasedError
from hscb_voice.governance.queries import HeldAnswer, held_answer
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of
from hscb_voice.safeguarding.wording import KIND_LABELS, STATE_LABELS
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_copies", __name__, url_prefix=f"{STAFF_PATH}/copies")
_FILES = {
    access.PDF: ("answer.pdf", "application/pdf"),
    access.FOR_A_CHILD: ("answer-for-a-child.pdf", "application/pdf"),
    access.JSON: ("answer.json", "application/json"),
}


@blueprint.get("")
@requires(Permission.RELEASE_COPIES)
def copies() -> str:
    """List the copies that are asked for."""
    with platform().database.reading() as connection:
        return render_template("governance/copies.html", requests=access.requests(connection))


@blueprint.get("/<copied_id>")
@requires(Permission.RELEASE_COPIES)
def copy(copied_id: str) -> ResponseReturnValue:
    """Show one request, and what speaks for and against it."""
    return _page(copied_id)


@blueprint.post("/<copied_id>/release")
@requires(Permission.RELEASE_COPIES)
@freshly_signed_in
def release(copied_id: str) -> ResponseReturnValue:
    """Release a copy."""
    asked, form = _asked(copied_id), forms.ReleaseForm()
    if not form.validate_on_submit():
        return _page(copied_id, release_form=form)
    with platform().database.writing() as connection:
        now = platform().clock.now()
        access.release(connection, asked, str(form.concerns.data), current_person().id, now)
    flash("The copy is released. You can take it now, to hand it over.")
    return redirect(url_for(".copy", copied_id=copied_id))


@blueprint.post("/<copied_id>/refuse")
@requires(Permission.RELEASE_COPIES)
def refuse(copied_id: str) -> ResponseReturnValue:
    """Refuse a copy."""
    asked, form = _asked(copied_id), forms.RefuseForm()
    if not form.validate_on_submit():
        return _page(copied_id, refuse_form=form)
    with platform().database.writing() as connection:
        access.refuse(connection, asked, str(form.reason.data), current_person().id, platform().clock.now())
    flash("The copy is refused. The data-protection officer sees why.")
    return redirect(url_for(".copies"))


@blueprint.post("/<copied_id>/take")
@requires(Permission.RELEASE_COPIES)
@freshly_signed_in
def take(copied_id: str) -> ResponseReturnValue:
    """Hand over a released copy as a file; it is noted who took it."""
    asked, kind = _asked(copied_id), request.form.get("kind", "")
    if kind not in _FILES or not ActForm().validate_on_submit():
        abort(400)
    try:
        content = access.copy_released(platform(), asked.response_id, kind, current_person().id)
    except NotReleasedError as refusal:
        flash(str(refusal), "refusal")
        return redirect(url_for(".copy", copied_id=copied_id))
    name, content_type = _FILES[kind]
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(copied_id: str) -> access.Request:
    with platform().database.reading() as connection:
        found = access.request_about(connection, copied_id)
    if found is None:
        abort(404)
    return found


def _page(
    copied_id: str, release_form: forms.ReleaseForm | None = None, refuse_form: forms.RefuseForm | None = None
) -> ResponseReturnValue:
    asked = _asked(copied_id)
    found, concerns = _about(copied_id)
    sent = [form for form in (release_form, refuse_form) if form is not None]
    page = render_template(
        "governance/copy.html",
        asked=asked,
        found=found,
        concerns=[(KIND_LABELS[concern.kind], STATE_LABELS[concern.state], concern.id) for concern in concerns],
        release_form=release_form or forms.ReleaseForm(formdata=None),
        refuse_form=refuse_form or forms.RefuseForm(formdata=None),
        troubled=sent[0] if sent else None,
        told=access.MAY_BE_TOLD,
        act=ActForm(formdata=None),
    )
    return page, 400 if sent else 200


def _about(response_id: str) -> tuple[HeldAnswer, list[ConcernSummary]]:
    try:
        with platform().database.reading() as connection:
            found = held_answer(connection, response_id)
            return found, concerns_of(connection, current_person().teams, response_id)
    except UnknownResponseError:
        abort(404)
