"""Work that must follow an answer: rows written in the answer's own transaction (an outbox), done later, never lost.

A handler may run more than once and must not mind. Rooms give their handlers to the factory by kind; this module
knows no room.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter

import structlog
from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    Row,
    String,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.by_hand import ByHand
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import Base, Database, Moment, as_kept
from hscb_voice.foundation.ids import new_id

LEASE = timedelta(minutes=2)
WORKER_IS_STALE = timedelta(minutes=2)  # a worker says every twenty seconds that it is alive
_FORGOTTEN = timedelta(days=1)
_ASK_AGAIN = timedelta(seconds=10)
_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(minutes=15)
_DOUBLINGS = 10
# One commit for several jobs spares SQLite most of its waiting for the disk, and keeps others out only briefly.
# On PostgreSQL two transactions of jobs of all kinds could each wait for a figure that the other holds. So only jobs of
# one kind that prepares many at once share a commit there: they change figures always in the same order, which is also
# that of uploads. Of two that wait for each other all the same the server undoes one, and its jobs are done one by one.
_JOBS_A_COMMIT = 25
_OF_ONE_KIND = 10
_ADD = ByHand("jobs", ("id", "kind", "subject_id", "due", "attempts", "trouble"))
_LOG = structlog.get_logger(__name__)


class Job(Base):
    """One piece of work on one thing; the row goes when the work is done."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str] = mapped_column(String(36))
    due: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    lease: Mapped[str | None] = mapped_column(String(36))
    trouble: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_jobs_kind_due", "kind", "due"), Index("ix_jobs_subject_id", "subject_id"))


class WorkerBeat(Base):
    """When a worker last said that it is alive."""

    __tablename__ = "worker_beats"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen: Mapped[datetime] = mapped_column(Moment)


JobRow = Row[str, str, str, int]
"""A job as it is claimed: id, kind, subject_id and attempts."""


@dataclass(frozen=True)
class ClaimedJob:
    """A job that this process holds until its lease ends."""

    id: str
    kind: str
    subject_id: str
    attempts: int
    lease: str


# Short work takes a writing connection and the subject's id; it shares the transaction in which the job row goes.
ShortWork = Callable[[Connection, str], None]
Write = Callable[[Connection], None]
# Takes a writing connection and those subjects, of all that were prepared together, that are still this worker's to do.
WriteMany = Callable[[Connection, Collection[str]], None]


@dataclass(frozen=True)
class LongWork:
    """Work that thinks before it writes: writers of answers must not wait for it."""

    prepare: Callable[[Connection, str], Write]  # takes a reading connection; returns what is to be written
    # Does the same for several subjects, where one statement for all spares much; each is done alone if that fails.
    prepare_many: Callable[[Connection, Sequence[str]], WriteMany] | None = None


@dataclass(frozen=True)
class OutsideWork:
    """Work with the world outside, such as a mail server: no connection is held while it goes on."""

    read: Callable[[Connection, str], Callable[[], Write]]  # takes a reading connection; returns what goes outside


Handler = ShortWork | LongWork | OutsideWork


def enqueue(connection: Connection, kinds: Collection[str], subject_id: str, now: datetime) -> None:
    """Write job rows in the caller's transaction.

    Args:
        connection: a writing connection.
        kinds: what is to be done.
        subject_id: to which thing.
        now: the present moment.
    """
    due = as_kept(connection, now)
    _ADD.run(connection, [(new_id(), kind, subject_id, due, 0, "") for kind in kinds])


def enqueue_many(connection: Connection, kind: str, subject_ids: Sequence[str], now: datetime) -> None:
    """Write a job row of one kind for each of many things, in the caller's transaction.

    Args:
        connection: a writing connection.
        kind: what is to be done.
        subject_ids: to which things.
        now: the present moment.
    """
    due = as_kept(connection, now)
    _ADD.run(connection, [(new_id(), kind, one, due, 0, "") for one in subject_ids])


class JobRunner:
    """Claims due jobs and runs their handlers, on any number of machines at once."""

    def __init__(self, database: Database, clock: Clock, handlers: Mapping[str, Handler]) -> None:
        """Remember where jobs lie and who does them.

        Args:
            database: where jobs lie.
            clock: tells what is due.
            handlers: kind -> who does it; what stands first is done first, however much of the rest waits.
        """
        self._database = database
        self._clock = clock
        self._handlers = dict(handlers)
        self._worker: tuple[datetime | None, bool] = (None, False)

    def run_for(self, subject_id: str, kinds: Collection[str]) -> int:
        """Run at once what is due for one thing; what fails stays for the worker.

        Args:
            subject_id: the thing.
            kinds: only these kinds, so that a web process never loads a heavy reader.

        Returns:
            How many jobs were done.
        """
        wanted = [kind for kind in self._handlers if kind in kinds]
        return self._run(self._claim(lambda connection, now: _due_for(connection, now, subject_id, wanted)))

    def run_due(self, limit: int = 50, kinds: Collection[str] | None = None) -> int:
        """Run what is due, once round.

        Args:
            limit: how many jobs to claim at once.
            kinds: only these kinds; all that have a handler when left out.

        Returns:
            How many jobs were done.
        """
        return self._run(self._claim_due(limit, kinds))

    def run_all_due(self, limit: int = 50, told: Callable[[int], None] | None = None) -> int:
        """Run what is due until nothing is; what fails waits for its next turn and holds up nothing else.

        Args:
            limit: how many jobs to claim at once.
            told: is told after each round how many have been done in all.

        Returns:
            How many jobs were done.
        """
        total = 0
        while claimed := self._claim_due(limit):
            total += self._run(claimed)
            if told is not None:
                told(total)
        return total

    def has_worker(self) -> bool:
        """Tell whether a worker is alive, so that a web process need not do its work. Asked of the database rarely."""
        now = self._clock.now()
        asked, alive = self._worker
        if asked is None or not timedelta(0) <= now - asked < _ASK_AGAIN:
            with self._database.reading() as connection:
                seen = connection.execute(select(WorkerBeat.seen).order_by(WorkerBeat.seen.desc()).limit(1)).scalar()
            alive = seen is not None and now - seen < WORKER_IS_STALE
            self._worker = (now, alive)
        return alive

    def beat(self, name: str) -> None:
        """Say that the worker of this name is alive, and forget those that have been gone for a day.

        Args:
            name: the worker's name, up to 80 characters.
        """
        with self._database.writing() as connection:
            now = self._clock.now()
            gone = or_(WorkerBeat.name == name, WorkerBeat.seen < now - _FORGOTTEN)
            connection.execute(delete(WorkerBeat).where(gone))
            connection.execute(insert(WorkerBeat), {"name": name, "seen": now})

    def _run(self, jobs: Sequence[ClaimedJob]) -> int:
        return sum(map(self._do_group, self._groups(jobs)))

    def _groups(self, jobs: Sequence[ClaimedJob]) -> Iterator[Sequence[ClaimedJob]]:
        """Yield the jobs that share a commit."""
        if self._database.is_sqlite:
            yield from _parts(jobs, _JOBS_A_COMMIT)
            return
        for kind, some in groupby(jobs, attrgetter("kind")):
            handler = self._handlers[kind]
            takes_many = isinstance(handler, LongWork) and handler.prepare_many is not None
            yield from _parts(list(some), _OF_ONE_KIND if takes_many else 1)

    def _claim_due(self, limit: int, kinds: Collection[str] | None = None) -> list[ClaimedJob]:
        wanted = [kind for kind in self._handlers if kinds is None or kind in kinds]
        return self._claim(lambda connection, now: _first_due(connection, now, wanted, limit))

    def _claim(self, find: Callable[[Connection, datetime], Sequence[JobRow]]) -> list[ClaimedJob]:
        now = self._clock.now()
        lease = new_id()
        with self._database.writing() as connection:
            rows = find(connection, now)
            if rows:
                connection.execute(
                    update(Job)
                    .where(Job.id.in_([row.id for row in rows]))
                    .values(lease=lease, leased_until=now + LEASE, attempts=Job.attempts + 1)
                )
        return [ClaimedJob(row.id, row.kind, row.subject_id, row.attempts + 1, lease) for row in rows]

    def _do_group(self, jobs: Sequence[ClaimedJob]) -> int:
        """Do some jobs with one commit; if anything at all is amiss, each by itself, so that only the bad one waits."""
        if len(jobs) > 1:
            # Whatever a handler meets is met again below, where the job that met it is known.
            with contextlib.suppress(Exception):
                finishing = [self._prepared_many(kind, list(some)) for kind, some in groupby(jobs, attrgetter("kind"))]
                with self._database.writing() as connection:
                    return sum([finish(connection) for finish in finishing])
        return sum(map(self._do, jobs))

    def _prepared_many(self, kind: str, jobs: Sequence[ClaimedJob]) -> Callable[[Connection], int]:
        """Prepare jobs of one kind; return what writes them and says how many were still ours to do."""
        handler = self._handlers[kind]
        if not isinstance(handler, LongWork) or handler.prepare_many is None:
            writes = [(job, self._prepared(job)) for job in jobs]
            return lambda connection: sum([self._finish(connection, job, write) for job, write in writes])
        with self._database.reading() as connection:
            write_many = handler.prepare_many(connection, list(dict.fromkeys(job.subject_id for job in jobs)))
        return partial(self._finish_many, jobs=jobs, write=write_many)

    @staticmethod
    def _finish_many(connection: Connection, *, jobs: Sequence[ClaimedJob], write: WriteMany) -> int:
        """Write what several jobs write; as with one, the rows go first, and what another took is left to it."""
        held = and_(Job.id.in_([job.id for job in jobs]), Job.lease == jobs[0].lease)
        mine = list(connection.execute(delete(Job).where(held).returning(Job.subject_id)).scalars())
        if mine:
            write(connection, frozenset(mine))
        return len(mine)

    def _do(self, job: ClaimedJob) -> bool:
        try:
            write = self._prepared(job)
            with self._database.writing() as connection:
                return self._finish(connection, job, write)
        except Exception as fault:  # noqa: BLE001 - whatever a handler meets, its job must stay and be tried again
            self._put_back(job, fault)
            return False

    @staticmethod
    def _finish(connection: Connection, job: ClaimedJob, write: Write) -> bool:
        """Write what a job writes. Its row goes first: if another took the lease there is none, and no more is done."""
        held = and_(Job.id == job.id, Job.lease == job.lease)
        if connection.execute(delete(Job).where(held).returning(Job.id)).first() is None:
            return False
        write(connection)
        return True

    def _prepared(self, job: ClaimedJob) -> Write:
        handler = self._handlers[job.kind]
        if isinstance(handler, OutsideWork):
            with self._database.reading() as connection:
                go_outside = handler.read(connection, job.subject_id)
            return go_outside()
        if not isinstance(handler, LongWork):
            return lambda connection: handler(connection, job.subject_id)
        with self._database.reading() as connection:
            return handler.prepare(connection, job.subject_id)

    def _put_back(self, job: ClaimedJob, fault: Exception) -> None:
        wait = min(_FIRST_WAIT * 2 ** min(job.attempts - 1, _DOUBLINGS), _LONGEST_WAIT)
        kind_of_fault = type(fault).__name__  # never the message: it could hold a child's words
        _LOG.warning("job failed", kind=job.kind, job=job.id, attempts=job.attempts, fault=kind_of_fault)
        with self._database.writing() as connection:
            connection.execute(
                update(Job)
                .where(Job.id == job.id, Job.lease == job.lease)
                .values(lease=None, leased_until=None, due=self._clock.now() + wait, trouble=kind_of_fault)
            )


_TO_CLAIM = select(Job.id, Job.kind, Job.subject_id, Job.attempts).with_for_update(skip_locked=True)


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(Job.due <= now, or_(Job.leased_until.is_(None), Job.leased_until < now))


def _due_for(connection: Connection, now: datetime, subject_id: str, kinds: Sequence[str]) -> list[JobRow]:
    """Return what is due for one thing, in the order of the kinds."""
    found = connection.execute(_TO_CLAIM.where(Job.subject_id == subject_id, Job.kind.in_(kinds), _free(now)))
    return sorted(found, key=lambda row: kinds.index(row.kind))


def _first_due(connection: Connection, now: datetime, kinds: Sequence[str], limit: int) -> list[JobRow]:
    """Return what is due first, kind by kind: this reads what it returns and no more, however much waits."""
    rows: list[JobRow] = []
    for kind in _kinds_due(connection, now, kinds):
        of_kind = _TO_CLAIM.where(Job.kind == kind, _free(now)).order_by(Job.due)
        rows += connection.execute(of_kind.limit(limit - len(rows)))
        if len(rows) == limit:
            break
    return rows


def _kinds_due(connection: Connection, now: datetime, kinds: Sequence[str]) -> list[str]:
    """Ask once of which kinds anything is due, so that an idle worker does not ask for each."""
    if not kinds:
        return []
    # Asked for the first in order, not whether there is one: so no engine looks through the whole queue for it.
    of_kind = [select(Job.id).where(Job.kind == kind, _free(now)).order_by(Job.due).limit(1) for kind in kinds]
    first = connection.execute(select(*(one.scalar_subquery() for one in of_kind))).one()
    return [kind for kind, job in zip(kinds, first, strict=True) if job is not None]


def _parts(jobs: Sequence[ClaimedJob], size: int) -> Iterator[Sequence[ClaimedJob]]:
    return (jobs[start : start + size] for start in range(0, len(jobs), size))


@dataclass(frozen=True)
class JobsWaiting:
    """How much work waits, and whether anyone is there to do it."""

    waiting: int
    failing: int
    last_beat: datetime | None


def jobs_waiting(connection: Connection, kind: str = "") -> JobsWaiting:
    """Count the work that waits.

    Args:
        connection: a reading connection.
        kind: only jobs of this kind; all of them when left out.

    Returns:
        Jobs waiting, jobs that have failed at least once, and the last sign of a worker.
    """
    query = select(func.count(), func.count().filter(Job.trouble != ""))
    waiting, failing = connection.execute(query.where(Job.kind == kind) if kind else query.select_from(Job)).one()
    last = connection.execute(select(func.max(WorkerBeat.seen))).scalar()
    return JobsWaiting(waiting, failing, last)
