"""The pages of keeping and erasing: what a data-protection officer and a safeguarding lead can do, and cannot see."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.finding import take_back_by_receipt
from hscb_voice.governance.models import Hold
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import Setting
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.safeguarding.service import acknowledge, close
from hscb_voice.staff.roles import Role
from tests.support.answering import keep_answer
from tests.support.pages import Page, PageChecker
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEEPING, COPIES = "/staff/keeping", "/staff/copies"
SENTENCE = "We played a game with marzipan."
WORRY = {"talk": "yes", "q2a": SENTENCE}


@pytest.fixture
def officer(app: Flask) -> SignedIn:
    """A data-protection officer, signed in."""
    return sign_in(app, Role.DATA_PROTECTION_OFFICER)


@pytest.fixture
def lead(app: Flask) -> SignedIn:
    """A safeguarding lead, signed in."""
    return sign_in(app, Role.SAFEGUARDING_LEAD)


def _kept(platform: Platform, answers: dict[str, Any] | None = None) -> tuple[str, str]:
    kept = keep_answer(platform, answers or {"q2": ["happy"], "q2a": SENTENCE}, setting=Setting(service="Family help"))
    platform.jobs.run_all_due()
    return kept.response_id, kept.receipt


def _close_concerns(platform: Platform, response_id: str) -> None:
    with platform.database.writing() as connection:
        for concern in concerns_of(connection, EVERY_TEAM, response_id):
            acknowledge(connection, concern, "somebody", platform.clock)
            close(connection, concern, "somebody", "spoke_with_child", platform.clock)


def _send(pages: PageChecker, page: Page, ends: str, answers: dict[str, Any] | None = None, expect: int = 302) -> Page:
    return pages.submit(page, answers, form=f'main form[action$="{ends}"]', expect=expect)


def _number(platform: Platform, table: type) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_e1_the_overview_tells_what_is_kept_and_for_how_long(
    platform: Platform, clock: SetClock, officer: SignedIn
) -> None:
    words = officer.pages.get(KEEPING).words()
    assert "No words have been kept long enough to go." in words
    assert "No answer is held." in words
    assert "24 months" in words
    assert "There has been none yet." in words
    _kept(platform)
    clock.moment -= timedelta(days=800)
    _kept(platform)
    clock.moment += timedelta(days=800)
    assert "September 2024" in officer.pages.get(KEEPING).words()


def test_e2_an_answer_is_found_by_the_words_of_its_receipt_and_nothing_that_was_answered_is_shown(
    platform: Platform, officer: SignedIn
) -> None:
    response_id, receipt = _kept(platform)
    found = _send(officer.pages, officer.pages.get(KEEPING), "/find", {"typed": receipt.replace("-", " ")})
    assert receipt.split("-")[0] not in found.location
    page = officer.pages.follow(found)
    assert response_id in page.words()
    assert "Family help" in page.words()
    assert "marzipan" not in page.text
    assert "Happy" not in page.words()


def test_e2_wrong_words_are_refused_in_plain_words_and_soon_slowed_down(officer: SignedIn) -> None:
    page = officer.pages.get(KEEPING)
    for _ in range(5):
        answer = _send(officer.pages, page, "/find", {"typed": "not these words"}, expect=400)
        assert "No answer has these words." in answer.words()
    answer = _send(officer.pages, page, "/find", {"typed": "not these words"}, expect=400)
    assert "too many wrong tries" in answer.words()
    assert "Type the three words" in _send(officer.pages, page, "/find", {"typed": ""}, expect=400).words()


def test_e2_an_officer_erases_an_answer_for_good(platform: Platform, officer: SignedIn) -> None:
    response_id, _ = _kept(platform)
    page = officer.pages.get(f"{KEEPING}/answers/{response_id}")
    unsure = _send(officer.pages, page, "/erase", {"why": "asked"}, expect=400)
    assert "Tick that you know" in unsure.words()
    assert _number(platform, Response) == 1
    done = officer.pages.follow(_send(officer.pages, page, "/erase", {"why": "asked", "sure": "y"}))
    assert "The answer has been erased." in done.words()
    assert _number(platform, Response) == 0
    officer.pages.get(f"{KEEPING}/answers/{response_id}", expect=404)


def test_e2_an_open_concern_is_told_and_the_button_is_not_there(platform: Platform, officer: SignedIn) -> None:
    response_id, receipt = _kept(platform, WORRY)
    assert not take_back_by_receipt(platform, receipt, "a tablet")
    assert "1 to decide" in officer.pages.get("/staff/").words()
    assert f"Answer {response_id[:8]}" in officer.pages.get(KEEPING).words()
    page = officer.pages.get(f"{KEEPING}/answers/{response_id}")
    assert "Somebody wants this answer taken back" in page.words()
    assert "must close it first" in page.words()
    assert not page.dom.all('main form[action$="/erase"]')


def test_e2_the_record_of_a_closed_concern_is_decided_by_a_person(platform: Platform, officer: SignedIn) -> None:
    response_id, _ = _kept(platform, WORRY)
    _close_concerns(platform, response_id)
    page = officer.pages.get(f"{KEEPING}/answers/{response_id}")
    undecided = _send(officer.pages, page, "/erase", {"why": "asked", "sure": "y"}, expect=400)
    assert "Say what becomes of the record" in undecided.words()
    answer = _send(officer.pages, page, "/erase", {"why": "asked", "sure": "y", "record": "keep"})
    assert "The record of its concern is kept." in officer.pages.follow(answer).words()
    assert _number(platform, Response) == 1


def test_e1_an_officer_holds_an_answer_and_ends_the_hold(platform: Platform, officer: SignedIn) -> None:
    response_id, _ = _kept(platform)
    page = officer.pages.get(f"{KEEPING}/answers/{response_id}")
    wrong = _send(officer.pages, page, "/hold", {"reason": "A complaint", "until": ["31", "2", "2027"]}, expect=400)
    assert "There is a problem" in wrong.words()
    past = _send(officer.pages, page, "/hold", {"reason": "A complaint", "until": ["1", "1", "2020"]}, expect=400)
    assert "from today" in past.words()
    answer = _send(officer.pages, page, "/hold", {"reason": "A complaint", "until": ["31", "3", "2027"]})
    held = officer.pages.follow(answer)
    assert "Held until 31 March 2027: A complaint" in held.words()
    assert "31 March 2027" in officer.pages.get(KEEPING).words()
    assert not held.dom.all('main form[action$="/erase"]')
    assert "The hold has ended." in officer.pages.follow(_send(officer.pages, held, "/end-hold")).words()
    assert _number(platform, Hold) == 0


def test_e1_an_officer_changes_how_long_words_are_kept(officer: SignedIn) -> None:
    page = officer.pages.get(f"{KEEPING}/periods")
    wrong = officer.pages.submit(page, {"slug": "support-worker-child", "months": "0"}, expect=400)
    assert "Enter 1 to 120 months" in wrong.words()
    done = officer.pages.follow(officer.pages.submit(page, {"slug": "support-worker-child", "months": "6"}))
    assert "kept for 6 months" in done.words()


def test_e2_a_lead_releases_a_copy_and_takes_it(platform: Platform, officer: SignedIn, lead: SignedIn) -> None:
    response_id, _ = _kept(platform)
    page = officer.pages.get(f"{KEEPING}/answers/{response_id}")
    assert "waits for a safeguarding lead" in officer.pages.follow(_send(officer.pages, page, "/copy")).words()
    assert "1 to release" in lead.pages.get("/staff/").words()
    asked = lead.pages.get(lead.pages.get(COPIES).link(f"Answer {response_id[:8]}"))
    early = lead.pages.post(f"{COPIES}/{response_id}/take", {"kind": "pdf", "csrf_token": _token(asked)})
    assert "must release it first" in lead.pages.follow(early).words()
    assert "Choose what may be told" in _send(lead.pages, asked, "/release", {}, expect=400).words()
    released = lead.pages.follow(_send(lead.pages, asked, "/release", {"concerns": "nothing"}))
    assert "The copy is released." in released.words()
    for kind, mimetype in (("pdf", "application/pdf"), ("child", "application/pdf"), ("json", "application/json")):
        sent = {"kind": kind, "csrf_token": _token(released)}
        taken = lead.pages.post(f"{COPIES}/{response_id}/take", sent, expect=200)
        assert taken.response.mimetype == mimetype
        if mimetype == "application/pdf":
            text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(taken.response.data)).pages)
            assert "marzipan" in text
    officer.pages.get(COPIES, expect=403)
    assert "Released" in officer.pages.get(KEEPING).words()


def test_e2_a_lead_refuses_a_copy_and_the_officer_sees_why(
    platform: Platform, officer: SignedIn, lead: SignedIn
) -> None:
    response_id, _ = _kept(platform, WORRY)
    _send(officer.pages, officer.pages.get(f"{KEEPING}/answers/{response_id}"), "/copy")
    asked = lead.pages.get(f"{COPIES}/{response_id}")
    assert "Asked for someone to talk to" in asked.words()
    assert "Write why" in _send(lead.pages, asked, "/refuse", {"reason": ""}, expect=400).words()
    _send(lead.pages, asked, "/refuse", {"reason": "It would tell the wrong person."})
    assert "It would tell the wrong person." in officer.pages.get(KEEPING).words()
    assert "1 to release" not in lead.pages.get("/staff/").words()


def test_a_copy_that_nobody_asked_for_is_not_found(lead: SignedIn, platform: Platform) -> None:
    response_id, _ = _kept(platform)
    lead.pages.get(f"{COPIES}/{response_id}", expect=404)
    assert "Nobody has asked." in lead.pages.get(COPIES).words()


def _token(page: Page) -> str:
    return str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])
