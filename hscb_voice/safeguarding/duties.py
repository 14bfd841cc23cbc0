"""Who is called about a concern: the duty of each service, as an administrator or a safeguarding lead set it up.

Whatever is missing or has gone stale, somebody is called: everybody who may handle concerns. It sends nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from hscb_voice.audit.service import note as note_in_record
from hscb_voice.foundation.database import upsert
from hscb_voice.invitations.models import Invitation
from hscb_voice.responses.models import Response
from hscb_voice.safeguarding.calendars import OfficeHours
from hscb_voice.safeguarding.models import ClosingDay, Duty
from hscb_voice.staff.queries import Person, everybody
from hscb_voice.staff.roles import Permission

EVERY_OTHER = ""  # the service of the duty that counts for every service without its own


class Turn(StrEnum):
    """Which call it is: the first at once, the others while nobody acknowledges."""

    FIRST = "first"
    SECOND = "second"
    LEAD = "lead"


TURN_LABELS = {Turn.FIRST: "First person", Turn.SECOND: "Second person", Turn.LEAD: "Lead of the service"}


@dataclass(frozen=True)
class Duties:
    """The duty of one service."""

    service: str = EVERY_OTHER
    people: Mapping[Turn, str | None] = field(default_factory=dict)  # account ids
    out_of_hours: str = ""  # an address; empty when the first person is called at any hour
    hours: OfficeHours = field(default_factory=OfficeHours)


@dataclass(frozen=True)
class Called:
    """Somebody who is called."""

    name: str
    address: str
    why: str  # as what, in plain words

    @property
    def said(self) -> str:
        """Return who it is and as what, for the history."""
        return f"{self.why}: {self.name} ({self.address})" if self.name else f"{self.why}: {self.address}"


def who_handles(connection: Connection) -> list[Person]:
    """Return everybody who may be called, because they may open a concern and handle it; by name."""
    may = (person for person in everybody(connection) if person.active and person.may(Permission.HANDLE_CONCERNS))
    return [person for person in may if person.may(Permission.READ_CONCERNS)]


def every_duty(connection: Connection) -> dict[str, Duties]:
    """Return the duties that have been set up, by service; the one for all others stands first."""
    days: dict[str, set[date]] = defaultdict(set)
    for row in connection.execute(select(ClosingDay.service, ClosingDay.day)):
        days[row.service].add(row.day)
    rows = connection.execute(select(*Duty.__table__.columns).order_by(Duty.service))
    return {row.service: _duties(row, days[row.service]) for row in rows}


def duties_of(connection: Connection, service: str) -> Duties:
    """Return who is called for a service.

    Args:
        connection: a reading connection.
        service: as it stands in the response.

    Returns:
        Its own duty, else the one for all others, else an empty one.
    """
    known = every_duty(connection)
    return known.get(service) or known.get(EVERY_OTHER) or Duties()


def known_services(connection: Connection) -> list[str]:
    """Return the services that responses, codes and duties name, in the order of the alphabet."""
    named = [select(table.service).distinct() for table in (Response, Invitation, Duty)]
    return sorted({service for query in named for service in connection.execute(query).scalars() if service})


def called_for(duties: Duties, handlers: Sequence[Person], turn: Turn, now: datetime) -> list[Called]:
    """Return who is called.

    Args:
        duties: of the service.
        handlers: everybody who may be called.
        turn: which call it is.
        now: decides whether the office is open.

    Returns:
        One person or address; everybody who handles concerns, when the one who should be called cannot be; nobody only
        when there is nobody at all.
    """
    if turn is Turn.FIRST and duties.out_of_hours and not duties.hours.is_open(now):
        return [Called("", duties.out_of_hours, "Out-of-hours duty")]
    wanted = duties.people.get(turn)
    for person in handlers:
        if person.id == wanted:
            return [Called(person.name, person.email, TURN_LABELS[turn])]
    why = f"{TURN_LABELS[turn]} is not set up, so everybody who handles concerns"
    return [Called(person.name, person.email, why) for person in handlers]


def save_duties(connection: Connection, duties: Duties, *, by: str, now: datetime) -> None:
    """Set up who is called for a service.

    Args:
        connection: a writing connection.
        duties: all of it; what was before is replaced.
        by: the account that changes it.
        now: the present moment.
    """
    hours = duties.hours
    values: dict[str, Any] = {
        **{f"{turn.value}_id": duties.people.get(turn) for turn in Turn},
        "out_of_hours": duties.out_of_hours,
        "weekdays": "".join(str(day) for day in sorted(hours.weekdays)),
        "opens": f"{hours.opens:%H:%M}",
        "closes": f"{hours.closes:%H:%M}",
    }
    statement = upsert(connection, Duty).values(service=duties.service, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["service"], set_=values))
    connection.execute(delete(ClosingDay).where(ClosingDay.service == duties.service))
    rows = [{"service": duties.service, "day": day} for day in sorted(hours.closing_days)]
    if rows:
        connection.execute(insert(ClosingDay), rows)
    note_in_record(connection, by, "changed who is called", _subject(duties.service), now=now)


def remove_duties(connection: Connection, service: str, *, by: str, now: datetime) -> None:
    """Let a service go by the duty of all others again.

    Args:
        connection: a writing connection.
        service: which.
        by: the account that changes it.
        now: the present moment.
    """
    connection.execute(delete(ClosingDay).where(ClosingDay.service == service))
    connection.execute(delete(Duty).where(Duty.service == service))
    note_in_record(connection, by, "removed a service's own duty", _subject(service), now=now)


def duty_problems(connection: Connection, *, mail_is_set_up: bool) -> list[str]:
    """Say what must be mended so that a concern reaches somebody.

    Args:
        connection: a reading connection.
        mail_is_set_up: whether there is a way to send letters.

    Returns:
        Sentences for an administrator, the worst first; none when all is well.
    """
    handlers, known = who_handles(connection), every_duty(connection)
    problems = [] if handlers else ["Nobody can be called about a concern: no active account may handle concerns."]
    if not mail_is_set_up:
        problems.append("No mail can be sent, so nobody is called about a concern. Set VOICE_MAIL_URL or Notify.")
    if EVERY_OTHER not in known:
        problems.append("No duty is set up for services without their own: everybody who handles concerns is called.")
    ids = {person.id for person in handlers}
    return problems + [text for duties in known.values() for text in _gaps(duties, ids)]


def service_name(service: str) -> str:
    """Return a service as pages call it."""
    return service or "Every other service"


def _gaps(duties: Duties, ids: Collection[str]) -> Iterable[str]:
    for turn, label in TURN_LABELS.items():
        wanted = duties.people.get(turn)
        if wanted not in ids:
            trouble = "is not named" if wanted is None else "can no longer handle concerns"
            yield f"{service_name(duties.service)}: {label.lower()} {trouble}, so everybody is called instead."


def _subject(service: str) -> str:
    return f"duty of {service_name(service)}"


def _duties(row: Row[Any], closing_days: Iterable[date]) -> Duties:
    hours = OfficeHours(
        frozenset(int(digit) for digit in row.weekdays),
        time.fromisoformat(row.opens),
        time.fromisoformat(row.closes),
        frozenset(closing_days),
    )
    people = {turn: getattr(row, f"{turn.value}_id") for turn in Turn}
    return Duties(row.service, people, row.out_of_hours, hours)
