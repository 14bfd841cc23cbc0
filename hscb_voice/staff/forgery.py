"""Refuses what another site's page, or an old page of ours, sends to a staff route."""

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from hscb_voice.staff.access import SIGN_IN_ENDPOINT, person_or_none, to_sign_in
from hscb_voice.staff.held import has_words, held_page
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
                return _signed_out()
            raise
        # The token lasts as long as the session's cookie, so it may be right when the session has just run out.
        return _signed_out() if has_words() and person_or_none() is None else None

    app.before_request(check)


def _signed_out() -> ResponseReturnValue:
    """Send the browser to the sign-in page; but what somebody wrote meanwhile comes back to them."""
    if not has_words():
        return to_sign_in()
    line = "Nothing has been saved yet. What you wrote is below. Sign in again, then come back to this tab and save it."
    return held_page("You have been signed out", line, is_signed_out=True), 401
