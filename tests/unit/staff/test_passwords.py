"""Passwords: long enough, not easily guessed, and hashed with argon2id."""

import pytest

from hscb_voice.staff.errors import WeakPasswordError
from hscb_voice.staff.passwords import LONGEST, check_new_password, hash_password, password_fits


@pytest.mark.parametrize(
    "password",
    [
        "copper lantern meadow 47",
        "copperlantern",
        "ünïcodé wörds äre fine",
        "tqzv-9mk2-xw7p",
        "x" + "correct horse battery staple " * 4,
        "my mum sings opera",
    ],
)
def test_it_takes_a_long_password_without_asking_for_kinds_of_letters(password: str) -> None:
    check_new_password(password, "someone@example.org", "Example Person")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "at least 12"),
        ("lantern 47!", "at least 12"),
        ("x1" * LONGEST, "at most"),
        ("aaaaaaaaaaaaaaaa", "guessed"),
        ("abababababab", "guessed"),
        ("123456789012", "guessed"),
        ("qwertyuiopas", "guessed"),
        ("zyxwvutsrqponm", "guessed"),
        ("Password1234", "guessed"),
        ("P@ssw0rd2026!", "guessed"),
        ("Welcome to Hereford 1", "guessed"),
        ("safeguarding-board-2026", "guessed"),
        ("ExamplePerson99", "guessed"),
        ("someone.example.org", "guessed"),
        ("849201758392", "guessed"),
    ],
)
def test_it_refuses_a_password_that_is_short_or_easily_guessed(password: str, says: str) -> None:
    with pytest.raises(WeakPasswordError, match=says):
        check_new_password(password, "someone@example.org", "Example Person")


def test_a1_a_password_is_hashed_with_argon2id_and_only_it_fits() -> None:
    hashed = hash_password("copper lantern meadow 47")
    assert hashed.startswith("$argon2id$")
    assert hash_password("copper lantern meadow 47") != hashed
    assert password_fits("copper lantern meadow 47", hashed)
    assert not password_fits("copper lantern meadow 48", hashed)


def test_a_password_fits_however_its_letters_were_composed() -> None:
    assert password_fits("cafe\u0301 by the old river", hash_password("caf\u00e9 by the old river"))


def test_no_password_fits_an_account_that_does_not_exist() -> None:
    assert not password_fits("a password that nobody has", "")
    assert not password_fits("anything at all", "not a hash")
