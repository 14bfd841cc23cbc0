"""Puts the room on the staff surface: its pages, and what the home page says is due."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.series.queries import due_points, due_words
from hscb_voice.series.routes import blueprint
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.web.current import platform


def furnish_series(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    app.register_blueprint(blueprint)
    tell_what_waits(app, "staff_due.due", _what_is_due)


def _what_is_due(connection: Connection, person: Person) -> str:
    today = platform().clock.today()
    return due_words(due_points(connection, person.teams, today, person.id), today)
