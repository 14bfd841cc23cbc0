"""The page of splits: its filters stand in the address, and what cannot be shown is said in plain words."""

from pathlib import Path

import pytest
from flask import Flask

from hscb_voice.staff.roles import Role
from tests.support.board_data import filled_file
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/staff/board/support-worker-child/split"


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's answers, in place of the empty database that other tests begin with."""
    return filled_file(tmp_path_factory.mktemp("board"))


@pytest.fixture
def member(app: Flask) -> SignedIn:
    return sign_in(app, Role.BOARD_MEMBER)


def test_a_year_leads_to_its_splits_and_a_quarter_says_why_there_are_none(member: SignedIn) -> None:
    year = member.pages.get("/staff/board/support-worker-child?period=2016-17")
    assert year.dom.all('a[href$="split?period=2016-17&by=age"]')
    quarter = member.pages.get("/staff/board/support-worker-child?period=2016-17-q2").words()
    assert "are given for a whole reporting year" in quarter


def test_every_group_is_shown_and_each_alone_by_its_address(member: SignedIn) -> None:
    page = member.pages.get(f"{PAGE}?period=2016-17&by=helper")
    groups = [option.attrs["value"] for option in page.dom.all("#only option")]
    assert len(groups) > 2
    alone = member.pages.get(f"{PAGE}?period=2016-17&by=helper&only={groups[1]}")
    assert alone.dom.all(f'#only option[value="{groups[1]}"][selected]')


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("period=2016-17-q2&by=age", "for a whole reporting year only"),
        ("period=2016-17&by=age&by=helper", "One at a time"),
        ("period=2016-17&by=shoe", "Choose by what to split"),
        ("period=2016-17", "Choose by what to split"),
        ("period=2016-17&by=helper&only=nobody", "no such group"),
        ("period=2016-17&by=service", "not two groups of ten"),
    ],
)
def test_it_says_in_plain_words_why_a_split_is_not_shown(member: SignedIn, asked: str, why: str) -> None:
    page = member.pages.get(f"{PAGE}?{asked}", expect=422)
    assert why in page.words(".govuk-inset-text")
    assert "All answers together" in page.words()


def test_no_empty_file_is_offered_where_no_question_can_be_split(member: SignedIn) -> None:
    seen = set()
    for slug in ("support-worker-child", "cp-conference-parent-review", "cidva-parent", "cp-conference-child"):
        for cut in ("helper", "age", "service"):
            answer = member.pages.client.get(f"/staff/board/{slug}/split?period=2016-17&by={cut}")
            if answer.status_code == 200:
                text = answer.get_data(as_text=True)
                is_empty = "No question of this year can be split" in text
                assert ("As a file:" in text) is not is_empty
                seen.add(is_empty)
    assert seen == {False, True}


def test_there_is_no_split_of_what_is_not_asked(member: SignedIn) -> None:
    member.pages.get("/staff/board/nothing/split?period=2016-17&by=age", expect=404)
