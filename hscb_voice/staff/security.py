"""Flask-Security on our own accounts: it leads through signing in; whose account it is and what it opens we decide.

Only its view for the password is on. Second factors, passkeys and resets are thin views of our own, on the libraries
on which it stands itself (docs/decisions tells why).
"""

from datetime import timedelta
from typing import Any, cast

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import Security
from flask_security.core import RoleMixin
from flask_security.datastore import UserDatastore
from flask_security.signals import user_authenticated

from hscb_voice.foundation.database import Database
from hscb_voice.staff.access import SIGN_IN_ENDPOINT, is_safe_next, open_to_everyone, person_or_none
from hscb_voice.staff.entering import enter_by_password
from hscb_voice.staff.forms import SignInForm
from hscb_voice.staff.queries import credentials_by
from hscb_voice.staff.sessions import STAFF_PATH
from hscb_voice.staff.user import StaffUser

_NEVER = timedelta(seconds=-1)


class AccountStore(UserDatastore):
    """Finds accounts for Flask-Security, each time in a transaction of its own, so that no session stays open."""

    def __init__(self, database: Database) -> None:
        """Remember where accounts are kept."""
        super().__init__(StaffUser, RoleMixin)
        self._database = database

    def find_user(self, case_insensitive: bool = False, **by: Any) -> StaffUser | None:  # noqa: FBT001, FBT002, ANN401 - the library's own signature
        """Return the account behind a session, if that session still counts; nothing else is ever asked here."""
        del case_insensitive
        person = person_or_none()
        if person is None or "fs_uniquifier" not in by:
            return None
        with self._database.reading() as connection:
            found = credentials_by(connection, session_key=str(by["fs_uniquifier"]))
        return StaffUser(found) if found is not None and found.account_id == person.id else None

    def commit(self) -> None:
        """Do nothing: every transaction here is committed where it is made."""


def install_security(app: Flask, database: Database) -> None:
    """Set Flask-Security up on the staff surface.

    Args:
        app: the application, with its staff session in place.
        database: where accounts are kept.
    """
    app.config.update(
        SECURITY_LOGIN_URL=f"{STAFF_PATH}/sign-in",
        SECURITY_LOGIN_USER_TEMPLATE="security/sign_in.html",
        SECURITY_POST_LOGIN_VIEW=f"{STAFF_PATH}/",
        SECURITY_LOGOUT_METHODS=None,  # our own route ends the sign-in in the database too
        SECURITY_FRESHNESS=_NEVER,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CLI_USERS_NAME="",
        SECURITY_CLI_ROLES_NAME="",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CACHE_CONTROL=None,  # our own headers say no-store
    )
    security = Security(app, AccountStore(database), login_form=SignInForm)
    # Flask-Principal would look for a signed-in person on every request, a child's too. Nothing here asks it.
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001 - it offers no switch
    sign_in_view: Any = app.view_functions[SIGN_IN_ENDPOINT]

    def sign_in(**values: object) -> ResponseReturnValue:
        # Asked first, because a session that has run out is dropped by it, and the page's token must outlive that.
        if person_or_none() is not None:
            wanted = request.args.get("next", "")
            return redirect(wanted if is_safe_next(wanted) else url_for("staff_home.home"))
        return cast("ResponseReturnValue", sign_in_view(**values))

    app.view_functions[SIGN_IN_ENDPOINT] = open_to_everyone("whoever signs in is not signed in yet")(sign_in)
    user_authenticated.connect(_begin, app)


def _begin(_app: Flask, user: StaffUser, **_more: object) -> None:
    """Bind the browser to a new sign-in, which the second step makes whole."""
    enter_by_password(user.account_id)
