"""A page packed beforehand is the same page, whatever stands in its gap."""

import gzip

import pytest

from hscb_voice.collect.prepared import GAP, PreparedPage

LONG = "<p>Question</p>\n" * 4000


@pytest.mark.parametrize("gap", ["a", "0f8fad5b-d9cb-469f-a165-70867728950e", "żółw-łąka"])
def test_the_packed_page_unpacks_to_the_plain_one(gap: str) -> None:
    page = PreparedPage(f"{LONG}{GAP}</form>")
    assert gzip.decompress(page.packed(gap)) == page.plain(gap) == f"{LONG}{gap}</form>".encode()


def test_one_request_leaves_nothing_behind_for_the_next() -> None:
    page = PreparedPage(f"head {GAP} tail")
    first = page.packed("one child's sitting")
    assert b"one child" not in gzip.decompress(page.packed("another"))
    assert page.packed("one child's sitting") == first


def test_a_page_without_its_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        PreparedPage("no gap")
