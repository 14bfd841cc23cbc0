"""Puts the room on the staff surface: its pages, and what the home page says of it."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.tablets.queries import tablets_of
from hscb_voice.tablets.routes import blueprint
from hscb_voice.tablets.wording import home_words
from hscb_voice.web.current import platform


def furnish_tablet_pages(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    app.register_blueprint(blueprint)
    tell_what_waits(app, "staff_tablets.tablets", _what_waits)


def _what_waits(connection: Connection, person: Person) -> str:
    return home_words(tablets_of(connection, person.teams), platform().clock.now())
