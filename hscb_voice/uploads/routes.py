"""Staff pages of uploads: an empty sheet to fill in, a look at a file before it is kept, progress, what was refused."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.collect.alone import do_what_is_urgent
from hscb_voice.foundation.spreadsheets import CONTENT_TYPE, csv_lines
from hscb_voice.paper.dates import month_of
from hscb_voice.paper.errors import UnknownFormError
from hscb_voice.paper.form_codes import PaperForm, form_of_code
from hscb_voice.paper.forms import ActForm
from hscb_voice.paper.printing import printable_form, printable_forms
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.safeguarding.calling import CALL_JOBS
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.fresh import freshly_signed_in
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.uploads import queries, service
from hscb_voice.uploads.columns import WHY_REFUSED, columns_of
from hscb_voice.uploads.errors import FileRefusedError, NotNowUploadError, UnknownUploadError
from hscb_voice.uploads.forms import UploadForm
from hscb_voice.uploads.judging import Asked, judge
from hscb_voice.uploads.queries import PREVIEW, UploadSummary
from hscb_voice.uploads.tables import read_table
from hscb_voice.web.bodies import takes_files
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_uploads", __name__, url_prefix=f"{STAFF_PATH}/spreadsheets")
LARGEST_FILE = 5 * 1024 * 1024
_BESIDE_THE_FILE = 64 * 1024
_REFUSED = 422
_SHOWN = 50
_PARTS_AT_ONCE = 6  # what a web process does by itself, so that a small file is done at once
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/")
@requires(Permission.INVITE)
def uploads() -> str:
    """List a person's uploads, and take another file."""
    return _start_page(UploadForm(formdata=None, data={"month": f"{platform().clock.today():%B %Y}"}))


@blueprint.get("/template/<slug>.xlsx")
@requires(Permission.INVITE)
def empty_sheet(slug: str) -> ResponseReturnValue:
    """Hand out an empty workbook for one form."""
    from hscb_voice.uploads.workbooks import template  # noqa: PLC0415 - openpyxl is large, and seldom needed

    try:
        with platform().database.reading() as connection:
            asked = request.args
            form = printable_form(connection, slug, asked.get("age"), point=asked.get("point", ""))
    except (UnknownQuestionnaireError, UnknownFormError):
        abort(404)
    answer = Response(template(columns_of(form.questions), _title(form)), content_type=_XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{form.code}.xlsx"'
    return answer


@blueprint.post("/")
@requires(Permission.INVITE)
@takes_files(LARGEST_FILE + _BESIDE_THE_FILE)
def look() -> ResponseReturnValue:
    """Read a file and keep, sealed, what it would become."""
    here, person = platform(), current_person()
    form = _offering(UploadForm())
    form.today = here.clock.today()
    if not form.validate_on_submit():
        return _start_page(form), _REFUSED
    content = form.file.data.read()
    try:
        asked = _asked(form)
        judged = judge(read_table(content), asked, content, here.keys)
    except FileRefusedError as trouble:
        form.file.errors = [str(trouble)]
        return _start_page(form), _REFUSED
    with here.database.writing() as connection:
        upload_id = service.keep_preview(connection, judged, asked, person.id, here.keys, here.clock)
    return redirect(url_for(".upload", upload_id=upload_id), code=303)


@blueprint.get("/<upload_id>")
@requires(Permission.INVITE)
def upload(upload_id: str) -> str:
    """Show what each row will become, how far it is, or what became of it."""
    here = platform()
    found = _found(upload_id)
    with here.database.reading() as connection:
        return render_template(
            "uploads/upload.html",
            upload=found,
            form=form_of_code(connection, found.form_code),
            contents=queries.contents_of(connection, here.keys, upload_id),
            counts=queries.counts_of(connection, upload_id),
            stays=queries.outcomes_of(connection, upload_id, ("stays",)),
            columns=columns_of(form_of_code(connection, found.form_code).questions),
            shown=_SHOWN,
            unread=queries.unread_of(connection, upload_id),
            has_worker=here.jobs.has_worker(),
        )


@blueprint.post("/<upload_id>/keep")
@requires(Permission.INVITE)
def keep(upload_id: str) -> ResponseReturnValue:
    """Bring the rows in; a small file at once, a large one by the worker, part by part."""
    return _act(upload_id, lambda connection, found: service.begin(connection, found, platform().clock), "")


@blueprint.post("/<upload_id>/drop")
@requires(Permission.INVITE)
def drop(upload_id: str) -> ResponseReturnValue:
    """Throw a preview away."""
    _act(upload_id, service.drop, "Thrown away. Nothing of the file is kept.")
    return redirect(url_for(".uploads"), code=303)


@blueprint.post("/<upload_id>/undo")
@requires(Permission.INVITE)
def undo(upload_id: str) -> ResponseReturnValue:
    """Take back what the file brought, as far as nobody has seen it."""
    return _act(upload_id, lambda connection, found: service.begin_to_undo(connection, found, platform().clock), "")


@blueprint.get("/<upload_id>/refused.csv")
@requires(Permission.INVITE)
@freshly_signed_in
def refused(upload_id: str) -> ResponseReturnValue:
    """Hand out the refused rows as they were, with what is wrong, to be mended and sent again."""
    here = platform()
    found = _found(upload_id)
    with here.database.reading() as connection:
        contents = queries.contents_of(connection, here.keys, found.id)
    header = contents.header
    rows = [
        ("; ".join(f"{name}: {why}" for name, why in row["faults"]), *row["cells"][: len(header)])
        for row in contents.refused
    ]
    lines = csv_lines((WHY_REFUSED.capitalize(), *header), rows)
    answer = Response("".join(lines), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return answer


def _act(upload_id: str, act: Callable[[Connection, UploadSummary], None], told: str) -> ResponseReturnValue:
    here, found = platform(), _found(upload_id)
    if not ActForm().validate_on_submit():
        abort(400)
    try:
        with here.database.writing() as connection:
            act(connection, found)
        if told:
            flash(told)
    except NotNowUploadError as trouble:
        flash(str(trouble), "refusal")
    for _ in range(_PARTS_AT_ONCE):
        if not here.jobs.run_for(upload_id, (service.BRING_JOB, service.UNDO_JOB)):
            break
    response = make_response(redirect(url_for(".upload", upload_id=upload_id), code=303))
    response.call_on_close(partial(do_what_is_urgent, here, upload_id, tuple(CALL_JOBS.values())))
    return response


def _found(upload_id: str) -> UploadSummary:
    try:
        with platform().database.reading() as connection:
            found = queries.upload_by_id(connection, current_person().id, upload_id)
    except UnknownUploadError:
        abort(404)
    if found.team not in current_person().own_teams:
        abort(404)  # whoever has left a team brings nothing into it any more
    return found


def _asked(form: UploadForm) -> Asked:
    here, month = platform(), month_of(str(form.month.data))
    assert month is not None  # noqa: S101 - the form was validated; this tells the type checker
    with here.database.reading() as connection:
        paper = form_of_code(connection, str(form.form.data))
    return Asked(paper, str(form.team.data), str(form.service.data), month, here.clock.today())


def _offering(form: UploadForm) -> UploadForm:
    with platform().database.reading() as connection:
        forms = [row[0] for one in printable_forms(connection) for row in one.rows]
    return form.offering([(one.code, _title(one)) for one in forms], sorted(current_person().own_teams))


def _title(form: PaperForm) -> str:
    labels = (form.version.definition.short_title, form.age_label, form.point_label)
    return ", ".join(label for label in labels if label)


def _start_page(form: UploadForm) -> str:
    with platform().database.reading() as connection:
        mine = queries.uploads_of(connection, current_person().id)
        forms = [row[0] for one in printable_forms(connection) for row in one.rows]
        titles = {one.form_code: _title(form_of_code(connection, one.form_code)) for one in mine}
    return render_template(
        "uploads/uploads.html",
        form=_offering(form),
        mine=mine,
        titles=titles,
        templates=[(one, _title(one)) for one in forms],
        preview=PREVIEW,
    )
