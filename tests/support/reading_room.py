"""The reading room as a person works in it: say why, open a comment, press the button that has a key."""

from collections.abc import Sequence

from sqlalchemy import Connection

from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room import acts
from hscb_voice.reading_room.acts import Reader
from hscb_voice.reading_room.queries import Item
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.queries import coding_of
from hscb_voice.themes.seen import codes_print
from hscb_voice.themes.service import ThemeCode
from tests.support.answering import keep_answer
from tests.support.pages import Page
from tests.support.people import SignedIn


def heard(here: Platform, text: str, team: str = "North team", **answers: object) -> str:
    """Keep an answer, read it by machine, and return the id of its comment."""
    given = {"q2a": text, "may_quote": "yes", **answers}
    setting = Setting(team=team, service="Family support")
    response_id = keep_answer(here, given, setting=setting).response_id
    here.jobs.run_for(response_id, [SCREEN_JOB, READ_JOB])
    with here.database.reading() as connection:
        return comments_of(connection, here.keys, [response_id])[0].id


def begin(person: SignedIn) -> Page:
    """Give a reason, and return where the browser is sent."""
    room = person.pages.get("/staff/reading/")
    return person.pages.submit(room, {"reason": "read"}, form="#begin", expect=303)


def finish(person: SignedIn) -> None:
    """End the reading session, so that no reason stands any more."""
    person.pages.submit(person.pages.get("/staff/reading/"), {}, form="#finish", expect=303)


def opened(person: SignedIn, item_id: str) -> Page:
    """Open a comment."""
    return person.pages.get(f"/staff/reading/{item_id}")


def press(person: SignedIn, page: Page, key: str, *, expect: int = 303) -> Page:
    """Press the button that has a key, with what its form holds."""
    (button,) = page.dom.all(f'button[data-key="{key}"]')
    held = {str(one.attrs["name"]): str(one.attrs["value"]) for one in page.dom.all("#acts input")}
    return person.pages.post(str(button.attrs["formaction"]), held, expect=expect)


def correct(connection: Connection, item: Item, reader: Reader, polarity: str, themes: Sequence[ThemeCode]) -> None:
    """Give a comment codes of one's own, having seen those in force."""
    seen = codes_print(coding_of(connection, item.id))
    acts.correct(connection, item, reader, polarity, themes, seen)
