"""Signing in and out: A2, A4, A5 of the requirements, and what the cookie may be."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from hscb_voice.audit.queries import entries
from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.access import is_safe_next
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import disable
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.people import PASSWORD, add, enter, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WRONG = "The email address or the password is not right"


def _acts(app: Flask) -> list[tuple[str, str]]:
    with app.extensions[EXTENSION].database.reading() as connection:
        return [(entry.act, entry.reason) for entry in reversed(entries(connection)[0])]


def _session(app: Flask, pages: PageChecker) -> dict[str, object]:
    cookie = pages.client.get_cookie("voice-staff", path="/staff")
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return dict(serializer.loads(cookie.value)) if cookie else {}


def test_somebody_signs_in_reaches_home_and_signs_out(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    assert "Hello, Example Analyst" in me.pages.get("/staff/").words()
    page = me.pages.submit(me.pages.get("/staff/"), form="header form")
    assert "You have signed out." in me.pages.follow(page).words()
    assert me.pages.get("/staff/", expect=302).location == "/staff/sign-in?next=/staff/"
    done = [act for act, _ in _acts(app)]
    assert done == ["added an account", "set up an authenticator app", "signed in", "signed out"]


def test_a5_a_copy_of_the_cookie_opens_nothing_after_signing_out(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    cookie = me.pages.client.get_cookie("voice-staff", path="/staff")
    assert cookie is not None
    me.pages.submit(me.pages.get("/staff/"), form="header form")
    thief = PageChecker(app)
    thief.client.set_cookie("voice-staff", cookie.value, path="/staff")
    thief.get("/staff/", expect=302)


def test_a5_the_session_is_another_one_after_signing_in(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    pages.get("/staff/sign-in")
    before = _session(app, pages)
    enter(pages, email)
    after = _session(app, pages)
    assert before["csrf_token"]
    assert after.get("csrf_token") != before["csrf_token"]
    assert "sign_in" in after
    assert not set(before.values()) & set(after.values()) - {True}


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("analyst@example.org", "not the right password", "wrong password"),
        ("nobody@example.org", PASSWORD, "unknown name"),
        ("disabled@example.org", PASSWORD, "disabled"),
    ],
)
def test_unknown_wrong_and_disabled_are_told_in_the_same_words(
    app: Flask, email: str, password: str, reason: str
) -> None:
    add(app, Role.ANALYST)
    account_id, _ = add(app, Role.ANALYST, email="disabled@example.org")
    here = app.extensions[EXTENSION]
    with here.database.writing() as connection:
        disable(connection, account_id, now=here.clock.now(), by="platform")
    pages = PageChecker(app)
    page = pages.submit(pages.get("/staff/sign-in"), {"email": email, "password": password}, expect=200)
    assert WRONG in page.words(".govuk-error-summary")
    assert page.words("title").startswith("Error: ")
    assert page.link(WRONG) == "#email"
    assert password not in page.text
    assert _acts(app)[-1] == ("failed to sign in", reason)


def test_empty_fields_are_asked_for(app: Flask) -> None:
    pages = PageChecker(app)
    page = pages.submit(pages.get("/staff/sign-in"), {"email": "", "password": ""}, expect=200)
    assert "Enter your email address" in page.words(".govuk-error-summary")
    assert "Enter your password" in page.words(".govuk-error-summary")


def test_a4_after_five_tries_even_the_right_password_must_wait(app: Flask, clock: SetClock) -> None:
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    for _ in range(5):
        enter(pages, email, "not the right password", expect=200)
    page = pages.submit(pages.get("/staff/sign-in"), {"email": email, "password": PASSWORD}, expect=200)
    assert "too many tries" in page.words(".govuk-error-summary")
    clock.pass_time(timedelta(seconds=61))
    enter(pages, email)


@pytest.mark.parametrize(
    ("role", "minutes"), [(Role.WORKER, 15), (Role.SAFEGUARDING_LEAD, 15), (Role.BOARD_MEMBER, 30)]
)
def test_a5_whoever_rests_too_long_must_sign_in_again(app: Flask, clock: SetClock, role: Role, minutes: int) -> None:
    me = sign_in(app, role)
    clock.pass_time(timedelta(minutes=minutes, seconds=-30))
    me.pages.get("/staff/")
    clock.pass_time(timedelta(minutes=minutes, seconds=-30))
    me.pages.get("/staff/")
    clock.pass_time(timedelta(minutes=minutes))
    page = me.pages.follow(me.pages.get("/staff/account", expect=302))
    assert "You have been signed out" in page.words()
    enter(me.pages, me.email)
    assert "signed out" not in me.pages.get("/staff/").words()


def test_a5_after_eight_hours_everybody_must_sign_in_again(app: Flask, clock: SetClock) -> None:
    me = sign_in(app, Role.BOARD_MEMBER)
    for _ in range(23):
        clock.pass_time(timedelta(minutes=20))
        me.pages.get("/staff/")
    clock.pass_time(timedelta(minutes=20))
    me.pages.get("/staff/", expect=302)


def test_a5_a_disabled_person_is_out_with_the_next_page(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    here = app.extensions[EXTENSION]
    with here.database.writing() as connection:
        disable(connection, me.account_id, now=here.clock.now(), by="platform")
    me.pages.get("/staff/", expect=302)


def test_a5_signing_out_everywhere_ends_the_other_browser_too(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    other = PageChecker(app)
    enter(other, me.email)
    other.get("/staff/")
    me.pages.submit(me.pages.get("/staff/account"), form="form[action$=everywhere]")
    me.pages.get("/staff/", expect=302)
    other.get("/staff/", expect=302)


def test_the_page_that_was_wanted_comes_after_signing_in(app: Flask) -> None:
    _, email = add(app, Role.ADMINISTRATOR)
    pages = PageChecker(app)
    page = pages.follow(pages.get("/staff/people?page=2", expect=302))
    assert page.address == "/staff/sign-in?next=/staff/people?page%3D2"
    assert pages.submit(page, {"email": email, "password": PASSWORD}).location.endswith("/staff/people?page=2")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/staff/",
        "//example.com/staff/",
        "/\\example.com",
        "\\\\example.com",
        "///example.com",
        "https:example.com",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(app: Flask, elsewhere: str) -> None:
    assert not is_safe_next(elsewhere)
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    right = {"email": email, "password": PASSWORD}
    page = pages.get("/staff/sign-in", query_string={"next": elsewhere})
    assert "example.com" not in page.text
    forged = pages.submit(page, {**right, "next": elsewhere}, expect=200)
    assert "Go back" in forged.words(".govuk-error-summary")
    token = str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])
    pages.post("/staff/sign-in", {**right, "csrf_token": token}, query_string={"next": elsewhere}, expect=200)
    assert pages.submit(page, right).location == "/staff/"


def test_the_cookie_is_for_staff_pages_only_and_closed_to_scripts(app: Flask) -> None:
    answer = PageChecker(app).get("/staff/sign-in").response
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("voice-staff=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/staff" in cookie
    assert "Expires" not in cookie


def test_by_https_the_cookie_is_bound_to_the_host(settings: Settings, clock: SetClock) -> None:
    app = create_app(Settings(**{**vars(settings), "public_address": "https://voice.example.org"}), clock)
    app.testing = True
    me = sign_in(app, Role.ANALYST, base_url="https://voice.example.org/")
    cookie = (
        PageChecker(app, base_url="https://voice.example.org/").get("/staff/sign-in").response.headers["Set-Cookie"]
    )
    assert cookie.startswith("__Host-voice-staff=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Hello" in me.pages.get("/staff/").words()
    app.extensions[EXTENSION].database.dispose()


def test_a_respondents_page_sets_no_cookie_and_does_not_know_who_is_signed_in(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    cookie = me.pages.client.get_cookie("voice-staff", path="/staff")
    assert cookie is not None
    answer = app.test_client().get("/", headers={"Cookie": f"voice-staff={cookie.value}"})
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Example Analyst" not in answer.get_data(as_text=True)


def test_the_library_asks_nothing_of_a_respondents_request(app: Flask) -> None:
    names = {f"{hook.__module__}.{hook.__qualname__}" for hook in app.before_request_funcs[None]}
    assert not [name for name in names if name.startswith(("flask_principal", "flask_login", "flask_security"))]
