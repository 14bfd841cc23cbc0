"""What rooms above show beside one response: its concerns, its themes. This room does not know what they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection

from hscb_voice.responses.queries import ResponseSummary
from hscb_voice.staff.queries import Person

_EXTENSION = "response_panels"


@dataclass(frozen=True)
class Panel:
    """One part of the page of a response."""

    title: str
    template: str  # shows `panel.content`; it must not show words that the reader may not read
    content: object


# Returns None when there is nothing to show, or nothing that this person may see.
PanelMaker = Callable[[Connection, ResponseSummary, Person], Panel | None]


def add_panel(app: Flask, maker: PanelMaker) -> None:
    """Let a room show something beside every response.

    Args:
        app: the application.
        maker: makes the panel of one response for one person.
    """
    app.extensions.setdefault(_EXTENSION, []).append(maker)


def panels_of(connection: Connection, response: ResponseSummary, person: Person) -> list[Panel]:
    """Return what the rooms above show beside a response.

    Args:
        connection: a reading connection.
        response: which; the caller has checked that the person may see it.
        person: who looks.

    Returns:
        The panels, in the order in which the rooms came.
    """
    makers = cast("list[PanelMaker]", current_app.extensions.get(_EXTENSION, []))
    return [panel for maker in makers if (panel := maker(connection, response, person)) is not None]
