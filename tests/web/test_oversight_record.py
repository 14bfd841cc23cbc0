"""The record as the data-protection officer meets it: filters, pages, paper, and taking it along."""

import csv
import io
import json
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask

from hscb_voice.audit.queries import entries
from hscb_voice.audit.service import note
from hscb_voice.foundation.clock import SetClock
from hscb_voice.oversight.asking import Asked, day_of
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.people import SignedIn, add, sign_in


@pytest.fixture
def officer(app: Flask) -> SignedIn:
    """A data-protection officer, signed in."""
    return sign_in(app, Role.DATA_PROTECTION_OFFICER)


def _note(app: Flask, n: int, who: str = "platform", act: str = "swept", subject: str = "nothing {}") -> None:
    here = app.extensions[EXTENSION]
    with here.database.writing() as connection:
        for number in range(n):
            note(connection, who, act, subject.format(number), now=here.clock.now(), reason="=1+1")


def test_l1_the_officer_finds_who_did_what_in_plain_words(app: Flask, officer: SignedIn) -> None:
    analyst, _email = add(app, Role.ANALYST)
    _note(app, 1, analyst, "read a comment", "comment 0190")
    _note(app, 1, analyst, "disabled an account", f"account {analyst}")
    words = officer.pages.get("/staff/record").words()
    assert "Example Analyst" in words
    assert "Read a comment" in words
    assert "Account of Example Analyst" in words
    assert "22 November 2026, 10:00:00" in words


def test_the_list_is_filtered_by_who_act_subject_and_days(app: Flask, officer: SignedIn, clock: SetClock) -> None:
    _note(app, 2, act="swept old letters")
    clock.pass_time(timedelta(minutes=10))
    _note(app, 3, subject="response 0190-{}")
    get = officer.pages.get
    assert "3 entries" in get("/staff/record?act=swept").words()
    assert "2 entries" in get("/staff/record?act=swept+old+letters&who=platform").words()
    assert "3 entries" in get("/staff/record?subject=response+0190").words()
    assert "No entry fits" in get("/staff/record?subject=response_0190").words()  # _ is no wildcard
    assert "No entry fits" in get("/staff/record?until=21+November+2026").words()
    assert "No entry fits" in get("/staff/record?since=23/11/2026").words()
    assert "3 entries" in get("/staff/record?since=2026-11-22&until=22/11/2026&act=swept").words()


def test_a_day_that_is_none_is_said_beside_its_field(officer: SignedIn) -> None:
    page = officer.pages.get("/staff/record?since=31+November+2026", expect=400)
    assert "Enter a day such as" in page.words("#since-error")
    page = officer.pages.get("/staff/record?since=2026-11-22&until=2026-11-21", expect=400)
    assert "must not be before" in page.words("#until-error")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_long_record_is_paged_and_can_be_printed_on_one_page(app: Flask, officer: SignedIn) -> None:
    _note(app, 120)
    page = officer.pages.get("/staff/record?act=swept")
    assert len(page.dom.all("tbody tr")) == 50
    assert "120 entries, newest first; these are 1 to 50" in page.words()
    page = officer.pages.get("/staff/record?act=swept&page=3")
    assert len(page.dom.all("tbody tr")) == 20
    assert len(officer.pages.get("/staff/record?act=swept&print=yes").dom.all("tbody tr")) == 120
    assert "nothing on this page" in officer.pages.get("/staff/record?act=swept&page=9").words()
    officer.pages.get("/staff/record?page=²")


def _take(officer: SignedIn, form: str, query: str = "") -> tuple[str, str]:
    token = officer.pages.get("/staff/record").dom.all(".voice-take input[name=csrf_token]")[0].attrs["value"]
    data = {"csrf_token": token, "form": form} | dict(part.split("=") for part in query.split("&") if part)
    reply = officer.pages.client.post("/staff/record/take", data=data)
    assert reply.status_code == 200
    return reply.get_data(as_text=True), reply.headers["Content-Disposition"]


def test_w5_the_spreadsheet_of_the_record_runs_nothing_and_its_taking_is_noted(app: Flask, officer: SignedIn) -> None:
    _note(app, 2100, subject="=cmd|' /C calc'!A{}")
    text, name = _take(officer, "csv", "act=swept")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert name == 'attachment; filename="record-2026-11-22.csv"'
    assert len(rows) == 2101
    assert rows[1][5] == "'=cmd|' /C calc'!A0"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    with app.extensions[EXTENSION].database.reading() as connection:
        newest = entries(connection, size=1)[0][0]
    assert (newest.who, newest.act, newest.reason) == (officer.account_id, "exported the record", "act: swept")


def test_the_record_for_a_program_can_be_checked_by_whoever_gets_it(app: Flask, officer: SignedIn) -> None:
    _note(app, 3)
    found = json.loads(_take(officer, "json")[0])
    assert [entry["number"] for entry in found] == list(range(1, len(found) + 1))
    assert all(after["previous_hash"] == before["entry_hash"] for before, after in pairwise(found))
    assert found[-1]["act"] == "exported the record"
    assert json.loads(_take(officer, "json", "subject=no such")[0]) == []


def test_a8_whoever_takes_the_record_along_must_have_proved_lately_who_they_are(
    officer: SignedIn, clock: SetClock
) -> None:
    page = officer.pages.get("/staff/record")
    token = page.dom.all(".voice-take input[name=csrf_token]")[0].attrs["value"]
    clock.pass_time(timedelta(minutes=6))
    page = officer.pages.post("/staff/record/take", {"csrf_token": token, "form": "csv"}, expect=200)
    assert "Content-Disposition" not in page.response.headers
    assert page.dom.all("input[name=form]")[0].attrs["value"] == "csv"


def test_it_refuses_to_hand_the_record_over_in_a_form_that_it_does_not_know(officer: SignedIn) -> None:
    page = officer.pages.get("/staff/record")
    token = page.dom.all(".voice-take input[name=csrf_token]")[0].attrs["value"]
    officer.pages.post("/staff/record/take", {"csrf_token": token, "form": "exe"}, expect=400)
    officer.pages.post("/staff/record/take", {"csrf_token": token, "form": "csv", "since": "never"}, expect=400)


@pytest.mark.parametrize(
    ("text", "is_day"),
    [("22 November 2026", True), ("22  Nov 2026", True), ("22.11.2026", True), ("1.1.1066", False), ("", False)],
)
def test_days_are_read_as_people_write_them(text: str, *, is_day: bool) -> None:
    assert (day_of(text) is not None) is is_day
    assert Asked.of({}).given == {}
