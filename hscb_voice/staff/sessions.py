"""The staff session: one signed cookie for staff pages only, and the limits after which it opens nothing.

A respondent's page has no session at all: it can read none and set none, even in a browser in which somebody is
signed in.
"""

from datetime import datetime, timedelta

from flask import Flask, Request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import FREE_TEXT

STAFF_PATH = "/staff"
ABSOLUTE_LIMIT = timedelta(hours=8)
IDLE_LIMIT = timedelta(minutes=30)
IDLE_LIMIT_WITH_FREE_TEXT = timedelta(minutes=15)
# A session's cookie is written anew only so often, not with every page.
_SEEN_STEP = timedelta(seconds=20)
_SIGN_IN, _SEEN, _RAN_OUT = "sign_in", "seen", "ran_out"


class StaffSessions(SecureCookieSessionInterface):
    """Flask's own signed cookie, on staff pages and nowhere else."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]  # None is Flask's own way to say that there is none
        """Open the session of a staff page; on any other page there is none."""
        return super().open_session(app, request) if is_staff_path(request.path) else None


def is_staff_path(path: str) -> bool:
    """Tell whether an address belongs to the staff surface."""
    return path == STAFF_PATH or path.startswith(STAFF_PATH + "/")


def install_sessions(app: Flask, settings: Settings) -> None:
    """Give an application its staff session.

    Args:
        app: the application.
        settings: say whether people come by https.
    """
    app.session_interface = StaffSessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-voice-staff" if settings.secure else "voice-staff",
        SESSION_COOKIE_PATH="/" if settings.secure else STAFF_PATH,  # __Host- asks for the whole host
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=ABSOLUTE_LIMIT,
    )


def remember_sign_in(sign_in_id: str, now: datetime) -> None:
    """Bind this browser's session to a sign-in that has just begun."""
    session.pop(_RAN_OUT, None)
    session[_SIGN_IN] = sign_in_id
    session[_SEEN] = int(now.timestamp())


def sign_in_of_session() -> str:
    """Return the id of the sign-in that this browser holds; empty when it holds none."""
    return str(session.get(_SIGN_IN, ""))


def is_over(person: Person, started_at: datetime, now: datetime) -> bool:
    """Tell whether a session has lasted too long, or rested too long.

    Args:
        person: whose; those who read free text have less time.
        started_at: when they signed in.
        now: the present moment.
    """
    seen = int(session.get(_SEEN, 0))
    idle = timedelta(seconds=now.timestamp() - seen)
    return now - started_at >= ABSOLUTE_LIMIT or idle >= idle_limit(person)


def idle_limit(person: Person) -> timedelta:
    """Return how long a person may rest before they must sign in again."""
    return IDLE_LIMIT_WITH_FREE_TEXT if person.permissions & FREE_TEXT else IDLE_LIMIT


def mark_seen(now: datetime) -> None:
    """Note in the session that the person is at work."""
    if now.timestamp() - int(session.get(_SEEN, 0)) >= _SEEN_STEP.total_seconds():
        session[_SEEN] = int(now.timestamp())


def forget_session(*, ran_out: bool = False) -> None:
    """Forget everything that this browser's session holds.

    Args:
        ran_out: True when it has run out, so that the sign-in page can say why it is there.
    """
    session.clear()
    if ran_out:
        session[_RAN_OUT] = True


def has_run_out() -> bool:
    """Tell whether this browser's last session ran out."""
    return bool(session.get(_RAN_OUT))
