"""The pages about agreement: figures of coders, in plain words, and never a word of a comment."""

import csv
import io

import pytest
from flask import Flask

from hscb_voice.reading_room.blind import Codes, code_blind
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.people import sign_in
from tests.unit.reading_room.test_blind import drawn, first_coded
from tests.unit.reading_room.test_reading_list import say

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/staff/agreement/"


@pytest.fixture
def twelve(app: Flask) -> None:
    """Twelve comments coded twice; the two differ about one."""
    here = app.extensions[EXTENSION]
    ids = [say(here, f"A violet kettle sang {number} times.") for number in range(12)]
    first_coded(here, *ids[:6])
    first_coded(here, *ids[6:], polarity="negative")
    sample_id = drawn(here)
    with here.database.writing() as connection:
        for item_id in ids[:7]:
            code_blind(connection, sample_id, item_id, "the second", Codes("positive", {}), here.clock)
        for item_id in ids[7:]:
            code_blind(connection, sample_id, item_id, "the second", Codes("negative", {}), here.clock)


def test_before_anything_is_coded_twice_the_page_says_how_to_begin(app: Flask) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    assert "No comment has been coded by two people yet" in lead.pages.get(ADDRESS).words()
    assert "No comment of any quarter" in lead.pages.get(f"{ADDRESS}about/school").words()


@pytest.mark.usefixtures("twelve")
def test_an_analyst_sees_kappa_alpha_n_and_what_they_mean(app: Flask) -> None:
    page = sign_in(app, Role.ANALYST).pages.get(ADDRESS)
    words = page.words()
    assert "12 comments coded by two people" in words
    assert "11 of 12" in words
    assert "0.83 (0.3" in words
    assert "nothing can be said of them: Being listened to; " in words
    assert "kettle" not in page.text


@pytest.mark.usefixtures("twelve")
def test_one_quarter_and_one_theme_can_be_looked_at_alone_and_others_are_not_found(app: Flask) -> None:
    pages = sign_in(app, Role.ANALYST).pages
    assert "12 comments" in pages.get(f"{ADDRESS}?quarter=2026-27 Q3").words()
    assert "2026-27 Q3" in pages.get(f"{ADDRESS}about/polarity").words()
    pages.get(f"{ADDRESS}?quarter=2020-21 Q1", expect=404)
    pages.get(f"{ADDRESS}about/no-theme", expect=404)


@pytest.mark.usefixtures("twelve")
def test_every_figure_can_be_taken_along_as_a_spreadsheet(app: Flask) -> None:
    taken = sign_in(app, Role.ANALYST).pages.get(f"{ADDRESS}agreement.csv")
    rows = list(csv.DictReader(io.StringIO(taken.text.removeprefix("\ufeff"))))
    first = next(row for row in rows if row["theme"] == "Good or bad")
    assert (first["two people comments"], first["two people same"]) == ("12", "11")
    assert float(first["two people kappa"]) == pytest.approx(0.8333, abs=0.0001)
    assert {row["quarter"] for row in rows} == {"All quarters together", "2026-27 Q3"}


@pytest.mark.parametrize("role", [Role.WORKER, Role.TEAM_MANAGER, Role.BOARD_MEMBER, Role.ADMINISTRATOR])
def test_others_do_not_see_how_coders_differ(app: Flask, role: Role) -> None:
    sign_in(app, role).pages.get(ADDRESS, expect=403)
