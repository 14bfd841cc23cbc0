"""What the program itself leaves behind, and for how long: each kind of row has its own period, in one table.

The audit is not here: nothing is ever removed from it. Logs are not here either: they lie outside the database, with
whoever runs the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select

from hscb_voice.foundation.database import Base
from hscb_voice.foundation.jobs import WorkerBeat
from hscb_voice.foundation.letters import PostedLetter
from hscb_voice.foundation.tries import Tries
from hscb_voice.governance.models import AccessRequest, Hold, RetentionRun
from hscb_voice.safeguarding.forgetting import drop_old_notes
from hscb_voice.series.models import PlannedPoint, Series
from hscb_voice.staff.models import EntryLink, PasskeyChallenge, ResetRequest, SignIn

NOTES = "notes on closed concerns"
NOTES_KEPT = timedelta(days=6 * 366)
_NOTES_A_DAY = 5000


@dataclass(frozen=True)
class Leftover:
    """One kind of row that is removed after its time."""

    name: str  # in plain words
    table: type[Base]
    kept: timedelta
    is_over: Callable[[datetime], ColumnElement[bool]]  # takes the moment before which it must have ended


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
    Leftover(
        "series of forms that are over",
        Series,
        timedelta(days=730),
        # Their three words may stand in a case file; without the series nothing here says which answers are one's.
        lambda m: ~exists().where(PlannedPoint.series_id == Series.id, PlannedPoint.due_on >= m.date()),
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
        leftover.name: len(
            connection.execute(
                delete(leftover.table)
                .where(leftover.is_over(now - leftover.kept))
                .returning(*leftover.table.__table__.primary_key)
            ).all()
        )
        for leftover in LEFTOVERS
    }
    gone[NOTES] = drop_old_notes(connection, now - NOTES_KEPT, _NOTES_A_DAY)
    return {name: n for name, n in gone.items() if n}


def count_leftovers(connection: Connection, now: datetime) -> dict[str, int]:
    """Count what `drop_leftovers` would remove, notes on concerns apart; changes nothing."""
    counts = {}
    for leftover in LEFTOVERS:
        keys = select(*leftover.table.__table__.primary_key).where(leftover.is_over(now - leftover.kept))
        counts[leftover.name] = len(connection.execute(keys).all())
    return {name: n for name, n in counts.items() if n}
