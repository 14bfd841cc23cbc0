"""Bringing a spreadsheet as pages: the empty sheet, the look, the yes, what is refused, and who may send a file."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.printing import printable_form
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import READ_JOB
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.markup import attribute
from tests.support.pages import Page
from tests.support.people import SignedIn, move_to, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/staff/spreadsheets/"
TEXT = "id,q2,q2a\na,Happy,She was kind\nb,joyful,\n"
Bring = Callable[..., Page]


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def worker(app: Flask) -> SignedIn:
    return sign_in(app, Role.WORKER)


@pytest.fixture
def bring(worker: SignedIn, here: Platform) -> Bring:
    """Send a file as the page does."""
    with here.database.reading() as connection:
        code = printable_form(connection, "support-worker-child").code

    def send(content: bytes | str = TEXT, expect: int = 303, **more: object) -> Page:
        page = worker.pages.get(ADDRESS)
        token = attribute(page.dom.one("form[enctype] input[name=csrf_token]"), "value")
        raw = content.encode() if isinstance(content, str) else content
        file = FileStorage(io.BytesIO(raw), filename="answers.csv")
        team = attribute(page.dom.all("select[name=team] option")[0], "value")
        data = {"csrf_token": token, "form": code, "team": team, "month": "October 2026", "file": file, **more}
        return worker.pages.post(ADDRESS, data, expect=expect, content_type="multipart/form-data")

    return send


def kept(here: Platform) -> int:
    with here.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def test_a_file_is_looked_at_kept_and_its_refusals_come_back_to_be_mended(
    worker: SignedIn, here: Platform, bring: Bring
) -> None:
    page = worker.pages.follow(bring())
    words = page.words()
    assert "1 row can be kept" in words
    assert "1 row cannot" in words
    assert "“joyful” is none of the answers" in words
    assert "She was kind" in words
    assert kept(here) == 0
    page = worker.pages.follow(worker.pages.submit(page, form="main form[action$=keep]", expect=303))
    assert "1 row kept" in page.words()
    assert "1 of these answers is still to be read by the machine" in page.words()
    assert kept(here) == 1
    here.jobs.run_due(5, [READ_JOB])
    assert "still to be read" not in worker.pages.get(page.address).words()
    file = worker.pages.get(f"{page.address}/refused.csv").response.get_data(as_text=True)
    assert file.startswith("\ufeff")
    assert '"b","joyful",""' in file
    mended = worker.pages.follow(bring(file.replace("joyful", "Sad")))
    assert "1 row can be kept" in mended.words()
    assert "mean nothing here" not in mended.words()


def test_a_preview_is_thrown_away(worker: SignedIn, here: Platform, bring: Bring) -> None:
    page = worker.pages.follow(bring())
    after = worker.pages.follow(worker.pages.submit(page, form="main form[action$=drop]", expect=303))
    assert "Nothing of the file is kept" in after.words("body")
    worker.pages.get(page.address, expect=404)
    assert kept(here) == 0


def test_a_file_that_was_the_wrong_one_is_taken_back(worker: SignedIn, here: Platform, bring: Bring) -> None:
    page = worker.pages.follow(bring("id,q2\na,Happy\nb,Sad\n"))
    page = worker.pages.follow(worker.pages.submit(page, form="main form[action$=keep]", expect=303))
    here.jobs.run_all_due()
    page = worker.pages.follow(worker.pages.submit(page, form="main form[action$=undo]", expect=303))
    assert "2 rows taken back" in page.words()
    assert kept(here) == 0


def test_an_empty_sheet_has_the_columns_lists_and_rules_of_its_form(worker: SignedIn) -> None:
    link = next(a for a in worker.pages.get(ADDRESS).dom.all("a") if "support-worker-parent.xlsx" in str(a.attrs))
    book = load_workbook(io.BytesIO(worker.pages.get(attribute(link, "href") or "").response.get_data()))
    assert book.sheetnames == ["Answers", "What to write", "Lists"]
    header = [cell.value for cell in book["Answers"][1]]
    assert "q3.1: Your relationship with the worker" in header
    assert len(book["Answers"].data_validations.dataValidation) >= 8
    assert "Any of these" in str([cell.value for cell in book["What to write"]["C"]])


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        (b"PK\x03\x04 nonsense", {}, "damaged"),
        (b"", {}, "The file is empty"),
        ("a,b\n1,2\n", {}, "No column of this file is a question"),
        (TEXT, {"month": "soon"}, "Type a month"),
        (TEXT, {"team": "South team"}, "Not a valid choice"),
        (TEXT, {"file": ""}, "Choose a file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_its_field(
    bring: Bring, here: Platform, content: bytes | str, more: dict[str, object], told: str
) -> None:
    page = bring(content, 422, **more)
    assert told in page.words(".govuk-error-summary")
    assert kept(here) == 0


def test_it_refuses_a_file_beyond_five_megabytes_before_it_is_read(bring: Bring) -> None:
    assert bring("id,q2\n" + "x" * (5 * 1024 * 1024 + 65 * 1024), 413).status == 413


def test_nobody_who_is_signed_out_can_send_a_file_and_no_other_page_takes_one(app: Flask, worker: SignedIn) -> None:
    def body() -> dict[str, object]:
        return {"file": (io.BytesIO(b"id,q2\n"), "a.csv")}

    assert app.test_client().post(ADDRESS, data=body(), content_type="multipart/form-data").status_code == 415
    for address in ("/staff/paper/piles/new", "/staff/account/password", "/f/anything"):
        worker.pages.post(address, body(), expect=415, content_type="multipart/form-data")


def test_what_is_sent_never_lies_on_a_disk_on_the_way(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        pytest.fail("a file was put on a disk")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", fail)
    bring("id,q2a\n" + "\n".join(f"{row},{'words ' * 150}" for row in range(1500)))


def test_another_persons_upload_is_not_found(app: Flask, worker: SignedIn, bring: Bring) -> None:
    page = worker.pages.follow(bring())
    colleague = sign_in(app, Role.WORKER, email="colleague@example.org")
    colleague.pages.get(page.address, expect=404)
    colleague.pages.get(f"{page.address}/refused.csv", expect=404)


def test_no_formula_comes_back_in_the_refused_rows(worker: SignedIn, bring: Bring) -> None:
    page = worker.pages.follow(bring('id,q2,q2a\n"=1+1",joyful,"@SUM(1)"\n'))
    text = worker.pages.get(f"{page.address}/refused.csv").response.get_data(as_text=True)
    assert re.findall(r'"[=@][^"]*"', text) == []


def test_r3_whoever_has_left_a_team_brings_nothing_into_it_any_more(
    worker: SignedIn, here: Platform, bring: Bring
) -> None:
    page = worker.pages.follow(bring())
    move_to(here, worker, "South team")
    worker.pages.get(page.address, expect=404)
    worker.pages.submit(page, form="main form[action$=keep]", expect=404)
    assert kept(here) == 0
