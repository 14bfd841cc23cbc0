"""The page for whoever holds three words. They come in a sending's body only: never in an address, cookie or log.

Each act asks for the words anew, and each wrong try counts. What an answer says is never shown.
"""

import time
from collections.abc import Callable
from functools import partial, wraps

import structlog
from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from hscb_voice.actions.queries import told_to
from hscb_voice.collect.alone import do_what_is_urgent
from hscb_voice.collect.held import Notice, not_now, read_form
from hscb_voice.collect.room import room
from hscb_voice.coming_back.adding import LONGEST_WORDS, add_and_screen
from hscb_voice.coming_back.queries import Standing, standing_of
from hscb_voice.coming_back.words import Typed, read_words
from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.foundation.ids import is_id, new_id
from hscb_voice.governance.errors import TooManyTriesError, UnknownReceiptError
from hscb_voice.governance.finding import find_response, take_back_by_receipt
from hscb_voice.responses.adding import Added
from hscb_voice.responses.errors import ErasedError, TooManyAddedError, UnknownResponseError
from hscb_voice.web.current import platform
from hscb_voice.web.error_pages import RETRY_SECONDS
from hscb_voice.web.exits import exit_of
from hscb_voice.web.languages import chosen_language, speaking
from hscb_voice.web.origin import comes_from_elsewhere
from hscb_voice.web.places import place_of_request
from hscb_voice.web.respondent_look import look_of

blueprint = Blueprint("coming_back", __name__, url_prefix="/my-answer")
_MOST_TOLD = 5
# Guessing is slow, and a person who mistyped hardly notices.
_PAUSE_SECONDS = 0.3
_LOG = structlog.get_logger(__name__)
Sent = MultiDict[str, str]
View = Callable[[Sent], Response]


def _taking_words(view: View) -> Callable[[], Response]:
    """Open a view for a form of ours, and keep what was typed on the page whatever happens."""

    @wraps(view)
    def opened() -> Response:
        if comes_from_elsewhere(request.headers, request.host):
            return _ask(gettext("That did not work. Please type your words here."), 403)
        sent, is_too_long = read_form(request)
        try:
            return view(MultiDict() if is_too_long else sent)
        except TooManyTriesError:
            message = gettext("Too many tries. Please wait a quarter of an hour. Then try again.")
            return _held(sent, message) if sent.get("more") else _ask(message, 429, sent.get("words", ""))
        except (UnknownReceiptError, UnknownResponseError):
            time.sleep(_PAUSE_SECONDS)
            message = gettext("We cannot find an answer with these words. Look at each word again.")
            return _ask(message, 422, sent.get("words", ""))
        except (DatabaseUnreachableError, KeyMissingError):
            return _not_now(sent)

    return opened


@blueprint.get("")
def ask() -> Response:
    """Ask for the three words."""
    return _ask("", 200)


@blueprint.post("", endpoint="show")
@_taking_words
def show(sent: Sent) -> Response:
    """Show what became of the answer."""
    typed = read_words(sent.get("words", ""))
    if not typed.can_be_asked:
        return _ask(_hint(typed), 422, sent.get("words", ""))
    return _shown(typed)


@blueprint.post("/more", endpoint="add")
@_taking_words
def add(sent: Sent) -> Response:
    """Keep further words with the answer. Sent again, they are kept once."""
    typed, text, once = read_words(sent.get("words", "")), sent.get("more", "").strip(), sent.get("once", "")
    if not typed.can_be_asked or not is_id(once):
        return _ask(_hint(typed), 422, sent.get("words", ""))
    if not text or len(text) > LONGEST_WORDS:
        trouble = gettext("Please write something first.") if not text else gettext("Please make it a little shorter.")
        return _shown(typed, trouble=trouble, text=text, status=422)
    response_id = find_response(platform(), typed.receipt, place_of_request())
    try:
        worried = add_and_screen(platform(), Added(once, response_id, text), room().raise_at_once)
    except (ErasedError, TooManyAddedError):
        trouble = gettext("We cannot add to this answer any more. Please fill in a new form, or tell a grown-up.")
        return _shown(typed, trouble=trouble, text=text, status=409)
    reply = _shown(typed, said=gettext("We have added it. A person will read it."), worried=worried)
    reply.call_on_close(partial(do_what_is_urgent, platform(), response_id, room().urgent))
    return reply


@blueprint.post("/back", endpoint="take_back")
@_taking_words
def take_back(sent: Sent) -> Response:
    """Take the whole answer back, once somebody has said that they are sure."""
    typed = read_words(sent.get("words", ""))
    if not typed.can_be_asked:
        return _ask(_hint(typed), 422, sent.get("words", ""))
    if sent.get("sure") != "yes":
        return _shown(typed, template="coming_back/sure.html")
    is_gone = take_back_by_receipt(platform(), typed.receipt, place_of_request())
    return _page("coming_back/gone.html", "child", is_gone=is_gone)


def _shown(
    typed: Typed,
    *,
    template: str = "coming_back/answer.html",
    trouble: str = "",
    text: str = "",
    said: str = "",
    worried: bool = False,
    status: int = 200,
) -> Response:
    here = platform()
    response_id = find_response(here, typed.receipt, place_of_request())
    with here.database.reading() as connection:
        standing = standing_of(connection, response_id)
        if standing is None:
            raise UnknownReceiptError
        told = told_to(connection, standing.look, chosen_language().code, service=standing.service, limit=_MOST_TOLD)
    content = {"standing": standing, "told": told, "receipt": typed.receipt, "trouble": trouble, "text": text}
    more = {"said": said, "worried": worried, "once": new_id(), "longest": LONGEST_WORDS}
    return _page(template, standing.look, status, **_for(standing), **content, **more)


def _for(standing: Standing) -> dict[str, object]:
    return {"who": standing.who, "exit_address": exit_of(standing.service)}


def _ask(message: str, status: int, typed: str = "") -> Response:
    return _page("coming_back/ask.html", "child", status, message=message, typed=typed)


def _held(sent: Sent, message: str) -> Response:
    notice = Notice(429, message, (gettext("Your words are still on this page."),), gettext("Try again now"))
    return _with_policy(room().pages.held(sent, chosen_language(), notice), 429)


def _not_now(sent: Sent) -> Response:
    _LOG.warning("somebody could not come back to their answer")
    response = _with_policy(room().pages.held(sent, chosen_language(), not_now()), 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _hint(typed: Typed) -> str:
    if typed.nearest:
        hint = gettext(
            "“%(word)s” is not one of our words. Did you mean “%(near)s”?", word=typed.strange, near=typed.nearest
        )
        return str(hint)
    if typed.strange:
        return str(gettext("“%(word)s” is not one of our words. Look at it again.", word=typed.strange))
    return str(gettext("Please type all three words."))


def _page(template: str, look: str, status: int = 200, **content: object) -> Response:
    language, settings = chosen_language(), platform().settings
    who = str(content.setdefault("who", "child"))
    with speaking(language, who):
        html = render_template(
            template,
            look=look,
            language=language,
            board_name=settings.board_name,
            demonstration=settings.demonstration,
            **content,
        )
    return _with_policy(html, status)


def _with_policy(html: str, status: int) -> Response:
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = look_of(current_app).policy
    return response
