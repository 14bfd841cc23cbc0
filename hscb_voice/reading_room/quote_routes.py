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
from hscb_voice.reading_room.routes import ask_reason, do_act, find_item
from hscb_voice.reading_room.session import reader_of, reason_now
from hscb_voice.reading_room.words import chosen, words_of
from hscb_voice.responses.queries import EVERY_TEAM, services_heard
from hscb_voice.responses.words import comment_by_id
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.themes.errors import ChangedMeanwhileError
from hscb_voice.themes.queries import mask_text, services_with_two
from hscb_voice.themes.quoting import ask_for_two, quote_masks
from hscb_voice.themes.routes import APPROVED, APPROVED_ONCE
from hscb_voice.themes.seen import masks_as_seen, quote_print
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_quotes", __name__, url_prefix=f"{STAFF_PATH}/quotes")
_NO_REASON = "Say why a hidden word may be shown"


@blueprint.get("/<item_id>/words")
@requires(Permission.CODE_COMMENTS)
def words(item_id: str) -> ResponseReturnValue:
    """Show a comment word by word, to choose what is hidden."""
    found = find_item(item_id)
    return _words_page(found, HideForm()) if reason_now() else ask_reason("open a comment")


@blueprint.post("/<item_id>/words")
@requires(Permission.CODE_COMMENTS)
def hide(item_id: str) -> ResponseReturnValue:
    """Keep what is hidden; a word that was hidden is shown only for a reason, and never one hidden meanwhile."""
    found, form = find_item(item_id), HideForm()
    if not reason_now():
        return ask_reason()
    if found.is_second or not form.validate_on_submit():
        return item_page(found, refusal="A second answer is never quoted, so nothing is hidden in it."), 409
    wanted, seen = frozenset(form.word.data or ()), request.form.get("seen", "")
    is_only_looked_at = request.form.get("act") == "preview"
    try:
        is_kept = _keep_hidden(found, form, wanted, seen, only_look=is_only_looked_at)
    except ChangedMeanwhileError as trouble:
        return _words_page(found, form, wanted, changed=str(trouble)), 409
    if is_only_looked_at:
        return _words_page(found, form, wanted, seen=seen)
    if not is_kept:
        return _words_page(found, form, wanted, seen=seen, trouble=_NO_REASON), 400
    flash("Saved. These words are hidden in quotes now.")
    return redirect(url_for("staff_reading.item", item_id=item_id), code=303)


@blueprint.post("/<item_id>/approve")
@requires(Permission.APPROVE_QUOTES)
def approve(item_id: str) -> ResponseReturnValue:
    """Clear a comment as a quote, as the page showed it."""
    seen = request.form.get("seen_quote", "")

    def act(connection: Connection, item: Item, reader: Reader) -> str:
        return APPROVED if acts.approve(connection, item, reader, seen) else APPROVED_ONCE

    return do_act(find_item(item_id), act)


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


def _keep_hidden(item: Item, form: HideForm, wanted: frozenset[int], seen: str, *, only_look: bool) -> bool:
    """Keep what somebody wants hidden, if the page showed what is hidden now, and unless a reason is lacking."""
    here, person = platform(), current_person()
    why = SHOWING_REASONS.get(str(form.why.data), "")
    with here.database.writing() as connection:
        masks = masks_as_seen(connection, item.id, seen)
        choice = chosen(comment_by_id(connection, here.keys, item.id).text, masks, wanted)
        if only_look or (choice.shown and not why):
            return False
        acts.hide(connection, item, reader_of(person, here), choice.hidden, choice.shown, why=why)
    return True


def _words_page(
    item: Item,
    form: HideForm,
    wanted: frozenset[int] | None = None,
    *,
    seen: str = "",
    trouble: str = "",
    changed: str = "",
) -> str:
    here, person = platform(), current_person()
    with here.database.writing() as connection:
        masks = quote_masks(connection, item.id)
        seen = seen or quote_print(connection, item.id)
        reader = reader_of(person, here)
        text = open_words(connection, here, item, reader, "opened a comment to hide words").text
    words = words_of(text, masks)
    hidden_now = frozenset(word.number for word in words if word.is_hidden)
    # What somebody hid meanwhile is ticked too: it is shown only if this reader takes the tick away and says why.
    wanted = hidden_now if wanted is None else wanted | (hidden_now if changed else frozenset())
    return render_template(
        "reading_room/words.html",
        item=item,
        form=form,
        seen=seen,
        words=words,
        wanted=wanted,
        masked=mask_text(text, chosen(text, masks, wanted).hidden),
        trouble=trouble,
        changed=changed,
    )


def _services() -> list[str]:
    with platform().database.reading() as connection:
        return sorted({*services_heard(connection, EVERY_TEAM), *services_with_two(connection)})


def _two_page(form: TwoForm) -> str:
    services = _services()
    with platform().database.reading() as connection:
        asked = services_with_two(connection)
    return render_template("reading_room/two.html", form=form, services=services, asked=asked)
