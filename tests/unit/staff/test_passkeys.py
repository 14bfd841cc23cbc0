"""A3: passkeys count as both factors, on this site only, and each answer once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff import passkeys
from hscb_voice.staff.errors import AccountError
from hscb_voice.staff.passkeys import PROVE, SIGN_IN, Site
from hscb_voice.staff.queries import Person, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person, disable
from tests.support.passkey_device import PasskeyDevice

SITE = Site("voice.example.org", "https://voice.example.org", "Example Board")
PASSWORD = "copper lantern meadow 47"


@pytest.fixture
def person(platform: Platform) -> Person:
    """Somebody without a second factor yet."""
    return _add(platform, "someone@example.org")


def _add(platform: Platform, email: str) -> Person:
    new = NewPerson(email, "Example Person", frozenset({Role.ANALYST}))
    with platform.database.writing() as connection:
        account_id = add_person(connection, new, PASSWORD, now=platform.clock.now())
        return person_by_id(connection, account_id)


def _register(platform: Platform, person: Person, device: PasskeyDevice, *, verified: bool = True) -> None:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        question = passkeys.ask_to_register(connection, SITE, person, now=now)
        passkeys.register(connection, SITE, person, device.make(question, verified=verified), name=" Key ", now=now)


def _ask(platform: Platform, purpose: str = SIGN_IN, account_id: str | None = None) -> dict[str, object]:
    with platform.database.writing() as connection:
        return passkeys.ask_to_prove(connection, SITE, purpose, now=platform.clock.now(), account_id=account_id)


def _prove(platform: Platform, answer: str, purpose: str = SIGN_IN, account_id: str | None = None) -> str:
    now = platform.clock.now()
    with platform.database.writing() as connection:
        return passkeys.proved_by(connection, SITE, purpose, answer, now=now, account_id=account_id)


def test_a3_a_passkey_proves_whose_it_is_and_the_same_answer_counts_once(platform: Platform, person: Person) -> None:
    device = PasskeyDevice(SITE.origin)
    _register(platform, person, device)
    answer = device.prove(_ask(platform))
    assert _prove(platform, answer) == person.id
    with pytest.raises(AccountError, match="not accepted"):
        _prove(platform, answer)
    with platform.database.reading() as connection:
        [known] = passkeys.passkeys_of(connection, person.id)
    assert (known.name, known.used_at) == ("Key", platform.clock.now())


def test_a3_an_answer_after_five_minutes_is_refused(platform: Platform, person: Person, clock: SetClock) -> None:
    device = PasskeyDevice(SITE.origin)
    _register(platform, person, device)
    answer = device.prove(_ask(platform))
    clock.pass_time(timedelta(minutes=5))
    with pytest.raises(AccountError):
        _prove(platform, answer)


def test_a3_an_answer_given_to_another_site_is_refused(platform: Platform, person: Person) -> None:
    device = PasskeyDevice(SITE.origin)
    _register(platform, person, device)
    device.origin = "https://voice.example.net"
    with pytest.raises(AccountError):
        _prove(platform, device.prove(_ask(platform)))


def test_a3_a_device_that_has_not_checked_its_owner_is_refused(platform: Platform, person: Person) -> None:
    device = PasskeyDevice(SITE.origin)
    with pytest.raises(AccountError):
        _register(platform, person, device, verified=False)
    _register(platform, person, device)
    with pytest.raises(AccountError):
        _prove(platform, device.prove(_ask(platform), verified=False))


def test_a3_a_copy_of_a_key_that_counts_backwards_is_refused(platform: Platform, person: Person) -> None:
    device = PasskeyDevice(SITE.origin)
    _register(platform, person, device)
    _prove(platform, device.prove(_ask(platform)))
    device.count = 0
    with pytest.raises(AccountError):
        _prove(platform, device.prove(_ask(platform)))


def test_a3_nobody_proves_who_somebody_else_is(platform: Platform, person: Person) -> None:
    other = _add(platform, "other@example.org")
    device = PasskeyDevice(SITE.origin)
    _register(platform, other, device)
    with pytest.raises(AccountError):
        _prove(platform, device.prove(_ask(platform, PROVE, person.id)), PROVE, person.id)
    with pytest.raises(AccountError):
        _prove(platform, device.prove(_ask(platform, SIGN_IN)), PROVE, other.id)


def test_a3_a_disabled_persons_passkey_opens_nothing(platform: Platform, person: Person) -> None:
    device = PasskeyDevice(SITE.origin)
    _register(platform, person, device)
    with platform.database.writing() as connection:
        disable(connection, person.id, now=platform.clock.now(), by="platform")
    with pytest.raises(AccountError):
        _prove(platform, device.prove(_ask(platform)))


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": 1}', "x" * 30_000])
def test_a3_what_is_no_answer_is_refused(platform: Platform, person: Person, answer: str) -> None:
    with pytest.raises(AccountError):
        _prove(platform, answer)
    with pytest.raises(AccountError), platform.database.writing() as connection:
        passkeys.register(connection, SITE, person, answer, name="", now=platform.clock.now())


def test_a_passkey_that_is_known_is_not_added_twice_nor_an_eleventh(platform: Platform, person: Person) -> None:
    device = PasskeyDevice(SITE.origin)
    _register(platform, person, device)
    with pytest.raises(AccountError, match="not accepted"):
        _register(platform, _add(platform, "other@example.org"), device)
    for _ in range(9):
        _register(platform, person, PasskeyDevice(SITE.origin))
    with pytest.raises(AccountError, match="at most 10"):
        _register(platform, person, PasskeyDevice(SITE.origin))


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://voice.example.org", "https://voice.example.org"),
        ("https://voice.example.org:8443", "https://voice.example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://voice.example.org", None),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]:8000", None),
    ],
)
def test_passkeys_are_tied_to_a_name_reached_safely(settings: Settings, address: str, origin: str | None) -> None:
    site = passkeys.site_of(replace(settings, public_address=address))
    assert (site.origin if site else None) == origin
