"""Pages of the reading room: what waits, one comment a screen, and what a reader says of it.

Words are opened only after a reason was given for this reading session, and each opening is noted with it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from hscb_voice.codebooks.current import codebook_now
from hscb_voice.foundation.ids import is_id
from hscb_voice.reading_room import acts, meetings
from hscb_voice.reading_room.acts import Reader
from hscb_voice.reading_room.errors import MeetingError, NotUndoableError, UnknownItemError
from hscb_voice.reading_room.forms import (
    READING_REASONS,
    BeginForm,
    ConcernForm,
    MeetingForm,
    ThemeForm,
    theme_form,
)
from hscb_voice.reading_room.page import item_page
from hscb_voice.reading_room.queries import (
    Item,
    Section,
    item_by_id,
    next_item,
    progress,
    waiting_counts,
    waiting_list,
)
from hscb_voice.reading_room.session import begin, finish, reader_of, reason_now
from hscb_voice.reading_room.showing import SECTION_TITLES, UNDONE, progress_words, waiting_lines
from hscb_voice.responses.queries import response_by_id
from hscb_voice.responses.showing import short_titles
from hscb_voice.responses.words import comment_by_id
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.service import raise_by_hand
from hscb_voice.staff.access import current_person, requires
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.themes.errors import ChangedMeanwhileError, CodingError, NotQuotableError
from hscb_voice.themes.forms import CodesForm, codes_form
from hscb_voice.themes.service import ThemeCode
from hscb_voice.web.current import platform

blueprint = Blueprint("staff_reading", __name__, url_prefix=f"{STAFF_PATH}/reading")
PAGE_SIZE = 25
FROM_THE_BEGINNING = "first"
_LAST_PAGE = 1_000_000
# What an act does, on a writing connection, to what is read; when it gives back words, the next page says them.
Doing = Callable[[Connection, Item, Reader], object]
_FOR_A_CONCERN = "concern"  # whoever raises one has said why: a worry is never turned away


@blueprint.get("/")
@requires(Permission.USE_READING_ROOM)
def room() -> str:
    """Show what waits, how far people are, and let reading begin."""
    return _room_page(BeginForm())


@blueprint.post("/begin")
@requires(Permission.USE_READING_ROOM)
def begin_reading() -> ResponseReturnValue:
    """Keep the reason, and open the first comment."""
    form = BeginForm()
    if not form.validate_on_submit():
        return _room_page(form), 400
    begin(str(form.reason.data))
    return _to_next()


@blueprint.post("/finish")
@requires(Permission.USE_READING_ROOM)
def finish_reading() -> ResponseReturnValue:
    """End the reading session."""
    finish()
    flash("You have finished reading for now.")
    return redirect(url_for(".room"), code=303)


@blueprint.get("/waiting/<section>")
@requires(Permission.USE_READING_ROOM)
def waiting(section: str) -> str:
    """List what waits in one section, oldest first, without its words."""
    if section not in {one.value for one in Section}:
        abort(404)
    part, page, teams = Section(section), _page(), current_person().teams
    with platform().database.reading() as connection:
        counts = waiting_counts(connection, teams)
        items = waiting_list(connection, teams, part, page=page, size=PAGE_SIZE)
        lines = waiting_lines(items, short_titles(connection), platform().clock.now())
    pages = max(1, -(-counts[part] // PAGE_SIZE))
    return render_template(
        "reading_room/waiting.html",
        section=part,
        titles=SECTION_TITLES,
        counts=counts,
        lines=lines,
        page=page,
        pages=pages,
    )


@blueprint.get("/next/<after>")
@requires(Permission.USE_READING_ROOM)
def next_one(after: str) -> ResponseReturnValue:
    """Go to what is to be read next: the first of all, or what comes after one that is left unread for now."""
    return _to_next(None if after == FROM_THE_BEGINNING else _find(after))


@blueprint.get("/<item_id>")
@requires(Permission.USE_READING_ROOM)
def item(item_id: str) -> ResponseReturnValue:
    """Show one comment with all that is known of it."""
    found = _find(item_id)
    return item_page(found) if reason_now() else ask_reason("open a comment")


@blueprint.post("/<item_id>/read")
@requires(Permission.USE_READING_ROOM)
def read(item_id: str) -> ResponseReturnValue:
    """Mark it as read and go on."""
    found = _find(item_id)
    return _do(found, acts.read, then_next=True) if found.read_at is None else _to_next()


@blueprint.post("/<item_id>/right")
@requires(Permission.CODE_COMMENTS)
def right(item_id: str) -> ResponseReturnValue:
    """Confirm the codes and go on."""
    return _do(_find(item_id), partial(acts.confirm, seen=_seen_codes()), then_next=True)


@blueprint.post("/<item_id>/flip")
@requires(Permission.CODE_COMMENTS)
def flip(item_id: str) -> ResponseReturnValue:
    """Turn how it reads."""
    return _do(_find(item_id), partial(acts.flip, seen=_seen_codes()), "Turned. These are your codes now.")


@blueprint.post("/<item_id>/codes")
@requires(Permission.CODE_COMMENTS)
def codes(item_id: str) -> ResponseReturnValue:
    """Give it codes of one's own."""
    found, form = _find(item_id), codes_form(codebook_now(), None)
    if not reason_now():
        return ask_reason()
    if not form.validate_on_submit():
        return item_page(found, codes=form, seen_codes=_seen_codes()), 400

    def act(connection: Connection, one: Item, reader: Reader) -> None:
        themes = form.theme_codes(_length(connection, one))
        acts.correct(connection, one, reader, str(form.polarity.data), themes, _seen_codes())

    return _do(found, act, "Saved. These are your codes now.", codes=form)


@blueprint.post("/<item_id>/theme")
@requires(Permission.CODE_COMMENTS)
def theme(item_id: str) -> ResponseReturnValue:
    """Add a theme."""
    found, form = _find(item_id), theme_form(codebook_now())
    if not reason_now():
        return ask_reason()
    if not form.validate_on_submit():
        return item_page(found, theme=form), 400

    def act(connection: Connection, one: Item, reader: Reader) -> None:
        code = ThemeCode(str(form.theme.data), str(form.how.data), 0, _length(connection, one))
        acts.add_theme(connection, one, reader, code, _seen_codes())

    return _do(found, act, "Theme added. These are your codes now.", theme=form)


@blueprint.post("/<item_id>/concern")
@requires(Permission.USE_READING_ROOM)
def concern(item_id: str) -> ResponseReturnValue:
    """Raise a concern about the response."""
    found, form, here = _find(item_id), ConcernForm(), platform()
    if not form.validate_on_submit():
        return (item_page(found, concern=form), 400) if reason_now() else ask_reason()
    written = Written(form.text.data or "", here.keys)

    def act(connection: Connection, one: Item, reader: Reader) -> None:
        response = response_by_id(connection, current_person().teams, one.response_id)
        raise_by_hand(connection, response, reader.person, written, here.clock)
        acts.concern_raised(connection, one, reader)

    told = "The concern has been raised. The safeguarding lead sees it now."
    return _do(found, act, told, otherwise=_FOR_A_CONCERN)


@blueprint.post("/undo")
@requires(Permission.USE_READING_ROOM)
def undo() -> ResponseReturnValue:
    """Take the last act back wholly, and show where it was done."""
    here, person = platform(), current_person()
    if not reason_now():
        return ask_reason()
    try:
        with here.database.writing() as connection:
            undone = acts.undo(connection, reader_of(person, here), request.form.get("undoes", ""))
    except NotUndoableError as trouble:
        flash(str(trouble))
        return _back()
    if undone is None:
        flash("There is nothing left to undo.")
        return _to_room()
    flash(UNDONE[undone.act])
    return redirect(url_for(".item", item_id=undone.item_id), code=303)


@blueprint.get("/meeting")
@requires(Permission.USE_READING_ROOM)
def meeting() -> str:
    """Show when the Board meets."""
    return _meeting_page(MeetingForm())


@blueprint.post("/meeting")
@requires(Permission.USE_READING_ROOM)
def set_meeting() -> ResponseReturnValue:
    """Set a meeting, or remove one."""
    form, here, by = MeetingForm(), platform(), current_person().id
    day = form.date() if form.validate_on_submit() else None
    if day is None:
        return _meeting_page(form, "Enter a real date, such as 3 12 2026"), 400
    try:
        with here.database.writing() as connection:
            if request.form.get("act") == "remove":
                meetings.remove_meeting(connection, day, by, here.clock.now())
            else:
                meetings.set_meeting(connection, day, here.clock.today(), by, here.clock.now())
    except MeetingError as trouble:
        return _meeting_page(form, str(trouble)), 400
    flash("The meeting is removed." if request.form.get("act") == "remove" else "The meeting is set.")
    return _to_room()


def find_item(item_id: str) -> Item:
    """Return what is to be read, or answer “not found”: another team's is not found either."""
    try:
        with platform().database.reading() as connection:
            return item_by_id(connection, current_person().teams, item_id)
    except UnknownItemError:
        abort(404)


def do_act(
    found: Item,
    act: Doing,
    told: str = "",
    *,
    then_next: bool = False,
    codes: CodesForm | None = None,
    theme: ThemeForm | None = None,
    otherwise: str = "",
) -> ResponseReturnValue:
    """Do one act in one transaction; what cannot be done is said above the comment as it is now.

    Args:
        found: what is read.
        act: what to do.
        told: what the next page says of it.
        then_next: True to go on to what waits next.
        codes: the form of codes that was sent, to come back as it was filled in.
        theme: the form of a theme that was sent, likewise.
        otherwise: the reason that counts where none was given; without it, the reason is asked for first.

    Returns:
        Where the browser goes, or the same page with the reason why not.
    """
    here, person = platform(), current_person()
    if not reason_now() and not otherwise:
        return ask_reason()
    reader = reader_of(person, here)
    try:
        with here.database.writing() as connection:
            done = act(connection, found, replace(reader, reason=reader.reason or otherwise))
    except (CodingError, NotQuotableError, ChangedMeanwhileError) as trouble:
        return item_page(found, codes=codes, theme=theme, refusal=str(trouble)), 409
    told = done if isinstance(done, str) else told
    if told:
        flash(told)
    return _to_next() if then_next else redirect(url_for("staff_reading.item", item_id=found.id), code=303)


_find, _do = find_item, do_act


def _to_next(after: Item | None = None) -> ResponseReturnValue:
    with platform().database.reading() as connection:
        following = next_item(connection, current_person().teams, after)
    if following is None:
        flash("Nothing else waits to be read." if after else "Everything has been read.")
        return _to_room()
    return redirect(url_for("staff_reading.item", item_id=following.id), code=303)


def ask_reason(to_do: str = "do anything with a comment") -> ResponseReturnValue:
    """Send somebody who has given no reason to where it is asked: whatever is done with words stands beside one."""
    flash(f"Say why you are reading before you {to_do}.")
    return redirect(url_for("staff_reading.room"), code=303)


def _seen_codes() -> str:
    """Return the print of the codes that the page showed."""
    return request.form.get("seen_codes", "")


def _length(connection: Connection, found: Item) -> int:
    """Return how long a comment is: a person's codes stand for the whole of it."""
    return 0 if found.comment_id is None else len(comment_by_id(connection, platform().keys, found.comment_id).text)


def _to_room() -> ResponseReturnValue:
    return redirect(url_for("staff_reading.room"), code=303)


def _back() -> ResponseReturnValue:
    """Stay with what is open, when the form says what that is."""
    here = request.form.get("here", "")
    return redirect(url_for(".item", item_id=here), code=303) if is_id(here) else _to_room()


def _room_page(form: BeginForm) -> str:
    here, person = platform(), current_person()
    with here.database.reading() as connection:
        counts = waiting_counts(connection, person.teams)
        far = progress(connection, person.teams, here.clock.today())
    return render_template(
        "reading_room/room.html",
        form=form,
        counts=counts,
        titles=SECTION_TITLES,
        progress=progress_words(far),
        total=sum(counts.values()),
        reason=READING_REASONS.get(reason_now(), ""),
        may_code=person.may(Permission.CODE_COMMENTS),
    )


def _meeting_page(form: MeetingForm, trouble: str = "") -> str:
    here = platform()
    with here.database.reading() as connection:
        days = meetings.upcoming(connection, here.clock.today())
    return render_template("reading_room/meeting.html", form=form, days=days, trouble=trouble)


def _page() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() else 1
