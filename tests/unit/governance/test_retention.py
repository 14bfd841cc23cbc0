"""E1: words go when kept long enough; what is held, open or unscreened stays; a dry run changes nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import Job, WorkerBeat
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.errors import PeriodError
from hscb_voice.governance.holding import Holding, end_hold, hold, holding_of
from hscb_voice.governance.jobs import run_retention, see_to_the_daily_look
from hscb_voice.governance.leftovers import LEFTOVERS, NOTES, NOTES_KEPT, drop_leftovers
from hscb_voice.governance.models import RetentionRun
from hscb_voice.governance.retention import (
    DAILY_JOB,
    DueInMonth,
    gone_after,
    kept_since,
    last_runs,
    periods,
    set_period,
    what_is_due,
)
from hscb_voice.invitations.making import Doer
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.models import Erasure, Response
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.models import Concern, ConcernNote
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.safeguarding.service import acknowledge, add_note, close
from hscb_voice.series.models import PlannedPoint
from hscb_voice.series.planning import Due
from hscb_voice.series.service import NewSeries, begin_series
from tests.support.answering import CHILD, keep_answer
from tests.support.concerns import written
from tests.support.figures_afresh import figures_afresh, figures_kept

WORDS = {"q2": ["happy"], "q2a": "We played a game and it was fun."}
WORRY = {"q2a": "I am scared of my step dad."}
TWO_YEARS = timedelta(days=366 + 365)


def _kept(platform: Platform, answers: dict[str, Any] | None = None, **more: Any) -> str:
    kept = keep_answer(platform, WORDS if answers is None else answers, **more)
    platform.jobs.run_all_due()
    return kept.response_id


def _has_words(platform: Platform, response_id: str) -> bool:
    with platform.database.reading() as connection:
        return bool(comments_of(connection, platform.keys, [response_id]))


def _due(platform: Platform) -> list[DueInMonth]:
    with platform.database.reading() as connection:
        return what_is_due(connection, platform.clock.today())


def _a_day_in_the_worker(platform: Platform) -> None:
    see_to_the_daily_look(platform)
    platform.jobs.run_all_due()


@pytest.mark.parametrize("more", [{"invented": True}, {"source": "Annual report 2015-16, page 20"}])
def test_e1_words_that_nobody_said_or_that_stand_in_print_anyhow_are_kept(
    platform: Platform, clock: SetClock, more: dict[str, Any]
) -> None:
    kept = _kept(platform, **more)
    clock.pass_time(TWO_YEARS + timedelta(days=40))
    assert _due(platform) == []
    _a_day_in_the_worker(platform)
    assert _has_words(platform, kept)


def test_e1_words_go_after_twenty_four_months_and_the_rest_stays(platform: Platform, clock: SetClock) -> None:
    old = _kept(platform)
    clock.pass_time(timedelta(days=30))
    young = _kept(platform)
    clock.pass_time(TWO_YEARS - timedelta(days=29))
    with platform.database.reading() as connection:
        before = figures_kept(connection)
    _a_day_in_the_worker(platform)
    assert (_has_words(platform, old), _has_words(platform, young)) == (False, True)
    with platform.database.reading() as connection:
        assert figures_kept(connection) == figures_afresh(connection) == before
        assert connection.execute(select(Erasure.response_id, Erasure.act, Erasure.why)).all() == [
            (old, "words", "age")
        ]


def test_e1_not_a_day_too_early(platform: Platform, clock: SetClock) -> None:
    old = _kept(platform)
    clock.moment = datetime(2028, 11, 22, 23, 0, tzinfo=UTC)
    _a_day_in_the_worker(platform)
    assert _has_words(platform, old)
    clock.moment = datetime(2028, 11, 23, 0, 30, tzinfo=UTC)
    assert run_retention(platform) == 1
    assert not _has_words(platform, old)


def test_e1_each_questionnaire_has_its_own_period(platform: Platform, clock: SetClock) -> None:
    child, parent = _kept(platform), _kept(platform, {"q6": "It helped."}, slug="support-worker-parent")
    with platform.database.writing() as connection:
        set_period(connection, CHILD, 6, "somebody", clock.now())
        assert periods(connection)[CHILD] == 6
        assert periods(connection)["support-worker-parent"] == 24
    clock.pass_time(timedelta(days=200))
    assert run_retention(platform) == 1
    assert (_has_words(platform, child), _has_words(platform, parent)) == (False, True)


@pytest.mark.parametrize(("slug", "months"), [(CHILD, 0), (CHILD, 121), ("no-such-form", 12)])
def test_e1_it_refuses_a_period_that_is_not_possible(platform: Platform, slug: str, months: int) -> None:
    with pytest.raises(PeriodError), platform.database.writing() as connection:
        set_period(connection, slug, months, "somebody", platform.clock.now())


def test_e1_what_a_person_holds_stays_until_its_day_has_passed(platform: Platform, clock: SetClock) -> None:
    held = _kept(platform)
    clock.pass_time(TWO_YEARS + timedelta(days=2))
    last_day = clock.today() + timedelta(days=10)
    with platform.database.writing() as connection:
        hold(connection, Holding(held, "A complaint is being looked into", last_day, "somebody"), clock)
    assert [(one.words_due, one.held, one.not_over) for one in _due(platform)] == [(0, 1, 0)]
    assert run_retention(platform) == 0
    clock.pass_time(timedelta(days=10))
    assert run_retention(platform) == 0
    clock.pass_time(timedelta(days=1))
    assert run_retention(platform) == 1


def test_e1_a_hold_needs_a_reason_a_day_ahead_and_an_answer(platform: Platform, clock: SetClock) -> None:
    response_id, today = _kept(platform), clock.today()
    wrong = [Holding(response_id, " ", today, "a"), Holding(response_id, "x" * 251, today, "a")]
    wrong += [Holding(response_id, "Why", today + timedelta(days=days), "a") for days in (-1, 366 * 11)]
    for holding in wrong:
        with pytest.raises(PeriodError), platform.database.writing() as connection:
            hold(connection, holding, clock)
    with pytest.raises(UnknownResponseError), platform.database.writing() as connection:
        hold(connection, Holding("nothing", "Why", today, "a"), clock)
    with platform.database.writing() as connection:
        assert holding_of(connection, response_id) is None
        assert not end_hold(connection, response_id, "a", clock.now())


def test_e1_words_with_an_open_concern_stay(platform: Platform, clock: SetClock) -> None:
    response_id = _kept(platform, WORRY)
    clock.pass_time(TWO_YEARS + timedelta(days=2))
    assert [(one.words_due, one.not_over) for one in _due(platform)] == [(0, 1)]
    _a_day_in_the_worker(platform)
    assert _has_words(platform, response_id)
    with platform.database.writing() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, response_id)
        acknowledge(connection, concern, "somebody", clock)
    assert run_retention(platform) == 0
    with platform.database.writing() as connection:
        close(connection, concern, "somebody", "spoke_with_child", clock)
    assert run_retention(platform) == 1
    with platform.database.reading() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, response_id)
    assert all(place.start is None and place.rule == "" for place in concern.places)


def test_e1_words_that_nobody_has_screened_stay(platform: Platform, clock: SetClock) -> None:
    kept = keep_answer(platform, WORDS)
    clock.pass_time(TWO_YEARS + timedelta(days=2))
    assert [(one.words_due, one.not_over) for one in _due(platform)] == [(0, 1)]
    assert run_retention(platform) == 0
    assert _has_words(platform, kept.response_id)


def test_e1_a_dry_run_shows_exactly_what_goes_and_changes_nothing(platform: Platform, clock: SetClock) -> None:
    for _ in range(3):
        _kept(platform)
    clock.pass_time(timedelta(days=20))
    _kept(platform)
    clock.pass_time(TWO_YEARS)
    due = _due(platform)
    assert due == [DueInMonth(CHILD, date(2026, 11, 1), 3, 0, 0)]
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Erasure)).scalar_one() == 0
    assert run_retention(platform) == sum(one.words_due for one in due)
    assert _due(platform) == []


def test_e1_the_worker_looks_every_day_and_writes_down_what_it_did(platform: Platform, clock: SetClock) -> None:
    _kept(platform)
    for _ in range(2):
        see_to_the_daily_look(platform)
        see_to_the_daily_look(platform)
    clock.pass_time(TWO_YEARS)
    platform.jobs.run_all_due()
    clock.pass_time(timedelta(days=2))
    platform.jobs.run_all_due()
    with platform.database.reading() as connection:
        runs = last_runs(connection)
        waiting = connection.execute(select(Job.due).where(Job.kind == DAILY_JOB)).scalars().all()
    assert [(run.words_due, run.held_back) for run in runs] == [(1, 0), (0, 0)]
    assert waiting == [clock.now() + timedelta(days=1)]


def test_e1_something_that_comes_up_after_the_look_is_minded(platform: Platform, clock: SetClock) -> None:
    response_id = _kept(platform)
    clock.pass_time(TWO_YEARS + timedelta(days=2))
    see_to_the_daily_look(platform)
    platform.jobs.run_due(1)  # the look itself: the words are to go
    with platform.database.writing() as connection:
        hold(connection, Holding(response_id, "A complaint came in", clock.today(), "somebody"), clock)
    platform.jobs.run_all_due()
    assert _has_words(platform, response_id)


def test_e1_leftovers_have_their_own_periods(platform: Platform, clock: SetClock) -> None:
    with platform.database.writing() as connection:
        connection.execute(insert(WorkerBeat), {"name": "long gone", "seen": clock.now() - timedelta(days=8)})
        connection.execute(insert(WorkerBeat), {"name": "here", "seen": clock.now()})
        row = {"words_due": 0, "held_back": 0, "leftovers": {}}
        connection.execute(insert(RetentionRun), {**row, "id": "a", "at": clock.now() - timedelta(days=800)})
        assert drop_leftovers(connection, clock.now()) == {"signs of life of workers": 1, "lines of daily looks": 1}
        assert connection.execute(select(WorkerBeat.name)).scalars().all() == ["here"]
        assert drop_leftovers(connection, clock.now()) == {}
    assert all(leftover.kept >= timedelta(hours=1) for leftover in LEFTOVERS)


def test_e1_a_series_goes_two_years_after_its_last_form_and_the_answers_stay(
    platform: Platform, clock: SetClock
) -> None:
    plan = [Due("first", clock.today()), Due("later", clock.today() + timedelta(days=90))]
    with platform.database.writing() as connection:
        begin_series(connection, NewSeries("event", Setting(team="North")), plan, Doer("a worker", clock))
    _kept(platform, WORRY)
    clock.pass_time(timedelta(days=90 + 730))
    with platform.database.writing() as connection:
        assert "series of forms that are over" not in drop_leftovers(connection, clock.now())
    clock.pass_time(timedelta(days=1))
    with platform.database.writing() as connection:
        assert drop_leftovers(connection, clock.now())["series of forms that are over"] == 1
        assert connection.execute(select(PlannedPoint.id)).all() == []
        assert connection.execute(select(func.count()).select_from(Response)).scalar_one() == 1


def test_e1_notes_on_closed_concerns_go_after_six_years_and_the_concern_stays(
    platform: Platform, clock: SetClock
) -> None:
    response_id = _kept(platform, WORRY)
    with platform.database.writing() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, response_id)
        acknowledge(connection, concern, "somebody", clock)
        add_note(connection, concern, "somebody", written(platform, "I rang the school."), clock)
    clock.pass_time(NOTES_KEPT)
    with platform.database.writing() as connection:
        assert NOTES not in drop_leftovers(connection, clock.now() + timedelta(days=1))
        close(connection, concern, "somebody", "spoke_with_child", clock)
    clock.pass_time(NOTES_KEPT + timedelta(days=1))
    with platform.database.writing() as connection:
        assert drop_leftovers(connection, clock.now())[NOTES] == 1
        assert set(connection.execute(select(ConcernNote.sealed)).scalars()) == {None}
        assert connection.execute(select(func.count()).select_from(Concern)).scalar_one() == 1


@pytest.mark.parametrize(
    ("months", "today", "since"),
    [
        (24, date(2028, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)),
        (24, date(2028, 2, 29), datetime(2026, 2, 28, tzinfo=UTC)),
        (1, date(2026, 7, 31), datetime(2026, 6, 29, 23, tzinfo=UTC)),
        (12, date(2026, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)
def test_months_are_counted_by_the_calendar(months: int, today: date, since: datetime) -> None:
    assert kept_since(months, today) == since


def test_the_day_after_which_words_go_is_told_by_the_calendar() -> None:
    assert gone_after(datetime(2026, 8, 31, 23, 30, tzinfo=UTC), 6) == date(2027, 3, 1)
    assert gone_after(datetime(2026, 8, 31, 12, tzinfo=UTC), 6) == date(2027, 2, 28)


def test_e1_responses_that_were_taken_back_are_not_due(platform: Platform, clock: SetClock) -> None:
    _kept(platform)
    with platform.database.writing() as connection:
        connection.execute(Response.__table__.update().values(taken_back_at=clock.now()))  # type: ignore[attr-defined]  # a mapped class's table is typed as a selection
    clock.pass_time(TWO_YEARS + timedelta(days=2))
    assert _due(platform) == []
