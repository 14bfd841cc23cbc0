"""Tells the database whose staff request it serves: the one place from which the second fence is set.

It decides nothing: a person's teams come from their roles, and PostgreSQL's policies do the rest.
"""

from typing import cast

from flask import g, has_request_context, request

from hscb_voice.foundation.database import Database
from hscb_voice.foundation.fence import Teams, narrow_by
from hscb_voice.staff.sessions import is_staff_path


def fence_staff_requests(database: Database) -> None:
    """Narrow every transaction of a staff request to the teams of whoever is signed in.

    Args:
        database: the application's; what is no staff request is not narrowed.
    """
    narrow_by(database, _teams_of_request)


def _teams_of_request() -> Teams:
    """Return the teams of a staff request, none until it is known whose it is; None where nothing is narrowed."""
    if not has_request_context() or not is_staff_path(request.path):
        return None
    person = g.get("person")
    return frozenset() if person is None else cast("Teams", person.teams)
