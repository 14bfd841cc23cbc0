"""Typing paper forms as plain pages: open a pile, type, be told what is wrong, undo. No script here."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.printing import printable_form
from hscb_voice.responses.models import Comment, Response
from hscb_voice.safeguarding.models import Concern
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page
from tests.support.people import TEAM, SignedIn, move_to, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "/staff/paper/piles/new"


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def worker(app: Flask) -> SignedIn:
    return sign_in(app, Role.WORKER)


def code_of(here: Platform, slug: str = "support-worker-child") -> str:
    with here.database.reading() as connection:
        return printable_form(connection, slug).code


def open_pile(worker: SignedIn, here: Platform, **more: str) -> Page:
    answers = {"code": code_of(here), "service": "Family support", **more}
    opened = worker.pages.submit(worker.pages.get(START), answers, expect=303)
    return worker.pages.follow(opened)


def send(worker: SignedIn, page: Page, answers: dict[str, object], expect: int = 303) -> Page:
    return worker.pages.submit(page, answers, form="#paper", expect=expect)


def kept(here: Platform, what: type = Response) -> int:
    with here.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(what)).scalar_one()


def test_a_worker_types_form_after_form_and_the_setting_is_asked_once(worker: SignedIn, here: Platform) -> None:
    page = open_pile(worker, here, month="October 2026")
    assert "October 2026" in page.words()
    for number in ("7", "8"):
        answers: dict[str, object] = {"q2": ["happy", "scared"], "q2a": "Good.", "answered": "by_myself"}
        page = worker.pages.follow(send(worker, page, {**answers, "number": number}))
        assert f"Form {number} is kept." in page.words("body")
        here.clock.pass_time(timedelta(minutes=1))  # type: ignore[attr-defined]  # the tests' clock can be moved
    assert "2 forms in this pile" in page.words()
    assert page.dom.one("#number").attrs["value"] == "9"
    assert (kept(here), kept(here, Comment), kept(here, Concern)) == (2, 2, 2)
    with here.database.reading() as connection:
        rows = connection.execute(select(Response.team, Response.service, Response.channel, Response.span_start)).all()
    assert {(row.team, row.service, row.channel, f"{row.span_start:%Y-%m}") for row in rows} == {
        (TEAM, "Family support", "paper", "2026-10")
    }
    again = worker.pages.get(START)
    assert again.dom.one("#service").attrs["value"] == "Family support"
    assert again.dom.one("#month").attrs["value"] == "October 2026"


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("code", "hello", "is no form code"),
        ("code", "", "Type the form code"),
        ("month", "soon", "Type a month such as November 2026"),
        ("month", "January 2027", "still to come"),
        ("session_date", "yesterday", "Type a day such as"),
        ("session_date", "2026-12-24", "still to come"),
    ],
)
def test_what_is_wrong_about_a_pile_is_said_beside_its_field(
    worker: SignedIn, here: Platform, field: str, typed: str, told: str
) -> None:
    page = worker.pages.get(START)
    refused = worker.pages.submit(page, {"code": code_of(here), field: typed}, expect=422)
    assert told in refused.words(".govuk-error-summary")


def test_it_refuses_a_team_that_is_not_the_persons_own(worker: SignedIn, here: Platform) -> None:
    page = worker.pages.get(START)
    answers = {"code": code_of(here), "team": "South team"}
    assert "There is a problem" in worker.pages.submit(page, answers, expect=422).words("body")


def test_nothing_typed_is_lost_when_something_is_wrong(worker: SignedIn, here: Platform) -> None:
    page = open_pile(worker, here)
    refused = send(worker, page, {"q2": ["sad"], "q5": "x" * 5001, "q6": "The visits."}, 422)
    assert "longer than 5000 letters" in refused.words(".govuk-error-summary")
    assert refused.dom.one("textarea[name=q6]").children
    assert kept(here) == 0
    worker.pages.follow(send(worker, refused, {"q5": "Shorter."}))
    assert kept(here) == 1
    empty = send(worker, worker.pages.get(refused.address), {"number": "9"}, 422)
    assert "Nothing has been typed" in empty.words(".govuk-error-summary")


@pytest.mark.parametrize(
    ("typed", "expect"),
    [("12a", 303), ("N-104", 303), ("N 104", 303), ("", 303)]
    + [(wrong, 422) for wrong in ("Sam", "Sam 7", "3 May 2011", "03/05/2011", "ab", "1234567890")],
)
def test_it_refuses_a_number_in_which_a_name_or_a_birth_date_could_stand(
    worker: SignedIn, here: Platform, typed: str, expect: int
) -> None:
    page = send(worker, open_pile(worker, here), {"q2": ["sad"], "number": typed}, expect)
    if expect != 303:
        assert "such as 7, 12a or N-104" in page.words("#number-error")
        assert page.dom.one("#number").attrs["value"] == typed
        assert kept(here) == 0


def test_the_same_number_again_is_asked_about(worker: SignedIn, here: Platform) -> None:
    page = open_pile(worker, here)
    page = worker.pages.follow(send(worker, page, {"q2": ["sad"], "number": "7"}))
    asked = send(worker, page, {"q2": ["happy"], "number": "7"}, 409)
    assert "Is this another form with the same number?" in asked.words()
    assert kept(here) == 1
    send(worker, asked, {"another": "yes"})
    assert kept(here) == 2


def test_the_last_form_is_undone_and_mended(worker: SignedIn, here: Platform) -> None:
    page = open_pile(worker, here)
    page = worker.pages.follow(send(worker, page, {"q2": ["sad"], "q6": "The visits.", "number": "7"}))
    undone = worker.pages.submit(page, form="main aside form", expect=200)
    assert "nothing of this form is kept any more" in undone.words()
    assert (kept(here), kept(here, Comment)) == (0, 0)
    assert undone.dom.one("#number").attrs["value"] == "7"
    page = worker.pages.follow(send(worker, undone, {"q2": ["happy"]}))
    assert "1 form in this pile" in page.words()
    assert (kept(here), kept(here, Comment)) == (1, 1)


def test_a_form_that_raised_a_concern_is_not_undone_and_the_page_says_why(worker: SignedIn, here: Platform) -> None:
    page = worker.pages.follow(send(worker, open_pile(worker, here), {"q2": ["scared"]}))
    page = worker.pages.follow(worker.pages.submit(page, form="main aside form", expect=303))
    assert "concern on this answer is not closed" in page.words("body")
    assert kept(here) == 1


def test_after_ten_minutes_no_button_offers_to_undo(worker: SignedIn, here: Platform) -> None:
    page = worker.pages.follow(send(worker, open_pile(worker, here), {"q2": ["sad"]}))
    assert page.dom.all("#undo")
    here.clock.pass_time(timedelta(minutes=11))  # type: ignore[attr-defined]  # the tests' clock can be moved
    assert not worker.pages.get(page.address).dom.all("#undo")


def test_another_persons_pile_is_not_found(worker: SignedIn, app: Flask, here: Platform) -> None:
    page = open_pile(worker, here)
    colleague = sign_in(app, Role.WORKER, email="colleague@example.org")
    colleague.pages.get(page.address, expect=404)


def test_a_short_form_fixes_its_point_in_the_work(worker: SignedIn, here: Platform) -> None:
    with here.database.reading() as connection:
        code = printable_form(connection, "cidva-child-5-8", point="during").code
    page = open_pile(worker, here, code=code)
    assert "q-who_to_tell" not in page.text
    send(worker, page, {"coming": "good"})
    with here.database.reading() as connection:
        assert connection.execute(select(Response.point)).scalar_one() == "during"


def test_r3_whoever_has_left_a_team_types_nothing_for_it_any_more(worker: SignedIn, here: Platform) -> None:
    page = open_pile(worker, here)
    move_to(here, worker, "South team")
    worker.pages.get(page.address, expect=404)
    send(worker, page, {"q2": ["happy"]}, expect=404)
    assert kept(here) == 0
