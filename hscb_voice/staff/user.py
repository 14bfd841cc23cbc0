"""An account in the shape that Flask-Security asks for. It is made for one request and never kept."""

from flask_security.core import RoleMixin, UserMixin

from hscb_voice.staff.queries import Credentials


class StaffUser(UserMixin):
    """An account as Flask-Security knows it. Roles are not told: `access` alone decides what a person may do."""

    fs_uniquifier: str = ""

    def __init__(self, credentials: Credentials) -> None:
        """Take what signing in needs."""
        self.account_id = credentials.account_id
        self.email = credentials.email
        self.password = credentials.password_hash
        self.active = credentials.active
        self.fs_uniquifier = credentials.session_key
        self.roles: list[RoleMixin] = []
