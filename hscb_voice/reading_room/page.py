"""Makes the page of one comment: opens it for whoever is signed in, and sets the forms beside it."""

from flask import abort, render_template

from hscb_voice.codebooks.current import codebook_now
from hscb_voice.reading_room.acts import last_act
from hscb_voice.reading_room.errors import UnknownItemError
from hscb_voice.reading_room.forms import ConcernForm, ThemeForm, theme_form
from hscb_voice.reading_room.opening import open_item
from hscb_voice.reading_room.queries import Item, previous_item_id, progress
from hscb_voice.reading_room.session import reader_of
from hscb_voice.reading_room.showing import ACT_WORDS, SECTION_TAGS, about_words, came_words, progress_words
from hscb_voice.responses.errors import ErasedError
from hscb_voice.staff.access import current_person
from hscb_voice.staff.roles import Permission
from hscb_voice.themes.forms import CodesForm, codes_form
from hscb_voice.web.current import platform


def item_page(
    item: Item,
    *,
    codes: CodesForm | None = None,
    theme: ThemeForm | None = None,
    concern: ConcernForm | None = None,
    refusal: str = "",
    seen_codes: str = "",
) -> str:
    """Open what is to be read and show it; a form that was sent comes back with what was typed.

    Args:
        item: found through the reader's teams.
        codes: the form of codes, when it was sent.
        theme: the form that adds a theme, when it was sent.
        concern: the form that raises a concern, when it was sent.
        refusal: why the last act could not be done.
        seen_codes: the print of the codes on which the form of codes was filled in; of those in force when left out.

    Returns:
        The page.
    """
    here, person = platform(), current_person()
    try:
        with here.database.writing() as connection:
            last = last_act(connection, reader_of(person, here))
            before = previous_item_id(connection, person.id, item.id)
            far = progress(connection, person.teams, here.clock.today())
            opened = open_item(connection, here, item, reader_of(person, here))
    except (UnknownItemError, ErasedError):
        abort(404)
    sent = next((form for form in (codes, theme, concern) if form is not None), None)
    book = codebook_now()
    return render_template(
        "reading_room/item.html",
        opened=opened,
        about=about_words(item, opened.title),
        came=came_words(item.heard_at),
        read_on=came_words(item.read_at) if item.read_at else "",
        tag=SECTION_TAGS.get(item.section, ""),
        progress=progress_words(far),
        previous_id=before,
        undo=ACT_WORDS[last.act] if last else "",
        undoes=last.number if last else "",
        codes=codes or codes_form(book, opened.coding),
        seen_codes=seen_codes or opened.seen_codes,
        theme=theme or theme_form(book),
        concern=concern or ConcernForm(),
        sent=sent,
        refusal=refusal,
        may_code=person.may(Permission.CODE_COMMENTS) and not item.is_second,
        may_approve=person.may(Permission.APPROVE_QUOTES) and not item.is_second,
    )
