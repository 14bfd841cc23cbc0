"""What stands on every staff page when a concern could be missed: nobody heeds it, or no letter gets out."""

from datetime import timedelta

from flask import url_for
from sqlalchemy import Connection

from hscb_voice.foundation.letters import letters_waiting
from hscb_voice.safeguarding.calling import CALLED_AFTER
from hscb_voice.safeguarding.duties import Turn, who_handles
from hscb_voice.safeguarding.queries import unheeded
from hscb_voice.safeguarding.wording import moment_words, trouble_words
from hscb_voice.staff.alarms import Alarm
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import Permission
from hscb_voice.web.current import platform

_SLOW = timedelta(minutes=5)


def unheeded_alarm(connection: Connection, person: Person) -> list[Alarm]:
    """Tell those who handle concerns of those that nobody has acknowledged for an hour.

    Args:
        connection: a reading connection.
        person: who looks.
    """
    if not person.may(Permission.HANDLE_CONCERNS):
        return []
    number = unheeded(connection, person.teams, platform().clock.now() - CALLED_AFTER[Turn.LEAD])
    if not number:
        return []
    have = "concern has" if number == 1 else "concerns have"
    text = (
        f"{number} {have} waited for more than an hour and nobody has acknowledged {'it' if number == 1 else 'them'}."
    )
    return [Alarm(text, url_for("staff_concerns.queue", state="open"), "Read what waits")]


def letters_alarm(connection: Connection, person: Person) -> list[Alarm]:
    """Tell those who set up who is called that nobody can be called, or that letters do not get out.

    Args:
        connection: a reading connection.
        person: who looks.
    """
    if not person.may(Permission.SET_DUTIES):
        return []
    address, now = url_for("staff_duties.duties"), platform().clock.now()
    alarms = []
    if not person.may(Permission.HANDLE_CONCERNS) and not who_handles(connection):
        text = "Nobody can be called about a concern: no active account may handle concerns."
        alarms.append(Alarm(text, address, "See who is called"))
    letters = letters_waiting(connection, now)
    if letters.oldest is not None and now - letters.oldest > _SLOW:
        wait = "letter has" if letters.waiting == 1 else "letters have"
        since = moment_words(letters.oldest)
        why = f": {trouble_words(letters.trouble)}" if letters.trouble else ""
        text = f"{letters.waiting} {wait} not been sent, the oldest since {since}{why}."
        alarms.append(Alarm(text, address, "See what waits"))
    return alarms
