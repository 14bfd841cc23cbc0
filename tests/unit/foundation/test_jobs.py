"""Work that follows an answer: written with it, done once, tried again when it fails, never lost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text, update

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.jobs import (
    LEASE,
    Handler,
    Job,
    JobRunner,
    LongWork,
    WorkerBeat,
    Write,
    WriteMany,
    enqueue,
    jobs_waiting,
)


class StoppedError(Exception):
    """The process stopped here."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


def _enqueue(database: Database, clock: SetClock, *subjects: str, kind: str = "greet") -> None:
    for subject in subjects:
        with database.writing() as connection:
            enqueue(connection, [kind], subject, clock.now())


def _left(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(Job.subject_id).order_by(Job.subject_id)).scalars())


def _job(database: Database) -> tuple[int, datetime, str]:
    with database.reading() as connection:
        row = connection.execute(select(Job.attempts, Job.due, Job.trouble)).one()
    return row.attempts, row.due, row.trouble


def _runner(database: Database, clock: SetClock, **handlers: Handler) -> JobRunner:
    return JobRunner(database, clock, handlers)


def test_a_job_is_done_and_its_row_goes(database: Database, clock: SetClock) -> None:
    done: list[str] = []
    _enqueue(database, clock, "a", "b")
    assert _runner(database, clock, greet=lambda _, subject: done.append(subject)).run_due() == 2
    assert (sorted(done), _left(database)) == (["a", "b"], [])


def test_a_job_is_written_in_the_transaction_of_what_it_follows(database: Database, clock: SetClock) -> None:
    def write_and_stop() -> None:
        with database.writing() as connection:
            enqueue(connection, ["greet"], "a", clock.now())
            raise StoppedError

    with pytest.raises(StoppedError):
        write_and_stop()
    assert _left(database) == []


def test_nothing_to_do_is_no_fault(database: Database, clock: SetClock) -> None:
    with database.writing() as connection:
        enqueue(connection, [], "a", clock.now())
    assert _runner(database, clock, greet=lambda _, __: None).run_due() == 0


def test_a_kind_that_nobody_handles_stays(database: Database, clock: SetClock) -> None:
    _enqueue(database, clock, "a", kind="unknown")
    assert _runner(database, clock, greet=lambda _, __: None).run_due() == 0
    assert _left(database) == ["a"]


def test_only_the_kinds_asked_for_are_done_at_once(database: Database, clock: SetClock) -> None:
    done: list[str] = []
    for kind in ("light", "heavy"):
        _enqueue(database, clock, "a", "b", kind=kind)
    runner = _runner(
        database, clock, light=lambda _, s: done.append(f"light {s}"), heavy=lambda _, s: done.append(f"heavy {s}")
    )
    assert runner.run_for("a", ["light", "no such kind"]) == 1
    assert done == ["light a"]
    assert len(_left(database)) == 3


def test_a_job_that_is_not_due_waits(database: Database, clock: SetClock) -> None:
    _enqueue(database, clock, "a")
    clock.pass_time(timedelta(seconds=-1))
    assert _runner(database, clock, greet=lambda _, __: None).run_due() == 0


@pytest.mark.parametrize("long", [False, True])
def test_a_failure_undoes_what_was_written_and_is_tried_again_later_and_later(
    database: Database, clock: SetClock, *, long: bool
) -> None:
    def write(connection: Connection) -> None:
        connection.execute(insert(WorkerBeat), {"name": "half done", "seen": clock.now()})
        message = "a child's words"
        raise StoppedError(message)

    handler: Handler = LongWork(lambda _, __: write) if long else lambda connection, _: write(connection)
    runner = _runner(database, clock, greet=handler)
    _enqueue(database, clock, "a")
    waits = []
    for attempt in range(1, 12):
        assert runner.run_due() == 0
        attempts, due, trouble = _job(database)
        assert (attempts, trouble) == (attempt, "StoppedError")
        waits.append((due - clock.now()).total_seconds())
        assert runner.run_due() == 0
        assert _job(database)[0] == attempt
        clock.moment = due
    assert waits == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
    with database.reading() as connection:
        assert connection.execute(select(WorkerBeat.name)).all() == []


def test_one_failing_job_does_not_hold_up_the_others(database: Database, clock: SetClock) -> None:
    def greet(_: Connection, subject: str) -> None:
        if subject == "b":
            raise StoppedError

    _enqueue(database, clock, "a", "b", "c")
    assert _runner(database, clock, greet=greet).run_due() == 2
    assert _left(database) == ["b"]


def test_several_jobs_share_one_commit_on_sqlite_and_have_their_own_on_postgresql(
    database: Database, clock: SetClock
) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    runner = _runner(database, clock, greet=lambda _, __: None)
    _enqueue(database, clock, "a", "b", "c")
    commits.clear()
    assert runner.run_due() == 3
    claiming = 1
    assert len(commits) == claiming + (1 if database.is_sqlite else 3)


def test_jobs_of_one_kind_that_prepares_many_are_done_together_on_both_engines(
    database: Database, clock: SetClock
) -> None:
    together: list[int] = []

    def prepare_many(_: Connection, subjects: Sequence[str]) -> WriteMany:
        together.append(len(subjects))
        return lambda _, __: None

    runner = _runner(database, clock, greet=LongWork(lambda _, __: lambda _: None, prepare_many))
    _enqueue(database, clock, *"abcdefghijkl")
    assert runner.run_due() == 12
    assert together == ([12] if database.is_sqlite else [10, 2])
    assert _left(database) == []


def test_what_a_failing_job_shared_a_commit_with_is_done_all_the_same(database: Database, clock: SetClock) -> None:
    def greet(connection: Connection, subject: str) -> None:
        connection.execute(insert(WorkerBeat), {"name": subject, "seen": clock.now()})
        if subject == "b":
            raise StoppedError

    _enqueue(database, clock, "a", "b", "c")
    _runner(database, clock, greet=greet).run_due()
    with database.reading() as connection:
        assert connection.execute(select(WorkerBeat.name).order_by(WorkerBeat.name)).scalars().all() == ["a", "c"]


def test_a_whole_round_of_failures_does_not_end_the_work(database: Database, clock: SetClock) -> None:
    def greet(_: Connection, subject: str) -> None:
        if subject < "c":
            raise StoppedError

    told: list[int] = []
    _enqueue(database, clock, "a", "b", "c", "d")
    assert _runner(database, clock, greet=greet).run_all_due(2, told.append) == 2
    assert (told, _left(database)) == ([0, 2], ["a", "b"])


def test_a_job_whose_worker_died_is_done_by_another_when_the_lease_ends(database: Database, clock: SetClock) -> None:
    _enqueue(database, clock, "a")
    dead = _runner(database, clock, greet=lambda _, __: None)
    assert len(dead._claim_due(10)) == 1
    done: list[str] = []
    other = _runner(database, clock, greet=lambda _, subject: done.append(subject))
    clock.pass_time(LEASE)
    assert other.run_due() == 0
    clock.pass_time(timedelta(seconds=1))
    assert other.run_due() == 1
    assert done == ["a"]


@pytest.mark.parametrize("long", [False, True])
def test_a_worker_that_wakes_after_its_lease_was_taken_writes_nothing(
    database: Database, clock: SetClock, *, long: bool
) -> None:
    written: list[str] = []

    def handler(name: str) -> Handler:
        def write(_: Connection) -> None:
            written.append(name)

        return LongWork(lambda _, __: write) if long else lambda connection, _: write(connection)

    _enqueue(database, clock, "a")
    sleeper = _runner(database, clock, greet=handler("sleeper"))
    (held,) = sleeper._claim_due(10)
    clock.pass_time(LEASE + timedelta(seconds=1))
    other = _runner(database, clock, greet=handler("other"))
    (taken,) = other._claim_due(10)
    assert sleeper._do(held) is False
    assert other._do(taken) is True
    assert sleeper._do(held) is False
    assert written == ["other"]


def test_work_done_together_leaves_out_what_another_has_taken(database: Database, clock: SetClock) -> None:
    written: list[set[str]] = []

    def prepare_many(_: Connection, subjects: Sequence[str]) -> WriteMany:
        assert subjects == ["a", "b"]
        return lambda _, held: written.append(set(held))

    for subject in "ab":
        _enqueue(database, clock, subject)
    runner = _runner(database, clock, greet=LongWork(lambda _, __: lambda _: None, prepare_many))
    jobs = sorted(runner._claim_due(10), key=lambda job: job.subject_id)
    with database.writing() as connection:
        connection.execute(update(Job).where(Job.subject_id == "b").values(lease="another's"))
    assert runner._do_group(jobs) == 1
    assert written == [{"a"}]
    with database.reading() as connection:
        assert connection.execute(select(Job.subject_id)).scalars().all() == ["b"]


def test_of_work_done_together_only_the_bad_one_waits(database: Database, clock: SetClock) -> None:
    def prepare(_: Connection, subject: str) -> Write:
        if subject == "b":
            raise StoppedError
        return lambda _: None

    def prepare_many(connection: Connection, subjects: Sequence[str]) -> WriteMany:
        for subject in subjects:
            prepare(connection, subject)
        return lambda _, __: None

    for subject in "abc":
        _enqueue(database, clock, subject)
    runner = _runner(database, clock, greet=LongWork(prepare, prepare_many))
    assert runner._do_group(runner._claim_due(10)) == 2
    with database.reading() as connection:
        assert connection.execute(select(Job.subject_id, Job.trouble)).all() == [("b", "StoppedError")]


def test_a_worker_that_fails_after_its_lease_was_taken_disturbs_nobody(database: Database, clock: SetClock) -> None:
    def fail(_: Connection, __: str) -> Write:
        raise StoppedError

    _enqueue(database, clock, "a")
    sleeper = _runner(database, clock, greet=LongWork(fail))
    (held,) = sleeper._claim_due(10)
    clock.pass_time(LEASE + timedelta(seconds=1))
    other = _runner(database, clock, greet=lambda _, __: None)
    (taken,) = other._claim_due(10)
    assert sleeper._do(held) is False
    assert _job(database)[2] == ""
    assert other._do(taken) is True


def test_six_workers_at_once_never_do_one_job_twice(database: Database, clock: SetClock) -> None:
    done: Counter[str] = Counter()
    subjects = [f"s{number:02}" for number in range(60)]
    with database.writing() as connection:
        for subject in subjects:
            enqueue(connection, ["greet"], subject, clock.now())

    def work(_: int) -> int:
        runner = _runner(database, clock, greet=lambda _, subject: done.update([subject]))
        total = 0
        while batch := runner.run_due(7):
            total += batch
        return total

    with ThreadPoolExecutor(6) as pool:
        totals = list(pool.map(work, range(6)))
    assert sum(totals) == 60
    assert done == Counter(subjects)
    assert _left(database) == []


def test_long_work_thinks_without_keeping_writers_out(database: Database, clock: SetClock) -> None:
    def prepare(_: Connection, subject: str) -> Write:
        # An answer comes while it thinks: with the write lock held, this would time out.
        _enqueue(database, clock, "another", kind="later")
        return lambda connection: enqueue(connection, ["later"], f"after {subject}", clock.now())

    _enqueue(database, clock, "a")
    assert _runner(database, clock, greet=LongWork(prepare)).run_due() == 1
    assert _left(database) == ["after a", "another"]


def test_it_counts_what_waits_what_fails_and_when_a_worker_was_seen(database: Database, clock: SetClock) -> None:
    def fail(_: Connection, __: str) -> None:
        raise StoppedError

    with database.reading() as connection:
        nothing = jobs_waiting(connection)
    assert (nothing.waiting, nothing.failing, nothing.last_beat) == (0, 0, None)
    runner = _runner(database, clock, greet=fail)
    _enqueue(database, clock, "a")
    runner.run_due()
    _enqueue(database, clock, "b", "c", kind="other")
    runner.beat("one")
    clock.pass_time(timedelta(seconds=20))
    runner.beat("two")
    runner.beat("two")
    with database.reading() as connection:
        both, only = jobs_waiting(connection), jobs_waiting(connection, "other")
    assert (both.waiting, both.failing, both.last_beat) == (3, 1, clock.now())
    assert (only.waiting, only.failing) == (2, 0)


def test_a_worker_counts_as_alive_for_two_minutes(database: Database, clock: SetClock) -> None:
    runner = _runner(database, clock)
    assert not runner.has_worker()
    runner.beat("one")
    clock.pass_time(timedelta(seconds=11))
    assert runner.has_worker()
    clock.pass_time(timedelta(minutes=2))
    assert not runner.has_worker()


def test_what_stands_first_is_done_first_however_much_waits_before_it(database: Database, clock: SetClock) -> None:
    done: list[str] = []

    def do(_connection: Connection, subject_id: str) -> None:
        done.append(subject_id)

    for number in range(5):
        _enqueue(database, clock, f"old {number}", kind="read")
    clock.pass_time(timedelta(hours=1))
    _enqueue(database, clock, "a child", kind="screen")
    _runner(database, clock, screen=do, read=do).run_due(2)
    assert done[0] == "a child"


def test_a_claim_reads_what_it_takes_however_much_waits(database: Database, clock: SetClock) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "FROM jobs" in statement and statement.startswith("SELECT"):
            asked.append((statement, parameters))

    def do(_connection: Connection, _subject_id: str) -> None:
        """Do nothing."""

    with database.writing() as connection:
        for number in range(3000):
            enqueue(connection, ["read", "count"], f"subject {number}", clock.now())
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))
    event.listen(database.engine, "before_cursor_execute", note)
    assert _runner(database, clock, screen=do, read=do).run_due(2) == 2
    event.remove(database.engine, "before_cursor_execute", note)
    assert asked
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.reading() as connection:
        plans = [str(connection.exec_driver_sql(explain + asking, given).all()) for asking, given in asked]
    for plan in plans:
        assert "ix_jobs_kind_due" in plan, plan
        assert not any(whole in plan for whole in ("Seq Scan", "Sort", "SCAN jobs", "TEMP B-TREE")), plan
