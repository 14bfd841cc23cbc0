"""Series: begun, given, answered, put off, left out, stopped, and the worker reminded once; on both engines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.keys import WrappedKey
from hscb_voice.foundation.letters import PostedLetter
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.making import Doer
from hscb_voice.invitations.queries import invitation_by_code, invited
from hscb_voice.invitations.service import mark_used
from hscb_voice.responses.service import Setting
from hscb_voice.series.errors import SeriesError, UnknownSeriesError
from hscb_voice.series.planning import Due
from hscb_voice.series.queries import PointView, due_points, due_words, point_by_id, points_of, series_list
from hscb_voice.series.reminding import see_to_the_daily_reminders
from hscb_voice.series.service import NewSeries, begin_series, give, leave_out, put_off, record, stop
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person, disable

SLUG = "cidva-child-5-8"
NORTH, SOUTH = frozenset({"North"}), frozenset({"South"})
DAYS = (date(2026, 11, 22), date(2026, 11, 29), date(2026, 12, 6))
PLAN = [Due(point, day) for point, day in zip(("first", "during", "final"), DAYS, strict=True)]


@pytest.fixture
def worker(platform: Platform, clock: SetClock) -> Doer:
    """A worker of North with an account."""
    return _person(platform, clock, "worker@example.org", Role.WORKER)


def _person(platform: Platform, clock: SetClock, email: str, role: Role) -> Doer:
    with platform.database.writing() as connection:
        new = NewPerson(email, f"Example {role.label}", frozenset({role}), frozenset({"North"}))
        return Doer(add_person(connection, new, "copper lantern meadow 47", now=clock.now()), clock)


def _begin(platform: Platform, doer: Doer, plan: list[Due] = PLAN) -> str:
    setting = Setting(service="CIDVA", team="North", locality="Ross")
    with platform.database.writing() as connection:
        return begin_series(connection, NewSeries(SLUG, setting), plan, doer)


def _points(platform: Platform, series_id: str) -> list[PointView]:
    with platform.database.reading() as connection:
        return points_of(connection, NORTH, series_id)


def _states(platform: Platform, series_id: str, today: date) -> list[str]:
    return [point.state(today) for point in _points(platform, series_id)]


def _letters(platform: Platform) -> list[str]:
    with platform.database.reading() as connection:
        rows = connection.execute(select(*PostedLetter.__table__.columns).order_by(PostedLetter.posted_at)).all()
    opened = []
    for row in rows:
        seal = platform.keys.seal_of_row(PostedLetter.__tablename__, row.id, WrappedKey(row.key_id, row.wrapped_key))
        opened.append(seal.open(row.sealed, "sealed"))
    return opened


def test_a_series_has_three_words_and_nothing_that_says_whose_it_is(platform: Platform, worker: Doer) -> None:
    made = _begin(platform, worker)
    with platform.database.reading() as connection:
        (series,) = series_list(connection, NORTH)
    assert len(series.said.split()) == 3
    assert set(vars(series)) == {
        *("id", "words", "slug", "variant", "language", "service", "team", "locality"),
        *("made_by", "created_at", "stopped_at"),
    }
    assert [(point.number, point.point, point.due_on) for point in _points(platform, made)] == [
        (1, "first", DAYS[0]),
        (2, "during", DAYS[1]),
        (3, "final", DAYS[2]),
    ]


def test_a_form_is_done_once_its_code_was_answered_and_not_before(platform: Platform, worker: Doer) -> None:
    made = _begin(platform, worker)
    first = _points(platform, made)[0]
    with platform.database.writing() as connection:
        invitation = give(connection, first, worker)
        again = give(connection, point_by_id(connection, NORTH, first.id), worker)
    assert invitation == again
    assert _states(platform, made, DAYS[0]) == ["today", "coming", "coming"]
    with platform.database.writing() as connection:
        code = record(connection, point_by_id(connection, NORTH, first.id), worker)
        leading = invitation_by_code(connection, code)
        assert (leading.setting.channel, leading.setting.point, leading.setting.team) == ("worker", "first", "North")
        mark_used(connection, leading, worker.now)
    assert _states(platform, made, DAYS[0]) == ["done", "coming", "coming"]
    # The code that was given up for the recording counts no second person.
    with platform.database.reading() as connection:
        assert invited(connection, SLUG, date(2026, 11, 1), date(2026, 11, 30)) == 1
    with pytest.raises(SeriesError), platform.database.writing() as connection:
        give(connection, point_by_id(connection, NORTH, first.id), worker)


def test_putting_a_form_off_moves_the_later_ones_too_if_wanted(platform: Platform, worker: Doer) -> None:
    made = _begin(platform, worker)
    second = _points(platform, made)[1]
    with platform.database.writing() as connection:
        put_off(connection, second, DAYS[1] + timedelta(days=7), worker, later_too=True)
    assert [point.due_on for point in _points(platform, made)] == [DAYS[0], date(2026, 12, 6), date(2026, 12, 13)]
    with platform.database.writing() as connection:
        put_off(connection, _points(platform, made)[1], date(2026, 12, 8), worker, later_too=False)
    assert [point.due_on for point in _points(platform, made)] == [DAYS[0], date(2026, 12, 8), date(2026, 12, 13)]


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2028, 3, 1)])
def test_it_refuses_to_put_a_form_off_to_yesterday_or_for_years(platform: Platform, worker: Doer, day: date) -> None:
    point = _points(platform, _begin(platform, worker))[0]
    with pytest.raises(SeriesError), platform.database.writing() as connection:
        put_off(connection, point, day, worker, later_too=True)


def test_a_form_left_out_is_not_due_and_can_be_planned_again(platform: Platform, worker: Doer) -> None:
    made = _begin(platform, worker)
    with platform.database.writing() as connection:
        leave_out(connection, _points(platform, made)[0], worker)
    assert _states(platform, made, DAYS[0]) == ["left out", "coming", "coming"]
    with platform.database.writing() as connection:
        assert len(due_points(connection, NORTH, DAYS[0])) == 2
        leave_out(connection, _points(platform, made)[0], worker, again=True)
    assert _states(platform, made, DAYS[0])[0] == "today"


def test_a_stopped_series_is_not_due_and_can_go_on(platform: Platform, worker: Doer) -> None:
    made = _begin(platform, worker)
    with platform.database.writing() as connection:
        stop(connection, _points(platform, made)[0].series, worker)
        assert due_points(connection, NORTH, DAYS[0]) == []
    assert set(_states(platform, made, DAYS[0])) == {"stopped"}
    with platform.database.writing() as connection:
        stop(connection, _points(platform, made)[0].series, worker, again=True)
        assert len(due_points(connection, NORTH, DAYS[0])) == 3


def test_another_teams_series_is_not_found(platform: Platform, worker: Doer) -> None:
    made = _begin(platform, worker)
    point = _points(platform, made)[0]
    with platform.database.reading() as connection:
        assert series_list(connection, SOUTH) == []
        assert due_points(connection, SOUTH, DAYS[2]) == []
        for look in (lambda: points_of(connection, SOUTH, made), lambda: point_by_id(connection, SOUTH, point.id)):
            with pytest.raises(UnknownSeriesError):
                look()


def test_what_is_due_is_said_in_some_words(platform: Platform, worker: Doer) -> None:
    _begin(platform, worker)
    with platform.database.reading() as connection:
        points = due_points(connection, NORTH, DAYS[1], worker.id)
        assert due_points(connection, NORTH, DAYS[1], "somebody else") == []
    assert due_words(points, DAYS[1]) == "1 due today, 1 overdue"
    assert due_words(points[2:], DAYS[1]) == ""


def test_a_worker_is_reminded_once_in_one_letter_with_no_words_of_the_series(
    platform: Platform, worker: Doer, clock: SetClock
) -> None:
    for _ in range(2):
        _begin(platform, worker)
    see_to_the_daily_reminders(platform)
    assert _letters(platform) == []  # whoever has just planned it knows it
    clock.moment = datetime(2026, 11, 29, 6, 59, tzinfo=UTC)
    see_to_the_daily_reminders(platform)
    assert _letters(platform) == []
    clock.moment = datetime(2026, 11, 29, 7, 1, tzinfo=UTC)
    for _ in range(2):
        see_to_the_daily_reminders(platform)
    (letter,) = _letters(platform)
    assert "worker@example.org" in letter
    assert "2 today" in letter
    assert "/staff/due" in letter
    with platform.database.reading() as connection:
        for series in series_list(connection, NORTH):
            assert series.words not in letter
            assert series.said not in letter


def test_what_was_answered_left_out_or_stopped_brings_no_letter(
    platform: Platform, worker: Doer, clock: SetClock
) -> None:
    answered, left_out, stopped = (_begin(platform, worker, [Due("final", DAYS[1])]) for _ in range(3))
    with platform.database.writing() as connection:
        code = record(connection, _points(platform, answered)[0], worker)
        mark_used(connection, invitation_by_code(connection, code), worker.now)
        leave_out(connection, _points(platform, left_out)[0], worker)
        stop(connection, _points(platform, stopped)[0].series, worker)
    clock.pass_time(timedelta(days=8))
    see_to_the_daily_reminders(platform)
    assert _letters(platform) == []


def test_what_was_put_off_is_reminded_of_anew(platform: Platform, worker: Doer, clock: SetClock) -> None:
    made = _begin(platform, worker, [Due("final", DAYS[1])])
    clock.pass_time(timedelta(days=7))
    see_to_the_daily_reminders(platform)
    with platform.database.writing() as connection:
        put_off(connection, _points(platform, made)[0], DAYS[2], worker, later_too=False)
    clock.pass_time(timedelta(days=7))
    see_to_the_daily_reminders(platform)
    assert len(_letters(platform)) == 2


def test_the_managers_of_the_team_are_told_when_whoever_planned_it_has_left(
    platform: Platform, worker: Doer, clock: SetClock
) -> None:
    manager = _person(platform, clock, "manager@example.org", Role.TEAM_MANAGER)
    _begin(platform, worker)
    with platform.database.writing() as connection:
        disable(connection, worker.id, now=clock.now(), by=manager.id)
    clock.pass_time(timedelta(days=8))
    see_to_the_daily_reminders(platform)
    (letter,) = _letters(platform)
    assert "manager@example.org" in letter
    assert "1 since earlier" in letter


def test_it_refuses_a_series_without_any_form(platform: Platform, worker: Doer) -> None:
    with pytest.raises(SeriesError):
        _begin(platform, worker, [])
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(PostedLetter)).scalar_one() == 0
