"""Pages of the codebook: its versions, what differs between them, and the draft with its themes.

Who may not edit it never comes here; who may not read comments edits without seeing any.
"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.codebooks import editing, queries, service
from hscb_voice.codebooks.differing import differences
from hscb_voice.codebooks.editing import Contents
from hscb_voice.codebooks.errors import CodebookEditError, DraftMovedError, UnknownVersionError
from hscb_voice.codebooks.forms import BeginForm, PublishForm, TurnForm
from hscb_voice.codebooks.page import draft_or_leave, open_draft, refused
from hscb_voice.language.codebook import written_codebook
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_codebook", __name__, url_prefix=f"{STAFF_PATH}/codebook")
_DRAFT = "draft"


@blueprint.get("/")
@requires(Permission.EDIT_CODEBOOK)
def overview() -> str:
    """Show the versions, and what can be done."""
    with platform().database.reading() as connection:
        now, found = queries.standing(connection), queries.versions(connection)
        names = {person.id: person.name for person in everybody(connection)}
    return render_template(
        "codebooks/overview.html", now=now, versions=found, names=names, draft=open_draft(), form=BeginForm()
    )


@blueprint.post("/draft/begin")
@requires(Permission.EDIT_CODEBOOK)
def begin() -> ResponseReturnValue:
    """Begin a draft."""
    form, here = BeginForm(), platform()
    if not form.validate_on_submit():
        abort(400)
    try:
        with here.database.writing() as connection:
            service.begin_draft(connection, current_person().id, here.clock, form.based_on.data)
    except (CodebookEditError, UnknownVersionError) as trouble:
        flash(str(trouble), "refusal")
        return redirect(url_for(".overview"), code=303)
    return redirect(url_for(".draft"), code=303)


@blueprint.get("/draft")
@requires(Permission.EDIT_CODEBOOK)
def draft() -> str:
    """Show the draft: its themes, what was changed, and publishing."""
    return _draft_page(PublishForm())


@blueprint.post("/draft/undo")
@requires(Permission.EDIT_CODEBOOK)
def undo() -> ResponseReturnValue:
    """Take the last change of the draft back."""
    here = platform()
    try:
        with here.database.writing() as connection:
            did = service.undo_change(connection, _turn(), current_person().id, here.clock)
        flash(f"Undone: {did}.")
    except (CodebookEditError, DraftMovedError) as trouble:
        return refused(trouble)
    return redirect(url_for(".draft"), code=303)


@blueprint.post("/draft/discard")
@requires(Permission.EDIT_CODEBOOK)
def discard() -> ResponseReturnValue:
    """Throw the draft away."""
    here = platform()
    try:
        with here.database.writing() as connection:
            service.discard_draft(connection, _turn(), current_person().id, here.clock)
        flash("The draft is gone. The codebook in force is as it was.")
    except DraftMovedError as trouble:
        return refused(trouble)
    return redirect(url_for(".overview"), code=303)


@blueprint.post("/draft/publish")
@requires(Permission.EDIT_CODEBOOK)
def publish() -> ResponseReturnValue:
    """Publish the draft as a version; it is not in force yet."""
    form, here = PublishForm(), platform()
    try:
        with here.database.writing() as connection:
            why = form.note.data or ""
            number = service.publish_draft(connection, _turn(), why, current_person().id, here.clock)
    except CodebookEditError as trouble:
        form.note.errors = [str(trouble)]
        return _draft_page(form), 422
    except DraftMovedError as trouble:
        return refused(trouble)
    flash(f"Version {number} is published. It changes nothing until all comments are read by it and you switch to it.")
    return redirect(url_for("staff_runs.run"), code=303)


@blueprint.get("/compare")
@requires(Permission.EDIT_CODEBOOK)
def compare() -> str:
    """Show two versions side by side."""
    with platform().database.reading() as connection:
        found = queries.versions(connection)
        current = queries.standing(connection).in_force
    has_draft = open_draft() is not None
    newest = _DRAFT if has_draft else str(found[0].number)
    old, new = request.args.get("old", str(current)), request.args.get("new", newest)
    choices = [(str(one.number), f"Version {one.number}") for one in found]
    choices += [(_DRAFT, "The draft")] if has_draft else []
    names = dict(choices)
    told = differences(_contents(old), _contents(new))
    return render_template("codebooks/compare.html", old=old, new=new, choices=choices, names=names, differences=told)


@blueprint.get("/versions/<name>/yaml")
@requires(Permission.EDIT_CODEBOOK)
def take(name: str) -> Response:
    """Hand a version, or the draft, out as YAML."""
    answer = Response(written_codebook(_contents(name).codebook), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="codebook-{name}.yaml"'
    return answer


@blueprint.post("/draft/themes/<theme_id>/retire")
@requires(Permission.EDIT_CODEBOOK)
def retire(theme_id: str) -> ResponseReturnValue:
    """Let a theme go from the draft."""
    here, found = platform(), draft_or_leave()
    try:
        name = found.contents.theme(theme_id).name
        with here.database.writing() as connection:
            did, by = f"Retired “{name}”", current_person().id

            def change(old: Contents) -> Contents:
                return editing.retire_theme(old, theme_id)

            service.change_draft(connection, _turn(), change, did, by, here.clock)
        flash(f"“{name}” is retired in the draft. Codes that people gave under it stay.")
    except (CodebookEditError, DraftMovedError) as trouble:
        return refused(trouble)
    return redirect(url_for(".draft"), code=303)


def _turn() -> int:
    form = TurnForm()
    if not form.validate_on_submit() or form.turn.data is None:
        abort(400)
    return int(form.turn.data)


def _contents(name: str) -> Contents:
    if name == _DRAFT:
        return draft_or_leave().contents
    if not name.isdecimal() or len(name) > 6:  # noqa: PLR2004 - nobody publishes a million versions
        abort(404)
    try:
        with platform().database.reading() as connection:
            return queries.contents_of(connection, int(name))
    except UnknownVersionError:
        abort(404)


def _draft_page(form: PublishForm) -> str:
    found = draft_or_leave()
    form.turn.data = found.turn
    with platform().database.reading() as connection:
        base = queries.contents_of(connection, found.based_on)
    changed = {one.theme_id: one for one in differences(base, found.contents)}
    return render_template("codebooks/draft.html", draft=found, changed=changed, form=form)
