"""The pages of packs: asking for one, seeing it made, reading and taking it as it was issued, putting it right."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.sealed_tables import destroy_row_key
from hscb_voice.packs.queries import issued_packs, waiting_packs
from hscb_voice.packs.service import ISSUE_JOB
from hscb_voice.responses.service import Span
from hscb_voice.staff.roles import Role
from tests.support.answering import keep_answer
from tests.support.pages import Page, PageChecker
from tests.support.people import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PACKS = "/staff/packs/"
LAST_YEAR = Span(date(2026, 1, 1), date(2026, 1, 31))


def make(platform: Platform) -> None:
    with platform.database.reading() as connection:
        (order,) = waiting_packs(connection)
    platform.jobs.run_for(order.id, [ISSUE_JOB])


def ask(pages: PageChecker, address: str = f"{PACKS}new", **fields: object) -> Page:
    return pages.follow(pages.submit(pages.get(address), {"period": "2025-26", **fields}, expect=303))


def test_an_analyst_issues_a_pack_and_the_board_takes_it(app: Flask, platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]}, span=LAST_YEAR)
    analyst = sign_in(app, Role.ANALYST)
    page = ask(analyst.pages)
    assert "is being made: 0 of 5 files are written" in page.words()
    assert "No worker is running" in page.words()
    make(platform)
    member = sign_in(app, Role.BOARD_MEMBER)
    page = member.pages.get(PACKS)
    assert "Issued on 22 November 2026, 10:00 by Example Analyst" in page.words()
    with platform.database.reading() as connection:
        pack_id = issued_packs(connection)[0].id
    page = member.pages.get(f"{PACKS}{pack_id}")
    assert "What children and families say" in page.words("h1")
    file = member.pages.client.get(f"{PACKS}{pack_id}/pdf")
    assert file.data.startswith(b"%PDF")
    assert file.headers["Content-Disposition"] == 'attachment; filename="voice-meeting-2025-26.pdf"'
    assert file.headers["Cache-Control"] == "no-store"
    with platform.database.reading() as connection:
        taken = connection.execute(select(AuditEntry.who, AuditEntry.subject).where(AuditEntry.act == "took a pack"))
        assert [tuple(row) for row in taken] == [(member.account_id, f"pack {pack_id} pdf")]
    assert "Issue a pack" not in member.pages.get(PACKS).words()
    member.pages.get(f"{PACKS}new", expect=403)


def test_a_pack_is_put_right_by_one_that_says_why(app: Flask, platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]}, span=LAST_YEAR)
    pages = sign_in(app, Role.ANALYST).pages
    ask(pages)
    make(platform)
    with platform.database.reading() as connection:
        old = issued_packs(connection)[0].id
    address = f"{PACKS}new?replaces={old}"
    page = pages.submit(pages.get(address), {"period": "2025-26"}, expect=422)
    assert "Say what was wrong in the pack that this one puts right" in page.words(".govuk-error-summary")
    ask(pages, address, reason="A quarter was missing")
    make(platform)
    assert "A later pack puts this one right." in pages.get(f"{PACKS}{old}").words()
    assert "Puts an earlier one right A quarter was missing" in pages.get(PACKS).words()


def test_a_pack_in_which_words_were_taken_back_says_so_and_hands_nothing_out(app: Flask, platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy"]}, span=LAST_YEAR)
    pages = sign_in(app, Role.ANALYST).pages
    ask(pages)
    make(platform)
    with platform.database.writing() as connection:
        old = issued_packs(connection)[0].id
        destroy_row_key(connection, "issued_packs", old)
    page = pages.get(f"{PACKS}{old}")
    assert "Words in this pack have been taken back" in page.words()
    assert "Put this pack right" not in page.words()
    pages.get(f"{PACKS}{old}/pdf", expect=404)
    listed = pages.get(PACKS)
    assert "Words taken back" in listed.words()
    assert "PDF" not in listed.words("main")


def test_before_anybody_has_answered_there_is_nothing_to_issue(app: Flask) -> None:
    pages = sign_in(app, Role.ANALYST).pages
    assert "No pack has been issued yet" in pages.get(PACKS).words()
    assert "Nobody has answered yet" in pages.get(f"{PACKS}new").words()


def test_what_is_not_there_is_404(app: Flask) -> None:
    pages = sign_in(app, Role.ANALYST).pages
    nobody = "00000000-0000-4000-8000-000000000000"
    for address in (nobody, f"{nobody}/pdf", f"{nobody}/exe"):
        pages.get(PACKS + address, expect=404)
