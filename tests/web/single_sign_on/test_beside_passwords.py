"""A6, A8, A3, D5: single sign-on beside passwords: second steps, proving it again, and the one emergency account."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.foundation.sign_on import BY_SERVICE, BY_US, sign_on_from
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.pages import Page, PageChecker
from tests.support.people import PASSWORD, add, enter
from tests.support.sign_in_service import SignInService, Visitor
from tests.support.signing_on import LEAVE, acts, come_back, path_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("second_factor", "amr", "opens"),
    [
        ("token", ("pwd", "mfa"), 200),
        ("token", ("pwd",), 302),
        ("token", ("otp",), 302),
        (BY_SERVICE, (), 200),
        (BY_US, ("mfa",), 302),
    ],
)
def test_a3_single_sign_on_counts_as_second_factor_only_as_far_as_the_settings_say(
    platform: Platform,
    settings: Settings,
    clock: SetClock,
    service: SignInService,
    second_factor: str,
    amr: tuple[str, ...],
    opens: int,
) -> None:
    del platform
    sign_on = sign_on_from(service.settings(VOICE_OIDC_SECOND_FACTOR=second_factor))
    app = create_app(replace(settings, sign_on=sign_on), clock)
    service.visitor = Visitor(amr=amr)
    pages = PageChecker(app)
    come_back(pages, service)
    assert pages.client.get("/staff/").status_code == opens
    app.extensions[EXTENSION].database.dispose()


@pytest.fixture
def strict(platform: Platform, settings: Settings, clock: SetClock, service: SignInService) -> Iterator[Flask]:
    """The application in which only the emergency account opens by password."""
    del platform
    only = {"VOICE_OIDC_ONLY": "yes", "VOICE_OIDC_EMERGENCY": "Emergency@Example.org"}
    application = create_app(replace(settings, sign_on=sign_on_from(service.settings(**only))), clock)
    yield application
    application.extensions[EXTENSION].database.dispose()


def test_a6_only_the_emergency_account_opens_by_password_when_single_sign_on_is_the_only_way(strict: Flask) -> None:
    add(strict, Role.ADMINISTRATOR, email="emergency@example.org")
    add(strict, Role.ADMINISTRATOR, email="other@example.org")
    pages = PageChecker(strict)
    told = []
    for email, password in (("other@example.org", PASSWORD), ("nobody@example.org", PASSWORD)):
        page = pages.submit(pages.get("/staff/sign-in"), {"email": email, "password": password}, expect=200)
        told.append(page.words(".govuk-error-summary"))
    assert told[0] == told[1]  # the same words, whether somebody has that account or not
    assert ("failed to sign in", "not by password") in acts(strict)
    enter(pages, "emergency@example.org")
    pages.get("/staff/people")


def test_d5_the_emergency_account_opens_while_the_service_is_down(strict: Flask, service: SignInService) -> None:
    service.stop()
    add(strict, Role.ADMINISTRATOR, email="emergency@example.org")
    pages = PageChecker(strict)
    pages.get(LEAVE, expect=503)
    enter(pages, "emergency@example.org")
    pages.get("/staff/people")


def test_a6_the_emergency_account_needs_its_second_step_too(strict: Flask) -> None:
    add(strict, Role.ADMINISTRATOR, email="emergency@example.org")
    pages = PageChecker(strict)
    pages.submit(pages.get("/staff/sign-in"), {"email": "emergency@example.org", "password": PASSWORD})
    assert pages.get("/staff/people", expect=302).location.startswith("/staff/second-step")


def prove_again(pages: PageChecker, service: SignInService, *, expect: int = 200) -> Page:
    """Go to the service from a page that asks for a fresh proof, and come back."""
    left = pages.get(f"{LEAVE}/again", expect=303).location
    asked = parse_qs(urlsplit(left).query)
    assert asked["prompt"] == ["login"]
    assert asked["max_age"] == ["0"]
    return pages.get(path_of(service.arrive(left)), expect=expect)


def test_a8_whoever_comes_by_single_sign_on_proves_it_again_there_and_loses_nothing(
    app: Flask, service: SignInService, clock: SetClock
) -> None:
    service.visitor = Visitor(groups=("Voice Admins",))
    pages = PageChecker(app)
    come_back(pages, service)
    account_id, _ = add(app, Role.ANALYST)
    person = pages.get(f"/staff/people/{account_id}")
    clock.pass_time(timedelta(minutes=6))
    roles = {"roles": ["board_member"], "teams": ""}
    asked = pages.submit(person, roles, form='form[action$="/roles"]', expect=200)
    assert "Prove that it is you" in asked.words()
    service.visitor = Visitor(groups=("Voice Admins",), more={"auth_time": clock.now().timestamp()})
    assert "You have proved that it is you" in prove_again(pages, service).words()
    onward = pages.submit(asked, form="main form", expect=307)
    assert onward.location.endswith("/roles")
    assert ("proved again who they are", "") in acts(app)


@pytest.mark.parametrize("ago", [None, 301, -120])
def test_a8_a_proof_that_is_not_from_now_does_not_count(
    app: Flask, service: SignInService, clock: SetClock, ago: int | None
) -> None:
    pages = PageChecker(app)
    come_back(pages, service)
    if ago is not None:
        service.visitor = Visitor(more={"auth_time": int(clock.now().timestamp()) - ago})
    assert "did not say that you have just proved" in prove_again(pages, service, expect=403).words()


def test_a8_somebody_elses_proof_does_not_count(app: Flask, service: SignInService, clock: SetClock) -> None:
    pages = PageChecker(app)
    come_back(pages, service)
    now = {"auth_time": clock.now().timestamp()}
    service.visitor = Visitor(subject="subject-2", email="kim@council.example", more=now)
    assert "another person" in prove_again(pages, service, expect=403).words()
