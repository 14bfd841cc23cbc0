"""Refuses what another site's page, or an old page of ours, sends to a staff route."""

from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from hscb_voice.staff.access import SIGN_IN_ENDPOINT, person_or_none, to_sign_in
from hscb_voice.staff.sessions import is_staff_path

_HARMLESS = {"GET", "HEAD", "OPTIONS"}
_OURS = {"same-origin", "none"}


def install_forgery_protection(app: Flask) -> None:
    """Check every sending to a staff route; respondents' pages have no cookie that could be misused.

    Args:
        app: the application.
    """
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a token lasts as long as its session
        WTF_CSRF_SSL_STRICT=False,  # it looks at the referrer, and our pages send none
    )
    tokens = CSRFProtect(app)

    def check() -> ResponseReturnValue | None:
        if not is_staff_path(request.path) or request.method in _HARMLESS:
            return None
        if _comes_from_elsewhere():
            abort(403)
        try:
            tokens.protect()
        except CSRFError:
            if request.endpoint != SIGN_IN_ENDPOINT and person_or_none() is None:
                return to_sign_in()
            raise
        return None

    app.before_request(check)


def _comes_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OURS
    # Without a referrer, browsers write “null” even for our own forms: then the token alone decides.
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.host
