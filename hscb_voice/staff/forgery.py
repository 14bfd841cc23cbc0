"""Refuses what another site's page, or an old page of ours, sends to a staff route."""

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from hscb_voice.staff.access import SIGN_IN_ENDPOINT, person_or_none, to_sign_in
from hscb_voice.staff.sessions import is_staff_path
from hscb_voice.web.origin import comes_from_elsewhere

_HARMLESS = {"GET", "HEAD", "OPTIONS"}


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
        if comes_from_elsewhere(request.headers, request.host):
            abort(403)
        try:
            tokens.protect()
        except CSRFError:
            if request.endpoint != SIGN_IN_ENDPOINT and person_or_none() is None:
                return to_sign_in()
            raise
        return None

    app.before_request(check)
