"""What the program itself leaves behind, and for how long: each kind has its own period, in one table.

The audit is not here: nothing is ever removed from it. Logs are not here either: they lie outside the database, with
whoever runs the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from hscb_voice.foundation.database import Base
from hscb_voice.foundation.jobs import WorkerBeat
from hscb_voice.foundation.letters import PostedLetter
from hscb_voice.foundation.tries import Tries
from hscb_voice.governance.models import AccessRequest, Hold, RetentionRun
from hscb_voice.invitations.models import Invitation
from hscb_voice.safeguarding.forgetting import drop_old_notes
from hscb_voice.series.models import PlannedPoint, Series
from hscb_voice.staff.models import EntryLink, PasskeyChallenge, ResetRequest, SignIn
from hscb_voice.tablets.models import Tablet

NOTES = "notes on closed concerns"
NOTES_KEPT = timedelta(days=6 * 366)
_NOTES_A_DAY = 5000


@dataclass(frozen=True)
class Leftover:
    """One kind of row that is removed after its time, or emptied of something."""

    name: str  # in plain words
    table: type[Base]
    kept: timedelta
    is_over: Callable[[datetime], ColumnElement[bool]]  # takes the moment before which it must have ended
    emptied: str = ""  # the column that is emptied; the row goes when there is none


def _codes_over(moment: datetime) -> ColumnElement[bool]:
    """Ask for codes for one sitting that ended before a moment, with all that stand on the same sheet.

    A code of a series stays as long as the series, which knows by it which forms have been filled in.
    """
    other = aliased(Invitation)
    of_sheet = exists().where(other.sheet_id == Invitation.sheet_id, ~_ended(other, moment))
    planned = exists().where(PlannedPoint.invitation_id == Invitation.id)
    return and_(Invitation.single, _ended(Invitation, moment), ~of_sheet, ~planned)


def _ended(code: type[Invitation], moment: datetime) -> ColumnElement[bool]:
    ends = (code.used_at, code.revoked_at, code.expires_at)
    return or_(*(and_(end.is_not(None), end < moment) for end in ends))


LEFTOVERS: tuple[Leftover, ...] = (
    Leftover("tries at what can be guessed", Tries, timedelta(hours=1), lambda m: Tries.last_at < m),
    Leftover("questions to passkeys", PasskeyChallenge, timedelta(hours=1), lambda m: PasskeyChallenge.made_at < m),
    Leftover("wishes for a new password", ResetRequest, timedelta(days=1), lambda m: ResetRequest.asked_at < m),
    Leftover("one-time links", EntryLink, timedelta(days=30), lambda m: EntryLink.expires_at < m),
    Leftover(
        "ended sign-ins",
        SignIn,
        timedelta(days=90),
        # Nobody stays signed in for longer than a day, so an old one that was never ended is over too.
        lambda m: or_(SignIn.ended_at < m, SignIn.started_at < m),
    ),
    Leftover(
        "letters that have gone",
        PostedLetter,
        timedelta(days=90),
        lambda m: and_(PostedLetter.sealed.is_(None), PostedLetter.posted_at < m),
    ),
    Leftover("signs of life of workers", WorkerBeat, timedelta(days=7), lambda m: WorkerBeat.seen < m),
    Leftover("holds that have ended", Hold, timedelta(days=365), lambda m: Hold.until < m.date()),
    Leftover(
        "requests to see what is held", AccessRequest, timedelta(days=365), lambda m: AccessRequest.decided_at < m
    ),
    # Before the series, so that the dry run, which removes nothing, counts the same: theirs go a day after them.
    Leftover("codes for one sitting that were used, or are closed", Invitation, timedelta(days=365), _codes_over),
    Leftover(
        "series of forms that are over",
        Series,
        timedelta(days=730),
        # Their three words may stand in a case file; without the series nothing here says which answers are one's.
        lambda m: ~exists().where(PlannedPoint.series_id == Series.id, PlannedPoint.due_on >= m.date()),
    ),
    Leftover(
        "codes by which tablets were set up",
        Tablet,
        timedelta(days=1),
        lambda m: and_(Tablet.code_hash.is_not(None), Tablet.code_expires_at < m),
        emptied="code_hash",
    ),
    Leftover("lines of daily looks", RetentionRun, timedelta(days=730), lambda m: RetentionRun.at < m),
)


def drop_leftovers(connection: Connection, now: datetime) -> dict[str, int]:
    """Remove every leftover whose time is over.

    Args:
        connection: a writing connection.
        now: the present moment.

    Returns:
        Name of the leftover -> how many rows went; only where some did.
    """
    gone = {
        leftover.name: len(connection.execute(_dropping(leftover, leftover.is_over(now - leftover.kept))).all())
        for leftover in LEFTOVERS
    }
    gone[NOTES] = drop_old_notes(connection, now - NOTES_KEPT, _NOTES_A_DAY)
    return {name: n for name, n in gone.items() if n}


def _dropping(leftover: Leftover, over: ColumnElement[bool]) -> ReturningDelete[Any] | ReturningUpdate[Any]:
    table, keys = leftover.table, leftover.table.__table__.primary_key
    if leftover.emptied:
        return update(table).where(over).values({leftover.emptied: None}).returning(*keys)
    return delete(table).where(over).returning(*keys)


def count_leftovers(connection: Connection, now: datetime) -> dict[str, int]:
    """Count what `drop_leftovers` would remove, notes on concerns apart; changes nothing."""
    counts = {}
    for leftover in LEFTOVERS:
        keys = select(*leftover.table.__table__.primary_key).where(leftover.is_over(now - leftover.kept))
        counts[leftover.name] = len(connection.execute(keys).all())
    return {name: n for name, n in counts.items() if n}
