"""Pages on which people choose what is hidden, clear quotes and take them back, and say where two must clear them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.audit.service import note
from hscb_voice.reading_room import acts
from hscb_voice.reading_room.acts import Reader
from hscb_voice.reading_room.forms import SHOWING_REASONS, HideForm, TwoForm
from hscb_voice.reading_room.opening import open_words
from hscb_voice.reading_room.page import item_page
from hscb_voice.reading_room.queries import Item
from hscb_voice.reading_room.routes import do_act, find_item
from hscb_voice.reading_room.session import reader_of, reason_now
from hscb_voice.reading_room.words import chosen, words_of
from hscb_voice.responses.queries import EVERY_TEAM, services_heard
from hscb_voice.responses.words import comment_by_id
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.themes.errors import NotQuotableError
from hscb_voice.themes.masks import masks_of
from hscb_voice.themes.queries import mask_text, services_with_two
from hscb_voice.themes.quoting import ask_for_two
from hscb_voice.themes.routes import APPROVED, APPROVED_ONCE
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_quotes", __name__, url_prefix=f"{STAFF_PATH}/quotes")
_NO_REASON = "Say why a hidden word may be shown"


@blueprint.get("/<item_id>/words")
@requires(Permission.CODE_COMMENTS)
def words(item_id: str) -> ResponseReturnValue:
    """Show a comment word by word, to choose what is hidden."""
    found = find_item(item_id)
    if not reason_now():
        flash("Say why you are reading before you open a comment.")
        return redirect(url_for("staff_reading.room"), code=303)
    return _words_page(found, HideForm())


@blueprint.post("/<item_id>/words")
@requires(Permission.CODE_COMMENTS)
def hide(item_id: str) -> ResponseReturnValue:
    """Keep what is hidden; a word that was hidden is shown only for a reason."""
    found, form = find_item(item_id), HideForm()
    if not reason_now():
        flash("Say why you are reading before you open a comment.")
        return redirect(url_for("staff_reading.room"), code=303)
    if found.is_second or not form.validate_on_submit():
        return item_page(found, refusal="A second answer is never quoted, so nothing is hidden in it."), 409
    why = form.why.data if form.why.data in SHOWING_REASONS else ""
    wanted = frozenset(form.word.data or ())
    with platform().database.reading() as connection:
        text = comment_by_id(connection, platform().keys, found.id).text
        choice = chosen(text, masks_of(connection, found.id), wanted)
    if choice.shown and not why and request.form.get("act") != "preview":
        return _words_page(found, form, wanted, _NO_REASON), 400
    if request.form.get("act") == "preview":
        return _words_page(found, form, wanted)

    def act(connection: Connection, item: Item, reader: Reader) -> None:
        acts.hide(connection, item, reader, choice.hidden, choice.shown, why=SHOWING_REASONS.get(why, ""))

    return do_act(found, act, "Saved. These words are hidden in quotes now.")


@blueprint.post("/<item_id>/approve")
@requires(Permission.APPROVE_QUOTES)
def approve(item_id: str) -> ResponseReturnValue:
    """Clear a comment as a quote, as it is masked now."""
    found, here = find_item(item_id), platform()
    try:
        with here.database.writing() as connection:
            is_shown = acts.approve(connection, found, reader_of(current_person(), here))
    except NotQuotableError as trouble:
        return item_page(found, refusal=str(trouble)), 409
    flash(APPROVED if is_shown else APPROVED_ONCE)
    return redirect(url_for("staff_reading.item", item_id=item_id), code=303)


@blueprint.post("/<item_id>/withdraw")
@requires(Permission.APPROVE_QUOTES)
def withdraw(item_id: str) -> ResponseReturnValue:
    """Take a quote back from the Board's pages."""
    return do_act(find_item(item_id), acts.withdraw, "Withdrawn. The Board does not see this quote any more.")


@blueprint.get("/two")
@requires(Permission.MANAGE_SETTINGS)
def two() -> str:
    """Show which services ask for two people."""
    return _two_page(TwoForm())


@blueprint.post("/two")
@requires(Permission.MANAGE_SETTINGS)
def set_two() -> ResponseReturnValue:
    """Set which services ask for two people."""
    form, here, by = TwoForm(), platform(), current_person().id
    services = _services()
    form.service.choices = [(service, service) for service in services]
    if not form.validate_on_submit():
        return _two_page(form), 400
    chosen_services = form.service.data or []
    with here.database.writing() as connection:
        ask_for_two(connection, chosen_services, by, here.clock.now())
        number = len(chosen_services)
        note(connection, by, "set who asks for two approvals", f"{number} services", now=here.clock.now())
    flash("Saved.")
    return redirect(url_for(".two"), code=303)


def _words_page(item: Item, form: HideForm, wanted: frozenset[int] | None = None, trouble: str = "") -> str:
    here, person = platform(), current_person()
    with here.database.writing() as connection:
        masks = masks_of(connection, item.id)
        reader = reader_of(person, here)
        text = open_words(connection, here, item, reader, "opened a comment to hide words").text
    if wanted is None:
        wanted = frozenset(word.number for word in words_of(text, masks) if word.is_hidden)
    return render_template(
        "reading_room/words.html",
        item=item,
        form=form,
        words=words_of(text, masks),
        wanted=wanted,
        masked=mask_text(text, chosen(text, masks, wanted).hidden),
        trouble=trouble,
    )


def _services() -> list[str]:
    with platform().database.reading() as connection:
        return sorted({*services_heard(connection, EVERY_TEAM), *services_with_two(connection)})


def _two_page(form: TwoForm) -> str:
    services = _services()
    with platform().database.reading() as connection:
        asked = services_with_two(connection)
    return render_template("reading_room/two.html", form=form, services=services, asked=asked)
