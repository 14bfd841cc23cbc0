"""A page packed beforehand is the same page, whatever stands in its gap."""

import gzip

import brotli
import pytest

from hscb_voice.collect.prepared import GAP, PreparedPage

LONG = "<p>Question</p>\n" * 4000
SITTING = "0f8fad5b-d9cb-469f-a165-70867728950e"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize("packing", UNPACK)
@pytest.mark.parametrize("gap", ["a", SITTING, "żółw-łąka"])
@pytest.mark.parametrize("tail", ["", "</form>", "<p>x</p>" * 20_000])
def test_the_packed_page_unpacks_to_the_plain_one(packing: str, gap: str, tail: str) -> None:
    page = PreparedPage(f"{LONG}{GAP}{tail}")
    assert UNPACK[packing](page.filled(gap, packing)) == f"{LONG}{gap}{tail}".encode()


@pytest.mark.parametrize("packing", UNPACK)
def test_one_request_leaves_nothing_behind_for_the_next(packing: str) -> None:
    page = PreparedPage(f"head {GAP} tail")
    first = page.filled("one child's sitting", packing)
    assert b"one child" not in UNPACK[packing](page.filled("another", packing))
    assert page.filled("one child's sitting", packing) == first


def test_it_packs_smaller_for_browsers_that_take_more() -> None:
    page = PreparedPage(f"{LONG}{GAP}</form>")
    assert len(page.filled(SITTING, "br")) < len(page.filled(SITTING, "gzip")) < len(page.filled(SITTING, ""))


def test_a_page_without_its_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        PreparedPage("no gap")
