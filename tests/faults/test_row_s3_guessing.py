"""Row S3: guessing, replay, and asking by the clock which names exist. A3, A4 and A7 are what stands against them."""

import statistics
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.roles import Role
from hscb_voice.staff.throttle import CODE, FROM_ONE_PLACE, may_try, may_try_from, was_right_from
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.people import PASSWORD, add, code_of, enter

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TRIES = 5
SLOWEST_RATIO = 1.5


def _half_in(app: Flask, email: str) -> PageChecker:
    pages = PageChecker(app)
    pages.submit(pages.get("/staff/sign-in"), {"email": email, "password": PASSWORD})
    return pages


def _guess(pages: PageChecker, code: str) -> str:
    page = pages.submit(pages.get("/staff/second-step"), {"code": code}, expect=400)
    return page.words(".govuk-error-summary")


@ONE_ENGINE
def test_row_s3_codes_are_guessed_five_times_a_minute_and_then_not_even_the_right_one_opens(
    app: Flask, clock: SetClock
) -> None:
    _, email = add(app, Role.ANALYST)
    pages = _half_in(app, email)
    assert all("is not right" in _guess(pages, f"00000{n}") for n in range(TRIES))
    assert "too many tries" in _guess(pages, code_of(email))
    fresh = _half_in(app, email)  # another half sign-in is no way around
    assert "too many tries" in _guess(fresh, code_of(email))
    clock.pass_time(timedelta(seconds=61))
    fresh.submit(fresh.get("/staff/second-step"), {"code": code_of(email)})


@ONE_ENGINE
def test_row_s3_recovery_codes_share_the_tries_of_codes(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = _half_in(app, email)
    for n in range(TRIES):
        _guess(pages, f"00000{n}")
    page = pages.get("/staff/second-step/recovery-code")
    refused = pages.submit(page, {"code": "aaaa-bbbb-cccc-dddd"}, expect=400)
    assert "too many tries" in refused.words(".govuk-error-summary")


@ONE_ENGINE
def test_row_s3_a_code_seen_over_a_shoulder_opens_no_second_time(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    code = code_of(email)
    first, second = _half_in(app, email), _half_in(app, email)
    first.submit(first.get("/staff/second-step"), {"code": code})
    assert "has been used already" in _guess(second, code)


@ONE_ENGINE
def test_row_s3_many_names_from_one_place_are_held_up_and_other_places_are_not(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    for number in range(FROM_ONE_PLACE.a_minute):
        enter(pages, f"name-{number}@example.org", "not the right password", expect=200)
    page = pages.submit(pages.get("/staff/sign-in"), {"email": email, "password": PASSWORD}, expect=200)
    assert "from where you are" in page.words(".govuk-error-summary")
    elsewhere = PageChecker(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    enter(elsewhere, email)


@ONE_ENGINE
def test_row_s3_the_place_of_a_try_is_kept_as_no_address(app: Flask) -> None:
    pages = PageChecker(app)
    pages.client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    enter(pages, "nobody@example.org", "not the right password", expect=200)
    with app.extensions[EXTENSION].database.reading() as connection:
        kept = connection.execute(text("SELECT * FROM tries")).all()
        record = connection.execute(text("SELECT * FROM audit_entries")).all()
    assert len(kept) == 2
    assert "192.0.2.77" not in str(kept) + str(record)
    assert "nobody@example.org" not in str(kept) + str(record)


@ONE_ENGINE
def test_row_s3_neighbours_in_one_ipv6_network_are_one_place(app: Flask) -> None:
    pages = PageChecker(app)
    for number in range(FROM_ONE_PLACE.a_minute):
        pages.client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{number:x}"
        enter(pages, f"name-{number}@example.org", "not the right password", expect=200)
    page = pages.submit(pages.get("/staff/sign-in"), {"email": "x@example.org", "password": PASSWORD}, expect=200)
    assert "from where you are" in page.words(".govuk-error-summary")


def test_a4_tries_at_codes_are_counted_apart_from_tries_at_passwords_on_both_engines(platform: Platform) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        assert all(may_try(connection, "somebody", now=now, at=CODE) for _ in range(TRIES))
        assert not may_try(connection, "somebody", now=now, at=CODE)
        assert may_try(connection, "somebody", now=now)


def test_a4_a_place_loses_tries_only_by_what_goes_wrong(platform: Platform) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        for _ in range(FROM_ONE_PLACE.a_while + 1):
            assert may_try_from(connection, "a place", now=now)
            was_right_from(connection, "a place")
        assert all(may_try_from(connection, "a place", now=now) for _ in range(FROM_ONE_PLACE.a_minute))
        assert not may_try_from(connection, "a place", now=now)


@pytest.mark.faults
@ONE_ENGINE
def test_row_s3_the_clock_does_not_tell_which_names_exist(app: Flask, clock: SetClock) -> None:
    for number in range(20):
        add(app, Role.ANALYST, email=f"known-{number}@example.org")
    pages = PageChecker(app)
    enter(pages, "warm@example.org", "not the right password", expect=200)
    token = str(pages.get("/staff/sign-in").dom.all("input[name=csrf_token]")[0].attrs["value"])
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(20):
        for kind, seconds in taken.items():
            data = {"csrf_token": token, "email": f"{kind}-{number}@example.org", "password": "not the right one"}
            begun = time.process_time()  # of work, not of the clock: other load must not decide
            answer = pages.client.post("/staff/sign-in", data=data)
            seconds.append(time.process_time() - begun)
            assert "is not right" in answer.get_data(as_text=True)
        clock.pass_time(timedelta(seconds=30))
    known, unknown = (statistics.median(seconds) for seconds in taken.values())
    assert max(known, unknown) / min(known, unknown) < SLOWEST_RATIO
