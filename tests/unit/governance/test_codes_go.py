"""Codes that were used go a year later, and codes by which tablets were set up a day later; what was counted stays."""

from datetime import date, timedelta

from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.leftovers import count_leftovers, drop_leftovers
from hscb_voice.invitations.counting import notes_without_code
from hscb_voice.invitations.making import Doer, Wish, make_many, make_single
from hscb_voice.invitations.models import Invitation
from hscb_voice.invitations.queries import invitation_by_code, invited
from hscb_voice.invitations.service import mark_used
from hscb_voice.responses.service import Setting, Span
from hscb_voice.series.planning import Due
from hscb_voice.series.queries import points_of
from hscb_voice.series.service import NewSeries, begin_series, give
from hscb_voice.tablets.models import Tablet
from tests.support import tablets

USED, SET_UP = "codes for one sitting that were used, or are closed", "codes by which tablets were set up"
YEAR = (date(2026, 1, 1), date(2027, 12, 31))
SLUG = "support-worker-child"


def _codes(platform: Platform, clock: SetClock, count: int, days: int = 400) -> list[str]:
    wish = Wish(SLUG, Setting(team="North"), None, None, clock.now() + timedelta(days=days))
    with platform.database.writing() as connection:
        ids = make_single(connection, wish, count, Doer("a worker", clock))
        return list(connection.execute(select(Invitation.code).where(Invitation.id.in_(ids))).scalars())


def _use(platform: Platform, clock: SetClock, code: str) -> None:
    with platform.database.writing() as connection:
        mark_used(connection, invitation_by_code(connection, code), clock.now())


def _dropped(platform: Platform, clock: SetClock) -> dict[str, int]:
    with platform.database.writing() as connection:
        told = count_leftovers(connection, clock.now())
        gone = drop_leftovers(connection, clock.now())
    assert told == gone
    return gone


def _left(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Invitation)).scalar_one()


def test_e1_a_used_code_goes_after_a_year_and_still_counts_as_invited(platform: Platform, clock: SetClock) -> None:
    used, unused = _codes(platform, clock, 1), _codes(platform, clock, 1)
    with platform.database.writing() as connection:
        make_many(connection, Wish(SLUG, Setting(team="North")), Doer("a worker", clock))
    _use(platform, clock, used[0])
    clock.pass_time(timedelta(days=365))
    assert USED not in _dropped(platform, clock)
    clock.pass_time(timedelta(days=1))
    assert _dropped(platform, clock)[USED] == 1
    assert _left(platform) == 2
    with platform.database.reading() as connection:
        assert invited(connection, SLUG, *YEAR) == 2
        assert notes_without_code(connection, None, Span(*YEAR)) == []  # it is no note that a person wrote
        assert invitation_by_code(connection, unused[0])
    clock.pass_time(timedelta(days=401))
    assert _dropped(platform, clock)[USED] == 1  # that ran out a year ago


def test_e1_codes_of_one_sheet_go_together(platform: Platform, clock: SetClock) -> None:
    first, second, third = _codes(platform, clock, 3)
    _use(platform, clock, first)
    clock.pass_time(timedelta(days=200))
    _use(platform, clock, second)
    _use(platform, clock, third)
    clock.pass_time(timedelta(days=200))
    assert USED not in _dropped(platform, clock)
    clock.pass_time(timedelta(days=200))
    assert _dropped(platform, clock)[USED] == 3


def test_e1_the_hash_of_a_set_up_code_goes_after_a_day_and_the_tablet_stays(
    platform: Platform, clock: SetClock
) -> None:
    tablets.add(platform)
    assert SET_UP not in _dropped(platform, clock)
    clock.pass_time(timedelta(days=2))
    assert _dropped(platform, clock)[SET_UP] == 1
    assert SET_UP not in _dropped(platform, clock)
    with platform.database.reading() as connection:
        assert connection.execute(select(Tablet.code_hash)).scalars().all() == [None]


def test_e1_a_used_code_of_a_series_stays_as_long_as_the_series(platform: Platform, clock: SetClock) -> None:
    doer = Doer("a worker", clock)
    plan = [Due("first", clock.today()), Due("later", clock.today() + timedelta(days=600))]
    with platform.database.writing() as connection:
        series_id = begin_series(connection, NewSeries("event", Setting(team="North")), plan, doer)
        first = points_of(connection, None, series_id)[0]
        given = give(connection, first, doer)
        code = connection.execute(select(Invitation.code).where(Invitation.id == given)).scalar_one()
    _use(platform, clock, code)
    clock.pass_time(timedelta(days=600))
    assert USED not in _dropped(platform, clock)
    clock.pass_time(timedelta(days=800))
    assert USED not in _dropped(platform, clock)  # the series goes now
    assert _dropped(platform, clock)[USED] == 1
