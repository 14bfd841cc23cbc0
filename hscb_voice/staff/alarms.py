"""What must be said on every staff page, whatever somebody is doing there. Rooms above give it; usually none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection

from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.staff.access import person_or_none
from hscb_voice.staff.queries import Person
from hscb_voice.web.current import platform


@dataclass(frozen=True)
class Alarm:
    """One thing that cannot wait."""

    text: str
    address: str  # where it can be mended
    link: str  # what the link says


# Returns nothing when all is well, or when it is not this person's to mend. It must be quick: every page asks it.
AlarmMaker = Callable[[Connection, Person], list[Alarm]]
_EXTENSION = "staff_alarms"


def add_alarm(app: Flask, maker: AlarmMaker) -> None:
    """Let a room say something on every staff page.

    Args:
        app: the application, its staff surface begun.
        maker: tells what one person must know.
    """
    app.extensions.setdefault(_EXTENSION, []).append(maker)
    app.jinja_env.globals["staff_alarms"] = alarms


def alarms() -> list[Alarm]:
    """Return what the person who is signed in must know now."""
    try:
        person = person_or_none()
        if person is None:
            return []
        makers = cast("list[AlarmMaker]", current_app.extensions.get(_EXTENSION, []))
        with platform().database.reading() as connection:
            return [alarm for maker in makers for alarm in maker(connection, person)]
    except DatabaseUnreachableError:
        return []  # the page itself says so
