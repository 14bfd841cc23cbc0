"""Asking for responses as a file: a fresh proof, a second choice before words, plain words when there is nothing."""

from datetime import timedelta

import pytest
from flask import Flask

from hscb_voice.foundation.clock import SetClock
from hscb_voice.responses.service import Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.people import TEAM, SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = {
    "questionnaire": "support-worker-child",
    "period": "",
    "kind": "csv",
    "words": "none",
    "reason": "To look for patterns",
}


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    keep_answer(app.extensions[EXTENSION], {"q2": ["okay"], "q2a": "She listened"}, setting=Setting(team=TEAM))
    return sign_in(app, Role.ANALYST)


def _send(person: SignedIn, **changes: str) -> tuple[int, str]:
    page = person.pages.get("/staff/exports/new")
    token = str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])
    answer = person.pages.client.post("/staff/exports/new", data={**ASKED, "csrf_token": token, **changes})
    return answer.status_code, answer.text


def test_a_file_is_asked_for_made_and_taken(app: Flask, analyst: SignedIn) -> None:
    assert "You have asked for no file" in analyst.pages.get("/staff/exports/").words()
    assert _send(analyst)[0] == 303
    assert "0 of 1 responses read" in analyst.pages.get("/staff/exports/").words()
    app.extensions[EXTENSION].jobs.run_due()
    page = analyst.pages.get("/staff/exports/")
    assert "1 response, until 23 November 2026" in page.words()
    form = page.dom.all("section form")[0]
    token = page.dom.all("section input[name=csrf_token]")[0].attrs["value"]
    answer = analyst.pages.client.post(str(form.attrs["action"]), data={"csrf_token": token})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="responses-support-worker-child-all.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "Taken once" in analyst.pages.get("/staff/exports/").words()


def test_words_need_a_second_yes(analyst: SignedIn) -> None:
    status, text = _send(analyst, words="whole")
    assert status == 422
    assert "Tick this if the words are to go with it" in text
    assert _send(analyst, words="whole", sure="y")[0] == 303


def test_what_it_is_for_must_be_said(analyst: SignedIn) -> None:
    status, text = _send(analyst, reason=" ")
    assert status == 422
    assert "Say what it is for" in text


def test_an_old_proof_is_not_enough(analyst: SignedIn, clock: SetClock) -> None:
    clock.pass_time(timedelta(minutes=6))
    answer = analyst.pages.client.get("/staff/exports/new")
    assert answer.status_code == 302
    assert "/staff/prove" in answer.headers["Location"] or "proof" in answer.headers["Location"]


def test_nothing_to_take_is_said(app: Flask) -> None:
    person = sign_in(app, Role.ANALYST)
    assert "nothing to take" in person.pages.get("/staff/exports/new").words()
