"""An answer is kept once, for good, with its sealed words, its jobs and its figures in one transaction."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.errors import AnotherAnswerError, ErasedError, UnknownResponseError
from hscb_voice.responses.models import Comment, Response, SecondAnswer, Tally
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.service import (
    READ_JOB,
    SCREEN_JOB,
    Kept,
    Setting,
    Span,
    Submission,
    keep,
    keep_second,
)
from hscb_voice.responses.words import comment_by_id, comments_of, second_answers_of
from tests.support.answering import CHILD, keep_answer, keep_second_answer, submission

ANSWERS = {"q2": ["happy", "scared"], "q2a": "She helped me.", "q4": ["1", "8"], "may_quote": "yes"}


def _rows(platform: Platform, table: Any) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _everything(platform: Platform) -> dict[str, int]:
    with platform.database.reading() as connection:
        tallied = connection.execute(select(func.sum(Tally.n))).scalar() or 0
    return {table.__tablename__: _rows(platform, table) for table in (Response, Comment, Job)} | {"tallied": tallied}


def test_it_keeps_ticks_open_and_words_sealed(platform: Platform) -> None:
    setting = Setting(channel="tablet", service="Family support", team="north", point="final")
    kept = keep_answer(platform, ANSWERS, setting=setting)
    with platform.database.reading() as connection:
        response = response_by_id(connection, EVERY_TEAM, kept.response_id)
        (comment,) = comments_of(connection, platform.keys, [kept.response_id])
        sealed = connection.execute(select(Comment.sealed)).scalar_one()
    assert response.answers == {"q2": ["scared", "happy"], "q4": ["1", "8"], "may_quote": "yes"}
    assert (response.team, response.service, response.channel, response.point) == (
        "north",
        "Family support",
        "tablet",
        "final",
    )
    assert response.may_quote is True
    assert (comment.question, comment.text) == ("q2a", "She helped me.")
    assert b"helped" not in sealed


def test_words_of_a_response_cannot_be_moved_to_another(platform: Platform) -> None:
    kept = [keep_answer(platform, {"q2a": words}).response_id for words in ("One.", "Two.")]
    with platform.database.writing() as connection:
        sealed = {row.response_id: row.sealed for row in connection.execute(select(*Comment.__table__.columns))}
        connection.execute(
            Comment.__table__.update().where(Comment.response_id == kept[0]).values(sealed=sealed[kept[1]])  # type: ignore[attr-defined]  # a mapped class's table is a Table
        )
    with pytest.raises(KeyMissingError), platform.database.reading() as connection:
        comments_of(connection, platform.keys, kept)


def test_several_lines_of_ones_own_are_kept_in_order(platform: Platform) -> None:
    kept = keep_answer(platform, {"q4_own": ["Bedtimes", "Shopping"]}, slug="support-worker-parent")
    with platform.database.reading() as connection:
        comments = comments_of(connection, platform.keys, [kept.response_id])
    assert [(c.question, c.line, c.text) for c in comments] == [("q4_own", 0, "Bedtimes"), ("q4_own", 1, "Shopping")]


def test_the_screening_and_the_reading_are_written_with_it(platform: Platform) -> None:
    kept = keep_answer(platform, ANSWERS)
    with platform.database.reading() as connection:
        jobs = {(row.kind, row.subject_id) for row in connection.execute(select(Job.kind, Job.subject_id))}
    assert jobs == {(SCREEN_JOB, kept.response_id), (READ_JOB, kept.response_id)}


def test_nothing_of_it_is_kept_when_its_transaction_fails(platform: Platform) -> None:
    before = _everything(platform)
    offered = submission(platform, ANSWERS)

    def keep_and_fail() -> None:
        with platform.database.writing() as connection:
            keep(connection, offered, platform.keys)
            message = "the machine stopped here"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        keep_and_fail()
    assert _everything(platform) == before


def test_the_same_answer_sent_again_gives_the_same_receipt_and_changes_nothing(platform: Platform) -> None:
    offered = submission(platform, ANSWERS)

    def send(one: Submission) -> Kept:
        with platform.database.writing() as connection:
            return keep(connection, one, platform.keys)

    first = send(offered)
    before = _everything(platform)
    # The hour, the tablet and the invitation may differ: what was said is the same.
    again = send(replace(offered, received_at=offered.received_at + timedelta(days=3), setting=Setting("tablet")))
    assert (again.response_id, again.receipt, again.is_new) == (first.response_id, first.receipt, False)
    assert first.is_new
    assert _everything(platform) == before


def test_the_same_answer_sent_by_fifty_at_once_is_kept_once(platform: Platform) -> None:
    offered = submission(platform, ANSWERS)

    def send(_: int) -> Kept:
        with platform.database.writing() as connection:
            return keep(connection, offered, platform.keys)

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(send, range(50)))
    assert sum(kept.is_new for kept in outcomes) == 1
    assert len({kept.receipt for kept in outcomes}) == 1
    assert _everything(platform)["responses"] == 1
    assert _everything(platform)["comments"] == 1
    assert _everything(platform)["jobs"] == 2
    with platform.database.reading() as connection:
        assert connection.execute(select(Tally.n).where(Tally.question == "")).scalar_one() == 1


def test_fifty_different_answers_at_once_are_all_kept_and_all_counted(platform: Platform) -> None:
    offered = [submission(platform, {"q2": ["happy"], "q2a": f"Comment {n}"}) for n in range(50)]

    def send(one: Submission) -> Kept:
        with platform.database.writing() as connection:
            return keep(connection, one, platform.keys)

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(send, offered))
    assert all(kept.is_new for kept in outcomes)
    assert len({kept.receipt for kept in outcomes}) == 50
    with platform.database.reading() as connection:
        assert connection.execute(select(Tally.n).where(Tally.question == "")).scalar_one() == 50
        assert connection.execute(select(Tally.n).where(Tally.choice == "happy")).scalar_one() == 50


def test_another_answer_of_the_same_sitting_is_refused(platform: Platform) -> None:
    kept = keep_answer(platform, ANSWERS)
    before = _everything(platform)
    with pytest.raises(AnotherAnswerError):
        keep_answer(platform, {**ANSWERS, "q2a": "She did not."}, sitting_id=kept.response_id)
    with pytest.raises(AnotherAnswerError):
        keep_answer(platform, ANSWERS, sitting_id=kept.response_id, variant="under-9")
    assert _everything(platform) == before


def test_of_fifty_different_answers_of_one_sitting_one_is_kept_and_the_rest_are_held(platform: Platform) -> None:
    sitting = new_id()
    offered = [submission(platform, {"q2a": f"Comment {n % 5}"}, sitting_id=sitting) for n in range(50)]

    def send(one: Submission) -> str:
        try:
            with platform.database.writing() as connection:
                return "new" if keep(connection, one, platform.keys).is_new else "known"
        except AnotherAnswerError:
            with platform.database.writing() as connection:
                keep_second(connection, one, platform.keys)
            return "held"

    with ThreadPoolExecutor(16) as pool:
        outcomes = Counter(pool.map(send, offered))
    assert outcomes == {"new": 1, "known": 9, "held": 40}
    assert _rows(platform, Response) == 1
    assert _rows(platform, SecondAnswer) == 4


def test_a_second_answer_is_held_sealed_and_screened_once_a_body(platform: Platform) -> None:
    kept = keep_answer(platform, ANSWERS)
    platform.jobs.run_due()
    for _ in range(3):
        keep_second_answer(platform, {"q2a": "I am scared."}, sitting_id=kept.response_id)
    with platform.database.reading() as connection:
        (second,) = second_answers_of(connection, platform.keys, kept.response_id)
        sealed = connection.execute(select(SecondAnswer.sealed)).scalar_one()
        jobs = connection.execute(select(Job.kind).where(Job.kind == SCREEN_JOB)).scalars().all()
        (comment,) = comments_of(connection, platform.keys, [kept.response_id])
    assert second.answers == {"q2a": "I am scared."}
    assert b"scared" not in sealed
    assert list(jobs) == [SCREEN_JOB]
    assert comment.text == "She helped me."


def test_the_wording_that_was_answered_stays_with_the_answer(platform: Platform, clock: SetClock) -> None:
    kept = keep_answer(platform, ANSWERS)
    with platform.database.writing() as connection:
        old = current_version(connection, CHILD)
        publish(connection, old.definition.model_copy(update={"title": "Another title"}), clock)
        assert current_version(connection, CHILD).number == old.number + 1
    with platform.database.reading() as connection:
        assert response_by_id(connection, EVERY_TEAM, kept.response_id).version_id == old.id


@pytest.mark.parametrize(
    ("received", "start", "end"),
    [
        (datetime(2026, 11, 22, 10, tzinfo=UTC), date(2026, 11, 1), date(2026, 11, 30)),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), date(2026, 12, 1), date(2026, 12, 31)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), date(2028, 2, 1), date(2028, 2, 29)),
        # A quarter past midnight on the wall in British summer is still the evening before in UTC.
        (datetime(2026, 6, 30, 23, 15, tzinfo=UTC), date(2026, 7, 1), date(2026, 7, 31)),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_it_was_said_is_kept_no_finer_than_its_month(
    platform: Platform, received: datetime, start: date, end: date
) -> None:
    kept = keep_answer(platform, ANSWERS, received_at=received)
    with platform.database.reading() as connection:
        response = response_by_id(connection, EVERY_TEAM, kept.response_id)
    assert (response.span_start, response.span_end) == (start, end)
    assert Span.month_of(start) == Span(start, end)


@pytest.mark.parametrize(("said", "may_quote"), [("yes", True), ("no", False), (None, None)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_silence_about_quoting_is_no_consent(platform: Platform, said: str | None, may_quote: object) -> None:
    kept = keep_answer(platform, {"q2a": "Good.", **({"may_quote": said} if said else {})})
    with platform.database.reading() as connection:
        assert response_by_id(connection, EVERY_TEAM, kept.response_id).may_quote is may_quote


def test_without_the_key_nothing_is_shown(platform: Platform) -> None:
    kept = keep_answer(platform, ANSWERS)
    for ring in (KeyRing({"2026-01": b"w" * 32}), KeyRing({"2025-01": b"w" * 32})):
        with pytest.raises(KeyMissingError), platform.database.reading() as connection:
            comments_of(connection, ring, [kept.response_id])


def test_erased_words_are_left_out_and_named_as_erased(platform: Platform) -> None:
    kept = keep_answer(platform, ANSWERS)
    with platform.database.writing() as connection:
        (comment,) = comments_of(connection, platform.keys, [kept.response_id])
        connection.execute(Response.__table__.update().values(wrapped_key=None))  # type: ignore[attr-defined]  # a mapped class's table is a Table
    with platform.database.reading() as connection:
        assert comments_of(connection, platform.keys, [kept.response_id]) == []
        with pytest.raises(ErasedError):
            comment_by_id(connection, platform.keys, comment.id)
        with pytest.raises(UnknownResponseError):
            comment_by_id(connection, platform.keys, "no such comment")
