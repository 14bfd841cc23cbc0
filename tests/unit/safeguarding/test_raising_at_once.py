"""C1: what plainly raises a concern is a row in the answer's own transaction; a person's own mark is one too."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from hscb_voice.audit.queries import verify
from hscb_voice.collect.forms import Envelope
from hscb_voice.collect.sending import keep_sending
from hscb_voice.collect.ways import Way
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.queries import OpenInvitation
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.models import Response, Tally
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.safeguarding.calling import CALL_JOBS
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.jobs import raise_at_once
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of, history_of
from hscb_voice.safeguarding.service import acknowledge, raise_by_hand
from tests.support.answering import CHILD, keep_answer

Worry = Callable[..., ConcernSummary]
Raise = Callable[[Connection, str], None]
WORRYING: dict[str, Any] = {"q2a": "I am scared of my step dad.", "talk": "yes", "q2": ["scared"]}


def _send(platform: Platform, answers: dict[str, Any], raising: Raise, sitting: str) -> None:
    """Keep an answer as the page does."""
    with platform.database.reading() as connection:
        version = current_version(connection, CHILD)
    way = Way(OpenInvitation("1", CHILD, CHILD, None, Setting(team="north")), version)
    keep_sending(platform, way, Envelope(sitting, version, None, "en"), answers, raising)


def _at_once(platform: Platform) -> Raise:
    return lambda connection, sitting: raise_at_once(connection, sitting, keys=platform.keys, clock=platform.clock)


def _kinds(platform: Platform, response_id: str) -> list[str]:
    with platform.database.reading() as connection:
        return sorted(concern.kind for concern in concerns_of(connection, EVERY_TEAM, response_id))


def test_c1_a_concern_is_a_row_in_the_answers_transaction(platform: Platform) -> None:
    sitting = new_id()
    seen: list[str] = []

    def look(connection: Connection, response_id: str) -> None:
        _at_once(platform)(connection, response_id)
        seen.extend(concern.kind for concern in concerns_of(connection, EVERY_TEAM, response_id))

    _send(platform, WORRYING, look, sitting)
    assert sorted(seen) == ["scared", "talk", "words"]
    assert _kinds(platform, sitting) == ["scared", "talk", "words"]
    with platform.database.reading() as connection:
        kinds = set(connection.execute(select(Job.kind)).scalars())
    assert {SCREEN_JOB, *CALL_JOBS.values()} <= kinds


def test_c1_neither_answer_nor_concern_is_kept_when_the_transaction_does_not_end_well(platform: Platform) -> None:
    class DiesError(BaseException):
        """The process ends here."""

    def die(connection: Connection, response_id: str) -> None:
        _at_once(platform)(connection, response_id)
        raise DiesError

    with pytest.raises(DiesError):
        _send(platform, WORRYING, die, new_id())
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Response)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(Job)).scalar_one() == 0


def test_c1_an_answer_is_kept_though_raising_fails_and_its_job_raises_what_was_missed(platform: Platform) -> None:
    def fail(connection: Connection, response_id: str) -> None:
        _at_once(platform)(connection, response_id)
        raise RuntimeError

    sitting = new_id()
    _send(platform, WORRYING, fail, sitting)
    assert _kinds(platform, sitting) == []
    platform.jobs.run_for(sitting, [SCREEN_JOB])
    assert _kinds(platform, sitting) == ["scared", "talk", "words"]


def test_c1_a_concern_is_unique_for_its_response_and_kind_however_often_it_is_screened(platform: Platform) -> None:
    sitting = new_id()
    _send(platform, WORRYING, _at_once(platform), sitting)
    platform.jobs.run_for(sitting, [SCREEN_JOB])
    with platform.database.writing() as connection:
        _at_once(platform)(connection, sitting)
    assert _kinds(platform, sitting) == ["scared", "talk", "words"]
    with platform.database.reading() as connection:
        query = select(Tally.question, Tally.n).where(Tally.choice == "raised").order_by(Tally.question)
        raised = connection.execute(query).all()
    assert [tuple(row) for row in raised] == [("concern:scared", 1), ("concern:talk", 1), ("concern:words", 1)]


def test_c1_a_person_raises_a_concern_by_hand_and_a_second_one_joins_it(platform: Platform) -> None:
    response_id = keep_answer(platform, {"q2a": "It was fine."}).response_id

    def mark(by: str, text: str) -> str:
        with platform.database.writing() as connection:
            response = response_by_id(connection, EVERY_TEAM, response_id)
            return raise_by_hand(connection, response, by, Written(text, platform.keys), platform.clock)

    first = mark("ann", "The drawing beside it worries me.")
    with platform.database.writing() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, response_id)
        acknowledge(connection, concern, "lou", platform.clock)
    assert mark("ben", "Me too.") == first
    with platform.database.reading() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, response_id)
        steps = [(step.act, step.made_by, step.text) for step in history_of(connection, platform.keys, first)]
        calls = connection.execute(select(Job.kind).where(Job.subject_id == first)).scalars().all()
        assert verify(connection).first_bad is None
    assert (concern.kind, concern.state) == ("worker", "open")
    assert steps == [
        ("raised", "ann", "The drawing beside it worries me."),
        ("acknowledged", "lou", ""),
        ("raised_again", "ben", "Me too."),
    ]
    assert sorted(calls) == sorted([*CALL_JOBS.values()] * 2)
