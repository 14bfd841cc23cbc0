"""Staff pages of packs: what has been issued, asking for one, one as it was issued, and its files."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.audit.service import note
from hscb_voice.board.overview import periods_heard
from hscb_voice.packs import queries
from hscb_voice.packs.document import shown
from hscb_voice.packs.errors import PackRefusedError, UnknownPackError
from hscb_voice.packs.forms import PackForm
from hscb_voice.packs.keeping import file_of
from hscb_voice.packs.service import order_pack
from hscb_voice.packs.writing import FORMATS, file_name
from hscb_voice.reading_room.meetings import upcoming
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_packs", __name__, url_prefix=f"{STAFF_PATH}/packs")
_REFUSED = 422


@blueprint.get("/")
@requires(Permission.SEE_FIGURES)
def packs() -> str:
    """List the packs that have been issued, and those that are being made."""
    here = platform()
    with here.database.reading() as connection:
        return render_template(
            "packs/list.html",
            packs=queries.issued_packs(connection),
            waiting=queries.waiting_packs(connection),
            names={person.id: person.name for person in everybody(connection)},
            formats=FORMATS,
            has_worker=here.jobs.has_worker(),
            may_issue=current_person().may(Permission.ISSUE_PACKS),
        )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ISSUE_PACKS)
def new() -> ResponseReturnValue:
    """Ask for a pack, perhaps one that puts another right."""
    here, form, replaces = platform(), PackForm(), request.args.get("replaces") or None
    with here.database.reading() as connection:
        form.offer(periods_heard(connection))
        if request.method == "GET":
            form.meeting.data = next(iter(upcoming(connection, here.clock.today())), None)
            form.period.data = request.args.get("period") or form.period.data
    if form.validate_on_submit():
        try:
            with here.database.writing() as connection:
                order_pack(connection, form.order(replaces), current_person().id, here.clock)
        except PackRefusedError as refusal:
            form.reason.errors = [*form.reason.errors, str(refusal)]
        else:
            flash("The pack is being made. It stands here when it has been issued.")
            return redirect(url_for(".packs"), 303)
    return render_template("packs/new.html", form=form, replaces=replaces), _REFUSED if form.is_submitted() else 200


@blueprint.get("/<pack_id>")
@requires(Permission.SEE_FIGURES)
def pack(pack_id: str) -> str:
    """Show a pack as it was issued."""
    here = platform()
    with here.database.reading() as connection:
        try:
            line = queries.line_of(connection, pack_id)
            document = queries.pack_by_id(connection, here.keys, pack_id)[1] if line.is_whole else None
        except UnknownPackError:
            abort(404)
        names = {person.id: person.name for person in everybody(connection)}
    may_issue = current_person().may(Permission.ISSUE_PACKS)
    return render_template(
        "packs/pack.html",
        line=line,
        document=document,
        shown=shown,
        names=names,
        formats=FORMATS,
        may_issue=may_issue,
    )


@blueprint.get("/<pack_id>/<form>")
@requires(Permission.SEE_FIGURES)
def file(pack_id: str, form: str) -> Response:
    """Hand out a file of a pack, byte for byte as it was issued, and note who took it."""
    if form not in FORMATS:
        abort(404)
    here = platform()
    with here.database.reading() as connection:
        try:
            _, document = queries.pack_by_id(connection, here.keys, pack_id)
            content = file_of(connection, here.keys, pack_id, form)
        except UnknownPackError:
            abort(404)
    with here.database.writing() as connection:
        note(connection, current_person().id, "took a pack", f"pack {pack_id} {form}", now=here.clock.now())
    response = make_response(content)
    response.headers["Content-Type"] = FORMATS[form][1]
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(document, form)}"'
    return response
