"""Three-word codes: enough of them, and understood however somebody types them."""

import math

import pytest

from hscb_voice.invitations.codes import is_typed, new_code, tidied_code, typed_code
from hscb_voice.responses.receipts import receipt_words


def test_a_code_is_three_of_our_words_with_thirty_bits_of_chance() -> None:
    words = set(receipt_words())
    codes = {new_code() for _ in range(200)}
    assert all(len(code.split("-")) == 3 and set(code.split("-")) <= words for code in codes)
    assert len(codes) == 200
    assert 3 * math.log2(len(words)) > 30


@pytest.mark.parametrize(
    "typed",
    [
        "acorn-album-almond",
        "  Acorn   ALBUM almond ",
        "acorn,album, almond.",
        "Acorn–Album—Almond",
        "ácorn album almond",
        "acornalbumalmond",
        "acorn - album - almond",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert tidied_code(typed) == "acorn-album-almond"


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [("event", "event"), ("Support WORKER-child", "support-worker-child"), (" ?! ", ""), ("x" * 200, "x" * 80)],
)
def test_a_code_of_another_shape_stays_what_it_is(typed: str, tidy: str) -> None:
    assert tidied_code(typed) == tidy


def test_only_what_a_person_would_type_is_shown_again() -> None:
    assert typed_code("maple-river-stone") == "maple river stone"
    assert typed_code("<b>") == ""
    assert is_typed("Maple River")
    assert not is_typed("\x00")
    assert not is_typed("...")
