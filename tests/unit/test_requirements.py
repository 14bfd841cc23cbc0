"""The page of requirements is true: each number stands in the names of tests in the files that it tells."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
_NAME = re.compile(r"^def test_(\w+)\(", re.MULTILINE)
_NUMBER = re.compile(r"[a-z]\d+")
_LINE = re.compile(r"^\| ([A-Z]\d+) \| [^|]+ \| (.+) \|$")


def numbers_of(name: str) -> set[str]:
    """Return what a test's name says it holds: `C1`, or `row F1` for a row of faults and attacks."""
    held, is_row = set(), False
    for word in name.split("_"):
        if word == "row":
            is_row = True
        elif _NUMBER.fullmatch(word):
            held.add(f"row {word.upper()}" if is_row else word.upper())
            is_row = False
        else:
            break
    return held


def held_by_file() -> dict[str, set[str]]:
    """Return for each number the files whose tests carry it."""
    found = defaultdict(set)
    for file in HOUSE.glob("tests/**/test_*.py"):
        for name in _NAME.findall(file.read_text(encoding="utf-8")):
            for number in numbers_of(name):
                found[number].add(file.relative_to(HOUSE).as_posix())
    return found


def told() -> dict[str, set[str]]:
    """Return for each number the files that the page tells."""
    text = (HOUSE / "docs" / "requirements.md").read_text(encoding="utf-8")
    requirements, _, rows = text.partition("## Faults and attacks")
    page = {}
    for part, mark in ((requirements, ""), (rows, "row ")):
        for line in part.splitlines():
            found = _LINE.match(line)
            if found is not None:
                page[mark + found[1]] = set(re.findall(r"`([^`]+)`", found[2]))
    return page


def test_the_page_tells_of_every_number_the_files_that_hold_it_and_no_others() -> None:
    held = held_by_file()
    page = told()
    assert len(page) >= 60
    assert page == {number: held[number] for number in page}
    assert {number for number, files in page.items() if not files} == set()


def test_no_test_carries_a_number_that_the_page_does_not_know() -> None:
    assert set(held_by_file()) <= set(told())


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("c1_a_concern_is_a_row", {"C1"}),
        ("row_s1_r3_another_team", {"row S1", "R3"}),
        ("w1_w2_row_s5_headers", {"W1", "W2", "row S5"}),
        ("a_word_b2_later", set()),
    ],
)
def test_a_name_tells_its_numbers(name: str, numbers: set[str]) -> None:
    assert numbers_of(name) == numbers
