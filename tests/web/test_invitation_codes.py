"""What a child meets behind a code: for one sitting, run out, closed, mistyped; and no word is ever lost."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.invitations.making import Doer, Wish, make_single
from hscb_voice.invitations.models import Invitation
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import Setting
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page, PageChecker
from tests.support.sittings import CHILD, envelope, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = "She listened to me."


@pytest.fixture
def site(app: Flask, clock: SetClock) -> Platform:
    """The application's own platform."""
    found: Platform = app.extensions[EXTENSION]
    app.extensions["collect"].ways._fresh_seconds = 0
    del clock
    return found


@pytest.fixture
def code(site: Platform) -> str:
    """A code for one sitting."""
    with site.database.writing() as connection:
        wish = Wish(CHILD, Setting(team="North"), expires_at=site.clock.now() + timedelta(days=7))
        (made,) = make_single(connection, wish, 1, Doer("worker", site.clock))
        return str(connection.execute(select(Invitation.code).where(Invitation.id == made)).scalar_one())


@pytest.fixture
def pages(app: Flask) -> PageChecker:
    """A browser."""
    return PageChecker(app)


def _sending(site: Platform, words: str = WORDS) -> dict[str, str]:
    return envelope(version_of(site, CHILD), "9-and-over") | {"q2a": words, "answered": "by_myself"}


def _words_on(page: Page) -> str:
    return page.words("main textarea")


def _kept(site: Platform) -> int:
    with site.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(Response)).scalar_one())


def _set(site: Platform, **values: object) -> None:
    with site.database.writing() as connection:
        connection.execute(update(Invitation).values(values))


def test_a_code_for_one_sitting_is_closed_once_an_answer_is_kept_and_says_so_kindly(
    site: Platform, pages: PageChecker, code: str
) -> None:
    pages.get(f"/f/{code}")
    pages.post(f"/f/{code}", _sending(site), expect=200)
    page = pages.get(f"/f/{code}", expect=410)
    assert "This link has been used" in page.words("main")
    assert "new code" in page.words("main")
    assert "0800 1111" in page.words("main")
    assert page.dom.all("#code")


def test_the_same_sitting_sent_again_gets_its_receipt_for_ever(site: Platform, pages: PageChecker, code: str) -> None:
    sent = _sending(site)
    receipt = pages.post(f"/f/{code}", sent, expect=200).words(".receipt")
    assert pages.post(f"/f/{code}", sent, expect=200).words(".receipt") == receipt
    _set(site, revoked_at=site.clock.now())
    assert pages.post(f"/f/{code}", sent, expect=200).words(".receipt") == receipt
    assert _kept(site) == 1


def test_two_people_who_had_it_open_at_once_are_both_heard(site: Platform, pages: PageChecker, code: str) -> None:
    first, second = _sending(site), _sending(site, "Nobody asked me.")
    pages.post(f"/f/{code}", first, expect=200)
    assert pages.post(f"/f/{code}", second, expect=200).words(".receipt")
    assert _kept(site) == 2


def test_what_was_opened_before_a_code_ran_out_is_still_taken_and_the_form_is_not_shown(
    site: Platform, pages: PageChecker, code: str, clock: SetClock
) -> None:
    clock.pass_time(timedelta(days=8))
    assert "This link has run out" in pages.get(f"/f/{code}", expect=410).words("main")
    assert pages.post(f"/f/{code}", _sending(site), expect=200).words(".receipt")


def test_a_closed_code_keeps_the_words_on_the_page_and_takes_another_code(
    site: Platform, pages: PageChecker, code: str
) -> None:
    _set(site, revoked_at=site.clock.now())
    assert "This link has been closed" in pages.get(f"/f/{code}", expect=410).words("main")
    page = pages.post(f"/f/{code}", _sending(site), expect=410)
    assert _words_on(page) == WORDS
    assert _kept(site) == 0


def test_a_tablet_is_told_that_a_code_was_closed_and_keeps_the_answer(
    site: Platform, pages: PageChecker, code: str
) -> None:
    _set(site, revoked_at=site.clock.now())
    sitting = envelope(version_of(site, CHILD))["sitting"]
    reply = pages.client.put(f"/f/{code}/answers/{sitting}", json={"answers": {}})
    assert reply.status_code == 410
    assert "Keep the answer" in reply.get_json()["error"]


@pytest.mark.parametrize("said", ["{}", "{} ", "{}."])
def test_a_code_may_be_typed_in_capitals_and_with_blanks_in_the_address_too(
    pages: PageChecker, code: str, said: str
) -> None:
    typed = said.format(code.replace("-", " ").upper())
    assert pages.get(f"/f/{typed}", expect=303).location == f"/f/{code}"
    assert pages.get("/f", query_string={"code": typed}, expect=303).location == f"/f/{code}"


def test_a_mistyped_code_comes_back_to_be_mended(pages: PageChecker) -> None:
    page = pages.get("/f/maple-river-stonee", expect=404)
    assert page.dom.all("#code")[0].attrs["value"] == "maple river stonee"
    assert "Look at each word" in page.words("main")


def test_opening_a_form_writes_nothing(site: Platform, pages: PageChecker, code: str) -> None:
    with site.database.reading() as connection:
        before = connection.execute(select(*Invitation.__table__.columns)).all()
    pages.get(f"/f/{code}")
    with site.database.reading() as connection:
        assert connection.execute(select(*Invitation.__table__.columns)).all() == before


def test_a_used_code_is_remembered_as_used_at_once_in_this_process(
    app: Flask, site: Platform, pages: PageChecker, code: str
) -> None:
    app.extensions["collect"].ways._fresh_seconds = 60
    pages.get(f"/f/{code}")
    pages.post(f"/f/{code}", _sending(site), expect=200)
    pages.get(f"/f/{code}", expect=410)
