"""A8: what matters asks again who one is, and carries along what was being done."""

from datetime import timedelta

import pytest
from flask import Flask

from hscb_voice.foundation.clock import SetClock
from hscb_voice.staff.fresh import FRESH_FOR, asks_for_freshness
from hscb_voice.staff.queries import Person, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page, _fields_of
from tests.support.people import PASSWORD, SignedIn, add, code_of, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STALE = FRESH_FOR + timedelta(seconds=1)
FRESH_ROUTES = {
    "staff_people.change_roles",
    "staff_people.enable",
    "staff_people.invite",
    "staff_people.invite_again",
    "staff_people.reset_password",
    "staff_people.reset_second_factor",
    "staff_people.withdraw",
    "staff_second_factor.make_codes",
    "staff_second_factor.remove",
    "staff_second_factor.remove_passkey",
}


@pytest.fixture
def boss(app: Flask) -> SignedIn:
    """An administrator, signed in."""
    return sign_in(app, Role.ADMINISTRATOR)


def _person(app: Flask, account_id: str) -> Person:
    with app.extensions[EXTENSION].database.reading() as connection:
        return person_by_id(connection, account_id)


def _asked(boss: SignedIn, clock: SetClock, worker: str) -> Page:
    """Return the page that asks for a proof, in the middle of giving somebody other roles."""
    page = boss.pages.get(f"/staff/people/{worker}")
    clock.pass_time(STALE)
    answers = {"roles": ["worker", "analyst"], "teams": "North team\r\nSouth “<b>” team"}
    return boss.pages.submit(page, answers, expect=200)


def test_a8_what_matters_asks_for_a_fresh_proof(app: Flask) -> None:
    asking = {endpoint for endpoint in app.view_functions if asks_for_freshness(app, endpoint)}
    assert asking >= FRESH_ROUTES


def test_a8_the_proof_comes_first_and_then_what_was_typed_is_sent_as_it_was(
    app: Flask, boss: SignedIn, clock: SetClock
) -> None:
    worker, _ = add(app, Role.WORKER)
    asked = _asked(boss, clock, worker)
    assert "Prove that it is you" in asked.words("h1")
    assert _person(app, worker).roles == frozenset({Role.WORKER})
    fields = _fields_of(asked.dom.all("main form")[0])
    proof = {"proof_password": PASSWORD, "proof_code": code_of(boss.email)}
    sent = {**fields, **proof}
    answer = boss.pages.post("/staff/proof", sent, expect=307)
    assert answer.location == f"/staff/people/{worker}/roles"
    boss.pages.post(answer.location, sent)  # as a browser follows a 307; the journeys see a real one do it
    changed = _person(app, worker)
    assert changed.roles == frozenset({Role.WORKER, Role.ANALYST})
    assert changed.own_teams == frozenset({"North team", "South “<b>” team"})


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        ({"proof_password": "not the right one"}, "The password is not right"),
        ({"proof_password": PASSWORD, "proof_code": "000000"}, "The code is not right"),
        ({"proof_password": PASSWORD}, "The code is not right"),
        ({}, "The password is not right"),
    ],
)
def test_a8_a_wrong_proof_opens_nothing_and_loses_nothing(
    app: Flask, boss: SignedIn, clock: SetClock, proof: dict[str, str], says: str
) -> None:
    worker, _ = add(app, Role.WORKER)
    asked = _asked(boss, clock, worker)
    refused = boss.pages.submit(asked, proof, expect=400)
    assert says in refused.words(".govuk-error-summary")
    assert "South “<b>” team" in str(refused.dom.all("input[name=teams]")[0].attrs["value"])
    assert _person(app, worker).roles == frozenset({Role.WORKER})
    right = {"proof_password": PASSWORD, "proof_code": code_of(boss.email)}
    boss.pages.submit(refused, right, expect=307)


def test_a8_before_a_page_the_proof_leads_to_it(boss: SignedIn, clock: SetClock) -> None:
    clock.pass_time(STALE)
    page = boss.pages.follow(boss.pages.get("/staff/people/invite", expect=302))
    assert page.address == "/staff/proof?next=/staff/people/invite"
    proof = {"proof_password": PASSWORD, "proof_code": code_of(boss.email)}
    assert boss.pages.submit(page, proof, expect=303).location == "/staff/people/invite"
    boss.pages.get("/staff/people/invite")


def test_a8_the_proof_lasts_five_minutes(boss: SignedIn, clock: SetClock) -> None:
    clock.pass_time(FRESH_FOR)
    boss.pages.get("/staff/people/invite")
    clock.pass_time(timedelta(seconds=1))
    boss.pages.get("/staff/people/invite", expect=302)


def test_a8_a_proof_leads_to_no_other_site(boss: SignedIn, clock: SetClock) -> None:
    clock.pass_time(STALE)
    page = boss.pages.get("/staff/proof?next=https://example.com/")
    assert "example.com" not in page.text
    proof = {"proof_password": PASSWORD, "proof_code": code_of(boss.email), "proof_next": "//example.com"}
    assert boss.pages.submit(page, proof, expect=303).location == "/staff/"


def test_a8_guessing_at_a_proof_is_slowed_down_too(boss: SignedIn, clock: SetClock) -> None:
    clock.pass_time(STALE)
    page = boss.pages.get("/staff/proof")
    for _ in range(5):
        page = boss.pages.submit(page, {"proof_password": PASSWORD, "proof_code": "000000"}, expect=400)
    proof = {"proof_password": PASSWORD, "proof_code": code_of(boss.email)}
    assert "too many tries" in boss.pages.submit(page, proof, expect=400).words(".govuk-error-summary")


def test_a8_changing_the_password_makes_no_proof_fresh(boss: SignedIn, clock: SetClock) -> None:
    clock.pass_time(STALE)
    answers = {"present": PASSWORD, "password": "another lantern in the meadow"}
    boss.pages.submit(boss.pages.get("/staff/account/password"), answers)
    assert boss.pages.get("/staff/people/invite", expect=302).location.startswith("/staff/proof")
