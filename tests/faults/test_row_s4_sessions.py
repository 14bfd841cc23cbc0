"""Row S4: planted sessions, sessions used after their end, forged sendings, the cookie. A5 stands against them."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import disable
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.people import PASSWORD, add, code_of, enter, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAME = "voice-staff"


def _cookie(pages: PageChecker) -> str:
    cookie = pages.client.get_cookie(NAME, path="/staff")
    assert cookie is not None
    return cookie.value


def _with(app: Flask, cookie: str) -> PageChecker:
    pages = PageChecker(app)
    pages.client.set_cookie(NAME, cookie, path="/staff")
    return pages


def _sign_in_in(app: Flask, cookie: str) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.loads(cookie).get("sign_in", ""))


def test_row_s4_a_session_planted_before_signing_in_opens_nothing_after_it(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    victim = PageChecker(app)
    victim.get("/staff/sign-in")
    planted = _cookie(victim)
    enter(victim, email)
    _with(app, planted).get("/staff/", expect=302)


def test_row_s4_each_step_of_signing_in_has_a_session_of_its_own(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    pages.submit(pages.get("/staff/sign-in"), {"email": email, "password": PASSWORD})
    page = pages.get("/staff/second-step")
    half = _cookie(pages)
    pages.submit(page, {"code": code_of(email)})
    assert _sign_in_in(app, half) != _sign_in_in(app, _cookie(pages))
    thief = _with(app, half)
    thief.get("/staff/", expect=302)
    assert thief.get("/staff/second-step", expect=302).location == "/staff/sign-in"


def test_row_s4_a_session_opens_nothing_after_signing_out_here_there_or_by_new_password(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    copies = [_cookie(me.pages)]
    me.pages.submit(me.pages.get("/staff/"), form="header form")
    enter(me.pages, me.email)
    copies.append(_cookie(me.pages))
    me.pages.submit(me.pages.get("/staff/account"), form="form[action$=everywhere]")
    enter(me.pages, me.email)
    copies.append(_cookie(me.pages))
    answers = {"present": PASSWORD, "password": "another lantern in the meadow"}
    me.pages.submit(me.pages.get("/staff/account/password"), answers)
    for copy in copies:
        _with(app, copy).get("/staff/", expect=302)
    me.pages.get("/staff/")


def test_row_s4_a_sending_without_its_token_or_from_another_site_is_refused(app: Flask) -> None:
    me = sign_in(app, Role.ADMINISTRATOR)
    worker, _ = add(app, Role.WORKER)
    for address in ("account/password", "second-factor/recovery-codes", "proof", f"people/{worker}/disable"):
        me.pages.post(f"/staff/{address}", {}, expect=400)
        token = str(me.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
        headers = {"Sec-Fetch-Site": "cross-site"}
        me.pages.post(f"/staff/{address}", {"csrf_token": token}, expect=403, headers=headers)
    me.pages.get("/staff/people")


def test_row_s4_anothers_token_is_refused(app: Flask) -> None:
    me, other = sign_in(app, Role.ADMINISTRATOR), sign_in(app, Role.ANALYST)
    token = str(other.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
    me.pages.post("/staff/sign-out-everywhere", {"csrf_token": token}, expect=400)
    me.pages.get("/staff/")


def test_row_s4_the_cookie_is_closed_to_scripts_other_sites_and_other_pages(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = PageChecker(app)
    pages.get("/staff/sign-in")
    data = {"email": email, "password": PASSWORD}
    cookie = pages.submit(pages.get("/staff/sign-in"), data).response.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Strict", "Path=/staff"))
    assert "Expires" not in cookie


def test_a5_a_person_disabled_on_one_process_is_out_on_the_other_within_a_second(
    app: Flask, settings: Settings, clock: SetClock
) -> None:
    other_app = create_app(settings, clock)
    me = sign_in(app, Role.ANALYST)
    there = _with(other_app, _cookie(me.pages))
    there.get("/staff/")
    here = other_app.extensions[EXTENSION]
    with here.database.writing() as connection:
        disable(connection, me.account_id, now=clock.now(), by="platform")
    begun = time.process_time()  # of work, not of the clock: other load must not decide
    me.pages.get("/staff/", expect=302)
    there.get("/staff/", expect=302)
    assert time.process_time() - begun < 1
    here.database.dispose()


def test_a5_ones_sessions_are_listed_by_kind_of_browser_without_an_address_and_ended_one_by_one(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    phone = PageChecker(app)
    phone.client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0"
    enter(phone, me.email)
    page = me.pages.get("/staff/account")
    listed = page.words(".voice-sessions")
    assert "Firefox on Windows" in listed
    assert "128" not in listed
    assert "192.0.2.99" not in page.text
    theirs = _sign_in_in(app, _cookie(phone))
    me.pages.submit(page, form=f"form[action*='{theirs}']")
    phone.get("/staff/", expect=302)
    me.pages.get("/staff/")


def test_a5_nobody_ends_somebody_elses_session_by_its_address(app: Flask) -> None:
    me, other = sign_in(app, Role.ANALYST), sign_in(app, Role.BOARD_MEMBER)
    theirs = _sign_in_in(app, _cookie(other.pages))
    token = str(me.pages.get("/staff/account").dom.all("input[name=csrf_token]")[0].attrs["value"])
    me.pages.post(f"/staff/account/sessions/{theirs}/end", {"csrf_token": token}, expect=404)
    other.pages.get("/staff/")


def test_a5_sessions_that_ran_out_are_not_listed(app: Flask, clock: SetClock) -> None:
    me = sign_in(app, Role.ANALYST)
    clock.pass_time(timedelta(hours=8))
    enter(me.pages, me.email)
    assert len(me.pages.get("/staff/account").dom.all(".voice-sessions li")) == 1
