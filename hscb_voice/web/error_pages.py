"""What a child or a parent sees when a page cannot be shown: plain words and help, never a code.

A program (a tablet that sends what it held) gets the same as a short JSON message. Staff pages have their own.
"""

from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.web.current import platform
from hscb_voice.web.languages import chosen_language
from hscb_voice.web.respondent_look import look_of

RETRY_SECONDS = 30


@dataclass(frozen=True)
class Trouble:
    """What a page says."""

    heading: str
    lines: tuple[str, ...]


def _not_here() -> Trouble:
    return Trouble(gettext("This page is not here"), (gettext("The link may be old, or a letter may be missing."),))


def _too_long() -> Trouble:
    lines = (
        gettext("There are more words here than we can take at once."),
        gettext("Please go back and make it a little shorter. Your words should still be there."),
    )
    return Trouble(gettext("That is a lot to tell"), lines)


def _not_this_way() -> Trouble:
    return Trouble(gettext("That did not work"), (gettext("Please open your link again and start from there."),))


def _not_now() -> Trouble:
    lines = (gettext("It is not your fault."), gettext("Please wait a minute, then try again."))
    return Trouble(gettext("Something is not working just now"), lines)


_TROUBLES = {404: _not_here, 410: _not_here, 413: _too_long, 500: _not_now, 503: _not_now}


def install_error_pages(app: Flask) -> None:
    """Give an application its pages for what cannot be shown.

    Args:
        app: the application.
    """
    app.register_error_handler(HTTPException, _for_http)
    app.register_error_handler(DatabaseUnreachableError, _for_later)
    app.register_error_handler(KeyMissingError, _for_later)


def trouble_page(status: int, trouble: Trouble | None = None) -> Response:
    """Answer with a page of plain help, or with a short message when a program asked.

    Args:
        status: the reply's status.
        trouble: what to say, when it is not the usual for that status.

    Returns:
        The reply, with the respondents' policy and, for 503, when to try again.
    """
    said = trouble or _TROUBLES.get(status, _not_this_way)()
    if request.method == "PUT" or request.path in {"/healthz", "/readyz"}:
        response = make_response(jsonify(error=said.heading), status)
    else:
        response = make_response(_page(said), status)
        response.headers["Content-Security-Policy"] = look_of(current_app).policy
    if status == 503:  # noqa: PLR2004 - the status that means "not now"
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _page(said: Trouble) -> str:
    settings = platform().settings
    return render_template(
        "errors/respondent.html",
        heading=said.heading,
        lines=said.lines,
        language=chosen_language(),
        look="child",
        board_name=settings.board_name,
        demonstration=settings.demonstration,
    )


def _for_http(fault: HTTPException) -> Response:
    if fault.response is not None or fault.code is None or fault.code < 400:  # noqa: PLR2004 - redirects are no trouble
        return make_response(fault.get_response(request.environ))
    response = trouble_page(fault.code)
    for name, value in fault.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _for_later(fault: Exception) -> Response:
    del fault
    return trouble_page(503)
