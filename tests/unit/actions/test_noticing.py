"""Themes that many want changed wait for a decision, and whoever must act is reminded, once a week."""

from datetime import date, timedelta

import pytest

from hscb_voice.actions.errors import ActionRefusedError
from hscb_voice.actions.noticing import notice_themes, see_to_the_daily_actions
from hscb_voice.actions.queries import Wait, answering, waits
from hscb_voice.actions.service import Decision, decide, set_threshold
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.letters import latest_about
from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room.meetings import set_meeting
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person
from tests.support.actions import BY, decided, noted, spoken_of

TODAY = date(2026, 11, 22)
MEETING = date(2026, 12, 3)


def waiting(platform: Platform, *, only_open: bool = True) -> list[Wait]:
    with platform.database.writing() as connection:
        notice_themes(connection, platform.clock.today())
        return waits(connection, only_open=only_open)


def somebody(platform: Platform, role: Role) -> str:
    with platform.database.writing() as connection:
        new = NewPerson(f"{role.value}@example.org", "Example", frozenset({role}))
        return add_person(connection, new, "copper lantern meadow 47", now=platform.clock.now())


def letters(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return len(latest_about(connection, "actions", 100))


def test_a_theme_waits_once_enough_of_a_service_want_it_changed(platform: Platform) -> None:
    spoken_of(platform, 9, service="Family support")
    assert waiting(platform) == []
    spoken_of(platform, 1, service="Family support", choice="wish", month=10)
    (wait,) = waiting(platform)
    assert (wait.theme, wait.service, wait.span_start, wait.span_end) == (
        "visits",
        "Family support",
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert waiting(platform) == [wait]


def test_praise_needs_no_decision_and_services_are_not_added_together(platform: Platform) -> None:
    spoken_of(platform, 50, choice="positive")
    spoken_of(platform, 6, service="One")
    spoken_of(platform, 6, service="Two")
    assert waiting(platform) == []


def test_a_service_may_have_its_own_threshold_but_never_one_that_tells_a_small_number(platform: Platform) -> None:
    spoken_of(platform, 6, service="Small")
    with platform.database.writing() as connection:
        with pytest.raises(ActionRefusedError):
            set_threshold(connection, "Small", 4, BY, platform.clock)
        set_threshold(connection, "Small", 6, BY, platform.clock)
    assert [wait.service for wait in waiting(platform)] == ["Small"]


def test_it_is_to_be_decided_by_the_first_meeting_after_it_was_noticed(platform: Platform, clock: SetClock) -> None:
    spoken_of(platform, 12)
    assert waiting(platform)[0].decide_by is None
    with platform.database.writing() as connection:
        set_meeting(connection, MEETING, TODAY, BY, clock.now())
        set_meeting(connection, date(2027, 3, 3), TODAY, BY, clock.now())
    (wait,) = waiting(platform)
    assert wait.decide_by == MEETING
    assert not wait.is_late(MEETING)
    assert wait.is_late(MEETING + timedelta(days=1))


def test_a_decision_answers_what_waits_and_the_days_are_counted(platform: Platform, clock: SetClock) -> None:
    spoken_of(platform, 12, service="Family support")
    spoken_of(platform, 12, theme="school", service="Family support")
    waiting(platform)
    action_id = noted(platform, service="Family support")
    assert [wait.action_id for wait in waiting(platform)] == [None, action_id]
    clock.pass_time(timedelta(days=4))
    decided(platform, action_id)
    assert [wait.theme for wait in waiting(platform)] == ["school"]
    with platform.database.reading() as connection:
        counted = answering(connection, date(2026, 4, 1), date(2027, 3, 31))
    assert (counted.themes, counted.answered, counted.median_days) == (2, 1, 4.0)


def test_an_open_action_answers_the_next_quarter_too_and_an_ended_one_does_not(
    platform: Platform, clock: SetClock
) -> None:
    action_id = decided(platform, noted(platform))
    spoken_of(platform, 12)
    assert waiting(platform) == []
    assert waiting(platform, only_open=False)[0].action_id == action_id
    with platform.database.writing() as connection:
        decide(connection, action_id, Decision(can=False, because="No"), BY, clock)
    spoken_of(platform, 12, month=8)
    assert [wait.span_start for wait in waiting(platform)] == [date(2026, 7, 1)]


def test_owners_are_reminded_of_what_is_due_once_a_week(platform: Platform, clock: SetClock) -> None:
    owner = somebody(platform, Role.BOARD_MEMBER)
    decided(platform, noted(platform), owner=owner, due=date(2026, 12, 10))
    for days, sent in ((0, 0), (11, 1), (3, 1), (4, 2), (0, 2), (10, 3)):
        clock.pass_time(timedelta(days=days))
        see_to_the_daily_actions(platform)
        assert letters(platform) == sent, clock.today()


def test_those_who_decide_are_reminded_before_the_meeting_and_no_one_else(platform: Platform, clock: SetClock) -> None:
    somebody(platform, Role.ANALYST)
    somebody(platform, Role.BOARD_MEMBER)
    with platform.database.writing() as connection:
        set_meeting(connection, MEETING, TODAY, BY, clock.now())
    spoken_of(platform, 12)
    see_to_the_daily_actions(platform)
    assert letters(platform) == 0
    clock.pass_time(timedelta(days=5))
    see_to_the_daily_actions(platform)
    assert letters(platform) == 1
