"""Moving a concern on: acknowledging, noting, closing, opening again; by two people at once, too."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.audit.queries import verify
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Tally
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.errors import ConcernMovedError, UnknownConcernError
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.models import ConcernNote
from hscb_voice.safeguarding.queries import (
    ConcernSummary,
    concern_by_id,
    concern_counts,
    concern_list,
    concerns_of,
    has_unclosed,
    history_of,
)
from hscb_voice.safeguarding.service import acknowledge, add_note, close, reopen
from tests.support.answering import keep_answer

Worry = Callable[..., ConcernSummary]
BY = "person-1"
ALL = ("open", "acknowledged", "closed")


def _now(platform: Platform, concern: ConcernSummary) -> ConcernSummary:
    with platform.database.reading() as connection:
        return concern_by_id(connection, EVERY_TEAM, concern.id)


def _acknowledged_count(platform: Platform) -> int:
    query = select(Tally.n).where(Tally.question == "concern:words", Tally.choice == "acknowledged")
    with platform.database.reading() as connection:
        return connection.execute(query).scalar() or 0


def _acknowledged(platform: Platform, concern: ConcernSummary) -> ConcernSummary:
    with platform.database.writing() as connection:
        acknowledge(connection, concern, BY, platform.clock)
    return _now(platform, concern)


def _closed(platform: Platform, concern: ConcernSummary) -> ConcernSummary:
    with platform.database.writing() as connection:
        close(connection, concern, BY, "spoke_with_child", platform.clock)
    return _now(platform, concern)


def _acts(platform: Platform) -> Sequence[tuple[str, str]]:
    with platform.database.reading() as connection:
        assert verify(connection).is_sound
        rows = connection.execute(select(AuditEntry.who, AuditEntry.act).order_by(AuditEntry.number))
        return [(row.who, row.act) for row in rows]


def test_acknowledging_says_who_and_when_and_counts_it(platform: Platform, clock: SetClock, worry: Worry) -> None:
    concern = worry()
    clock.pass_time(timedelta(minutes=20))
    after = _acknowledged(platform, concern)
    assert (after.state, after.acknowledged_by, after.acknowledged_at) == ("acknowledged", BY, clock.now())
    assert after.due == concern.speak_due
    assert _acknowledged_count(platform) == 1
    assert _acts(platform) == [("platform", "raised a concern"), (BY, "acknowledged a concern")]


def test_it_refuses_to_acknowledge_what_somebody_else_has_acknowledged(platform: Platform, worry: Worry) -> None:
    concern = worry()
    _acknowledged(platform, concern)
    with pytest.raises(ConcernMovedError), platform.database.writing() as connection:
        acknowledge(connection, concern, "person-2", platform.clock)
    assert _now(platform, concern).acknowledged_by == BY
    assert _acknowledged_count(platform) == 1


def test_of_eight_people_who_acknowledge_at_once_exactly_one_does(platform: Platform, worry: Worry) -> None:
    concern = worry()

    def try_it(name: str) -> bool:
        try:
            with platform.database.writing() as connection:
                acknowledge(connection, concern, name, platform.clock)
        except ConcernMovedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, [f"person-{n}" for n in range(8)])) == 1
    assert _acknowledged_count(platform) == 1


def test_taking_an_acknowledgement_back_keeps_the_deadlines_and_counts_back(
    platform: Platform, clock: SetClock, worry: Worry
) -> None:
    concern = _acknowledged(platform, worry())
    clock.pass_time(timedelta(days=1))
    with platform.database.writing() as connection:
        reopen(connection, concern, BY, clock)
    after = _now(platform, concern)
    assert (after.state, after.acknowledged_at, after.acknowledged_by) == ("open", None, None)
    assert (after.read_due, after.speak_due) == (concern.read_due, concern.speak_due)
    assert _acknowledged_count(platform) == 0
    assert _acts(platform)[-1] == (BY, "opened a concern again")


def test_a_closed_concern_that_is_opened_again_gets_a_new_clock(
    platform: Platform, clock: SetClock, worry: Worry
) -> None:
    closed = _closed(platform, _acknowledged(platform, worry()))
    assert (closed.state, closed.outcome, closed.due) == ("closed", "spoke_with_child", None)
    clock.pass_time(timedelta(days=10))
    with platform.database.writing() as connection:
        reopen(connection, closed, BY, clock, Written("The family rang again.", platform.keys))
    after = _now(platform, closed)
    assert (after.state, after.outcome, after.closed_at, after.closed_by) == ("open", None, None, None)
    assert after.read_due > clock.now()


def test_it_refuses_to_close_what_nobody_has_acknowledged(platform: Platform, worry: Worry) -> None:
    concern = worry()
    with pytest.raises(ConcernMovedError), platform.database.writing() as connection:
        close(connection, concern, BY, "no_further_action", platform.clock)
    assert _now(platform, concern).state == "open"


def test_it_refuses_an_outcome_that_is_not_known(platform: Platform, worry: Worry) -> None:
    concern = _acknowledged(platform, worry())
    with pytest.raises(ValueError, match="no outcome"), platform.database.writing() as connection:
        close(connection, concern, BY, "forgotten", platform.clock)


def test_it_refuses_to_open_what_is_open_or_has_moved_meanwhile(platform: Platform, worry: Worry) -> None:
    concern = worry()
    with pytest.raises(ConcernMovedError), platform.database.writing() as connection:
        reopen(connection, concern, BY, platform.clock)
    seen = _acknowledged(platform, concern)
    _closed(platform, seen)
    with pytest.raises(ConcernMovedError), platform.database.writing() as connection:
        reopen(connection, seen, BY, platform.clock)


def test_a_note_is_sealed_and_stands_in_the_history(platform: Platform, worry: Worry) -> None:
    concern = worry()
    with platform.database.writing() as connection:
        add_note(connection, concern, BY, Written("Rang the school nurse.", platform.keys), platform.clock)
    with platform.database.reading() as connection:
        raised, noted = history_of(connection, platform.keys, concern.id)
        sealed = connection.execute(select(ConcernNote.sealed).where(ConcernNote.sealed.is_not(None))).scalar_one()
        unread = history_of(connection, None, concern.id)[1]
    assert sealed is not None
    assert b"nurse" not in sealed
    assert (raised.act, raised.made_by, raised.is_written) == ("raised", "", False)
    assert (noted.act, noted.made_by, noted.text) == ("noted", BY, "Rang the school nurse.")
    assert (unread.text, unread.is_written) == ("", True)


def test_a_note_cannot_be_opened_with_another_key(platform: Platform, worry: Worry) -> None:
    concern = worry()
    with platform.database.writing() as connection:
        add_note(connection, concern, BY, Written("Rang the school nurse.", platform.keys), platform.clock)
    with pytest.raises(KeyMissingError), platform.database.reading() as connection:
        history_of(connection, KeyRing({"2026-01": b"x" * 32}), concern.id)


def test_notes_of_many_people_at_once_all_stand_in_the_history(platform: Platform, worry: Worry) -> None:
    concern = worry()

    def write(number: int) -> None:
        with platform.database.writing() as connection:
            add_note(connection, concern, BY, Written(f"Note {number}", platform.keys), platform.clock)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(12)))
    with platform.database.reading() as connection:
        texts = {entry.text for entry in history_of(connection, platform.keys, concern.id)}
    assert texts == {"", *(f"Note {number}" for number in range(12))}


def test_another_teams_concern_is_unknown(platform: Platform, worry: Worry) -> None:
    concern = worry(team="north")
    south = frozenset({"south"})
    with platform.database.reading() as connection:
        assert concern_by_id(connection, frozenset({"north"}), concern.id) == concern
        with pytest.raises(UnknownConcernError):
            concern_by_id(connection, south, concern.id)
        assert concern_list(connection, south, ALL) == []
        assert concerns_of(connection, south, concern.response_id) == []
        assert concern_counts(connection, south, platform.clock.now()).open == 0
        assert concern_counts(connection, frozenset(), platform.clock.now()).open == 0


def test_the_list_puts_the_most_urgent_first_and_the_closed_last(
    platform: Platform, clock: SetClock, worry: Worry
) -> None:
    closed = _closed(platform, _acknowledged(platform, worry()))
    acknowledged = _acknowledged(platform, worry())
    clock.pass_time(timedelta(days=1))
    newest = worry()
    with platform.database.reading() as connection:
        ids = [concern.id for concern in concern_list(connection, EVERY_TEAM, ALL)]
        second_page = concern_list(connection, EVERY_TEAM, ALL, page=2, size=2)
        only_closed = concern_list(connection, EVERY_TEAM, ["closed"])
    assert ids == [newest.id, acknowledged.id, closed.id]
    assert [concern.id for concern in second_page] == [closed.id]
    assert [concern.id for concern in only_closed] == [closed.id]


def test_it_counts_what_is_late(platform: Platform, clock: SetClock, worry: Worry) -> None:
    _acknowledged(platform, worry())
    worry()
    with platform.database.reading() as connection:
        assert concern_counts(connection, EVERY_TEAM, clock.now()).late == 0
        tomorrow = concern_counts(connection, EVERY_TEAM, clock.now() + timedelta(days=1))
        next_week = concern_counts(connection, EVERY_TEAM, clock.now() + timedelta(days=7))
    assert (tomorrow.open, tomorrow.acknowledged, tomorrow.closed, tomorrow.late) == (1, 1, 0, 1)
    assert next_week.late == 2


def test_words_that_wait_to_be_screened_are_not_quoted_yet(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": "she always listened to me"})
    with platform.database.reading() as connection:
        assert has_unclosed(connection, kept.response_id)
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    with platform.database.reading() as connection:
        assert not has_unclosed(connection, kept.response_id)


def test_a_response_is_unclosed_until_all_its_concerns_are_closed(platform: Platform, worry: Worry) -> None:
    concern = worry()
    with platform.database.reading() as connection:
        assert has_unclosed(connection, concern.response_id)
    _closed(platform, _acknowledged(platform, concern))
    with platform.database.reading() as connection:
        assert not has_unclosed(connection, concern.response_id)


def _counted(platform: Platform) -> dict[str, int]:
    query = select(Tally.choice, Tally.n).where(Tally.question == "concern:words", Tally.n != 0)
    with platform.database.reading() as connection:
        return {row.choice: row.n for row in connection.execute(query)}


def test_c3_late_ones_are_counted_for_the_board_and_taken_back_with_a_slip(
    platform: Platform, worry: Worry, clock: SetClock
) -> None:
    in_time = _acknowledged(platform, worry())
    late = worry()
    clock.pass_time(timedelta(hours=8))  # past 17:00
    late = _acknowledged(platform, late)
    assert _counted(platform) == {"raised": 2, "acknowledged": 2, "acknowledged_in_time": 1}
    _closed(platform, in_time)
    clock.pass_time(timedelta(days=7))
    closed_late = _closed(platform, late)
    ended = {"closed": 2, "closed_in_time": 1}
    assert _counted(platform) == {"raised": 2, "acknowledged": 2, "acknowledged_in_time": 1, **ended}
    with platform.database.writing() as connection:
        reopen(connection, closed_late, BY, clock)
        reopen(connection, _now(platform, in_time), BY, clock)
    assert _counted(platform) == {"raised": 2}
