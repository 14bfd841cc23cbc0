"""Headers that go with every answer, errors too: own origin only, no framing, no referrer, nothing kept."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self'",
    "manifest-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "worker-src": "'self'",
}
_ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ALWAYS_BY_NAME = {name.lower(): (name, value) for name, value in _ALWAYS.items()}
_STATIC_AGE_SECONDS = 365 * 24 * 3600


def content_hash(inline: str) -> str:
    """Return the source expression that allows one inline style or script and no other.

    Args:
        inline: exactly what stands between the tags.

    Returns:
        Such as `'sha256-…'`, quotes included.
    """
    return "'sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() + "'"


def content_policy(**extra: str) -> str:
    """Return a content security policy.

    Args:
        **extra: directive (underscores for hyphens) -> further sources, such as `script_src="'nonce-…'"`.

    Returns:
        The header's value.
    """
    more = {name.replace("_", "-"): sources for name, sources in extra.items()}
    return "; ".join(
        f"{name} {sources} {more[name]}" if name in more else f"{name} {sources}" for name, sources in _POLICY.items()
    )


def page_nonce() -> str:
    """Return this answer's nonce for inline scripts, made when a page first asks for it."""
    if "page_nonce" not in g:
        g.page_nonce = secrets.token_urlsafe(16)
    return str(g.page_nonce)


def install_headers(app: Flask) -> None:
    """Send the headers with every answer of an application.

    Args:
        app: the application.
    """
    app.after_request(_send_headers)
    app.wsgi_app = _WithHeaders(app.wsgi_app)  # type: ignore[method-assign]  # Flask documents wrapping it so


class _WithHeaders:
    """A WSGI application in front of another, which adds what every reply carries, whatever made the reply."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - WSGI's own triple
            there = {name.lower() for name, _ in headers}
            more = [header for name, header in _ALWAYS_BY_NAME.items() if name not in there]
            return start_response(status, headers + more, *fault)

        return self._application(environ, start)


def _send_headers(response: Response) -> Response:
    headers = response.headers
    if "Content-Security-Policy" not in headers:
        inline = {"script_src": f"'nonce-{g.page_nonce}'"} if "page_nonce" in g else {}
        headers["Content-Security-Policy"] = content_policy(**inline)
    if request.endpoint == "static" and response.status_code in {200, 304} and "v" in request.args:
        headers["Cache-Control"] = f"public, max-age={_STATIC_AGE_SECONDS}, immutable"
    elif request.endpoint == "static":
        headers["Cache-Control"] = "no-cache"
    else:
        headers.setdefault("Cache-Control", "no-store")
    return response
