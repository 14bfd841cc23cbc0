"""Row S7 by every other door: what comes in by a spreadsheet or the API, and leaves in files, is in no log and table.

Exports, packs and the case file hold a child's words, because that is what they are for. Beside them nothing may.
"""

import io
import json
import logging

import pytest
from flask import Flask
from sqlalchemy import update

from hscb_voice.foundation.logs import set_up_logs
from hscb_voice.foundation.platform import Platform
from hscb_voice.operations.metrics import registry_of
from hscb_voice.packs.models import PackOrder
from hscb_voice.responses.models import Comment, Response
from hscb_voice.responses.service import Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.themes.quoting import approve_quote
from tests.faults.test_row_s7_planted_markers import EMAIL, NAME, SENTENCE, found_in
from tests.support.answering import keep_answer
from tests.support.database_files import bytes_on_disk
from tests.support.file_doors import FileDoors
from tests.support.people import TEAM
from tests.support.sittings import open_codes

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)]
WORDS = f"{SENTENCE}. {NAME} knows."


@pytest.fixture
def doors(app: Flask) -> FileDoors:
    """Somebody who may do everything, on a site whose codes are open."""
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    open_codes(app)
    return FileDoors(app)


def _bring(doors: FileDoors) -> list[int]:
    """Bring what can be kept, what is refused, and what is no spreadsheet, each with the markers in it."""
    kept = f'id,q2,q2a\n"{NAME}",Happy,"{WORDS}"\n"{EMAIL}","{WORDS}","{WORDS}"\n'
    wrong = [kept.encode("utf-16"), f"PK\x03\x04{WORDS}".encode(), f'"{WORDS}\n'.encode() * 50]
    answers = list(doors.bring(kept.encode(), f"{NAME}.csv"))
    for content in wrong:
        answers += doors.bring(content, f"{NAME}.xlsx", month=SENTENCE)
    return [answer.status_code for answer in answers]


def _quote(platform: Platform) -> str:
    setting = Setting(team=TEAM)
    kept = [keep_answer(platform, {"q2a": WORDS, "may_quote": "yes"}, setting=setting) for _ in range(6)]
    platform.jobs.run_due(500)
    with platform.database.writing() as connection:
        for comment in comments_of(connection, platform.keys, [one.response_id for one in kept]):
            approve_quote(connection, comment.id, [], "an analyst", platform.clock.now())
    return kept[0].response_id


def _spoil(platform: Platform) -> None:
    """Let what is sealed be no longer what it was, so that whoever opens it fails with the words half in hand."""
    with platform.database.writing() as connection:
        connection.execute(update(Comment).values(sealed=b"0" * 60))


def test_row_s7_words_that_come_and_go_by_files_leave_no_trace_beside_them(
    doors: FileDoors,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    log = io.StringIO()
    set_up_logs(to=log)  # standard error may be another by now than when the application was made
    here = doors.here
    statuses = _bring(doors)
    response_id = _quote(here)
    files = doors.take_files("For a talk")
    pack = doors.issue_pack("The meeting is tomorrow")
    case_file = doors.case_file(response_id)
    token = doors.token()
    refusals = [answer for given in ("", token) for answer in doors.ask_api(WORDS, given)]
    _spoil(here)
    assert doors.ask_for_file("csv", "For another talk").status_code == 303
    here.jobs.run_due(500)
    doors.case_file(response_id)
    doors.issue_pack("Once more")
    with here.database.reading() as connection:
        record = json.dumps([str(row) for row in connection.exec_driver_sql("SELECT * FROM audit_entries")])
    cluster = None if here.database.is_sqlite else request.getfixturevalue("postgresql")
    said = log.getvalue() + "".join(capfd.readouterr()) + caplog.text
    traces = {
        "log": said.encode(),
        "database": bytes_on_disk(here.database, cluster),
        "record": record.encode(),
        "metrics": b"".join(str(family).encode() for family in registry_of(here).collect()),
        "API": b"".join(answer.data + str(answer.headers).encode() for answer in refusals),
    }
    assert {name: found for name, trace in traces.items() if (found := found_in(trace))} == {}
    # The search was worth something: the words came in, went out and were in hand when things broke.
    assert {303, 200, 422} <= set(statuses)
    assert found_in(files["csv"])
    assert found_in(pack["html"].data)
    assert case_file.data.startswith(b"%PDF")
    assert {answer.status_code for answer in refusals} >= {401, 404}
    assert "job failed" in said
    with here.database.reading() as connection:
        assert connection.execute(Response.__table__.select()).all()
        assert connection.execute(PackOrder.__table__.select()).all()
