"""Puts the reading room on the staff surface: its pages, and what the home page says of it."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.reading_room import models  # noqa: F401 - its tables are part of the database wherever the room stands
from hscb_voice.reading_room.agreement_routes import blueprint as agreement_blueprint
from hscb_voice.reading_room.blind_routes import blueprint as blind_blueprint
from hscb_voice.reading_room.queries import Section, waiting_counts
from hscb_voice.reading_room.quote_routes import blueprint as quote_blueprint
from hscb_voice.reading_room.routes import blueprint as reading_blueprint
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person


def furnish_reading_room(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    for blueprint in (reading_blueprint, quote_blueprint, blind_blueprint, agreement_blueprint):
        app.register_blueprint(blueprint)
    tell_what_waits(app, "staff_reading.room", _what_waits)


def _what_waits(connection: Connection, person: Person) -> str:
    counts = waiting_counts(connection, person.teams)
    parts = [f"{sum(counts.values()):,} to read"] if any(counts.values()) else []
    first = counts[Section.LANGUAGE] + counts[Section.CONCERN]
    return ", ".join([*parts, *([f"{first:,} first of all"] if first else [])])
