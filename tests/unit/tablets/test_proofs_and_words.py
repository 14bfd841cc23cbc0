"""Codes fit to be typed, tokens that cannot be guessed, PINs that would not be guessed at once, and plain words."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hscb_voice.foundation.keys import KeyRing
from hscb_voice.tablets.errors import WeakPinError
from hscb_voice.tablets.proofs import hash_pin, is_token, new_set_up_code, new_token, set_up_code_hash
from hscb_voice.tablets.queries import TabletView
from hscb_voice.tablets.wording import home_words, moment_in_words, seen_words, state_words, waiting_words
from tests.support.tablets import QUICK_PIN

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TABLET = TabletView(
    id="1",
    name="Blue",
    service="Family support",
    team="North team",
    locality="",
    slugs=(),
    pin=QUICK_PIN,
    code_expires_at=NOW + timedelta(minutes=1),
    created_by="a-worker",
    created_at=NOW,
    enrolled_at=None,
    last_seen_at=None,
    waiting=0,
    waiting_since=None,
    needs_help=0,
    late_answers=0,
    revoked_at=None,
    revoked_by=None,
)
OUT = replace(TABLET, enrolled_at=NOW, last_seen_at=NOW - timedelta(days=1), waiting=2)
LATE = replace(OUT, waiting_since=NOW - timedelta(days=3))


def test_codes_are_fit_to_be_typed_and_known_however_they_were() -> None:
    keys = KeyRing({"1": bytes(32)})
    codes = {new_set_up_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01IO25SZ")
    code = codes.pop()
    assert set_up_code_hash(keys, f" {code.lower().replace('-', ' ')} ") == set_up_code_hash(keys, code)
    assert set_up_code_hash(keys, code) != set_up_code_hash(keys, codes.pop())


def test_tokens_are_long_and_never_twice_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(is_token(token) for token in tokens)
    assert not any(is_token(text) for text in ("", "short", "A" * 42 + "!", "A" * 44, "ä" * 43))


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "١٢٣٤٥٦", "12 456", "000000", "123456", "890123", "543210"]
)
def test_a_pin_that_is_none_or_would_be_guessed_at_once_is_refused(pin: str) -> None:
    with pytest.raises(WeakPinError):
        hash_pin(pin, 1)


def test_a_pin_is_hashed_slowly_as_the_tablet_does_it() -> None:
    hashed = hash_pin("270413")
    assert hashed.iterations >= 600_000
    assert hashed.hash == hashlib.pbkdf2_hmac("sha256", b"270413", hashed.salt, hashed.iterations)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=3), "a few minutes ago"),
        (timedelta(hours=1), "today at 09:00"),
        (timedelta(hours=11), "yesterday at 23:00"),
        (timedelta(days=12), "on 10 November 2026"),
    ],
)
def test_moments_are_said_as_people_say_them(ago: timedelta, words: str) -> None:
    assert moment_in_words(NOW - ago, NOW) == words


def test_a_tablet_is_spoken_of_in_plain_words() -> None:
    assert (seen_words(TABLET, NOW), waiting_words(TABLET, NOW), state_words(TABLET, NOW)) == (
        "Not yet",
        "None",
        "Waits for its code",
    )
    assert state_words(TABLET, NOW + timedelta(hours=1)) == "Code has run out"
    assert (seen_words(OUT, NOW), waiting_words(OUT, NOW), state_words(OUT, NOW)) == (
        "Yesterday at 10:00",
        "2",
        "In use",
    )
    assert waiting_words(LATE, NOW) == "2, since 19 November 2026"
    assert state_words(replace(OUT, revoked_at=NOW), NOW) == "Switched off"


def test_the_home_page_speaks_only_of_what_waits_long_or_needs_help() -> None:
    fresh = replace(OUT, waiting_since=NOW - timedelta(minutes=30))
    assert home_words([TABLET, fresh], NOW) == ""
    assert home_words([LATE, fresh], NOW) == "1 tablet has answers waiting since 19 November 2026"
    assert home_words([replace(OUT, needs_help=1), replace(OUT, needs_help=4)], NOW) == "2 tablets need help"
