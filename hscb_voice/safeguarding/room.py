"""Puts the room on the staff surface: its pages, what the home page says of it, and its part of a response's page."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.responses.panels import Panel, add_panel
from hscb_voice.responses.queries import ResponseSummary
from hscb_voice.safeguarding.queries import concern_counts, concerns_of
from hscb_voice.safeguarding.routes import blueprint
from hscb_voice.safeguarding.showing import queue_line
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform


def furnish_safeguarding(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    app.register_blueprint(blueprint)
    add_panel(app, _concerns_beside)
    tell_what_waits(app, "staff_concerns.queue", _what_waits)


def _concerns_beside(connection: Connection, response: ResponseSummary, person: Person) -> Panel | None:
    if not person.may(Permission.READ_CONCERNS):
        return None
    now = platform().clock.now()
    lines = [queue_line(concern, now) for concern in concerns_of(connection, person.teams, response.id)]
    return Panel("Concerns", "safeguarding/beside_response.html", lines) if lines else None


def _what_waits(connection: Connection, person: Person) -> str:
    counts = concern_counts(connection, person.teams, platform().clock.now())
    parts = [f"{counts.open} to read"] if counts.open else []
    parts += [f"{counts.acknowledged} to follow up"] if counts.acknowledged else []
    parts += [f"{counts.late} late"] if counts.late else []
    return ", ".join(parts)
