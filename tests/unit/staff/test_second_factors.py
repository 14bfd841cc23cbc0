"""A3: codes that open once, secrets that lie sealed, recovery codes that are shown once and open once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.models import AuthenticatorApp, RecoveryCode
from hscb_voice.staff.queries import credentials_by, open_sign_in
from hscb_voice.staff.roles import Role
from hscb_voice.staff.second_factors import (
    begin_app,
    code_fits,
    confirm_app,
    has_second_factor,
    new_recovery_codes,
    remove_app,
    second_factors_of,
    unfinished_app,
    use_recovery_code,
)
from hscb_voice.staff.service import NewPerson, add_person, begin_sign_in, reset_second_factor
from tests.support.people import code_with

EMAIL, PASSWORD = "someone@example.org", "copper lantern meadow 47"
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def person_id(platform: Platform) -> str:
    """Somebody without a second factor yet."""
    new = NewPerson(EMAIL, "Example Person", frozenset({Role.ANALYST}))
    with platform.database.writing() as connection:
        return add_person(connection, new, PASSWORD, now=platform.clock.now())


def _begin(platform: Platform, person_id: str) -> str:
    with platform.database.writing() as connection:
        begin_app(connection, platform.keys, person_id, now=platform.clock.now())
        new = unfinished_app(connection, platform.keys, person_id, email=EMAIL, issuer="Voice: Board")
    assert new is not None
    assert new.address.startswith("otpauth://totp/Voice%20%20Board:someone@example.org?secret=" + new.secret)
    return new.secret


def _set_up(platform: Platform, clock: SetClock, person_id: str) -> str:
    secret = _begin(platform, person_id)
    with platform.database.writing() as connection:
        code = code_with(secret, clock.now())
        assert confirm_app(connection, platform.keys, person_id, code, now=clock.now())
    clock.pass_time(timedelta(minutes=5))
    return secret


def _fits(platform: Platform, person_id: str, code: str) -> bool:
    with platform.database.writing() as connection:
        return code_fits(connection, platform.keys, person_id, code, now=platform.clock.now())


def test_a3_an_app_counts_only_once_it_has_shown_the_right_code(platform: Platform, person_id: str) -> None:
    secret = _begin(platform, person_id)
    now = platform.clock.now()
    with platform.database.writing() as connection:
        assert not has_second_factor(connection, person_id)
        assert not confirm_app(connection, platform.keys, person_id, "000000", now=now)
        assert not code_fits(connection, platform.keys, person_id, code_with(secret, now), now=now)
        assert confirm_app(connection, platform.keys, person_id, code_with(secret, now), now=now)
        assert has_second_factor(connection, person_id)


def test_a3_a_code_opens_once_even_within_its_half_minute(platform: Platform, clock: SetClock, person_id: str) -> None:
    secret = _set_up(platform, clock, person_id)
    code = code_with(secret, clock.now())
    assert _fits(platform, person_id, code)
    assert not _fits(platform, person_id, code)
    clock.pass_time(HALF_A_MINUTE)
    assert not _fits(platform, person_id, code)
    assert _fits(platform, person_id, code_with(secret, clock.now()))


def test_a3_the_code_that_set_the_app_up_does_not_also_sign_in(platform: Platform, person_id: str) -> None:
    secret, now = _begin(platform, person_id), platform.clock.now()
    code = code_with(secret, now)
    with platform.database.writing() as connection:
        assert confirm_app(connection, platform.keys, person_id, code, now=now)
    assert not _fits(platform, person_id, code)


def test_a3_a_code_sent_eight_times_at_the_same_moment_opens_once(
    platform: Platform, clock: SetClock, person_id: str
) -> None:
    code = code_with(_set_up(platform, clock, person_id), clock.now())
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: _fits(platform, person_id, code), range(8))) == 1


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a3_clocks_may_differ_by_half_a_minute_and_no_more(
    platform: Platform, clock: SetClock, person_id: str, steps: int, *, fits: bool
) -> None:
    secret = _set_up(platform, clock, person_id)
    assert _fits(platform, person_id, code_with(secret, clock.now() + steps * HALF_A_MINUTE)) is fits


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "１２３４５６", "0" * 500, "\x00"])
def test_a3_what_is_no_code_is_refused(platform: Platform, clock: SetClock, person_id: str, code: str) -> None:
    _set_up(platform, clock, person_id)
    assert not _fits(platform, person_id, code)


def test_a3_the_secret_of_an_app_lies_sealed(platform: Platform, clock: SetClock, person_id: str) -> None:
    secret = _set_up(platform, clock, person_id)
    with platform.database.reading() as connection:
        row = connection.execute(select(*AuthenticatorApp.__table__.columns)).one()
    assert secret.encode() not in row.sealed + row.wrapped_key
    assert secret not in str(tuple(row))


def test_a3_recovery_codes_open_once_and_only_their_hashes_are_kept(platform: Platform, person_id: str) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        codes = new_recovery_codes(connection, person_id, now=now)
        kept = connection.execute(select(RecoveryCode.code_hash)).scalars().all()
        assert len(set(codes)) == len(set(kept)) == 10
        assert not set(codes) & set(kept)
        assert use_recovery_code(connection, person_id, f" {codes[3].upper().replace('-', ' ')} ", now=now)
        assert not use_recovery_code(connection, person_id, codes[3], now=now)
        assert not use_recovery_code(connection, "somebody else", codes[4], now=now)
        assert second_factors_of(connection, person_id).recovery_codes == 9


def test_a3_new_recovery_codes_make_the_old_ones_void(platform: Platform, person_id: str) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        old = new_recovery_codes(connection, person_id, now=now)
        new = new_recovery_codes(connection, person_id, now=now)
        assert not use_recovery_code(connection, person_id, old[0], now=now)
        assert use_recovery_code(connection, person_id, new[0], now=now)


def test_a3_recovery_codes_alone_are_no_second_factor(platform: Platform, person_id: str) -> None:
    with platform.database.writing() as connection:
        new_recovery_codes(connection, person_id, now=platform.clock.now())
        assert not has_second_factor(connection, person_id)


def test_a3_the_only_second_factor_is_not_removed(platform: Platform, clock: SetClock, person_id: str) -> None:
    _set_up(platform, clock, person_id)
    with pytest.raises(AccountError, match="only second step"), platform.database.writing() as connection:
        remove_app(connection, person_id, now=clock.now())
    with platform.database.reading() as connection:
        assert has_second_factor(connection, person_id)


def test_a3_an_administrators_reset_takes_every_factor_and_every_session(
    platform: Platform, clock: SetClock, person_id: str
) -> None:
    _set_up(platform, clock, person_id)
    with platform.database.writing() as connection:
        codes = new_recovery_codes(connection, person_id, now=clock.now())
        session = begin_sign_in(connection, person_id, now=clock.now())
        reset_second_factor(connection, person_id, now=clock.now(), by="boss")
    with platform.database.writing() as connection:
        assert not second_factors_of(connection, person_id).any
        assert not use_recovery_code(connection, person_id, codes[0], now=clock.now())
        assert open_sign_in(connection, session) is None
        told = connection.execute(text("SELECT act, who FROM audit_entries ORDER BY number DESC LIMIT 1")).one()
        assert tuple(told) == ("reset a second factor", "boss")
    with pytest.raises(AccountError, match="your own"), platform.database.writing() as connection:
        reset_second_factor(connection, person_id, now=clock.now(), by=person_id)


def test_a_new_app_takes_the_place_of_the_old_one(platform: Platform, clock: SetClock, person_id: str) -> None:
    old = _set_up(platform, clock, person_id)
    new = _set_up(platform, clock, person_id)
    assert not _fits(platform, person_id, code_with(old, clock.now()))
    assert _fits(platform, person_id, code_with(new, clock.now()))
    with platform.database.reading() as connection:
        assert credentials_by(connection, email=EMAIL) is not None
