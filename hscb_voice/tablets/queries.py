"""Reading tablets. Staff meet those of their own teams; a tablet meets itself, by its token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from hscb_voice.foundation.fence import Teams
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.tablets.errors import UnknownSetUpCodeError, UnknownTabletError, UsedSetUpCodeError
from hscb_voice.tablets.models import Tablet
from hscb_voice.tablets.proofs import HashedPin, set_up_code_hash, token_hash


@dataclass(frozen=True)
class TabletView:
    """One tablet, as staff see it and as its kit is made."""

    id: str
    name: str
    service: str
    team: str
    locality: str
    slugs: tuple[str, ...]
    pin: HashedPin
    code_expires_at: datetime | None
    created_by: str
    created_at: datetime
    enrolled_at: datetime | None
    last_seen_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    needs_help: int
    late_answers: int
    revoked_at: datetime | None
    revoked_by: str | None

    @property
    def is_revoked(self) -> bool:
        """Tell whether it has been switched off."""
        return self.revoked_at is not None

    @property
    def was_heard(self) -> bool:
        """Tell whether it has ever come with its token. Until then its code may have been lost on the way."""
        return self.last_seen_at is not None

    def has_open_code(self, now: datetime) -> bool:
        """Tell whether a code waits to be used on it."""
        return self.enrolled_at is None and self.code_expires_at is not None and self.code_expires_at > now


@dataclass(frozen=True)
class TabletCounts:
    """Counts over all tablets, for whoever watches the machines."""

    in_use: int
    waiting: int
    needs_help: int


_APART = {"slugs", "pin"}
_PLAIN = [name for name in TabletView.__dataclass_fields__ if name not in _APART]
_COLUMNS = [getattr(Tablet, name) for name in _PLAIN]
_PARTS = (Tablet.slugs, Tablet.pin_salt, Tablet.pin_iterations, Tablet.pin_hash)
_STRANGER = "There is no such tablet."


def tablets_of(connection: Connection, teams: Teams) -> list[TabletView]:
    """List tablets: those in use first, then those switched off, each by name.

    Args:
        connection: a reading connection.
        teams: the person's teams; None for every team.
    """
    query = _visible_to(teams, _every()).order_by(Tablet.revoked_at.is_not(None), Tablet.name, Tablet.created_at)
    return [_view(row) for row in connection.execute(query)]


def tablet_by_id(connection: Connection, teams: Teams, tablet_id: str) -> TabletView:
    """Return one tablet.

    Args:
        connection: a reading connection.
        teams: the person's teams; None for every team.
        tablet_id: which.

    Raises:
        UnknownTabletError: there is none, or it is another team's.
    """
    return _one(connection, _visible_to(teams, _every()).where(Tablet.id == tablet_id))


def tablet_of_token(connection: Connection, keys: KeyRing, token: str) -> TabletView:
    """Return the tablet that holds a token, also when it has been switched off.

    Args:
        connection: a reading connection.
        keys: know the token again.
        token: as it came.

    Raises:
        UnknownTabletError: nobody holds it.
    """
    return _one(connection, _every().where(Tablet.token_hash == token_hash(keys, token)))


def tablet_of_code(connection: Connection, keys: KeyRing, code: str, now: datetime) -> TabletView:
    """Return the tablet that a code would set up.

    Args:
        connection: a reading connection.
        keys: know the code again.
        code: as typed.
        now: the present moment.

    Raises:
        UnknownSetUpCodeError: nobody was given it.
        UsedSetUpCodeError: it has been used, or its time is over.
    """
    row = connection.execute(_every().where(Tablet.code_hash == set_up_code_hash(keys, code))).first()
    if row is None:
        message = "Nobody was given this code."
        raise UnknownSetUpCodeError(message)
    tablet = _view(row)
    if tablet.is_revoked or not tablet.has_open_code(now):
        message = "This code has been used, or its time is over."
        raise UsedSetUpCodeError(message)
    return tablet


def count_tablets(connection: Connection) -> TabletCounts:
    """Count tablets that are set up and not switched off, and what waits on any.

    Args:
        connection: a reading connection.
    """
    set_up = select(func.count()).where(Tablet.enrolled_at.is_not(None), Tablet.revoked_at.is_(None))
    waits = select(func.coalesce(func.sum(Tablet.waiting), 0), func.coalesce(func.sum(Tablet.needs_help), 0))
    waiting, needs_help = connection.execute(waits).one()
    return TabletCounts(connection.execute(set_up).scalar_one(), int(waiting), int(needs_help))


def _every() -> Select[Any]:
    return select(*_COLUMNS, *_PARTS)


def _visible_to(teams: Teams, query: Select[Any]) -> Select[Any]:
    return query if teams is None else query.where(Tablet.team.in_(teams))


def _one(connection: Connection, query: Select[Any]) -> TabletView:
    row = connection.execute(query).first()
    if row is None:
        raise UnknownTabletError(_STRANGER)
    return _view(row)


def _view(row: Row[Any]) -> TabletView:
    plain = {name: getattr(row, name) for name in _PLAIN}
    pin = HashedPin(row.pin_salt, row.pin_iterations, row.pin_hash)
    return TabletView(slugs=tuple(str(slug) for slug in row.slugs), pin=pin, **plain)
