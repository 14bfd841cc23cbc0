"""The API's door: who may use which route, and how it answers, also when it refuses.

Every route under /api says which scope it asks for, or the site does not start. There is no session, no cookie and no
permission for other sites' pages here: a token in the request, or nothing.
"""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, cast

from flask import Flask, Response, make_response, request
from werkzeug.exceptions import HTTPException, abort

from hscb_voice.api.tokens import Scope, TokenLine, mark_used, may_ask, may_give, token_given, was_right
from hscb_voice.foundation.errors import DatabaseUnreachableError, KeyMissingError
from hscb_voice.staff.errors import UndeclaredRouteError
from hscb_voice.web.current import platform
from hscb_voice.web.places import place_of_request

P = ParamSpec("P")
API_PATH = "/api/v1"
ANYTHING = "any scope"
MOST, USUAL = 100, 50
_SCOPE = "declared_scope"
_BEARER = "Bearer "
_UNAUTHORISED, _TOO_MANY, _NOT_NOW = 401, 429, 503
_LONGEST_CURSOR = 9
_TITLES = {
    400: "The request is not well formed",
    401: "A token is needed",
    403: "This token may not read that",
    404: "There is nothing here",
    405: "Only reading is possible",
    429: "Too many requests",
    503: "Not available just now",
}


def asks_for(scope: Scope | str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Let only requests in whose token has a scope.

    Args:
        scope: what the route asks for, or `ANYTHING`.

    Returns:
        The decorator; it stands directly above the view.
    """

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            refusal = _refusal(scope)
            return refusal if refusal is not None else view(*args, **kwargs)

        setattr(guarded, _SCOPE, scope)
        return guarded

    return decorate


def declared_scope(app: Flask, endpoint: str) -> Scope | str | None:
    """Return what a route says which scope it asks for, or None."""
    return cast("Scope | str | None", getattr(app.view_functions[endpoint], _SCOPE, None))


def check_every_api_route(app: Flask) -> None:
    """Refuse to start when a route of the API does not say which scope it asks for, or does more than read.

    Args:
        app: the application, with every route in place.

    Raises:
        UndeclaredRouteError: names the routes.
    """
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if _is_api(rule.rule)
        and (declared_scope(app, rule.endpoint) is None or (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]
    if wrong:
        message = "API routes without a declared scope, or that do more than read: " + ", ".join(sorted(wrong))
        raise UndeclaredRouteError(message)


def install_problems(app: Flask) -> None:
    """Let every refusal under /api be told as a problem (RFC 9457); other addresses keep what they had."""
    for kind in (HTTPException, DatabaseUnreachableError, KeyMissingError):
        app.register_error_handler(kind, _for_api(app.error_handler_spec[None][None][kind]))


def answer(content: object) -> Response:
    """Answer with JSON that may be asked for again cheaply: its tag is made of what it holds."""
    body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return tagged(body, "application/json")


def tagged(body: bytes, content_type: str) -> Response:
    """Answer with a tag, or that nothing has changed.

    Args:
        body: the whole answer.
        content_type: what it is.
    """
    response = make_response(body)
    response.content_type = content_type
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.add_etag()
    response.make_conditional(request)
    return response


def page_of(items: Sequence[Any]) -> dict[str, Any]:
    """Return the part of a list that was asked for, and how to ask for the next.

    Args:
        items: all of it, in a lasting order.
    """
    limit, after = _number("limit", USUAL), _number("after", 0)
    if not 1 <= limit <= MOST:
        abort(400, f"limit must be a number from 1 to {MOST}")
    part = items[after : after + limit]
    return {"items": list(part), "next": str(after + limit) if after + limit < len(items) else None}


def problem(status: int, detail: str = "") -> Response:
    """Answer that something did not work, as application/problem+json."""
    told = {"type": "about:blank", "title": _TITLES.get(status, "That did not work"), "status": status}
    response = make_response(json.dumps(told | ({"detail": detail} if detail else {})), status)
    response.content_type = "application/problem+json"
    if status == _UNAUTHORISED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="voice"'
    if status in {_TOO_MANY, _NOT_NOW}:
        response.headers["Retry-After"] = "60"
    return response


def _refusal(scope: Scope | str) -> Response | None:
    if any("\0" in text for text in (request.path, *(value for _, value in request.args.items(multi=True)))):
        return problem(400, "No text may hold the character 0")
    line = _token()
    if isinstance(line, Response):
        return line
    here = platform()
    now, today = here.clock.now(), here.clock.today()
    with here.database.writing() as connection:
        is_let_in = may_ask(connection, line, now)
        if is_let_in:
            mark_used(connection, line, now, today)
    if not is_let_in:
        return problem(_TOO_MANY, "A token may ask 60 times a minute, and 300 times in a quarter of an hour")
    if isinstance(scope, Scope) and not line.may(scope):
        return problem(403, f"It needs the scope “{scope.value}”")
    return None


def _token() -> TokenLine | Response:
    """Return the token of this request, or the refusal. Whoever tries wrong ones from one place is held up."""
    here = platform()
    given = request.headers.get("Authorization", "")
    if not given.startswith(_BEARER):
        return problem(_UNAUTHORISED, "Send it as “Authorization: Bearer …”")
    place = place_of_request()
    with here.database.writing() as connection:
        if not may_give(connection, place, here.clock.now()):
            return problem(_TOO_MANY, "There have been too many wrong tokens from there")
    with here.database.reading() as connection:
        line = token_given(connection, given.removeprefix(_BEARER).strip(), here.keys, here.clock.today())
    if line is None:
        return problem(_UNAUTHORISED, "This token opens nothing: it is wrong, revoked, or its last day is over")
    with here.database.writing() as connection:
        was_right(connection, place)
    return line


def _number(name: str, usual: int) -> int:
    text = request.args.get(name, str(usual))
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_CURSOR:
        abort(400, f"{name} must be a number")
    return int(text)


def _is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _for_api(before: Callable[[Any], Any]) -> Callable[[Exception], Any]:
    def told(fault: Exception) -> Any:  # noqa: ANN401 - what Flask's own handlers give
        if not _is_api(request.path):
            return before(fault)
        if not isinstance(fault, HTTPException):
            return problem(_NOT_NOW)
        if fault.response is not None or fault.code is None or fault.code < 400:  # noqa: PLR2004 - redirects are no trouble
            return fault.get_response(request.environ)
        response = problem(fault.code, str(fault.description or "") if fault.code == 400 else "")  # noqa: PLR2004 - ours
        for name, value in fault.get_headers(request.environ):
            if name == "Allow":
                response.headers[name] = value
        return response

    return told
