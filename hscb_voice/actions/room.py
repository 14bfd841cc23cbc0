"""Puts actions on the staff surface: their pages, and what the home page says of them."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.actions.queries import action_list, waits
from hscb_voice.actions.routes import blueprint
from hscb_voice.actions.statuses import OPEN
from hscb_voice.actions.telling_routes import blueprint as telling_blueprint
from hscb_voice.staff.navigation import tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform


def furnish_actions(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    app.register_blueprint(blueprint)
    app.register_blueprint(telling_blueprint)
    tell_what_waits(app, "staff_actions.actions", _what_waits)


def _what_waits(connection: Connection, person: Person) -> str:
    today = platform().clock.today()
    own = [action for action in action_list(connection, statuses=OPEN, owner_id=person.id) if action.due]
    late = sum(action.is_late(today) for action in own)
    parts = [f"{len(own)} of yours"] if own else []
    parts += [f"{late} overdue"] if late else []
    if person.may(Permission.DECIDE_ACTIONS) and (waiting := waits(connection)):
        parts.append(f"{len(waiting)} {'theme waits' if len(waiting) == 1 else 'themes wait'} for a decision")
    return ", ".join(parts)
