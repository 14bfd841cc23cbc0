"""What somebody who works here sees when a page cannot be shown. Only for addresses of the staff surface."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.staff.held import has_words, held_page
from hscb_voice.staff.sessions import is_staff_path

_FIRST_TROUBLE = 400
_OURS_TO_MEND = 500
_RETRY_SECONDS = "30"


@dataclass(frozen=True)
class Words:
    """What a page says."""

    heading: str
    lines: tuple[str, ...]


_OLD_PAGE = Words(
    "That page had been open for too long",
    ("Nothing was saved. Go back, reload the page and try again.",),
)
_WORDS = {
    400: Words("That did not work", ("Something was missing from what your browser sent. Go back and try again.",)),
    403: Words(
        "You do not have permission for this",
        ("Your role does not include this page. If you need it for your work, ask an administrator.",),
    ),
    404: Words(
        "Page not found",
        (
            "If you typed the address, check that it is right.",
            "What you are looking for may have been erased, or may belong to another team.",
        ),
    ),
    413: Words("That was too long", ("Nothing was saved. Go back and make it shorter.",)),
    500: Words(
        "Sorry, something went wrong",
        ("It is not your fault. Try again in a minute. If it goes on, tell whoever looks after this site.",),
    ),
    503: Words(
        "Sorry, this is not available just now",
        ("Nothing was saved. Try again in a minute. If it goes on, tell whoever looks after this site.",),
    ),
}
_HELD = (
    "Nothing has been saved yet. What you wrote is below. Look it over and save it again; wait a minute if it fails."
)
_Handler = Callable[[Any], Any]  # a handler may be asynchronous in Flask's types; none here is


def install_staff_error_pages(app: Flask) -> None:
    """Give staff addresses their own pages for what cannot be shown; other addresses keep what they had.

    Args:
        app: the application, with the respondents' error pages in place.
    """
    for kind in (HTTPException, DatabaseUnreachableError, KeyMissingError):
        app.register_error_handler(kind, _for_staff(app.error_handler_spec[None][None][kind]))


def _for_staff(before: _Handler) -> Callable[[Exception], ResponseReturnValue]:
    def answer(fault: Exception) -> ResponseReturnValue:
        if is_staff_path(request.path):
            return _staff_page(fault)
        return cast("ResponseReturnValue", before(fault))

    return answer


def _staff_page(fault: Exception) -> ResponseReturnValue:
    status = (fault.code or _OURS_TO_MEND) if isinstance(fault, HTTPException) else 503
    if isinstance(fault, HTTPException) and (fault.response is not None or status < _FIRST_TROUBLE):
        return fault.get_response()
    if status >= _OURS_TO_MEND:
        g.person = None  # whatever broke may be what tells who is signed in
    words = _OLD_PAGE if isinstance(fault, CSRFError) else _WORDS.get(status, _WORDS[_FIRST_TROUBLE])
    headers = {"Retry-After": _RETRY_SECONDS} if status == 503 else {}  # noqa: PLR2004 - the status that means "not now"
    if (isinstance(fault, CSRFError) or status >= _OURS_TO_MEND) and has_words():
        return held_page(words.heading, _HELD), status, headers
    return render_template("staff/trouble.html", words=words, status=status), status, headers
