"""What the codebook pages share: the draft as a page needs it, the live matches, and who reads words for them."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.audit.service import note
from hscb_voice.codebooks import queries
from hscb_voice.codebooks.editing import ThemeFields, theme_from
from hscb_voice.codebooks.errors import CodebookEditError
from hscb_voice.codebooks.forms import NewThemeForm, ThemeForm
from hscb_voice.codebooks.queries import Draft
from hscb_voice.codebooks.trying import Tried, try_theme
from hscb_voice.staff.access import current_person
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform

NO_DRAFT = "There is no draft now. Begin one first."


def open_draft() -> Draft | None:
    """Return the draft; None when there is none."""
    with platform().database.reading() as connection:
        return queries.draft(connection)


def draft_or_leave() -> Draft:
    """Return the draft, or send the browser to the codebook's first page."""
    found = open_draft()
    if found is None:
        flash(NO_DRAFT, "refusal")
        abort(redirect(url_for("staff_codebook.overview"), code=303))
    return found


def tried(draft: Draft, theme_id: str, fields: ThemeFields) -> Tried | None:
    """Try a theme as it is written on the newest comments, and note that they were read.

    Args:
        draft: gives the named sets of words.
        theme_id: which theme; it may be new.
        fields: what was written.

    Returns:
        What the phrases find; None for whoever may not read comments.

    Raises:
        CodebookEditError: a field is wrong.
    """
    here, person = platform(), current_person()
    theme = theme_from(theme_id, fields, draft.contents.codebook.sets)
    if not person.may(Permission.READ_COMMENTS):
        return None
    with here.database.writing() as connection:
        book = queries.codebook_in_force(connection)
        old = next((one for one in book.themes if one.id == theme_id), None)
        found = try_theme(connection, here.keys, person.teams, old, theme, draft.contents.codebook.sets)
        subject = f"theme {theme_id} of the draft"
        note(connection, person.id, "read comments", subject, now=here.clock.now(), reason="codebook")
    return found


def theme_page(draft: Draft, form: ThemeForm, theme_id: str, *, found: Tried | None = None, trouble: str = "") -> str:
    """Show one theme to be written.

    Args:
        draft: the draft.
        form: its fields.
        theme_id: which theme; empty for a new one.
        found: what it would match, when it was tried.
        trouble: what is wrong with no field in particular.
    """
    return render_template(
        "codebooks/theme.html",
        draft=draft,
        form=form,
        theme_id=theme_id,
        tried=found,
        trouble=trouble,
        is_new=isinstance(form, NewThemeForm),
    )


def refused(trouble: Exception) -> ResponseReturnValue:
    """Say what could not be done, on the draft's page."""
    flash(str(trouble), "refusal")
    return redirect(url_for("staff_codebook.draft"), code=303)


def words_of(trouble: CodebookEditError) -> str:
    """Return all that is wrong, in one line, for where there is no form to show it in."""
    return " ".join(dict.fromkeys(trouble.fields.values())) or str(trouble)
