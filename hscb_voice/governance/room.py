"""Puts the room on the staff surface: its pages, and what the home page says of it."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.governance.copy_routes import blueprint as copies_blueprint
from hscb_voice.governance.queries import copies_waiting, wishes_waiting
from hscb_voice.governance.routes import blueprint as keeping_blueprint
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person


def furnish_governance(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    app.register_blueprint(keeping_blueprint)
    app.register_blueprint(copies_blueprint)
    tell_what_waits(app, "staff_keeping.overview", _wishes)
    tell_what_waits(app, "staff_copies.copies", _copies)


def _wishes(connection: Connection, _person: Person) -> str:
    waiting = wishes_waiting(connection)
    return f"{waiting} to decide" if waiting else ""


def _copies(connection: Connection, _person: Person) -> str:
    waiting = copies_waiting(connection)
    return f"{waiting} to release" if waiting else ""
