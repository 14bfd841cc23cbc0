"""Puts the room on the staff surface: its pages, and its part of a response's page."""

from flask import Flask
from sqlalchemy import Connection

from hscb_voice.invitations.count_routes import blueprint as counts_blueprint
from hscb_voice.invitations.errors import UnknownInvitationError
from hscb_voice.invitations.listing import invitation_of_response
from hscb_voice.invitations.recording_routes import blueprint as recording_blueprint
from hscb_voice.invitations.routes import blueprint
from hscb_voice.responses.panels import Panel, add_panel
from hscb_voice.responses.queries import ResponseSummary
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission


def furnish_invitations(app: Flask) -> None:
    """Put the room on an application.

    Args:
        app: the application, its staff surface begun.
    """
    for one in (blueprint, recording_blueprint, counts_blueprint):
        app.register_blueprint(one)
    add_panel(app, _came_by)


def _came_by(connection: Connection, response: ResponseSummary, person: Person) -> Panel | None:
    """Tell where a code for one sitting brought more answers than one: each is kept, and a person should know."""
    if not person.may(Permission.SEE_RESPONSES):
        return None
    try:
        found = invitation_of_response(connection, person.teams, response.id)
    except UnknownInvitationError:
        return None
    if not found.single or found.answers < 2:  # noqa: PLR2004 - more than the one it was made for
        return None
    content = {"answers": found.answers, "invitation_id": found.id if person.may(Permission.INVITE) else ""}
    return Panel("A code for one person was answered more than once", "invitations/beside_response.html", content)
