"""A4: five tries a minute for one name, a pause after ten in a quarter of an hour, shared by every web process."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.tries import Tries
from hscb_voice.staff.throttle import TRIES_A_MINUTE, TRIES_A_WHILE, forget_tries, may_try

NAME = "someone@example.org"


def _try(platform: Platform, name: str = NAME) -> bool:
    with platform.database.writing() as connection:
        return may_try(connection, name, now=platform.clock.now())


def test_a4_the_sixth_try_within_a_minute_is_refused_however_the_name_is_written(
    platform: Platform,
) -> None:
    assert all(_try(platform) for _ in range(TRIES_A_MINUTE))
    assert not _try(platform, " Someone@EXAMPLE.org")
    assert _try(platform, "other@example.org")


def test_a4_after_ten_tries_a_name_rests_for_a_quarter_of_an_hour(platform: Platform, clock: SetClock) -> None:
    for _ in range(TRIES_A_WHILE):
        assert _try(platform)
        clock.pass_time(timedelta(seconds=20))
    clock.pass_time(timedelta(minutes=2))
    assert not _try(platform)
    clock.pass_time(timedelta(minutes=13))
    assert _try(platform)


def test_the_right_password_gives_all_tries_back(platform: Platform) -> None:
    assert all(_try(platform) for _ in range(TRIES_A_MINUTE))
    with platform.database.writing() as connection:
        forget_tries(connection, NAME)
    assert _try(platform)


def test_tries_at_the_same_moment_are_all_counted(platform: Platform) -> None:
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda _: _try(platform), range(24)))
    assert sum(allowed) == TRIES_A_MINUTE


def test_old_tries_are_forgotten_so_that_the_table_does_not_grow(platform: Platform, clock: SetClock) -> None:
    for number in range(5):
        _try(platform, f"name-{number}")
    clock.pass_time(timedelta(minutes=16))
    _try(platform)
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Tries)).scalar_one() == 1
