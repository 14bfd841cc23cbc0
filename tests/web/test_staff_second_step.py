"""A3: after the password comes the second step, and nothing else opens before it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from hscb_voice.audit.queries import entries
from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.access import declared_access
from hscb_voice.staff.queries import person_by_id
from hscb_voice.staff.roles import Permission, Role
from hscb_voice.staff.second_factors import new_recovery_codes
from hscb_voice.web.current import EXTENSION
from tests.support.addresses import address_of
from tests.support.pages import Page, PageChecker
from tests.support.passkey_device import PasskeyDevice
from tests.support.people import PASSWORD, add, add_without_app, code_of, code_with, sign_in
from tests.web.test_all_routes_access import staff_rules

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ORIGIN = "http://localhost"


def _password(app: Flask, email: str, wanted: str = "/staff/account") -> PageChecker:
    pages = PageChecker(app)
    page = pages.get(f"/staff/sign-in?next={wanted}")
    assert pages.submit(page, {"email": email, "password": PASSWORD}).location == wanted
    return pages


def _token(page: Page) -> str:
    return str(page.dom.all("input[name=csrf_token]")[0].attrs["value"])


def _codes(app: Flask, account_id: str) -> list[str]:
    here: Platform = app.extensions[EXTENSION]
    with here.database.writing() as connection:
        return new_recovery_codes(connection, account_id, now=here.clock.now())


def _newest_act(app: Flask) -> tuple[str, str]:
    with app.extensions[EXTENSION].database.reading() as connection:
        entry = entries(connection)[0][0]
    return entry.act, entry.reason


def test_a3_the_password_alone_opens_nothing_at_all(app: Flask) -> None:
    _, email = add(app, Role.SAFEGUARDING_LEAD)
    pages = _password(app, email)
    token = _token(pages.get("/staff/second-step"))
    tried = 0
    for rule in staff_rules(app):
        if isinstance(declared_access(app, rule.endpoint), Permission):
            is_get = "GET" in (rule.methods or set())
            address, tried = address_of(app, rule), tried + 1
            data = None if is_get else {"csrf_token": token}
            answer = pages.client.open(address, method="GET" if is_get else "POST", data=data)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/staff/second-step"), address
    assert tried > 20


def test_a3_the_code_opens_and_leads_to_the_page_that_was_wanted(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = _password(app, email)
    page = pages.follow(pages.get("/staff/account", expect=302))
    assert page.address == "/staff/second-step?next=/staff/account"
    assert pages.submit(page, {"code": code_of(email)}).location == "/staff/account"
    assert "by password and code" in pages.get("/staff/account").words()
    assert _newest_act(app) == ("signed in", "password and code")


def test_a3_a_wrong_code_is_told_and_noted_without_what_was_typed(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = _password(app, email)
    refused = pages.submit(pages.get("/staff/second-step"), {"code": "000 000"}, expect=400)
    assert "The code is not right" in refused.words(".govuk-error-summary")
    assert _newest_act(app) == ("failed to sign in", "wrong code")


def test_a3_whoever_has_no_second_factor_is_led_to_set_one_up_and_reaches_nothing_else(app: Flask) -> None:
    _, email = add_without_app(app, Role.ANALYST)
    pages = _password(app, email)
    pages.get("/staff/", expect=302)
    step = pages.get("/staff/second-step", expect=302)
    page = pages.follow(step)
    assert "Set up your second step" in page.words("h1")
    page = pages.follow(pages.submit(page))
    secret = "".join(page.words(".voice-secret").split())
    shown = pages.submit(page, {"code": code_with(secret, app.extensions[EXTENSION].clock.now())}, expect=200)
    assert "Your recovery codes" in shown.words("h1")
    assert len(shown.dom.all(".voice-codes li")) == 10
    pages.get("/staff/account")


def test_a3_a_half_sign_in_cannot_add_a_factor_beside_one_that_is_there(app: Flask) -> None:
    _, email = add(app, Role.ANALYST)
    pages = _password(app, email)
    token = _token(pages.get("/staff/second-step"))
    for address in ("/staff/second-factor/app", "/staff/second-factor/app/code", "/staff/second-factor/recovery-codes"):
        answer = pages.post(address, {"csrf_token": token, "code": "000000"})
        assert answer.location.startswith("/staff/second-step"), address
    pages.get("/staff/second-factor", expect=302)


def test_a3_a_half_sign_in_ends_after_ten_minutes(app: Flask, clock: SetClock) -> None:
    _, email = add(app, Role.ANALYST)
    pages = _password(app, email)
    page = pages.get("/staff/second-step")
    clock.pass_time(timedelta(minutes=10))
    answer = pages.submit(page, {"code": code_of(email)})
    assert answer.location.startswith("/staff/sign-in")
    pages.get("/staff/", expect=302)


def test_a3_a_recovery_code_opens_once(app: Flask) -> None:
    account_id, email = add(app, Role.ANALYST)
    code = _codes(app, account_id)[0]
    pages = _password(app, email)
    page = pages.get(pages.get("/staff/second-step").link("Use a recovery code instead"))
    assert "Recovery codes left: 9" in pages.follow(pages.submit(page, {"code": code})).words()
    again = _password(app, email)
    refused = again.submit(again.get("/staff/second-step/recovery-code"), {"code": code}, expect=400)
    assert "has been used already" in refused.words(".govuk-error-summary")


def test_a3_a_passkey_alone_signs_in(settings: Settings, clock: SetClock, platform: Platform) -> None:
    del platform
    app = create_app(replace(settings, public_address=ORIGIN), clock)
    app.testing = True
    device = PasskeyDevice(ORIGIN)
    owner = sign_in(app, Role.ANALYST).pages
    token = _token(owner.get("/staff/second-factor"))
    question = owner.client.post("/staff/second-factor/passkeys/question", data={"csrf_token": token}).get_json()
    answer = {"csrf_token": token, "passkey": device.make(question), "name": "Blue key"}
    owner.post("/staff/second-factor/passkeys", answer, expect=200)
    assert "Passkey “Blue key”" in owner.get("/staff/account").words()

    pages = PageChecker(app)
    token = _token(pages.get("/staff/sign-in"))
    question = pages.client.post("/staff/second-step/passkey/question", data={"csrf_token": token}).get_json()
    assert "allowCredentials" not in question or not question["allowCredentials"]
    sent = {"csrf_token": token, "passkey": device.prove(question), "next": "/staff/account"}
    assert pages.post("/staff/second-step/passkey", sent).location == "/staff/account"
    assert "by passkey" in pages.get("/staff/account").words()
    replayed = PageChecker(app)
    sent["csrf_token"] = _token(replayed.get("/staff/sign-in"))
    assert replayed.post("/staff/second-step/passkey", sent).location.startswith("/staff/sign-in")
    app.extensions[EXTENSION].database.dispose()


def test_a3_a_demonstration_lets_in_without_a_second_step_and_says_so(
    settings: Settings, clock: SetClock, platform: Platform
) -> None:
    del platform
    app = create_app(replace(settings, demonstration=True), clock)
    app.testing = True
    _, email = add_without_app(app, Role.ANALYST)
    pages = PageChecker(app)
    page = pages.get("/staff/sign-in")
    assert "accounts sign in without a second step" in page.words()
    pages.submit(page, {"email": email, "password": PASSWORD})
    assert "with real data nobody may" in pages.get("/staff/account").words()
    app.extensions[EXTENSION].database.dispose()


def test_a3_a_demonstration_still_asks_whoever_has_one(settings: Settings, clock: SetClock, platform: Platform) -> None:
    del platform
    app = create_app(replace(settings, demonstration=True), clock)
    app.testing = True
    account_id, email = add(app, Role.ANALYST)
    pages = _password(app, email)
    assert pages.get("/staff/", expect=302).location.startswith("/staff/second-step")
    with app.extensions[EXTENSION].database.reading() as connection:
        assert person_by_id(connection, account_id).active
    app.extensions[EXTENSION].database.dispose()
