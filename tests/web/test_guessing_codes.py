"""Row S3: codes of forms are not guessed at speed; right ones lead on; nothing changes while the database is down."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.collect.errors import TooManyWrongCodesError
from hscb_voice.collect.guessing import WRONG_CODES, count_wrong, refuse_guessing
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.tries import Tries
from tests.support.pages import PageChecker
from tests.support.sittings import CHILD, PARENT, open_codes, page_sending, version_of
from tests.web.test_respondent_trouble import down

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(app: Flask) -> Platform:
    """A site whose codes are open, and whose processes remember nothing for long."""
    return open_codes(app)


@pytest.fixture
def pages(app: Flask) -> PageChecker:
    """A browser."""
    return PageChecker(app)


def guess(pages: PageChecker) -> None:
    """Try codes until the next one waits."""
    for number in range(WRONG_CODES.a_minute):
        pages.get(f"/f/guess-{number}", expect=404)


def tries(site: Platform) -> list[list[str]]:
    with site.database.reading() as connection:
        return list(connection.execute(select(Tries.moments)).scalars())


def test_row_s3_after_twenty_wrong_codes_the_next_waits_a_minute_right_or_wrong(
    pages: PageChecker, site: Platform, clock: SetClock
) -> None:
    guess(pages)
    for code in ("guess-more", CHILD):
        page = pages.get(f"/f/{code}", expect=429)
        assert "Please wait a minute" in page.words("h1")
        assert page.response.headers["Retry-After"] == page.response.headers["Refresh"] == "60"
    assert [len(of_one) for of_one in tries(site)] == [WRONG_CODES.a_minute]
    clock.pass_time(timedelta(seconds=61))
    pages.get(f"/f/{CHILD}")


def test_a_minute_without_wrong_codes_is_enough_however_long_somebody_guessed(site: Platform, clock: SetClock) -> None:
    for _ in range(16):
        for _ in range(WRONG_CODES.a_minute):
            count_wrong(site, "a place")
        with site.database.reading() as connection, pytest.raises(TooManyWrongCodesError):
            refuse_guessing(connection, "a place", clock.now())
        clock.pass_time(timedelta(seconds=61))
    with site.database.reading() as connection:
        refuse_guessing(connection, "a place", clock.now())


def test_a_code_that_others_follow_is_never_held_up(pages: PageChecker, site: Platform) -> None:
    pages.get(f"/f/{CHILD}")
    guess(pages)
    pages.get(f"/f/{CHILD}")
    sent = page_sending(version_of(site, CHILD))
    assert pages.post(f"/f/{CHILD}", sent, expect=200).words(".receipt")


def test_another_place_is_not_held_up_and_no_address_is_kept(pages: PageChecker, site: Platform) -> None:
    guess(pages)
    pages.get(f"/f/{CHILD}", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    with site.database.reading() as connection:
        (key,) = connection.execute(select(Tries.key)).scalars()
    assert len(key) == 64


def test_no_right_code_writes_a_row(pages: PageChecker, site: Platform) -> None:
    pages.get(f"/f/{CHILD}")
    pages.get(f"/f/{PARENT}")
    assert tries(site) == []


def test_words_that_come_while_it_waits_stay_on_the_page(pages: PageChecker, site: Platform, clock: SetClock) -> None:
    sent = {**page_sending(version_of(site, CHILD)), "q2a": "I want to tell you."}
    guess(pages)
    held = pages.post(f"/f/{CHILD}", sent, expect=429)
    assert "I want to tell you." in held.text
    clock.pass_time(timedelta(seconds=61))
    assert pages.submit(held, expect=200).words(".receipt")


def test_a_tablet_is_told_to_come_again(app: Flask, pages: PageChecker, site: Platform) -> None:
    assert site
    guess(pages)
    answer = app.test_client().put(f"/f/{CHILD}/answers/x", json={})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_d1_while_the_database_is_down_codes_lead_on_and_nothing_is_counted(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.get(f"/f/{CHILD}")
    guess(pages)
    down(site, monkeypatch)
    pages.app.extensions["collect"].ways._fresh_seconds = 0
    pages.get(f"/f/{CHILD}")
    pages.get("/f/guess-more", expect=503)
