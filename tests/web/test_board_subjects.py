"""The Board's pages about one subject each: guarded, plain, compared with before, and honest when there is little."""

import re
from pathlib import Path

import pytest
from flask import Flask

from hscb_voice.staff.roles import Role
from tests.support.board_data import filled_file
from tests.support.pages import Page
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SUBJECTS = ("who-is-not-heard", "domestic-abuse", "children-in-care", "data-quality")


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's answers, in place of the empty database that other tests begin with."""
    return filled_file(tmp_path_factory.mktemp("board"))


@pytest.fixture
def member(app: Flask) -> SignedIn:
    return sign_in(app, Role.BOARD_MEMBER)


def _is_drawn_well(page: Page) -> None:
    drawings = page.dom.all('main svg[role="img"]')
    assert len(page.dom.all('main svg[role="img"] > title')) == len(drawings)
    assert len(page.dom.all('main svg[role="img"] > desc')) == len(drawings)


@pytest.mark.parametrize("period", ["2016-17", "2016-17-q2", "2015-16-q1", "2010-11"])
def test_each_subject_has_its_page_in_every_period_and_leads_to_the_others(member: SignedIn, period: str) -> None:
    for subject in SUBJECTS:
        page = member.pages.get(f"/staff/board/{subject}?period={period}")
        _is_drawn_well(page)
        assert page.dom.all('nav[aria-label="The Board’s pages"] a[aria-current="page"]')
        assert len(page.dom.all(f'nav[aria-label="The Board’s pages"] a[href*="period={period}"]')) == 5


def test_who_is_not_heard_tells_the_share_of_those_invited_with_its_range_and_who_is_silent(member: SignedIn) -> None:
    page = member.pages.get("/staff/board/who-is-not-heard?period=2016-17")
    assert "No questionnaire was surely answered by a smaller share" in page.words(".board-lead")
    assert re.search(r"Support worker: children: \d+\s%\s?, likely \d+\s% to \d+\s%", page.words())
    assert "nobody noted how many were invited" in page.words("table")
    assert "Nobody answered" in page.words()


def test_domestic_abuse_stands_beside_the_children_that_the_report_counts(member: SignedIn) -> None:
    page = member.pages.get("/staff/board/domestic-abuse?period=2015-16-q1")
    assert "counts 61 children" in page.words()  # April, May and June: 31, 17 and 13
    assert "All 31 17 13 15 18 23 14 18 16 18 12 8 203" in re.sub(r"\s+", " ", page.words())
    other = member.pages.get("/staff/board/domestic-abuse?period=2016-17").words()
    assert "no count is known for this period" in other


def test_data_quality_tells_ways_languages_and_what_is_read(member: SignedIn) -> None:
    words = member.pages.get("/staff/board/data-quality?period=2016-17").words()
    for told in ("By a link", "English", "Sittings with a second, different answer", "been read by a person"):
        assert told in words


def test_a_period_without_answers_says_so_on_every_page(member: SignedIn) -> None:
    told = (
        "Nobody answered anything",
        "Nobody answered any of the CIDVA",
        "No child in care answered",
        "Nobody answered",
    )
    for subject, words in zip(SUBJECTS, told, strict=True):
        assert words in member.pages.get(f"/staff/board/{subject}?period=2010-11").words()


def test_a_theme_is_shown_beside_the_periods_before_and_explains_when_there_is_too_little(member: SignedIn) -> None:
    overview = member.pages.get("/staff/board/?period=2016-17-q3")
    address = overview.dom.all("#themes ~ h3 ~ .voice-wide a")[0].attrs["href"]
    page = member.pages.get(str(address))
    _is_drawn_well(page)
    for told in ("The quarter before", "The same quarter a year before", "nobody wrote", "spoke of it"):
        assert told.lower() in page.words().lower()
    bare = str(address).split("?")[0]
    assert "Nobody’s words were read" in member.pages.get(f"{bare}?period=2010-11").words()
    member.pages.get("/staff/board/themes/no-such-theme", expect=404)


def test_any_period_can_be_compared_but_none_that_shares_its_days(member: SignedIn) -> None:
    words = member.pages.get("/staff/board/?period=2016-17-q4&with=2016-17-q1").words()
    assert "Chosen: April to June 2016" in words
    assert "Chosen:" not in member.pages.get("/staff/board/?period=2016-17-q4&with=2016-17").words()
    member.pages.get("/staff/board/?with=never", expect=404)


def test_the_overview_says_what_it_is_compared_with(member: SignedIn) -> None:
    assert "Responses now and before" in member.pages.get("/staff/board/?period=2016-17-q2").words()
    first = member.pages.get("/staff/board/?period=2016-17").words()
    assert "Nobody answered in April 2015 to March 2016, so there is nothing to compare with" in first
