"""Staff pages of new themes: what is suggested, on which comments it rests, and what a person makes of it.

Words of comments are shown only to those who may read them, only of their own teams, and each reading is noted.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.audit.service import note
from hscb_voice.codebooks.queries import codebook_in_force, draft, theme_titles
from hscb_voice.language.codebook import Codebook
from hscb_voice.new_themes import queries, service
from hscb_voice.new_themes.errors import DecisionError, UnknownSuggestionError
from hscb_voice.new_themes.forms import ActForm, MergeForm, NameForm, RejectForm, merge_form, name_form
from hscb_voice.new_themes.queries import Suggestion, sees_small_numbers
from hscb_voice.new_themes.searching import ask_for_search
from hscb_voice.responses.queries import CommentText
from hscb_voice.responses.words import comments_of
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_new_themes", __name__, url_prefix=f"{STAFF_PATH}/new-themes")
_REASON = "looking for new themes"
_REFUSED = 422


@blueprint.get("/")
@requires(Permission.READ_THEMES)
def new_themes() -> str:
    """Show what is suggested, how far the look is, and what was decided."""
    here = platform()
    with here.database.reading() as connection:
        found = queries.suggestions(connection, here.keys, sees_small=_sees_small())
        names = {one.id: one.name for one in everybody(connection)}
        return render_template(
            "new_themes/new_themes.html",
            phrases=[one for one in found if not one.is_group],
            groups=[one for one in found if one.is_group],
            search=queries.last_search(connection),
            decisions=queries.decisions(connection),
            names=names,
            titles=_titles(connection),
            reasons=service.REASONS,
            has_worker=here.jobs.has_worker(),
            may_decide=current_person().may(Permission.EDIT_CODEBOOK),
            form=ActForm(formdata=None),
        )


@blueprint.post("/look")
@requires(Permission.EDIT_CODEBOOK)
def look() -> ResponseReturnValue:
    """Ask the worker to look through the comments again."""
    here = platform()
    with here.database.writing() as connection:
        is_asked = ask_for_search(connection, current_person().id, here.clock)
        if is_asked:
            note(
                connection,
                current_person().id,
                "asked for a look for new themes",
                "comments without a theme",
                now=here.clock.now(),
            )
    flash("Asked for. This page shows what is found." if is_asked else "A look is under way already.")
    return redirect(url_for(".new_themes"), code=303)


@blueprint.get("/<suggestion_id>")
@requires(Permission.READ_THEMES)
def suggestion(suggestion_id: str) -> ResponseReturnValue:
    """Show one suggestion with its comments."""
    found, book = _found(suggestion_id), _book()
    return _page(found, name_form(found), merge_form(found, book), RejectForm(prefix="reject-"))


@blueprint.post("/<suggestion_id>/name")
@requires(Permission.EDIT_CODEBOOK)
def name(suggestion_id: str) -> ResponseReturnValue:
    """Make it a theme of the draft."""
    found = _found(suggestion_id)
    form = name_form(found)
    if form.validate_on_submit():
        here = platform()
        try:
            with here.database.writing() as connection:
                by = current_person().id
                service.name_theme(connection, suggestion_id, form.theme_id(), form.fields(), by, here.clock)
            return _decided("It is a theme of the codebook’s draft now. Figures follow when the draft is in force.")
        except DecisionError as trouble:
            _tell(form, trouble)
    return _page(found, form, merge_form(found, _book()), RejectForm(prefix="reject-", formdata=None)), _REFUSED


@blueprint.post("/<suggestion_id>/merge")
@requires(Permission.EDIT_CODEBOOK)
def merge(suggestion_id: str) -> ResponseReturnValue:
    """Let it go into a theme of the draft."""
    found = _found(suggestion_id)
    form = merge_form(found, _book())
    if form.validate_on_submit():
        here, theme, patterns = platform(), str(form.theme.data), str(form.patterns.data)
        try:
            with here.database.writing() as connection:
                service.merge_into(connection, suggestion_id, theme, patterns, current_person().id, here.clock)
            return _decided("The phrases stand in the codebook’s draft now. Figures follow when the draft is in force.")
        except DecisionError as trouble:
            _tell(form, trouble)
    return _page(found, name_form(found), form, RejectForm(prefix="reject-", formdata=None)), _REFUSED


@blueprint.post("/<suggestion_id>/reject")
@requires(Permission.EDIT_CODEBOOK)
def reject(suggestion_id: str) -> ResponseReturnValue:
    """Reject it."""
    found = _found(suggestion_id)
    form = RejectForm(prefix="reject-")
    if not form.validate_on_submit():
        return _page(found, name_form(found), merge_form(found, _book()), form), _REFUSED
    here = platform()
    with here.database.writing() as connection:
        service.reject(connection, suggestion_id, str(form.reason.data), current_person().id, here.clock)
    return _decided("Rejected. It does not come back for this reason.")


@blueprint.post("/decisions/<decision_id>/undo")
@requires(Permission.EDIT_CODEBOOK)
def undo(decision_id: str) -> ResponseReturnValue:
    """Take a decision back."""
    here = platform()
    with here.database.writing() as connection:
        is_gone = service.take_decision_back(connection, decision_id, current_person().id, here.clock)
    if is_gone:
        flash("Taken back. The next look may suggest it again. What stands in the codebook’s draft stays there.")
    else:
        flash("This decision was taken back before.")
    return redirect(url_for(".new_themes"), code=303)


@blueprint.errorhandler(UnknownSuggestionError)
def gone(trouble: UnknownSuggestionError) -> ResponseReturnValue:
    """Say that a suggestion is there no more, and go back to those that are."""
    flash(str(trouble))
    return redirect(url_for("staff_new_themes.new_themes"), code=303)


def _sees_small() -> bool:
    person = current_person()
    return sees_small_numbers(person.teams, may_read=person.may(Permission.READ_COMMENTS))


def _found(suggestion_id: str) -> Suggestion:
    here = platform()
    with here.database.reading() as connection:
        return queries.suggestion_by_id(connection, here.keys, suggestion_id, sees_small=_sees_small())


def _titles(connection: Connection) -> dict[str, str]:
    """Return the names of themes; those that stand in the draft only say so."""
    found = draft(connection)
    new = {one.id: f"{one.name} (draft)" for one in found.contents.codebook.themes} if found else {}
    return new | theme_titles(connection)


def _book() -> Codebook:
    """Return the codebook that a decision would change: the draft, or what a draft would begin from."""
    with platform().database.reading() as connection:
        found = draft(connection)
        return found.contents.codebook if found else codebook_in_force(connection)


def _page(found: Suggestion, naming: NameForm, merging: MergeForm, rejecting: RejectForm) -> str:
    with platform().database.writing() as connection:
        texts = _opened(connection, found)
    return render_template(
        "new_themes/suggestion.html",
        found=found,
        texts=texts,
        naming=naming,
        merging=merging,
        rejecting=rejecting,
        may_code=current_person().may(Permission.CODE_COMMENTS),
        may_decide=current_person().may(Permission.EDIT_CODEBOOK),
    )


def _opened(connection: Connection, found: Suggestion) -> list[CommentText]:
    """Open the comments for those who may read them, and note it; nobody else gets a word."""
    here, person = platform(), current_person()
    places = queries.comments_under(connection, person.teams, found.id)
    if not places or not person.may(Permission.READ_COMMENTS):
        return []
    note(connection, person.id, "read comments", f"suggestion {found.id}", now=here.clock.now(), reason=_REASON)
    texts = comments_of(connection, here.keys, list(dict.fromkeys(response for _, response in places)))
    wanted = {text.id: text for text in texts}
    return [wanted[comment] for comment, _ in places if comment in wanted]


def _tell(form: NameForm | MergeForm, trouble: DecisionError) -> None:
    """Put what the codebook's editor refuses beside the field that it means."""
    told = {"id": "name"}
    for field, message in (trouble.fields or {"patterns": str(trouble)}).items():
        own = getattr(form, told.get(field, field), form.patterns)
        own.errors = [*own.errors, message]


def _decided(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for(".new_themes"), code=303)
