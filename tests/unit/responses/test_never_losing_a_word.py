"""S1 to S3: an answer is thanked for when it lies on the disk, once; and what must follow it follows, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import OperationalError

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import LEASE, Job, JobRunner
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.watchdog import PATIENCE_SECONDS
from hscb_voice.responses.errors import AnotherAnswerError
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, keep
from tests.support.answering import keep_answer, submission
from tests.support.pages import PageChecker
from tests.support.sittings import CHILD, open_codes, page_sending, version_of

ANSWERS = {"q2": ["happy"], "q2a": "She listened to me."}


def _rows(platform: Platform, table: type[Response | Comment | Job]) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_s1_nobody_is_thanked_before_the_commit(app: Flask) -> None:
    """The database takes every statement, and only the commit fails: then there is no receipt."""
    site = open_codes(app)
    pages = PageChecker(app)
    pages.get(f"/f/{CHILD}")
    sent = page_sending(version_of(site, CHILD))
    said: list[str] = []

    def fail(connection: Connection) -> None:
        assert connection
        said.append("commit")
        message = "the disk is gone"
        raise OperationalError(message, None, Exception(message))

    event.listen(site.database.engine, "commit", fail)
    try:
        page = pages.post(f"/f/{CHILD}", sent, expect=503)
    finally:
        event.remove(site.database.engine, "commit", fail)
    assert said
    assert page.dom.all(".receipt") == []
    assert _rows(site, Response) == 0
    assert pages.submit(page, expect=200).words(".receipt")
    assert _rows(site, Response) == 1


def test_s1_the_same_sitting_and_body_is_kept_once_however_often_it_is_sent(platform: Platform) -> None:
    offered = submission(platform, ANSWERS)

    def send(_: int) -> tuple[str, bool]:
        with platform.database.writing() as connection:
            kept = keep(connection, offered, platform.keys)
        return kept.receipt, kept.is_new

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(send, range(12)))
    assert len({receipt for receipt, _ in told}) == 1
    assert [is_new for _, is_new in told].count(True) == 1
    assert (_rows(platform, Response), _rows(platform, Comment)) == (1, 1)


def test_s1_another_body_under_the_same_sitting_changes_nothing(platform: Platform) -> None:
    kept = keep_answer(platform, ANSWERS)
    with pytest.raises(AnotherAnswerError):
        keep_answer(platform, {"q2a": "Something else."}, sitting_id=kept.response_id)
    assert (_rows(platform, Response), _rows(platform, Comment)) == (1, 1)


def test_s2_each_connection_is_set_so_that_what_is_committed_stays(platform: Platform) -> None:
    with platform.database.writing() as connection:
        if platform.database.is_sqlite:
            names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in names}
            wait = found.pop("busy_timeout")
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
            assert 0 < wait <= PATIENCE_SECONDS * 1000 <= 5000
            return
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
        for name in ("statement_timeout", "lock_timeout"):
            query = text("SELECT setting::int FROM pg_settings WHERE name = :name")
            assert 0 < connection.execute(query, {"name": name}).scalar_one() <= 5000


def test_s3_what_must_follow_an_answer_stands_in_its_own_transaction(platform: Platform) -> None:
    class StoppedError(Exception):
        """The process stopped here."""

    def keep_and_stop() -> None:
        with platform.database.writing() as connection:
            keep(connection, submission(platform, ANSWERS), platform.keys)
            assert connection.execute(select(func.count()).select_from(Job)).scalar_one() >= 2
            raise StoppedError

    with pytest.raises(StoppedError):
        keep_and_stop()
    assert (_rows(platform, Response), _rows(platform, Job)) == (0, 0)
    keep_answer(platform, ANSWERS)
    with platform.database.reading() as connection:
        assert {SCREEN_JOB, READ_JOB} <= set(connection.execute(select(Job.kind)).scalars())


def test_s3_what_one_worker_holds_no_other_takes_until_its_lease_ends(platform: Platform, clock: SetClock) -> None:
    kept = keep_answer(platform, ANSWERS)
    done: list[str] = []

    def at_once(_connection: Connection, subject: str) -> None:
        done.append(subject)

    first = JobRunner(platform.database, clock, {SCREEN_JOB: at_once})
    held = first._claim_due(10)
    assert [job.subject_id for job in held] == [kept.response_id]
    second = JobRunner(platform.database, clock, {SCREEN_JOB: at_once})
    assert second.run_due() == 0
    clock.pass_time(LEASE + timedelta(seconds=1))
    assert second.run_due() == 1
    assert first._do(held[0]) is False
    assert done == [kept.response_id]


def test_s3_workers_that_ask_at_the_same_moment_share_the_jobs(platform: Platform, clock: SetClock) -> None:
    """SKIP LOCKED on PostgreSQL, BEGIN IMMEDIATE on SQLite: nobody waits for another's rows, none is done twice."""
    ids = [keep_answer(platform, ANSWERS).response_id for _ in range(12)]
    done: list[str] = []
    runners = [
        JobRunner(platform.database, clock, {SCREEN_JOB: lambda _, subject: done.append(subject)}) for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda runner: runner.run_due(5), runners))
    while runners[0].run_due():
        pass
    assert sorted(done) == sorted(ids)
