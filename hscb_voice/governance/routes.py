"""Staff pages of the data-protection officer: find an answer, hold it, erase it, ask for a copy; how long words stay.

No page here shows a tick or a word of an answer.
"""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import written_date
from hscb_voice.governance import access, forms, queries
from hscb_voice.governance.erasing import KEEP, Erasing, erase
from hscb_voice.governance.errors import NotNowError, PeriodError, TooManyTriesError, UnknownReceiptError
from hscb_voice.governance.finding import find_response
from hscb_voice.governance.holding import Holding, end_hold, hold
from hscb_voice.governance.leftovers import LEFTOVERS, NOTES, NOTES_KEPT
from hscb_voice.governance.retention import last_runs, periods, set_period, what_is_due
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.showing import short_titles
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.forms import ActForm
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_keeping", __name__, url_prefix=f"{STAFF_PATH}/keeping")


@blueprint.get("")
@requires(Permission.KEEP_AND_ERASE)
def overview() -> ResponseReturnValue:
    """Show what waits, what is held, what goes next, and what went."""
    return _overview(forms.FindForm(formdata=None))


@blueprint.post("/find")
@requires(Permission.KEEP_AND_ERASE)
def find() -> ResponseReturnValue:
    """Find an answer by what somebody holds; the words of a receipt never stand in an address."""
    form, here = forms.FindForm(), platform()
    if not form.validate_on_submit():
        return _overview(form)
    try:
        found = find_response(here, str(form.typed.data), current_person().id, is_known=True)
    except (UnknownReceiptError, TooManyTriesError) as refusal:
        form.typed.errors = [str(refusal)]
        return _overview(form)
    return redirect(url_for(".answer", held_id=found))


@blueprint.get("/answers/<held_id>")
@requires(Permission.KEEP_AND_ERASE)
def answer(held_id: str) -> ResponseReturnValue:
    """Show an answer from outside, and what can be done."""
    return _answer(_held(held_id))


@blueprint.post("/answers/<held_id>/hold")
@requires(Permission.KEEP_AND_ERASE)
def hold_it(held_id: str) -> ResponseReturnValue:
    """Hold an answer until a day."""
    found, form, here = _held(held_id), forms.HoldForm(), platform()
    if not form.validate_on_submit() or form.until.data is None:
        return _answer(found, hold_form=form)
    wanted = Holding(held_id, str(form.reason.data), form.until.data, current_person().id)
    try:
        with here.database.writing() as connection:
            hold(connection, wanted, here.clock)
    except PeriodError as refusal:
        form.until.errors = [str(refusal)]
        return _answer(found, hold_form=form)
    flash("This answer is held.")
    return redirect(url_for(".answer", held_id=held_id))


@blueprint.post("/answers/<held_id>/end-hold")
@requires(Permission.KEEP_AND_ERASE)
def end_its_hold(held_id: str) -> ResponseReturnValue:
    """End a hold."""
    _held(held_id)
    with platform().database.writing() as connection:
        end_hold(connection, held_id, current_person().id, platform().clock.now())
    flash("The hold has ended.")
    return redirect(url_for(".answer", held_id=held_id))


@blueprint.post("/answers/<held_id>/copy")
@requires(Permission.KEEP_AND_ERASE)
def ask_for_copy(held_id: str) -> ResponseReturnValue:
    """Ask a safeguarding lead to release a copy."""
    _held(held_id)
    with platform().database.writing() as connection:
        access.ask(connection, held_id, current_person().id, platform().clock.now())
    flash("A safeguarding lead has been asked to release a copy.")
    return redirect(url_for(".answer", held_id=held_id))


@blueprint.post("/answers/<held_id>/erase")
@requires(Permission.KEEP_AND_ERASE)
@freshly_signed_in
def erase_it(held_id: str) -> ResponseReturnValue:
    """Erase an answer for good."""
    found = _held(held_id)
    form = _erase_form(found)
    if not form.validate_on_submit():
        return _answer(found, erase_form=form)
    record = str(form.record.data) if "record" in form else ""
    try:
        erase(platform(), Erasing(held_id, str(form.why.data), current_person().id, record))
    except NotNowError as refusal:
        form.why.errors = [str(refusal)]
        return _answer(_held(held_id), erase_form=form)
    flash("The answer has been erased." + (" The record of its concern is kept." if record == KEEP else ""))
    return redirect(url_for(".overview"))


@blueprint.route("/periods", methods=["GET", "POST"])
@requires(Permission.KEEP_AND_ERASE)
@freshly_signed_in
def change_period() -> ResponseReturnValue:
    """Change how long the words of a questionnaire are kept."""
    form, here, by = forms.PeriodForm(), platform(), current_person().id
    with here.database.reading() as connection:
        titles, kept = short_titles(connection), periods(connection)
    form.slug.choices = [(slug, f"{title}: now {kept[slug]} months") for slug, title in titles.items()]
    if not form.validate_on_submit():
        return render_template("governance/period.html", form=form), 400 if form.errors else 200
    slug, months, now = str(form.slug.data), int(form.months.data or 0), here.clock.now()
    with here.database.writing() as connection:
        set_period(connection, slug, months, by, now)
        subject = f"questionnaire {slug}"
        note(connection, by, "changed how long words are kept", subject, now=now, reason=f"{months} months")
    flash(f"The words of “{titles[slug]}” are kept for {months} months.")
    return redirect(url_for(".overview"))


def _overview(form: forms.FindForm) -> ResponseReturnValue:
    here = platform()
    with here.database.reading() as connection:
        page = render_template(
            "governance/overview.html",
            form=form,
            titles=short_titles(connection),
            periods=periods(connection),
            due=what_is_due(connection, here.clock.today()),
            runs=last_runs(connection),
            wishes=queries.wishes(connection),
            holdings=queries.holdings(connection),
            requests=access.requests(connection)[:50],
            written_date=written_date,
            leftovers=[(one.name, one.kept) for one in LEFTOVERS] + [(NOTES, NOTES_KEPT)],
        )
    return page, 400 if form.errors else 200


def _held(held_id: str) -> queries.HeldAnswer:
    try:
        with platform().database.reading() as connection:
            return queries.held_answer(connection, held_id)
    except UnknownResponseError:
        abort(404)


def _answer(
    found: queries.HeldAnswer, hold_form: forms.HoldForm | None = None, erase_form: forms.EraseForm | None = None
) -> ResponseReturnValue:
    sent = [form for form in (hold_form, erase_form) if form is not None]
    page = render_template(
        "governance/answer.html",
        found=found,
        hold_form=hold_form or forms.HoldForm(formdata=None),
        erase_form=erase_form or _erase_form(found, formdata=None),
        troubled=sent[0] if sent else None,
        act=ActForm(formdata=None),
        today=platform().clock.today(),
        written_date=written_date,
    )
    return page, 400 if sent else 200


def _erase_form(found: queries.HeldAnswer, **more: Any) -> forms.EraseForm:  # noqa: ANN401 - as the form takes it
    return forms.EraseWithRecordForm(**more) if found.standing.closed else forms.EraseForm(**more)
