"""A response for the case file: the child's own words and faces, for those who may read them, with a reason, noted."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.clock import SetClock
from hscb_voice.responses.service import Setting
from hscb_voice.staff.fresh import FRESH_FOR
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.accessible_pdf import faults_of
from tests.support.answering import keep_answer
from tests.support.people import TEAM, sign_in

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = "#she lisened to me *and* my dog"


def _kept(app: Flask, team: str = TEAM) -> str:
    setting = Setting(channel="tablet", service="Family support", team=team, locality="Ross")
    answers = {"q2": ["okay", "happy"], "q2a": WORDS, "q3": "yes_a_lot"}
    return keep_answer(app.extensions[EXTENSION], answers, setting=setting).response_id


def _take(app: Flask, role: Role, response_id: str, reason: str = "follow_up") -> tuple[int, bytes]:
    person = sign_in(app, role)
    page = person.pages.get("/staff/account")
    token = str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])
    answer = person.pages.client.post(
        f"/staff/responses/{response_id}/case-file", data={"csrf_token": token, "reason": reason}
    )
    return answer.status_code, answer.data


def _noted(app: Flask) -> list[tuple[str, str]]:
    with app.extensions[EXTENSION].database.reading() as connection:
        query = select(AuditEntry.subject, AuditEntry.reason).where(AuditEntry.act.contains("case file"))
        return [(row.subject, row.reason) for row in connection.execute(query)]


def test_it_holds_what_the_child_was_asked_and_said_and_nothing_of_ours(app: Flask) -> None:
    response_id = _kept(app)
    status, content = _take(app, Role.WORKER, response_id)
    assert status == 200
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    for words in ("Did your worker listen to you? • Yes, a lot", WORDS, "November 2026", "Family support", "A tablet"):
        assert words in text, text
    assert text.index("Okay") > 0
    assert faults_of(content) == []
    assert "Ross" not in text
    assert response_id not in text
    assert TEAM not in text
    assert _noted(app) == [(f"response {response_id}", "To follow it up with the family or the worker")]


@ON_ONE
def test_without_a_reason_nothing_is_given_and_nothing_noted(app: Flask) -> None:
    status, content = _take(app, Role.WORKER, _kept(app), reason="")
    assert status == 303
    assert b"%PDF" not in content
    assert _noted(app) == []


@ON_ONE
def test_another_teams_child_is_not_found_and_who_may_not_read_words_is_refused(app: Flask) -> None:
    response_id = _kept(app, "South team")
    assert _take(app, Role.WORKER, response_id)[0] == 404
    assert _take(app, Role.BOARD_MEMBER, response_id)[0] == 403
    assert _noted(app) == []


@ON_ONE
def test_a8_an_old_proof_of_who_somebody_is_opens_no_file(app: Flask, clock: SetClock) -> None:
    response_id = _kept(app)
    person = sign_in(app, Role.WORKER)
    token = str(person.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
    clock.pass_time(FRESH_FOR + timedelta(seconds=1))
    sent = {"csrf_token": token, "reason": "follow_up"}
    answer = person.pages.client.post(f"/staff/responses/{response_id}/case-file", data=sent)
    assert (answer.mimetype, WORDS in answer.text) == ("text/html", False)
    assert _noted(app) == []


@ON_ONE
def test_the_page_of_a_response_offers_it(app: Flask) -> None:
    response_id = _kept(app)
    page = sign_in(app, Role.WORKER).pages.get(f"/staff/responses/{response_id}")
    assert "For the case file" in page.words()
