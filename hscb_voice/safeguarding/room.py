"""Puts the room on the staff surface: its pages, what the home page says of it, and its part of a response's page."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.responses.panels import Panel, add_panel
from hscb_voice.responses.queries import ResponseSummary
from hscb_voice.safeguarding.alarms import letters_alarm, unheeded_alarm
from hscb_voice.safeguarding.duty_routes import blueprint as duties_blueprint
from hscb_voice.safeguarding.queries import concern_counts, concerns_of
from hscb_voice.safeguarding.raising_routes import blueprint as raising_blueprint
from hscb_voice.safeguarding.routes import blueprint
from hscb_voice.safeguarding.showing import queue_line
from hscb_voice.staff.alarms import add_alarm
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform


def furnish_safeguarding(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    for one in (blueprint, duties_blueprint, raising_blueprint):
        app.register_blueprint(one)
    add_panel(app, _concerns_beside)
    tell_what_waits(app, "staff_concerns.queue", _what_waits)
    add_alarm(app, unheeded_alarm)
    add_alarm(app, letters_alarm)


def _concerns_beside(connection: Connection, response: ResponseSummary, person: Person) -> Panel | None:
    may_read, may_raise = person.may(Permission.READ_CONCERNS), person.may(Permission.READ_COMMENTS)
    if not may_read and not may_raise:
        return None
    now = platform().clock.now()
    concerns = concerns_of(connection, person.teams, response.id) if may_read else []
    lines = [queue_line(concern, now) for concern in concerns]
    content = {"lines": lines, "response_id": response.id, "may_raise": may_raise}
    return Panel("Concerns" if may_read else "Are you worried?", "safeguarding/beside_response.html", content)


def _what_waits(connection: Connection, person: Person) -> str:
    counts = concern_counts(connection, person.teams, platform().clock.now())
    parts = [f"{counts.open} to read"] if counts.open else []
    parts += [f"{counts.acknowledged} to follow up"] if counts.acknowledged else []
    parts += [f"{counts.late} late"] if counts.late else []
    return ", ".join(parts)
