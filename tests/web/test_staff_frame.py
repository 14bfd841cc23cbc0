"""The frame of staff pages: navigation by permission, what waits, the demonstration banner, and pages for troubles."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort, redirect
from sqlalchemy import Connection, text
from werkzeug.exceptions import Unauthorized

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.database import Database
from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff import queries
from hscb_voice.staff.access import current_person
from hscb_voice.staff.navigation import ENTRIES, tell_what_waits
from hscb_voice.staff.queries import Person
from hscb_voice.staff.roles import PERMISSIONS, Role
from hscb_voice.web.current import EXTENSION
from tests.support.markup import words_of
from tests.support.pages import PageChecker
from tests.support.people import add, enter, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_shows_what_a_role_may_open_and_nothing_else(app: Flask, role: Role) -> None:
    page = sign_in(app, role).pages.get("/staff/")
    shown = {words_of(link) for link in page.dom.all("nav a")}
    for entry in ENTRIES:
        is_open = entry.permission in PERMISSIONS[role] and entry.endpoint in app.view_functions
        assert (entry.label in shown) == is_open, entry.label
    assert len([a for a in page.dom.all("nav a") if "aria-current" in a.attrs]) == 1


def test_whoever_is_not_signed_in_sees_no_navigation(app: Flask) -> None:
    assert not PageChecker(app).get("/staff/sign-in").dom.all("nav")


def test_the_home_page_says_what_waits(app: Flask) -> None:
    def waiting(connection: Connection, person: Person) -> str:
        connection.execute(text("SELECT 1"))
        return f"2 wait for {person.name}"

    tell_what_waits(app, "staff_people.people", waiting)
    page = sign_in(app, Role.ADMINISTRATOR).pages.get("/staff/")
    assert "2 wait for Example Administrator" in page.words(".voice-places")
    assert "wait for" not in sign_in(app, Role.BOARD_MEMBER).pages.get("/staff/").words()


def test_the_home_page_tells_a_worker_whose_responses_they_see(app: Flask) -> None:
    assert "Only of North team" in sign_in(app, Role.WORKER).pages.get("/staff/").words()
    assert "Every team’s" in sign_in(app, Role.ANALYST).pages.get("/staff/").words()
    assert "You do not see them" in sign_in(app, Role.BOARD_MEMBER).pages.get("/staff/").words()


def test_every_page_of_a_demonstration_says_so(settings: Settings, clock: SetClock) -> None:
    app = create_app(Settings(**{**vars(settings), "demonstration": True}), clock)
    app.testing = True
    me = sign_in(app, Role.ADMINISTRATOR)
    for address, status in (("/staff/", 200), ("/staff/people", 200), ("/staff/account", 200), ("/staff/none", 404)):
        assert "These are demonstration data" in me.pages.get(address, expect=status).words("body")
    assert "These are demonstration data" in PageChecker(app).get("/staff/sign-in").words("body")
    app.extensions[EXTENSION].database.dispose()


def test_a_real_installation_speaks_of_no_demonstration(app: Flask) -> None:
    assert "emonstration" not in PageChecker(app).get("/staff/sign-in").text


@pytest.fixture
def quiet_app(app: Flask) -> Iterator[Flask]:
    """The application as it runs for people: a fault becomes a page, not a failed test."""
    app.testing = False
    yield app
    app.testing = True


def test_staff_get_their_own_pages_for_troubles_and_respondents_keep_theirs(app: Flask) -> None:
    pages = PageChecker(app)
    assert "Page not found" in pages.get("/staff/none", expect=404).words("h1")
    other = pages.get("/none", expect=404)
    assert "staff" not in other.text
    assert pages.client.post("/staff/").status_code in {302, 405}


def test_somebody_without_permission_is_told_so_in_plain_words(app: Flask) -> None:
    page = sign_in(app, Role.WORKER).pages.get("/staff/people", expect=403)
    assert "You do not have permission" in page.words("h1")
    assert "ask an administrator" in page.words()


def test_a_fault_becomes_a_page_that_says_nothing_of_what_broke(
    quiet_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = sign_in(quiet_app, Role.ADMINISTRATOR)

    def broken() -> str:
        message = "secret details"
        raise RuntimeError(message)

    monkeypatch.setitem(quiet_app.view_functions, "staff_home.home", broken)
    page = me.pages.get("/staff/", expect=500)
    assert "Sorry, something went wrong" in page.words("h1")
    assert "secret" not in page.text


def test_staff_are_told_when_the_database_is_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)

    def down(_self: Database) -> None:
        message = "The database did not answer."
        raise DatabaseUnreachableError(message)

    monkeypatch.setattr(Database, "reading", down)
    page = me.pages.get("/staff/", expect=503)
    assert "not available just now" in page.words("h1")
    assert page.response.headers["Retry-After"] == "30"


def test_too_long_a_sending_is_refused_in_plain_words(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    page = pages.get("/staff/sign-in")
    refused = pages.submit(page, {"email": email, "password": "x" * 70_000}, expect=413)
    assert "too long" in refused.words("h1")


def test_another_error_of_a_view_has_plain_words_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)
    monkeypatch.setitem(app.view_functions, "staff_home.home", lambda: abort(409))
    assert "That did not work" in me.pages.get("/staff/", expect=409).words("h1")


def test_a_view_may_end_early_with_an_answer_of_its_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)
    monkeypatch.setitem(app.view_functions, "staff_home.home", lambda: abort(redirect("/staff/people")))
    assert me.pages.get("/staff/", expect=302).location == "/staff/people"


def test_a_guarded_view_never_runs_for_nobody(app: Flask) -> None:
    with app.test_request_context("/staff/"), pytest.raises(Unauthorized):
        current_person()


def test_what_another_site_sends_is_refused(app: Flask) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)
    token = str(me.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
    data = {"csrf_token": token}
    address = "/staff/sign-out-everywhere"
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.com"},
    ):
        me.pages.post(address, data, expect=403, headers=headers)
    me.pages.get("/staff/")
    me.pages.post(address, data, headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})
    me.pages.get("/staff/", expect=302)


def test_a_sending_without_the_pages_token_is_refused(app: Flask) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)
    page = me.pages.post("/staff/sign-out-everywhere", {}, expect=400)
    assert "open for too long" in page.words("h1")
    me.pages.post("/staff/sign-out-everywhere", {"csrf_token": "made up"}, expect=400)
    me.pages.get("/staff/")


def test_whoever_sends_a_form_after_the_session_ran_out_comes_to_the_sign_in_page(app: Flask) -> None:
    assert PageChecker(app).post("/staff/sign-out-everywhere", {}).location == "/staff/sign-in"


def test_the_token_works_by_https_though_pages_send_no_referrer(settings: Settings, clock: SetClock) -> None:
    app = create_app(Settings(**{**vars(settings), "public_address": "https://voice.example.org"}), clock)
    app.testing = True
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app, base_url="https://voice.example.org/")
    enter(pages, email)
    pages.submit(pages.get("/staff/account"), form="form[action$=everywhere]")
    app.extensions[EXTENSION].database.dispose()


def test_one_visit_asks_for_the_person_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)
    asked: list[str] = []
    real = queries.open_sign_in

    def counted(connection: Connection, sign_in_id: str) -> object:
        asked.append(sign_in_id)
        return real(connection, sign_in_id)

    monkeypatch.setattr("hscb_voice.staff.access.open_sign_in", counted)
    me.pages.get("/staff/people")
    assert len(asked) == 1
