"""Reading invitations for staff: the own teams' codes, what became of each, and how many answers came by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from hscb_voice.invitations.errors import UnknownInvitationError
from hscb_voice.invitations.models import Invitation, InvitedCount
from hscb_voice.invitations.queries import EXPIRED, OPEN, REVOKED, USED
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import Teams

STATES = {OPEN: "Open", USED: "Used", EXPIRED: "Run out", REVOKED: "Closed"}
# How the filter of the list names them; an open one has no name of its own in the program.
NAMED_STATES = {"open": OPEN, "used": USED, "expired": EXPIRED, "revoked": REVOKED}


@dataclass(frozen=True)
class MadeInvitation:
    """One invitation as staff meet it."""

    id: str
    code: str
    slug: str
    variant: str | None
    language: str | None
    channel: str
    single: bool
    service: str
    team: str
    locality: str
    session_date: date | None
    point: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    made_by: str
    sheet_id: str | None
    answers: int = 0  # that have come by it and have not been taken back
    handed_out: tuple[tuple[date, int], ...] = ()  # of a code for many: month and number

    @property
    def words(self) -> str:
        """Return the code as people say and type it."""
        return self.code.replace("-", " ")

    @property
    def invited(self) -> int:
        """Return how many people were invited by it, as far as it is known."""
        return sum(number for _, number in self.handed_out)

    def state(self, now: datetime) -> str:
        """Tell whether it is open, and why not."""
        if self.revoked_at is not None:
            return REVOKED
        if self.used_at is not None:
            return USED
        return EXPIRED if self.expires_at is not None and self.expires_at <= now else OPEN


@dataclass(frozen=True)
class InvitationFilter:
    """Which invitations a list shows."""

    state: str = ""  # a key of NAMED_STATES
    slug: str = ""
    made_by: str = ""


_NAMES = [name for name in MadeInvitation.__dataclass_fields__ if name not in {"answers", "handed_out"}]
_COLUMNS = [getattr(Invitation, name) for name in _NAMES]


def invitations_list(
    connection: Connection, teams: Teams, wanted: InvitationFilter, now: datetime, *, page: int = 1, size: int = 25
) -> tuple[list[MadeInvitation], int]:
    """List invitations, newest first.

    Args:
        connection: a reading connection.
        teams: whose invitations may be seen.
        wanted: the filter.
        now: decides which have run out.
        page: from 1.
        size: invitations a page.

    Returns:
        One page, and how many there are in all.
    """
    query = _of_teams(teams, select(*_COLUMNS))
    for column, value in ((Invitation.slug, wanted.slug), (Invitation.made_by, wanted.made_by)):
        if value:
            query = query.where(column == value)
    if wanted.state in NAMED_STATES:
        query = query.where(_is_in(NAMED_STATES[wanted.state], now))
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(Invitation.created_at.desc(), Invitation.sheet_id, Invitation.code)
    return _made(connection, connection.execute(ordered.limit(size).offset((page - 1) * size)).all()), total


def invitation_by_id(connection: Connection, teams: Teams, invitation_id: str) -> MadeInvitation:
    """Return one invitation.

    Args:
        connection: a reading connection.
        teams: whose invitations may be seen.
        invitation_id: which.

    Returns:
        The invitation.

    Raises:
        UnknownInvitationError: there is none of that id for this reader; another team's is unknown too.
    """
    found = _made(connection, connection.execute(_of_teams(teams, _by(Invitation.id == invitation_id))).all())
    if not found:
        message = "There is no such invitation."
        raise UnknownInvitationError(message)
    return found[0]


def invitation_of_response(connection: Connection, teams: Teams, response_id: str) -> MadeInvitation:
    """Return the invitation by which a response came; arguments and troubles are those of `invitation_by_id`."""
    which = select(Response.invitation_id).where(Response.id == response_id)
    return invitation_by_id(connection, teams, connection.execute(which).scalar() or "")


def sheet_of(connection: Connection, teams: Teams, invitation: MadeInvitation) -> list[MadeInvitation]:
    """Return the codes that are printed on one sheet with this one, in their order; it alone when there is no sheet."""
    if invitation.sheet_id is None:
        return [invitation]
    query = _of_teams(teams, _by(Invitation.sheet_id == invitation.sheet_id)).order_by(Invitation.code)
    return _made(connection, connection.execute(query).all())


def known_names(connection: Connection, teams: Teams, name: str) -> list[str]:
    """Return the services or localities that the own teams' codes and responses name, in their order.

    Args:
        connection: a reading connection.
        teams: whose.
        name: `service` or `locality`.
    """
    found: set[str] = set()
    for table in (Invitation, Response):
        column = getattr(table, name)
        query = select(column).distinct().where(column != "")
        query = query if teams is None else query.where(getattr(table, "team").in_(teams))  # noqa: B009 - the two tables share no typed parent
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _by(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(condition)


def _of_teams(teams: Teams, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query if teams is None else query.where(Invitation.team.in_(teams))


def _is_in(state: str, now: datetime) -> ColumnElement[bool]:
    kept, unused = Invitation.revoked_at.is_(None), Invitation.used_at.is_(None)
    over = and_(Invitation.expires_at.is_not(None), Invitation.expires_at <= now)
    return {
        REVOKED: Invitation.revoked_at.is_not(None),
        USED: and_(kept, Invitation.used_at.is_not(None)),
        EXPIRED: and_(kept, unused, over),
        OPEN: and_(kept, unused, or_(Invitation.expires_at.is_(None), Invitation.expires_at > now)),
    }[state]


def _made(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[MadeInvitation]:
    ids = [row.id for row in rows]
    answers = _answers_by(connection, ids)
    counts: dict[str, list[tuple[date, int]]] = {}
    noted = select(InvitedCount.invitation_id, InvitedCount.span_start, InvitedCount.invited)
    for row in connection.execute(noted.where(InvitedCount.invitation_id.in_(ids)).order_by(InvitedCount.span_start)):
        counts.setdefault(row.invitation_id, []).append((row.span_start, row.invited))
    return [
        MadeInvitation(
            **row._mapping,  # noqa: SLF001 - SQLAlchemy's documented way to a row's names
            answers=answers.get(row.id, 0),
            handed_out=tuple(counts.get(row.id, ())),
        )
        for row in rows
    ]


def _answers_by(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    query = select(Response.invitation_id, func.count()).where(
        Response.invitation_id.in_(list(ids)), Response.taken_back_at.is_(None)
    )
    return {str(invitation_id): n for invitation_id, n in connection.execute(query.group_by(Response.invitation_id))}
