"""Adding, setting up, changing and switching off tablets, and noting what they say of themselves.

Each act of a person stands in the record, in the act's own transaction. A tablet that is switched off gets no kit any
more; answers that wait on it are still taken, because a child gave them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.fence import Teams
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.tries import Limit, give_back_try, take_try
from hscb_voice.responses.reserving import forget_answered, reserve_receipts, reserved_for
from hscb_voice.tablets.errors import NameTakenError, UsedSetUpCodeError
from hscb_voice.tablets.models import Tablet
from hscb_voice.tablets.proofs import (
    CODE_LASTS,
    HashedPin,
    new_set_up_code,
    new_token,
    set_up_code_hash,
    token_hash,
)
from hscb_voice.tablets.queries import TabletView, tablet_by_id, tablet_of_code
from hscb_voice.tablets.sealing import make_sealing_key

# Nobody can try out ten letters of twenty-eight in a quarter of an hour; this keeps it from costing us anything.
_CODES_FROM_ONE_PLACE = Limit(a_minute=10, a_while=40)
_CODES_FROM_EVERYWHERE = Limit(a_minute=120, a_while=600)
_EVERYWHERE = "tablet codes"
# A tablet that was away for weeks sends one answer after another; a stolen token must not send them by the thousand.
_ANSWERS_OF_ONE_TABLET = Limit(a_minute=240, a_while=900)
_FREE_SITTINGS, _MOST_SITTINGS = 30, 300
_MOST_COUNTED = 100_000
_TOLD = {"waiting": Tablet.waiting, "needs_help": Tablet.needs_help}


@dataclass(frozen=True)
class NewTablet:
    """What a worker says of a tablet that is added."""

    name: str
    service: str
    team: str
    locality: str
    slugs: Sequence[str]
    pin: HashedPin


@dataclass(frozen=True)
class TabletChange:
    """What can be changed later; the PIN only when a new one is given."""

    name: str
    slugs: Sequence[str]
    pin: HashedPin | None = None


@dataclass(frozen=True)
class Pulse:
    """What a tablet says of itself."""

    waiting: int  # answers on it that are not here yet
    needs_help: int  # those of them that were refused


@dataclass(frozen=True)
class SetUpCode:
    """A code that sets a tablet up, shown once."""

    tablet_id: str
    code: str


def add_tablet(connection: Connection, keys: KeyRing, new: NewTablet, by: str, now: datetime) -> SetUpCode:
    """Add a tablet.

    Args:
        connection: a writing connection.
        keys: hash its code.
        new: what is said of it.
        by: the account's id.
        now: the present moment.

    Returns:
        The code with which it is set up within a quarter of an hour.

    Raises:
        NameTakenError: another tablet of the team has this name.
        KeyMissingError: there is no usable key.
    """
    _refuse_same_name(connection, new.team, new.name)
    tablet_id, code = new_id(), new_set_up_code()
    row = {
        "id": tablet_id,
        "name": new.name,
        "service": new.service,
        "team": new.team,
        "locality": new.locality,
        "slugs": list(new.slugs),
        "code_hash": set_up_code_hash(keys, code),
        "code_expires_at": now + CODE_LASTS,
        "created_by": by,
        "created_at": now,
        **_pin_columns(new.pin),
    }
    connection.execute(insert(Tablet), row)
    make_sealing_key(connection, keys, now)
    note(connection, by, "added a tablet", f"tablet {tablet_id}", now=now)
    return SetUpCode(tablet_id, code)


def renew_code(
    connection: Connection, keys: KeyRing, teams: Teams, tablet_id: str, by: str, now: datetime
) -> SetUpCode:
    """Give a tablet a new code, as long as it has never been heard from: the old one ran out, or its reply got lost.

    Args:
        connection: a writing connection.
        keys: hash the code.
        teams: the person's teams; None for every team.
        tablet_id: which.
        by: the account's id.
        now: the present moment.

    Returns:
        The new code; the old one, and a token that nobody has used, lead nowhere any more.

    Raises:
        UnknownTabletError: there is no such tablet for this person.
        UsedSetUpCodeError: it is in use, or has been switched off.
    """
    tablet = tablet_by_id(connection, teams, tablet_id)
    code = new_set_up_code()
    values = {
        "code_hash": set_up_code_hash(keys, code),
        "code_expires_at": now + CODE_LASTS,
        "token_hash": None,
        "enrolled_at": None,
    }
    never_heard = (Tablet.last_seen_at.is_(None), Tablet.revoked_at.is_(None))
    statement = update(Tablet).where(Tablet.id == tablet.id, *never_heard).values(values).returning(Tablet.id)
    if connection.execute(statement).first() is None:
        message = "This tablet is in use, or has been switched off. Add it as a new tablet to set it up again."
        raise UsedSetUpCodeError(message)
    note(connection, by, "made a new code for a tablet", f"tablet {tablet.id}", now=now)
    return SetUpCode(tablet.id, code)


def may_try_code(connection: Connection, place: str, now: datetime) -> bool:
    """Take a try at a code, before it is looked up.

    Args:
        connection: a writing connection; commit before looking the code up.
        place: a keyed hash of where the request comes from, kept for minutes.
        now: the present moment.

    Returns:
        False when there were too many.
    """
    is_few = take_try(connection, _EVERYWHERE, _CODES_FROM_EVERYWHERE, now=now)
    return take_try(connection, place, _CODES_FROM_ONE_PLACE, now=now) and is_few


def enrol(connection: Connection, keys: KeyRing, code: str, place: str, now: datetime) -> tuple[str, str]:
    """Set a tablet up: its code is used, and it gets its token.

    Args:
        connection: a writing connection.
        keys: know the code again, and hash the token.
        code: as typed.
        place: as it was given to `may_try_code`; the try was no guess.
        now: the present moment.

    Returns:
        The tablet's id, and its token, which is told this once.

    Raises:
        UnknownSetUpCodeError: nobody was given the code.
        UsedSetUpCodeError: it has been used, also a moment ago, or its time is over.
        KeyMissingError: there is no usable key.
    """
    tablet, token = tablet_of_code(connection, keys, code, now), new_token()
    is_open = (Tablet.enrolled_at.is_(None), Tablet.revoked_at.is_(None), Tablet.code_expires_at > now)
    values = {"enrolled_at": now, "token_hash": token_hash(keys, token)}
    statement = update(Tablet).where(Tablet.id == tablet.id, *is_open).values(values).returning(Tablet.id)
    if connection.execute(statement).first() is None:
        message = "This code has been used, or its time is over."
        raise UsedSetUpCodeError(message)
    make_sealing_key(connection, keys, now)
    _mint_sittings(connection, keys, tablet.id, _FREE_SITTINGS, now)
    give_back_try(connection, place)
    note(connection, tablet.created_by, "set up a tablet by its code", f"tablet {tablet.id}", now=now)
    return tablet.id, token


def hear(connection: Connection, keys: KeyRing, tablet: TabletView, said: Pulse, now: datetime) -> None:
    """Note what a tablet says of itself, and see to it that it has sittings and a key to go on with.

    One that was switched off is heard too, so that staff see what still waits on it; it gets nothing new.

    Args:
        connection: a writing connection.
        keys: make receipts.
        tablet: which.
        said: by the tablet; its numbers are believed within bounds.
        now: the present moment.
    """
    waiting, needs_help = (min(max(number, 0), _MOST_COUNTED) for number in (said.waiting, said.needs_help))
    since = None if not waiting else func.coalesce(Tablet.waiting_since, now)
    values: dict[str, Any] = {
        "last_seen_at": now,
        "waiting": waiting,
        "waiting_since": since,
        "needs_help": min(needs_help, waiting),
    }
    connection.execute(update(Tablet).where(Tablet.id == tablet.id).values(values))
    if tablet.is_revoked:
        return
    make_sealing_key(connection, keys, now)
    forget_answered(connection, tablet.id)
    _mint_sittings(connection, keys, tablet.id, min(_FREE_SITTINGS + waiting, _MOST_SITTINGS), now)


def may_send(connection: Connection, tablet: TabletView, now: datetime) -> bool:
    """Note that a tablet sends an answer, and tell whether it may, so fast.

    Args:
        connection: a writing connection.
        tablet: which.
        now: the present moment.
    """
    connection.execute(update(Tablet).where(Tablet.id == tablet.id).values(last_seen_at=now))
    return take_try(connection, f"tablet {tablet.id}", _ANSWERS_OF_ONE_TABLET, now=now)


def note_trouble(connection: Connection, tablet: TabletView, now: datetime) -> None:
    """Note that an answer of this tablet could not be opened or read; the tablet keeps it, and a person must look.

    Args:
        connection: a writing connection.
        tablet: which.
        now: the present moment.
    """
    values = {name: case((column < 1, 1), else_=column) for name, column in _TOLD.items()}
    since = func.coalesce(Tablet.waiting_since, now)
    connection.execute(update(Tablet).where(Tablet.id == tablet.id).values({**values, "waiting_since": since}))


def note_late(connection: Connection, tablet: TabletView) -> None:
    """Count an answer that came after its tablet was switched off.

    Args:
        connection: a writing connection.
        tablet: which.
    """
    of_it = update(Tablet).where(Tablet.id == tablet.id)
    connection.execute(of_it.values(late_answers=Tablet.late_answers + 1))


def change_tablet(
    connection: Connection, teams: Teams, tablet_id: str, change: TabletChange, by: str, now: datetime
) -> None:
    """Change a tablet. It learns of it at its next connection.

    Args:
        connection: a writing connection.
        teams: the person's teams; None for every team.
        tablet_id: which.
        change: what it is from now on.
        by: the account's id.
        now: the present moment.

    Raises:
        UnknownTabletError: there is no such tablet for this person.
        NameTakenError: another tablet of the team has this name.
    """
    tablet = tablet_by_id(connection, teams, tablet_id)
    _refuse_same_name(connection, tablet.team, change.name, but=tablet.id)
    values = {"name": change.name, "slugs": list(change.slugs)}
    if change.pin is not None:
        values |= _pin_columns(change.pin)
    connection.execute(update(Tablet).where(Tablet.id == tablet.id).values(values))
    note(connection, by, "changed a tablet", f"tablet {tablet.id}", now=now)


def revoke_tablet(connection: Connection, teams: Teams, tablet_id: str, by: str, now: datetime) -> bool:
    """Switch a tablet off for good. Answers that wait on it are still taken.

    Args:
        connection: a writing connection.
        teams: the person's teams; None for every team.
        tablet_id: which.
        by: the account's id.
        now: the present moment.

    Returns:
        False when it was switched off before.

    Raises:
        UnknownTabletError: there is no such tablet for this person.
    """
    tablet = tablet_by_id(connection, teams, tablet_id)
    statement = update(Tablet).where(Tablet.id == tablet.id, Tablet.revoked_at.is_(None))
    done = statement.values(revoked_at=now, revoked_by=by, code_hash=None, code_expires_at=None)
    if connection.execute(done.returning(Tablet.id)).first() is None:
        return False
    note(connection, by, "switched a tablet off", f"tablet {tablet.id}", now=now)
    return True


def _mint_sittings(connection: Connection, keys: KeyRing, tablet_id: str, wanted: int, now: datetime) -> None:
    missing = wanted - len(reserved_for(connection, keys, tablet_id))
    if missing > 0:
        reserve_receipts(connection, keys, tablet_id, missing, now)


def _refuse_same_name(connection: Connection, team: str, name: str, but: str = "") -> None:
    same = (Tablet.team == team, func.lower(Tablet.name) == name.lower(), Tablet.revoked_at.is_(None))
    if connection.execute(select(Tablet.id).where(*same, Tablet.id != but)).first() is not None:
        message = "Another tablet of this team has this name"
        raise NameTakenError(message)


def _pin_columns(pin: HashedPin) -> dict[str, Any]:
    return {"pin_salt": pin.salt, "pin_iterations": pin.iterations, "pin_hash": pin.hash}
