"""How an installation stands, as a few numbers: work, letters, concerns, answers, tablets. Totals tell of nobody."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from hscb_voice.foundation.jobs import Job, WorkerBeat
from hscb_voice.foundation.letters import LettersWaiting, letters_waiting
from hscb_voice.responses.models import Response
from hscb_voice.safeguarding.queries import ConcernCounts, concern_counts
from hscb_voice.tablets.queries import TabletCounts, count_tablets


@dataclass(frozen=True)
class WorkOfAKind:
    """Jobs of one kind."""

    waiting: int
    failing: int  # of these, tried at least once in vain
    oldest_due: datetime


@dataclass(frozen=True)
class Standing:
    """How an installation stands at one moment."""

    work: dict[str, WorkOfAKind]
    last_beat: datetime | None
    letters: LettersWaiting
    concerns: ConcernCounts
    answers: int
    tablets: TabletCounts
    at: datetime = field(repr=False)

    @property
    def beat_age(self) -> timedelta | None:
        """How long ago a worker last said that it is alive; None when none ever did."""
        return None if self.last_beat is None else max(self.at - self.last_beat, timedelta(0))


def standing(connection: Connection, now: datetime) -> Standing:
    """Count how an installation stands.

    Args:
        connection: a reading connection that no team fences in.
        now: the present moment.

    Returns:
        The numbers.
    """
    kinds = select(Job.kind, func.count(), func.count().filter(Job.trouble != ""), func.min(Job.due)).group_by(Job.kind)
    return Standing(
        work={kind: WorkOfAKind(waiting, failing, due) for kind, waiting, failing, due in connection.execute(kinds)},
        last_beat=connection.execute(select(func.max(WorkerBeat.seen))).scalar(),
        letters=letters_waiting(connection, now),
        concerns=concern_counts(connection, None, now),
        answers=connection.execute(select(func.count()).select_from(Response)).scalar_one(),
        tablets=count_tablets(connection),
        at=now,
    )
