"""Taking the Board's figures: offered on the Board's pages, by period and questionnaire, in plain words when empty."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.board.periods import reporting_year
from hscb_voice.board.splits import Cut, split_of
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.roles import Role
from tests.support.board_data import filled_file
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's answers, in place of the empty database that other tests begin with."""
    return filled_file(tmp_path_factory.mktemp("board"))


@pytest.fixture
def member(app: Flask) -> SignedIn:
    return sign_in(app, Role.BOARD_MEMBER)


@pytest.mark.parametrize("page", ["/staff/board/", "/staff/board/support-worker-child"])
def test_the_boards_pages_offer_their_figures(member: SignedIn, page: str) -> None:
    found = member.pages.get(f"{page}?period=2016-17-q2")
    addresses = [str(link.attrs["href"]) for link in found.dom.all("main a")]
    links = [address for address in addresses if address.startswith("/staff/figures/")]
    assert links == ["/staff/figures/?period=2016-17-q2"]


def test_each_file_is_offered_and_comes_under_a_name_that_says_what_it_is(member: SignedIn) -> None:
    page = member.pages.get("/staff/figures/?period=2016-17")
    addresses = [str(a.attrs["href"]) for a in page.dom.all("main table a")]
    assert len(addresses) > 20
    for address in addresses[:6]:
        answer = member.pages.client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="figures-')
        assert answer.headers["Cache-Control"] == "no-store"
    assert "figures-all-2016-17.csv" in member.pages.client.get(addresses[0]).headers["Content-Disposition"]


@pytest.mark.parametrize("query", ["period=2016-04..2016-05", "questionnaire=no-such", "period=2016-17-q9"])
def test_a_period_or_questionnaire_that_is_none_is_not_found(member: SignedIn, query: str) -> None:
    assert member.pages.client.get(f"/staff/figures/csv?{query}").status_code == 404


def test_whoever_takes_figures_is_noted_and_asked_for_no_fresh_proof(
    member: SignedIn, platform: Platform, clock: SetClock
) -> None:
    clock.pass_time(timedelta(minutes=10))
    assert member.pages.client.get("/staff/figures/csv?period=2016-17&questionnaire=event").status_code == 200
    with platform.database.reading() as connection:
        taken = connection.execute(select(AuditEntry.who, AuditEntry.subject).where(AuditEntry.act == "took figures"))
        assert [tuple(row) for row in taken] == [(member.account_id, "figures event 2016-17 csv")]


def test_a_split_is_offered_as_a_file_with_just_what_its_page_shows(member: SignedIn, platform: Platform) -> None:
    page = member.pages.get("/staff/board/cp-conference-parent-review/split?period=2016-17&by=helper")
    offered = [str(a.attrs["href"]) for a in page.dom.all("main a") if "/staff/figures/split." in str(a.attrs["href"])]
    assert len(offered) == 3
    answers = [member.pages.client.get(address) for address in offered]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "cp-conference-parent-review-2016-17-by-helper.csv" in answers[0].headers["Content-Disposition"]
    with platform.database.reading() as connection:
        found = split_of(
            connection, "cp-conference-parent-review", reporting_year(2016), Cut.HELPER, platform.clock.today()
        )
    shown = [count.n for question in found.questions for row in question.rows for count in row.counts]
    rows = list(csv.DictReader(io.StringIO(answers[0].data.decode("utf-8-sig"))))
    assert [int(row["Count"]) if row["Count"] else None for row in rows] == shown
    told = json.loads(answers[2].data)
    assert [o["n"] for q in told["questions"] for row in q["rows"] for o in row["options"]] == shown
    assert len(shown) > 20


def test_a_split_that_is_refused_leads_to_the_page_that_says_why(member: SignedIn) -> None:
    answer = member.pages.client.get(
        "/staff/figures/split.csv?period=2016-17-q2&by=age&questionnaire=support-worker-child"
    )
    assert answer.status_code == 302
    assert "/support-worker-child/split?" in answer.headers["Location"]
