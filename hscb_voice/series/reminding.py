"""Reminds workers by letter of the forms that are due: once for each, one letter a day, and never a child.

A letter says how many, and where to look. It holds no words of a series and no word of an answer.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, Connection, and_, exists, select, update

from hscb_voice.foundation.clock import LOCAL_ZONE
from hscb_voice.foundation.letters import post
from hscb_voice.foundation.mail import Letter
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.models import Invitation
from hscb_voice.series.models import PlannedPoint, Series
from hscb_voice.staff.queries import Person, everybody
from hscb_voice.staff.roles import Permission, Role

ABOUT = "forms due"
_NOT_BEFORE = time(7)
_LETTER = """Hello {name},

forms that were planned are due: {count}.

{address}/staff/due

There you make the code, record what is said, put a form off or leave it out.
This letter holds nothing of what anybody said, and says nobody's name. It was sent by a machine: please do not reply.
"""


@dataclass(frozen=True)
class _Due:
    made_by: str
    team: str
    due_on: date


def see_to_the_daily_reminders(platform: Platform) -> None:
    """Post a letter to each worker who has forms due and has not been told yet; a worker process calls it now and then.

    Args:
        platform: whose.
    """
    now = platform.clock.now()
    if now.astimezone(LOCAL_ZONE).time() < _NOT_BEFORE:
        return
    today = platform.clock.today()
    with platform.database.reading() as connection:
        if connection.execute(select(PlannedPoint.id).where(_is_due(today)).limit(1)).first() is None:
            return
    with platform.database.writing() as connection:
        for person, count in _whom(connection, _claimed(connection, platform, today), today).values():
            text = _LETTER.format(name=person.name, count=count, address=platform.settings.public_address)
            letter = Letter(person.email, "Forms are due", text)
            post(connection, platform.keys, letter, now, about=ABOUT)


def _is_due(today: date) -> ColumnElement[bool]:
    goes_on = exists().where(Series.id == PlannedPoint.series_id, Series.stopped_at.is_(None))
    used = exists().where(Invitation.id == PlannedPoint.invitation_id, Invitation.used_at.is_not(None))
    unsaid = and_(PlannedPoint.reminded_at.is_(None), PlannedPoint.left_out_at.is_(None))
    return and_(PlannedPoint.due_on <= today, unsaid, goes_on, ~used)


def _claimed(connection: Connection, platform: Platform, today: date) -> list[_Due]:
    """Mark what is due as told, and return it. Whoever else marks at the same moment finds nothing left."""
    marked = update(PlannedPoint).where(_is_due(today)).values(reminded_at=platform.clock.now())
    rows = connection.execute(marked.returning(PlannedPoint.id)).scalars().all()
    told = select(Series.made_by, Series.team, PlannedPoint.due_on).join(Series, Series.id == PlannedPoint.series_id)
    return [_Due(*row) for row in connection.execute(told.where(PlannedPoint.id.in_(rows)))]


def _whom(connection: Connection, due: Iterable[_Due], today: date) -> dict[str, tuple[Person, str]]:
    """Return whom to tell: who planned it; if they are gone, the managers of the team."""
    people = {person.id: person for person in everybody(connection) if person.active}
    days: dict[str, list[date]] = defaultdict(list)
    for one in due:
        planner = people.get(one.made_by)
        fits = planner is not None and planner.may(Permission.INVITE) and one.team in planner.own_teams
        managers = [
            person.id
            for person in people.values()
            if Role.TEAM_MANAGER in person.roles and one.team in person.own_teams
        ]
        for person_id in [one.made_by] if fits else managers:
            days[person_id].append(one.due_on)
    return {person_id: (people[person_id], _count_words(found, today)) for person_id, found in days.items()}


def _count_words(days: list[date], today: date) -> str:
    now, before = days.count(today), sum(day < today for day in days)
    parts = [f"{now} today"] if now else []
    return ", ".join([*parts, f"{before} since earlier"] if before else parts)
