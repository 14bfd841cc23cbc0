"""Row S2 by every other door: what could be code comes in by spreadsheets and the API, and leaves in every file."""

import csv
import io
import json

import docx
import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader
from werkzeug.test import TestResponse

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.quoting import approve_quote
from tests.faults.test_row_s2_injection import DANGEROUS, MARK, PAYLOADS, holes_in
from tests.support.answering import keep_answer
from tests.support.file_doors import FileDoors
from tests.support.people import TEAM
from tests.support.sittings import open_codes

pytestmark = pytest.mark.faults
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = PAYLOADS[0]
JSON = {"application/json", "application/problem+json"}
# What a reader of PDF would run, open or follow by itself.
ACTIVE = (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/SubmitForm", b"/URI")


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    return open_codes(app)


@pytest.fixture
def doors(app: Flask, site: Platform) -> FileDoors:
    """Somebody who may do everything."""
    assert site
    return FileDoors(app)


def in_table(name: str, cells: list[str]) -> list[str]:
    return [f"{name}: {cell[:30]!r}" for cell in cells if MARK in cell and cell.startswith(DANGEROUS)]


def holes_in_file(kind: str, content: bytes) -> list[str]:
    """Return where a file would run what was put in."""
    if kind == "csv":
        return in_table(kind, [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row])
    if kind == "xlsx":
        cells = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
        return [f"xlsx: formula {cell.value!r}" for cell in cells if cell.data_type == "f" or cell.hyperlink]
    if kind == "docx":
        word = docx.Document(io.BytesIO(content))
        links = [str(one.target_ref) for one in word.part.rels.values() if one.is_external]
        return [f"docx: {link}" for link in links] + [
            f"docx: {one.tag}" for one in word.element.iter() if MARK in str(one.tag)
        ]
    if kind == "pdf":
        PdfReader(io.BytesIO(content))
        return [f"pdf: {name.decode()}" for name in ACTIVE if name in content]
    if kind == "jsonl":
        lines = [json.loads(line) for line in content.splitlines()]
        return [f"jsonl: {type(line)}" for line in lines if not isinstance(line, dict)]
    return []


def workbook(rows: list[list[str]]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None] * len(row))
        for place, cell in enumerate(row, start=1):
            clean = "".join(letter for letter in cell if letter >= " ")  # a workbook cannot hold the others
            held = sheet.cell(sheet.max_row, place, clean)
            held.data_type = "s"
    book.save(content)
    return content.getvalue()


def broken(name: str, answer: TestResponse) -> list[str]:
    return [f"{name}: broke with {answer.status_code}"] if answer.status_code >= 500 else []


@ON_ONE
def test_row_s2_spreadsheets_bring_in_words_and_no_code(doors: FileDoors) -> None:
    found = []
    rows = [["id", "q2", "q2a", PAYLOADS[0]]]
    rows += [[payload, payload if n % 2 else "Happy", payload, payload] for n, payload in enumerate(PAYLOADS)]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    for name, content in (("a.csv", text.getvalue().encode()), ("a.xlsx", workbook(rows))):
        answers = list(doors.bring(content, name))
        assert len(answers) == 5, f"{name} was not taken: {answers[0].status}"
        found += [hole for answer in answers for hole in holes_in(name, answer) + broken(name, answer)]
    for payload in PAYLOADS:
        for wrong in ({"month": payload}, {"form": payload}, {"team": payload}):
            for answer in doors.bring(payload.encode(), payload.replace("\r\n", ""), **wrong):
                found += holes_in("wrong", answer) + broken("wrong", answer)
    assert found == []


@ON_ONE
def test_row_s2_files_of_every_kind_hold_words_and_no_code(doors: FileDoors) -> None:
    kept = [
        keep_answer(doors.here, {"q2": ["happy"], "q2a": payload, "may_quote": "yes"}, setting=Setting(team=TEAM))
        for payload in PAYLOADS
    ]
    doors.here.jobs.run_due(500)
    with doors.here.database.writing() as connection:
        for comment in comments_of(connection, doors.here.keys, [one.response_id for one in kept]):
            approve_quote(connection, comment.id, [], "an analyst", doors.here.clock.now())
    files = {f"export {kind}": (kind, content) for kind, content in doors.take_files(REASON).items()}
    pack = doors.issue_pack(REASON)
    files |= {f"pack {form}": (form, answer.data) for form, answer in pack.items() if form not in {"page", "list"}}
    files |= {f"case file {n}": ("pdf", doors.case_file(one.response_id).data) for n, one in enumerate(kept)}
    found = {name: holes for name, (kind, content) in files.items() if (holes := holes_in_file(kind, content))}
    assert found == {}
    assert [hole for name in ("page", "list") for hole in holes_in(name, pack[name])] == []
    # The words are there: as words.
    assert MARK in files["export csv"][1].decode()
    assert MARK in pack["page"].text
    assert len(files) == 4 + 5 + len(PAYLOADS)


@ON_ONE
def test_row_s2_the_api_gives_nothing_back_as_code(doors: FileDoors) -> None:
    found, token = [], doors.token()
    for payload in PAYLOADS:
        for given in ("", token):
            for answer in doors.ask_api(payload, given):
                found += holes_in("api", answer) + broken("api", answer)
                # A path with two slashes is sent on to the one without by the web library, as a page.
                found += [] if answer.mimetype in JSON or answer.status_code in {304, 308} else [answer.status]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert found == []


def test_row_s2_a_planted_hole_in_each_kind_of_file_is_found() -> None:
    book, content = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["A1"] = "=1+1"
    book.save(content)
    assert holes_in_file("xlsx", content.getvalue())
    assert holes_in_file("csv", f'"={MARK}"\n'.encode())
    assert holes_in_file("jsonl", b"[1]\n")
