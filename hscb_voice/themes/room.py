"""Puts the pages of themes on the staff surface, and lets the home page say how much the machine has still to read."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.foundation.jobs import jobs_waiting
from hscb_voice.responses.service import READ_JOB
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.themes.learning_routes import blueprint as learning_blueprint
from hscb_voice.themes.routes import blueprint as themes_blueprint
from hscb_voice.themes.run_routes import blueprint as runs_blueprint


def furnish_themes(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    for blueprint in (themes_blueprint, runs_blueprint, learning_blueprint):
        app.register_blueprint(blueprint)
    tell_what_waits(app, "staff_themes.codebook", _what_waits)


def _what_waits(connection: Connection, _person: Person) -> str:
    waiting = jobs_waiting(connection, READ_JOB).waiting
    return f"{waiting:,} for the machine to read" if waiting else ""
