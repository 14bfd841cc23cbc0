"""Notices, once a day, which themes enough people want changed, and reminds those who have something to do.

A theme waits where, in one quarter and service, at least as many responses as its threshold spoke of it as not good, as
both, or as a wish: praise needs no decision. The threshold is 5 or more, so that waiting tells no small number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from hscb_voice.actions.models import Action, ActionDay, ThemeWait
from hscb_voice.actions.queries import action_list, thresholds, waits
from hscb_voice.actions.statuses import ENDED, OPEN, Status
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.letters import post
from hscb_voice.foundation.mail import Letter
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Tally
from hscb_voice.staff.queries import Person, everybody
from hscb_voice.staff.roles import Permission

_ASKS_FOR_CHANGE = ("negative", "mixed", "wish")
_LOOKS_BACK = timedelta(days=460)  # the quarter that lies a year back counts until its figures are settled
_WEEK = timedelta(days=7)
_QUARTER_MONTHS = 3


@dataclass(frozen=True)
class HeardOften:
    """A theme of one service that reached its threshold in one quarter."""

    theme: str
    service: str
    start: date
    end: date
    invented: bool


def see_to_the_daily_actions(platform: Platform) -> None:
    """Notice themes and send reminders, where nobody has done so today; a worker calls it now and then.

    Args:
        platform: whose.
    """
    today = platform.clock.today()
    with platform.database.reading() as connection:
        if connection.execute(select(ActionDay.day).where(ActionDay.day == today)).first():
            return
    with platform.database.writing() as connection:
        statement = upsert(connection, ActionDay).values(day=today).on_conflict_do_nothing()
        if connection.execute(statement.returning(ActionDay.day)).first() is None:
            return
        notice_themes(connection, today)
        remind(connection, platform, today)


def notice_themes(connection: Connection, today: date) -> int:
    """Write down each theme that has reached its threshold and does not wait yet.

    Args:
        connection: a writing connection.
        today: the present day.

    Returns:
        How many are new.
    """
    new = 0
    for heard in _heard_often(connection, today - _LOOKS_BACK):
        row = {"id": new_id(), "theme": heard.theme, "service": heard.service, "noticed_on": today}
        row |= {"span_start": heard.start, "span_end": heard.end, "invented": heard.invented}
        action = _action_for(connection, heard)
        if action is not None:
            row |= {"action_id": action[0], "answered_on": today if action[1] else None}
        statement = upsert(connection, ThemeWait).values(row)
        statement = statement.on_conflict_do_nothing(index_elements=["theme", "service", "span_start"])
        new += connection.execute(statement.returning(ThemeWait.id)).first() is not None
    return new


def remind(connection: Connection, platform: Platform, today: date) -> None:
    """Post a letter to whoever has something due within a week or overdue, once a week.

    Args:
        connection: a writing connection.
        platform: its keys, address and clock.
        today: the present day.
    """
    people = {person.id: person for person in everybody(connection) if person.active}
    for action in action_list(connection, statuses=OPEN):
        if action.due is None or action.due > today + _WEEK:
            continue
        owner = people.get(action.owner_id or "")
        changes = update(Action).where(Action.id == action.id, _rested(Action.reminded_on, today))
        if owner and connection.execute(changes.values(reminded_on=today).returning(Action.id)).first():
            state = "is overdue" if action.is_late(today) else "is due soon"
            _post(connection, platform, owner, f"An action of yours {state}", f"/staff/actions/{action.id}")
    _remind_of_waits(connection, platform, list(people.values()), today)


def _remind_of_waits(connection: Connection, platform: Platform, people: list[Person], today: date) -> None:
    soon = [wait.id for wait in waits(connection) if wait.decide_by is not None and wait.decide_by <= today + _WEEK]
    changes = update(ThemeWait).where(ThemeWait.id.in_(soon), _rested(ThemeWait.reminded_on, today))
    if not soon or not connection.execute(changes.values(reminded_on=today).returning(ThemeWait.id)).all():
        return
    for person in people:
        if person.may(Permission.DECIDE_ACTIONS):
            subject = "What people said waits for a decision before the Board meets"
            _post(connection, platform, person, subject, "/staff/actions/")


def _rested(column: InstrumentedAttribute[date | None], today: date) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= today - _WEEK)


def _post(connection: Connection, platform: Platform, person: Person, subject: str, path: str) -> None:
    address = f"{platform.settings.public_address}{path}"
    text = f"Hello {person.name},\n\n{subject}. Please open this page; you will be asked to sign in:\n\n{address}\n"
    post(connection, platform.keys, Letter(person.email, subject, text), platform.clock.now(), about="actions")


def _heard_often(connection: Connection, since: date) -> Iterator[HeardOften]:
    limits = thresholds(connection)
    kinds = (Tally.question, Tally.service, Tally.span_start, Tally.span_end, Tally.invented)
    wanted = (
        Tally.question.startswith("theme:", autoescape=True),
        Tally.choice.in_(_ASKS_FOR_CHANGE),
        Tally.span_start >= since,
    )
    sums: dict[tuple[str, str, date], list[int]] = {}
    query = select(*kinds, func.sum(Tally.n)).where(*wanted).group_by(*kinds)
    for question, service, start, end, invented, n in connection.execute(query):
        first, last = _quarter_of(start)
        if end <= last:
            counted = sums.setdefault((question.removeprefix("theme:"), service, first), [0, 0])
            counted[0] += int(n)
            counted[1] += int(n) if invented else 0
    for (theme, service, first), (n, invented_n) in sorted(sums.items()):
        if n >= limits.get(service, limits[""]):
            yield HeardOften(theme, service, first, _quarter_of(first)[1], invented=invented_n == n)


def _quarter_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the reporting quarter; these are the calendar's quarters, too."""
    first = date(day.year, (day.month - 1) // _QUARTER_MONTHS * _QUARTER_MONTHS + 1, 1)
    after = date(first.year + (first.month + _QUARTER_MONTHS > 12), (first.month + 2) % 12 + 1, 1)  # noqa: PLR2004 - months
    return first, after - timedelta(days=1)


def _action_for(connection: Connection, heard: HeardOften) -> tuple[str, bool] | None:
    """Return the open action on the same theme, and whether it has been decided: it answers this quarter too."""
    query = select(Action.id, Action.status, Action.decided_at).where(
        Action.theme == heard.theme,
        Action.service.in_(["", heard.service]),
        Action.status.not_in([status.value for status in ENDED]),
    )
    row = connection.execute(query.order_by(Action.made_at.desc()).limit(1)).first()
    return None if row is None else (row.id, row.status != Status.ASKED)
