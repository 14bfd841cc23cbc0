"""The page on which somebody who is signed in proves again who they are, and goes on with what they were doing."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff import passkeys
from hscb_voice.staff.access import current_person, current_sign_in, is_safe_next, requires
from hscb_voice.staff.fresh import Errand, carried_fields, is_fresh, proof_page
from hscb_voice.staff.proof_forms import ProofForm
from hscb_voice.staff.proving import NotProvedError, prove_again, prove_by_passkey
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.staff.sign_ins import confirm_sign_in
from hscb_voice.web.current import platform

proof_blueprint = Blueprint("staff_proof", __name__, url_prefix=f"{STAFF_PATH}/proof")


@proof_blueprint.get("")
@requires(Permission.ENTER)
def prove() -> str:
    """Ask for a proof before a page."""
    return proof_page(ProofForm(formdata=None), Errand(_safe(request.args.get("next", "")), sends=False))


@proof_blueprint.post("")
@requires(Permission.ENTER)
def take() -> ResponseReturnValue:
    """Take the proof, and lead on. What was being sent is sent again by the browser, as it was."""
    form = ProofForm()
    sends = request.form.get("proof_sends") == "yes"
    errand = Errand(_safe(request.form.get("proof_next", "")), sends, carried_fields())
    if is_fresh():  # proved meanwhile in another tab, as those do who come by single sign-on
        return _onward(errand)
    if not form.validate_on_submit():
        return proof_page(form, errand), 400
    try:
        _check(form)
    except NotProvedError as refusal:
        return proof_page(form, errand, str(refusal)), 400
    with platform().database.writing() as connection:
        confirm_sign_in(connection, current_sign_in().id, now=platform().clock.now())
    return _onward(errand)


def _check(form: ProofForm) -> None:
    person, site = current_person(), passkeys.site_of(platform().settings)
    answer = str(form.proof_passkey.data or "")
    if answer and site is not None:
        prove_by_passkey(site, passkeys.PROVE, answer, person)
        return
    prove_again(person, str(form.proof_password.data or ""), str(form.proof_code.data or ""))


def _onward(errand: Errand) -> ResponseReturnValue:
    return redirect(errand.address, code=307 if errand.sends else 303)


def _safe(address: str) -> str:
    return address if is_safe_next(address) else url_for("staff_home.home")
