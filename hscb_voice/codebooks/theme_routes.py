"""Pages on which a theme of the draft is written, tried on real comments, added, merged or split."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.codebooks import editing, service
from hscb_voice.codebooks.editing import ThemeFields
from hscb_voice.codebooks.errors import CodebookEditError, DraftMovedError
from hscb_voice.codebooks.forms import MergeForm, NewThemeForm, SplitForm, ThemeForm, tell
from hscb_voice.codebooks.page import draft_or_leave, refused, theme_page, tried, words_of
from hscb_voice.codebooks.queries import Draft
from hscb_voice.language.codebook import split_phrases
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_codebook_theme", __name__, url_prefix=f"{STAFF_PATH}/codebook/draft")
_NEW = "new_theme"  # under which a theme is tried that has no short name yet


@blueprint.get("/themes/<theme_id>")
@requires(Permission.EDIT_CODEBOOK)
def theme(theme_id: str) -> ResponseReturnValue:
    """Show a theme of the draft, to be changed."""
    found = draft_or_leave()
    try:
        fields = editing.fields_of(found.contents.theme(theme_id))
    except CodebookEditError as trouble:
        return refused(trouble)
    return theme_page(found, ThemeForm(formdata=None, data={**vars(fields), "turn": found.turn}), theme_id)


@blueprint.post("/themes/<theme_id>")
@requires(Permission.EDIT_CODEBOOK)
def save(theme_id: str) -> ResponseReturnValue:
    """Keep a theme as it is written."""
    found, form = draft_or_leave(), ThemeForm()
    if not form.validate_on_submit():
        return theme_page(found, form, theme_id, trouble="The form is not whole. Load the page again."), 422
    fields = form.theme_fields()
    try:
        name = found.contents.theme(theme_id).name
        _change(form, lambda old: editing.change_theme(old, theme_id, fields), f"Changed “{name}”")
    except CodebookEditError as trouble:
        return theme_page(found, form, theme_id, trouble=tell(form, trouble)), 422
    except DraftMovedError as trouble:
        return theme_page(found, form, theme_id, trouble=str(trouble)), 409
    flash(f"“{fields.name}” is saved in the draft.")
    return redirect(url_for("staff_codebook.draft"), code=303)


@blueprint.post("/themes/<theme_id>/try")
@requires(Permission.EDIT_CODEBOOK)
def try_one(theme_id: str) -> ResponseReturnValue:
    """Show what a theme would match, without saving it."""
    found, form = draft_or_leave(), ThemeForm()
    return _tried_page(found, form, theme_id)


@blueprint.post("/themes/<theme_id>/matches")
@requires(Permission.EDIT_CODEBOOK)
def matches(theme_id: str) -> ResponseReturnValue:
    """Give only the matches, for a page that asks while somebody types."""
    found, form = draft_or_leave(), ThemeForm()
    if not form.validate_on_submit():
        return render_template("codebooks/matches.html", tried=None, trouble="Load the page again."), 422
    try:
        told = tried(found, theme_id, form.theme_fields())
    except CodebookEditError as trouble:
        return render_template("codebooks/matches.html", tried=None, trouble=words_of(trouble)), 422
    return render_template("codebooks/matches.html", tried=told, trouble="")


@blueprint.get("/new")
@requires(Permission.EDIT_CODEBOOK)
def new() -> ResponseReturnValue:
    """Show an empty theme."""
    found = draft_or_leave()
    return theme_page(found, NewThemeForm(formdata=None, data={"turn": found.turn}), "")


@blueprint.post("/new")
@requires(Permission.EDIT_CODEBOOK)
def add() -> ResponseReturnValue:
    """Add a theme to the draft."""
    found, form = draft_or_leave(), NewThemeForm()
    if not form.validate_on_submit():
        return theme_page(found, form, "", trouble="The form is not whole. Load the page again."), 422
    fields, theme_id = form.theme_fields(), (form.id.data or "").strip()
    try:
        _change(form, lambda old: editing.add_theme(old, theme_id, fields), f"Added “{fields.name.strip()}”")
    except CodebookEditError as trouble:
        return theme_page(found, form, "", trouble=tell(form, trouble)), 422
    except DraftMovedError as trouble:
        return theme_page(found, form, "", trouble=str(trouble)), 409
    flash(f"“{fields.name.strip()}” is added to the draft.")
    return redirect(url_for("staff_codebook.draft"), code=303)


@blueprint.post("/new/try")
@requires(Permission.EDIT_CODEBOOK)
def try_new() -> ResponseReturnValue:
    """Show what a new theme would match, without adding it."""
    return _tried_page(draft_or_leave(), NewThemeForm(), "")


@blueprint.get("/merge")
@requires(Permission.EDIT_CODEBOOK)
def merge() -> str:
    """Ask which theme goes into which."""
    found = draft_or_leave()
    return _merge_page(found, MergeForm(formdata=None, data={"turn": found.turn}))


@blueprint.post("/merge")
@requires(Permission.EDIT_CODEBOOK)
def merge_two() -> ResponseReturnValue:
    """Let one theme of the draft go into another."""
    found, form = draft_or_leave(), MergeForm()
    _fill_choices(found, form)
    if not form.validate_on_submit():
        return _merge_page(found, form, "Choose the two themes."), 422
    goes, into = form.goes.data, form.into.data
    try:
        names = [found.contents.theme(one).name for one in (goes, into)]
        did = f"Merged “{names[0]}” into “{names[1]}”"
        left_out = editing.left_out_by_merging(found.contents, goes, into)
        _change(form, lambda old: editing.merge_themes(old, goes, into), did)
    except CodebookEditError as trouble:
        return _merge_page(found, form, tell(form, trouble)), 422
    except DraftMovedError as trouble:
        return refused(trouble)
    flash(f"{did} in the draft. Codes that people gave under the first stay under it, and figures say so.")
    if left_out:
        lines = "; ".join(f"“{line}”" for line in left_out)
        flash(f"Left out of “Unless”, because they would have silenced phrases of the other theme: {lines}.")
    return redirect(url_for("staff_codebook.draft"), code=303)


@blueprint.get("/themes/<theme_id>/split")
@requires(Permission.EDIT_CODEBOOK)
def split(theme_id: str) -> ResponseReturnValue:
    """Ask what of a theme becomes a new one."""
    found = draft_or_leave()
    try:
        return _split_page(found, SplitForm(formdata=None, data={"turn": found.turn}), theme_id)
    except CodebookEditError as trouble:
        return refused(trouble)


@blueprint.post("/themes/<theme_id>/split")
@requires(Permission.EDIT_CODEBOOK)
def split_it(theme_id: str) -> ResponseReturnValue:
    """Take phrases of a theme into a new one."""
    found, form = draft_or_leave(), SplitForm()
    moved = split_phrases(form.moved.data or "")
    fields = ThemeFields(form.name.data or "", form.definition.data or "")
    new_id = (form.id.data or "").strip()
    try:
        old_name = found.contents.theme(theme_id).name
    except CodebookEditError as trouble:
        return refused(trouble)
    try:
        did = f"Split “{fields.name.strip()}” from “{old_name}”"
        _change(form, lambda old: editing.split_theme(old, theme_id, new_id, fields, moved), did)
    except CodebookEditError as trouble:
        return _split_page(found, form, theme_id, tell(form, trouble)), 422
    except DraftMovedError as trouble:
        return refused(trouble)
    flash(f"{did} in the draft.")
    return redirect(url_for("staff_codebook.draft"), code=303)


def _change(form: ThemeForm | MergeForm | SplitForm, change: editing.Change, did: str) -> None:
    if not form.validate_on_submit() or form.turn.data is None:
        message = "The form is not whole. Load the page again."
        raise CodebookEditError(message)
    here = platform()
    with here.database.writing() as connection:
        service.change_draft(connection, form.turn.data, change, did, current_person().id, here.clock)


def _tried_page(found: Draft, form: ThemeForm, theme_id: str) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return theme_page(found, form, theme_id, trouble="The form is not whole. Load the page again."), 422
    try:
        told = tried(found, theme_id or _NEW, form.theme_fields())
    except CodebookEditError as trouble:
        return theme_page(found, form, theme_id, trouble=tell(form, trouble)), 422
    return theme_page(found, form, theme_id, found=told)


def _fill_choices(found: Draft, form: MergeForm) -> None:
    choices = [("", "Choose a theme"), *((one.id, one.name) for one in found.contents.codebook.themes)]
    form.goes.choices = form.into.choices = choices


def _merge_page(found: Draft, form: MergeForm, trouble: str = "") -> str:
    _fill_choices(found, form)
    return render_template("codebooks/merge.html", draft=found, form=form, trouble=trouble)


def _split_page(found: Draft, form: SplitForm, theme_id: str, trouble: str = "") -> str:
    old = found.contents.theme(theme_id)
    return render_template("codebooks/split.html", draft=found, form=form, theme=old, trouble=trouble)
