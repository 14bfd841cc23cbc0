"""A6: single sign-on against a sign-in service on loopback, and every way in which it is attacked or fails."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.foundation.sign_on import sign_on_from
from hscb_voice.staff.oidc_accounts import bind_account
from hscb_voice.staff.queries import everybody
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import disable
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.people import TEAM, add
from tests.support.sign_in_service import CLIENT, SigningKey, SignInService, Visitor
from tests.support.signing_on import LEAVE, acts, altered, come_back, is_outside, leave, path_of, people

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOT_SIGNED_IN = "You have not been signed in"


def test_a6_somebody_comes_for_the_first_time_and_reaches_the_page_they_wanted(
    app: Flask, service: SignInService
) -> None:
    pages = PageChecker(app)
    page = pages.get(pages.get("/staff/concerns/", expect=302).location)
    address = page.link("Sign in with your work account")
    back = service.arrive(pages.get(address, expect=303).location)
    landed = pages.get(path_of(back))
    assert landed.link("Go on") == "/staff/concerns/"
    pages.get("/staff/concerns/")
    assert people(app) == {"sam@council.example": frozenset({Role.SAFEGUARDING_LEAD})}
    assert ("signed in", "single sign-on") in acts(app)


def test_a6_the_same_person_is_known_again_with_another_address_and_roles_follow_the_groups(
    app: Flask, service: SignInService
) -> None:
    come_back(PageChecker(app), service)
    service.visitor = Visitor(email="sam.new-name@council.example", groups=("Voice Workers", "North", "Unknown"))
    pages = PageChecker(app)
    come_back(pages, service)
    assert list(people(app).values()) == [frozenset({Role.WORKER})]
    with app.extensions[EXTENSION].database.reading() as connection:
        (person,) = everybody(connection)
    assert person.teams == frozenset({TEAM})
    pages.get("/staff/concerns/", expect=403)


def test_a6_an_account_is_not_taken_over_by_its_email_address(app: Flask, service: SignInService) -> None:
    add(app, Role.ANALYST, email="sam@council.example")
    pages = PageChecker(app)
    page = come_back(pages, service, expect=403)
    assert "already an account here with your email address" in page.words()
    assert is_outside(pages)
    assert people(app) == {"sam@council.example": frozenset({Role.ANALYST})}


def test_a6_an_administrator_joins_an_account_that_exists(app: Flask, service: SignInService, clock: SetClock) -> None:
    account_id, _ = add(app, Role.ANALYST, email="sam@council.example")
    with app.extensions[EXTENSION].database.writing() as connection:
        bind_account(connection, "sam@council.example", service.issuer, "subject-1", now=clock.now(), by="platform")
    pages = PageChecker(app)
    come_back(pages, service)
    pages.get("/staff/")
    with app.extensions[EXTENSION].database.reading() as connection:
        assert [person.id for person in everybody(connection)] == [account_id]


def test_a6_whoever_is_in_no_group_is_told_so_and_their_sessions_end(app: Flask, service: SignInService) -> None:
    before = PageChecker(app)
    come_back(before, service)
    before.get("/staff/")
    service.visitor = Visitor(groups=("Somebody else's group",))
    pages = PageChecker(app)
    page = come_back(pages, service, expect=403)
    assert "you are in none of the groups that may use this site" in page.words()
    assert is_outside(pages)
    assert is_outside(before)


def test_a6_a_worker_without_a_team_is_told_so(app: Flask, service: SignInService) -> None:
    service.visitor = Visitor(groups=("Voice Workers",))
    assert "in no group that names your team" in come_back(PageChecker(app), service, expect=403).words()
    assert people(app) == {}


def test_a6_a_disabled_account_stays_shut(app: Flask, service: SignInService, clock: SetClock) -> None:
    come_back(PageChecker(app), service)
    with app.extensions[EXTENSION].database.writing() as connection:
        (person,) = everybody(connection)
        disable(connection, person.id, now=clock.now(), by="platform")
    pages = PageChecker(app)
    assert "has been disabled" in come_back(pages, service, expect=403).words()
    assert is_outside(pages)


def test_a6_an_address_that_the_service_does_not_vouch_for_makes_no_account(app: Flask, service: SignInService) -> None:
    service.visitor = Visitor(more={"email_verified": False})
    assert "no email address that your council vouches for" in come_back(PageChecker(app), service, expect=403).words()


@pytest.mark.parametrize(
    "changes", [{"state": "x" * 43}, {"state": None}, {"code": None}, {"code": "made-up"}, {"iss": "https://elsewhere"}]
)
def test_a6_what_the_browser_brings_back_must_fit(app: Flask, service: SignInService, changes: dict[str, Any]) -> None:
    pages = PageChecker(app)
    back = leave(pages, service)
    assert NOT_SIGNED_IN in pages.get(altered(back, **changes), expect=400).words()
    assert is_outside(pages)
    assert acts(app)[-1] == ("failed to sign in", "single sign-on did not hold")
    # The errand is over: what was right before is not right any more.
    pages.get(path_of(back), expect=400)


def test_a6_another_browser_cannot_bring_it_back(app: Flask, service: SignInService) -> None:
    back = path_of(leave(PageChecker(app), service))
    victim = PageChecker(app)
    victim.get(back, expect=400)
    leave(victim, service)  # with an errand of its own it does not fit either
    victim.get(back, expect=400)
    assert is_outside(victim)


def test_a6_a_code_counts_once(app: Flask, service: SignInService) -> None:
    pages = PageChecker(app)
    back = path_of(leave(pages, service))
    errand = pages.client.get_cookie("voice-errand", path="/staff")
    assert errand is not None
    pages.get(back)
    thief = PageChecker(app)
    thief.client.set_cookie("voice-errand", errand.value, path="/staff")
    thief.get(back, expect=400)  # even with a copy of the cookie: the service takes no code twice
    assert is_outside(thief)


def test_a6_an_old_errand_counts_no_more(app: Flask, service: SignInService, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = PageChecker(app)
    back = path_of(leave(pages, service))
    later = time.time() + 601
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    pages.get(back, expect=400)


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"aud": [CLIENT], "azp": "another client"},
        {"nonce": "n" * 43},
        {"nonce": None},
        {"exp": "soon"},
        {"exp": 1},
        {"iat": 1},
        {"nbf": 4_000_000_000},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
def test_a6_a_token_that_is_not_for_this_sign_in_opens_nothing(
    app: Flask, service: SignInService, lie: dict[str, Any]
) -> None:
    service.lie = lambda claims: {**claims, **lie}
    pages = PageChecker(app)
    assert NOT_SIGNED_IN in come_back(pages, service, expect=400).words()
    assert is_outside(pages)
    assert people(app) == {}


def test_a6_a_token_that_has_run_out_opens_nothing(app: Flask, service: SignInService, clock: SetClock) -> None:
    service.lie = lambda claims: {**claims, "exp": int((clock.now() - timedelta(seconds=61)).timestamp())}
    come_back(PageChecker(app), service, expect=400)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256"])
def test_a6_a_token_without_a_signature_of_theirs_opens_nothing(
    app: Flask, service: SignInService, algorithm: str
) -> None:
    service.sign = lambda claims: service.key.token(claims, algorithm=algorithm)
    pages = PageChecker(app)
    come_back(pages, service, expect=400)
    assert is_outside(pages)


def test_a6_a_token_signed_with_another_key_opens_nothing(app: Flask, service: SignInService) -> None:
    other = SigningKey("key-1")
    service.sign = other.token
    pages = PageChecker(app)
    come_back(pages, service, expect=400)
    service.sign = lambda claims: other.token(claims, kid="key-2")
    come_back(pages, service, expect=400)
    assert is_outside(pages)


def test_a6_a_changed_token_opens_nothing(app: Flask, service: SignInService) -> None:
    def change(claims: dict[str, Any]) -> str:
        head, _, signature = service.key.token(claims).split(".")
        _, changed, _ = SigningKey("key-1").token({**claims, "sub": "subject-2"}).split(".")
        return f"{head}.{changed}.{signature}"

    service.sign = change
    come_back(PageChecker(app), service, expect=400)


def test_a6_new_keys_of_the_service_are_fetched_when_they_are_met(
    app: Flask, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hscb_voice.staff.oidc_provider._ASK_AGAIN_SECONDS", -1.0)
    come_back(PageChecker(app), service)
    new = SigningKey("key-2")
    service.sign, service.published = new.token, [new.published()]
    come_back(PageChecker(app), service)


def test_a6_unknown_keys_do_not_make_us_ask_the_service_again_and_again(app: Flask, service: SignInService) -> None:
    come_back(PageChecker(app), service)
    service.sign = SigningKey("key-2").token
    for _ in range(3):
        come_back(PageChecker(app), service, expect=400)
    assert service.asked.count("/tenant/keys") == 1


def test_a6_a_secret_among_the_published_keys_is_no_key(app: Flask, service: SignInService) -> None:
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "key-1", "alg": "HS256"}
    service.published = [secret, SigningKey("key-2").published()]
    come_back(PageChecker(app), service, expect=400)


def test_a6_a_service_that_calls_itself_otherwise_is_not_used(app: Flask, service: SignInService) -> None:
    service.issuer += "-of-somebody-else"
    service.answer = lambda path: {"issuer": service.issuer} if "openid" in path else None  # type: ignore[method-assign]  # it lies
    PageChecker(app).get(LEAVE, expect=503)


def test_d5_when_the_service_is_down_that_is_said_and_the_password_page_still_works(
    app: Flask, service: SignInService
) -> None:
    service.stop()
    pages = PageChecker(app)
    page = pages.get(LEAVE, expect=503)
    assert "is not available just now" in page.words()
    assert page.response.headers["Retry-After"]
    pages.get("/staff/sign-in")


@pytest.mark.parametrize("way", ["is slow", "drips"])
def test_d5_a_service_that_is_slow_or_drips_keeps_nobody_waiting(
    app: Flask, service: SignInService, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr("hscb_voice.staff.oidc_provider.PATIENCE_SECONDS", 0.5)
    service.pause, service.drips = (60.0 if way == "is slow" else 0.0), way == "drips"
    begun = time.monotonic()
    PageChecker(app).get(LEAVE, expect=503)
    assert time.monotonic() - begun < 3


def test_a6_the_wanted_page_is_one_of_ours(app: Flask, service: SignInService) -> None:
    pages = PageChecker(app)
    landed = pages.get(path_of(leave(pages, service, "https://elsewhere.example/staff/")))
    assert landed.link("Go on") == "/staff/"


def test_a6_the_errands_cookie_is_shut_as_far_as_a_return_from_elsewhere_allows(
    platform: Platform, settings: Settings, clock: SetClock, service: SignInService
) -> None:
    del platform
    sign_on = sign_on_from(service.settings())
    app = create_app(replace(settings, sign_on=sign_on, public_address="https://localhost"), clock)
    pages = PageChecker(app, base_url="https://localhost/")
    cookie = pages.get(LEAVE, expect=303).response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-voice-errand=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= set(cookie.split("; "))
    app.extensions[EXTENSION].database.dispose()


def test_a6_without_a_service_there_is_no_such_route(settings: Settings, clock: SetClock) -> None:
    app = create_app(settings, clock)
    assert app.test_client().get(LEAVE).status_code == 404
    app.extensions[EXTENSION].database.dispose()
