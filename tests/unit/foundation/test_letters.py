"""The outbox of letters: posted with the act, sealed while it waits, sent at least once, emptied when it has gone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import JobRunner
from hscb_voice.foundation.letters import (
    PostedLetter,
    fates_of,
    letters_waiting,
    post,
)
from hscb_voice.foundation.mail import Letter
from hscb_voice.foundation.platform import Platform
from tests.support.letters import Pillar, lane_to

LINK = "https://voice.example.org/once/secret-word"
LETTER = Letter("lead@example.org", "An account for you", f"Open {LINK} to begin.")


@pytest.fixture
def pillar(platform: Platform) -> Pillar:
    return Pillar(platform)


@pytest.fixture
def lane(clock: SetClock, pillar: Pillar) -> JobRunner:
    return lane_to(pillar, clock)


def _posted(platform: Platform, clock: SetClock, **more: object) -> str:
    with platform.database.writing() as connection:
        return post(connection, platform.keys, LETTER, clock.now(), **more)  # type: ignore[arg-type]  # as each test says


def test_a_letter_is_sent_once_and_then_holds_no_words(
    platform: Platform, clock: SetClock, lane: JobRunner, pillar: Pillar
) -> None:
    letter_id = _posted(platform, clock, about="account 1")
    assert lane.run_due(1) == 1
    assert lane.run_due(1) == 0
    (taken,) = pillar.taken
    assert (taken.to, taken.subject, taken.text, taken.reference) == (*_parts(LETTER), letter_id)
    with platform.database.reading() as connection:
        row = connection.execute(select(PostedLetter)).one()
        assert letters_waiting(connection, clock.now()).waiting == 0
    assert (row.sealed, row.wrapped_key, row.sent_at, row.about) == (None, None, clock.now(), "account 1")


def _parts(letter: Letter) -> tuple[str, str, str]:
    return letter.to, letter.subject, letter.text


def test_a_letter_lies_sealed_while_it_waits(platform: Platform, clock: SetClock) -> None:
    _posted(platform, clock)
    with platform.database.reading() as connection:
        row = connection.execute(select(PostedLetter)).one()
    assert row.sealed
    assert all(part.encode() not in row.sealed for part in (LINK, LETTER.to, LETTER.subject))


def test_no_letter_is_posted_when_the_act_does_not_commit(
    platform: Platform, clock: SetClock, lane: JobRunner, pillar: Pillar
) -> None:
    def act_and_fail() -> None:
        with platform.database.writing() as connection:
            post(connection, platform.keys, LETTER, clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    lane.run_due(1)
    assert pillar.taken == []


def test_a_letter_that_is_not_taken_waits_and_goes_later(
    platform: Platform, clock: SetClock, lane: JobRunner, pillar: Pillar
) -> None:
    letter_id = _posted(platform, clock)
    pillar.is_away = True
    waits = []
    for _ in range(12):
        lane.run_due(1)
        with platform.database.reading() as connection:
            fate = fates_of(connection, [letter_id])[letter_id]
        assert (fate.sent_at, fate.trouble) == (None, "MailAwayError")
        start = clock.now()
        while len(pillar.connections_seen) <= fate.tries:
            clock.pass_time(timedelta(seconds=5))
            lane.run_due(1)
        waits.append((clock.now() - start).total_seconds())
    assert (waits[0], max(waits)) == (10, 15 * 60)
    pillar.is_away = False
    clock.pass_time(timedelta(minutes=15))
    assert lane.run_due(1) == 1
    assert [letter.reference for letter in pillar.taken] == [letter_id]


def test_no_connection_is_held_while_a_letter_is_handed_over(
    platform: Platform, clock: SetClock, lane: JobRunner, pillar: Pillar
) -> None:
    _posted(platform, clock)
    lane.run_due(1)
    assert pillar.connections_seen == [0]


def test_a_letter_is_not_sent_when_it_is_of_no_use_any_more(
    platform: Platform, clock: SetClock, lane: JobRunner, pillar: Pillar
) -> None:
    letter_id = _posted(platform, clock, until=clock.now() + timedelta(hours=1))
    clock.pass_time(timedelta(hours=2))
    lane.run_due(1)
    assert pillar.taken == []
    with platform.database.reading() as connection:
        assert fates_of(connection, [letter_id])[letter_id].is_given_up


def test_what_waits_and_fails_is_counted_with_its_trouble(
    platform: Platform, clock: SetClock, lane: JobRunner, pillar: Pillar
) -> None:
    first = clock.now()
    _posted(platform, clock)
    pillar.is_away = True
    lane.run_due(1)
    clock.pass_time(timedelta(seconds=1))
    _posted(platform, clock)
    with platform.database.reading() as connection:
        found = letters_waiting(connection, clock.now())
    assert (found.waiting, found.failing, found.oldest, found.trouble) == (2, 1, first, "MailAwayError")
