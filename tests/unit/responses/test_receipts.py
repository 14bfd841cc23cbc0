"""Receipt codes: three plain words, always the same for one sitting, never another's, never stored."""

import re

import pytest
from sqlalchemy import select

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses import receipts, service
from hscb_voice.responses.models import Response
from hscb_voice.responses.receipts import receipt_for, receipt_hash, receipt_words
from tests.support.answering import keep_answer

KEYS = KeyRing({"2026-01": b"k" * 32})


def test_there_are_enough_words_that_nobody_guesses_a_receipt() -> None:
    words = receipt_words()
    assert len(set(words)) == len(words)
    assert len(words) ** 3 > 500_000_000


def test_the_words_are_plain_to_read_and_to_type() -> None:
    assert [word for word in receipt_words() if not re.fullmatch(r"[a-z]{4,10}", word)] == []


def test_no_word_becomes_another_by_one_slip() -> None:
    words = set(receipt_words())
    letters = "abcdefghijklmnopqrstuvwxyz"

    def slips(word: str) -> set[str]:
        cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        dropped = {a + b[1:] for a, b in cuts if b}
        changed = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
        return (dropped | changed) - {word}

    assert sorted(word for word in words if slips(word) & words) == []


def test_a_sitting_always_gets_the_same_receipt() -> None:
    sitting = new_id()
    assert receipt_for(KEYS, sitting) == receipt_for(KEYS, sitting)
    assert receipt_for(KEYS, sitting) != receipt_for(KEYS, sitting, 1)
    assert receipt_for(KEYS, sitting) != receipt_for(KeyRing({"2026-01": b"z" * 32}), sitting)
    assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", receipt_for(KEYS, sitting))


def test_a_new_key_leaves_old_receipts_as_they_were() -> None:
    rotated = KeyRing({"2026-01": b"k" * 32, "2027-01": b"n" * 32})
    assert receipt_for(rotated, "a sitting") == receipt_for(KEYS, "a sitting")
    assert receipt_hash(rotated, "a-b-c") == receipt_hash(KEYS, "a-b-c")


@pytest.mark.parametrize(
    "typed", ["Robin Kettle Maple", "robin-kettle-maple", "  ROBIN  kettle-maple ", "robin kettle maple"]
)
def test_a_receipt_is_known_however_it_is_typed(typed: str) -> None:
    assert receipt_hash(KEYS, typed) == receipt_hash(KEYS, "robin-kettle-maple")


def test_only_a_keyed_hash_of_it_is_stored(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2": ["happy"]})
    with platform.database.reading() as connection:
        row = connection.execute(select(*Response.__table__.columns)).one()
    assert row.receipt_hash == receipt_hash(platform.keys, kept.receipt)
    assert kept.receipt not in repr(tuple(row))


def test_words_that_are_somebody_elses_are_not_given_twice(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def first_turn_is_always_the_same(keys: KeyRing, sitting_id: str, turn: int = 0) -> str:
        return "robin-kettle-maple" if turn == 0 else receipts.receipt_for(keys, sitting_id, turn)

    monkeypatch.setattr(service, "receipt_for", first_turn_is_always_the_same)
    first = keep_answer(platform, {"q2": ["happy"]})
    second = keep_answer(platform, {"q2": ["sad"]})
    assert first.receipt == "robin-kettle-maple"
    assert second.receipt != first.receipt
    # Sent again, each still gets its own.
    assert keep_answer(platform, {"q2": ["sad"]}, sitting_id=second.response_id).receipt == second.receipt
    assert keep_answer(platform, {"q2": ["happy"]}, sitting_id=first.response_id).receipt == first.receipt
