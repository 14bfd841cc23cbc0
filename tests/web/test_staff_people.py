"""The administrator's pages: everybody, one person's roles and teams, shutting somebody out."""

import pytest
from flask import Flask

from hscb_voice.staff.queries import Person, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.people import SignedIn, add, enter, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def boss(app: Flask) -> SignedIn:
    """An administrator, signed in."""
    return sign_in(app, Role.ADMINISTRATOR)


def _person(app: Flask, account_id: str) -> Person:
    with app.extensions[EXTENSION].database.reading() as connection:
        return person_by_id(connection, account_id)


def test_everybody_is_listed_with_roles_teams_and_whether_the_account_is_open(app: Flask, boss: SignedIn) -> None:
    add(app, Role.WORKER)
    page = boss.pages.get("/staff/people")
    assert "Everybody with an account (2)" in page.words()
    assert "Example Worker worker@example.org Worker North team Open" in page.words("table")
    assert page.link("Example Worker").startswith("/staff/people/")


def test_the_administrator_gives_somebody_other_roles_and_teams(app: Flask, boss: SignedIn) -> None:
    worker = sign_in(app, Role.WORKER)
    page = boss.pages.get(f"/staff/people/{worker.account_id}")
    answer = boss.pages.submit(page, {"roles": ["worker", "board_member"], "teams": "North team\r\n South  team \r\n"})
    assert "have been changed" in boss.pages.follow(answer).words()
    changed = _person(app, worker.account_id)
    assert changed.roles == frozenset({Role.WORKER, Role.BOARD_MEMBER})
    assert changed.teams == frozenset({"North team", "South team"})
    assert "Board member, Worker" in worker.pages.get("/staff/").words()


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"roles": [], "teams": ""}, "Choose at least one role"),
        ({"roles": ["worker"], "teams": " "}, "needs at least one team"),
        ({"roles": ["analyst"], "teams": "x" * 2001}, "2,000 characters"),
        ({"roles": ["king"], "teams": ""}, "not a valid choice"),
    ],
)
def test_roles_that_will_not_do_are_refused_beside_the_field(
    app: Flask, boss: SignedIn, answers: dict[str, object], says: str
) -> None:
    account_id, _ = add(app, Role.ANALYST)
    page = boss.pages.get(f"/staff/people/{account_id}")
    refused = boss.pages.submit(page, answers, expect=400)
    assert says in refused.words(".govuk-error-summary")
    assert refused.words("title").startswith("Error: ")
    assert _person(app, account_id).roles == frozenset({Role.ANALYST})


def test_a_person_is_disabled_at_once_and_let_in_again(app: Flask, boss: SignedIn) -> None:
    worker = sign_in(app, Role.WORKER)
    address = f"/staff/people/{worker.account_id}"
    page = boss.pages.get(address)
    answer = boss.pages.submit(page, form="form[action$=disable]")
    assert "can no longer sign in" in boss.pages.follow(answer).words()
    worker.pages.get("/staff/", expect=302)
    enter(worker.pages, worker.email, expect=200)
    answer = boss.pages.submit(boss.pages.get(address), form="form[action$=enable]")
    assert "can sign in again" in boss.pages.follow(answer).words()
    enter(worker.pages, worker.email)


def test_somebodys_sessions_are_ended_by_the_administrator(app: Flask, boss: SignedIn) -> None:
    worker = sign_in(app, Role.WORKER)
    page = boss.pages.get(f"/staff/people/{worker.account_id}")
    boss.pages.submit(page, form="form[action$=end-sessions]")
    worker.pages.get("/staff/", expect=302)


def test_nobody_disables_the_own_account_not_even_by_hand(boss: SignedIn) -> None:
    page = boss.pages.get(f"/staff/people/{boss.account_id}")
    assert not page.dom.all("form[action$=disable]")
    token = str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])
    refused = boss.pages.post(f"{page.address}/disable", {"csrf_token": token}, expect=400)
    assert "You cannot disable your own account" in refused.words(".govuk-error-summary")


def test_the_last_administrator_keeps_the_role(boss: SignedIn) -> None:
    page = boss.pages.get(f"/staff/people/{boss.account_id}")
    refused = boss.pages.submit(page, {"roles": ["analyst"]}, expect=400)
    assert "only administrator" in refused.words(".govuk-error-summary")


def test_somebody_who_is_not_there_is_not_found(boss: SignedIn) -> None:
    boss.pages.get("/staff/people/nobody", expect=404)


def test_a_name_cannot_write_markup_into_a_page(app: Flask, boss: SignedIn) -> None:
    account_id, _ = add(app, Role.WORKER, email="x@example.org", team="<script>alert(1)</script>")
    for address in ("/staff/people", f"/staff/people/{account_id}"):
        assert "<script>alert(1)" not in boss.pages.get(address).text
