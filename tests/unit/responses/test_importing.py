"""Bringing in answers from files: JSON lines and CSV, idempotent by id, refusing line by line with a reason."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

import hscb_voice
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.importing import (
    ImportedLine,
    ImportRefusedError,
    import_records,
    read_records,
    response_id_of,
)
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import EVERY_TEAM, ResponseSummary, response_by_id
from hscb_voice.responses.words import comments_of

PRINTED = Path(hscb_voice.__file__).parent / "demonstration" / "report-2015-16.jsonl"
LINE = {"id": "a-1", "questionnaire": "support-worker-child", "period": "2015-16", "answers": {"q2": ["happy"]}}


def _file(tmp_path: Path, *lines: Any, name: str = "in.jsonl") -> Path:
    file = tmp_path / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return file


def _bring_in(platform: Platform, file: Path, **more: bool) -> list[ImportedLine]:
    return list(import_records(platform.database, platform.keys, platform.clock, read_records(file), **more))


def _response(platform: Platform, import_id: str) -> ResponseSummary:
    with platform.database.reading() as connection:
        return response_by_id(connection, EVERY_TEAM, response_id_of(import_id))


def _words(platform: Platform, import_id: str) -> dict[str, str]:
    with platform.database.reading() as connection:
        return {c.question: c.text for c in comments_of(connection, platform.keys, [response_id_of(import_id)])}


def _kept(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Response)).scalar_one()


def test_every_printed_answer_of_2015_16_is_kept_and_importing_again_changes_nothing(platform: Platform) -> None:
    first = _bring_in(platform, PRINTED)
    assert [line for line in first if line.outcome != "kept"] == []
    assert len(first) == 33
    assert {line.outcome for line in _bring_in(platform, PRINTED)} == {"known"}
    assert _kept(platform) == 33


def test_a_printed_answer_is_kept_word_for_word(platform: Platform) -> None:
    _bring_in(platform, PRINTED)
    assert _words(platform, "report-2015-16-001") == {"q2a": "it helped me to tell mummy my true feelings."}
    ticks = _response(platform, "report-2015-16-006")
    assert ticks.answers == {"q4": ["1", "4", "8"]}
    parent = _response(platform, "report-2015-16-007")
    assert parent.answers["carer"] == "female"
    assert (parent.respondent, parent.span_start, parent.span_end) == ("parent", date(2015, 4, 1), date(2016, 3, 31))


def test_a_line_keeps_all_that_it_tells(platform: Platform, tmp_path: Path) -> None:
    line = {
        **LINE,
        "respondent": "child",
        "variant": "under-9",
        "language": "pl",
        "source": "section 5",
        "setting": {
            "service": "Family support",
            "team": "north",
            "locality": "Leominster",
            "point": "final",
            "session_date": "2015-11-03",
            "channel": "paper",
        },
        "codes": {"q2a": {"themes": ["worker"]}},
        "answers": {"q2a": "Zażółć gęślą jaźń 🙂"},
    }
    assert _bring_in(platform, _file(tmp_path, line))[0].outcome == "kept"
    response = _response(platform, "a-1")
    assert (response.variant, response.language, response.source) == ("under-9", "pl", "section 5")
    assert (response.service, response.team, response.locality) == ("Family support", "north", "Leominster")
    assert (response.point, response.session_date, response.channel) == ("final", date(2015, 11, 3), "paper")
    assert response.invented is False
    assert _words(platform, "a-1") == {"q2a": "Zażółć gęślą jaźń 🙂"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "the line has no id"),
        ({"id": ["x"]}, "“id” must be a text"),
        ({"questionnaire": "no-such"}, "There is no published questionnaire “no-such”"),
        ({"questionnaire": None}, "There is no published questionnaire"),
        ({"respondent": "teacher"}, "respondent must be child, parent or professional, not “teacher”"),
        ({"answers": {}}, "the line has no answers"),
        ({"answers": ["q2"]}, "“answers” must be an object"),
        ({"setting": "north"}, "“setting” must be an object"),
        ({"setting": {"child": "x"}}, "the setting has no field “child”"),
        ({"setting": {"session_date": "3.11.2015"}}, "“3.11.2015” is not a date"),
        ({"answers": {"q99": "x"}}, "q99: this questionnaire has no such question"),
        ({"answers": {"q2": ["furious"]}}, "q2: “furious” is not one of the answers"),
        ({"answers": {"q2a": 7}}, "q2a: this answer must be words"),
        ({"answers": {"q2a": "x" * 5001}}, "q2a: this is longer than 5000"),
        ({"variant": "over-90"}, "this questionnaire has no variant “over-90”"),
        ({"period": "2015-17"}, "the period “2015-17” is not"),
        ({"period": "2015-13"}, "the period “2015-13” is not"),
        ({"period": "last year"}, "the period “last year” is not"),
        ({"date": "yesterday"}, "“yesterday” is not a date"),
        ({"name": "x"}, "there is no field “name”"),
        ({"respondent": ["child"]}, "“respondent” must be a text"),
        ({"variant": {"x": 1}}, "“variant” must be a text"),
        ({"language": True}, "“language” must be a text"),
        ({"source": "x" * 121}, "“source” is longer than 120"),
        ({"setting": {"service": "x" * 81}}, "“service” is longer than 80"),
        ({"setting": {"team": "a\x00b"}}, "“team” holds a character that cannot be kept"),
        ({"setting": {"team": "\ud800"}}, "“team” holds a character that cannot be kept"),
        ({"id": "\ud800"}, "“id” holds a character that cannot be kept"),
        ({"period": "0000-01"}, "the period “0000-01” is not"),
        ({"period": "9999-12"}, "the period “9999-12” is not"),
        ({"date": "9999-12-31"}, "“9999-12-31” is not within the years"),
        ({"period": "9999-12-31"}, "“9999-12-31” is not within the years"),
    ],
)
def test_it_refuses_a_line_with_its_reason_and_brings_in_the_rest(
    platform: Platform, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    outcomes = _bring_in(platform, _file(tmp_path, {**LINE, **change}, {**LINE, "id": "good"}))
    assert [line.outcome for line in outcomes] == ["refused", "kept"]
    assert outcomes[0].reason.startswith(reason)
    assert not outcomes[0].reason.endswith(".")
    assert outcomes[0].number == 1
    assert _kept(platform) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "the line is not JSON"),
        ("[" * 20000, "the line is not JSON"),
        ('["a list"]', "the line is not a JSON object"),
        ("7", "the line is not a JSON object"),
        ('{"id": "' + "x" * 70000 + '"}', "the line is too long"),
    ],
)
def test_it_refuses_what_is_no_record_and_goes_on(platform: Platform, tmp_path: Path, line: str, reason: str) -> None:
    outcomes = _bring_in(platform, _file(tmp_path, line, "", LINE))
    assert [(one.number, one.outcome) for one in outcomes] == [(1, "refused"), (3, "kept")]
    assert outcomes[0].reason == reason


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_id_with_other_answers_is_refused_and_the_first_stays(platform: Platform, tmp_path: Path) -> None:
    outcomes = _bring_in(platform, _file(tmp_path, LINE, LINE, {**LINE, "answers": {"q2": ["sad"]}}))
    assert [line.outcome for line in outcomes] == ["kept", "known", "refused"]
    assert "other answers" in outcomes[2].reason
    assert _response(platform, "a-1").answers == {"q2": ["happy"]}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ({"period": "2015-16"}, date(2015, 4, 1), date(2016, 3, 31)),
        ({"period": "2015/16"}, date(2015, 4, 1), date(2016, 3, 31)),
        ({"period": "1999-00"}, date(1999, 4, 1), date(2000, 3, 31)),
        ({"period": "2015-16 Q1"}, date(2015, 4, 1), date(2015, 6, 30)),
        ({"period": "2015-16Q2"}, date(2015, 7, 1), date(2015, 9, 30)),
        ({"period": "2015-16 Q3"}, date(2015, 10, 1), date(2015, 12, 31)),
        ({"period": "2015-16 Q4"}, date(2016, 1, 1), date(2016, 3, 31)),
        ({"period": "2015-11"}, date(2015, 11, 1), date(2015, 11, 30)),
        ({"period": "2016-02-29"}, date(2016, 2, 1), date(2016, 2, 29)),
        ({"date": "2015-12-24", "period": "2015-16"}, date(2015, 12, 1), date(2015, 12, 31)),
        ({"period": ""}, date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_it_understands_when_something_was_said(
    platform: Platform, tmp_path: Path, when: dict[str, str], start: date, end: date
) -> None:
    (outcome,) = _bring_in(platform, _file(tmp_path, {**LINE, **when}))
    assert outcome.outcome == "kept", outcome.reason
    response = _response(platform, "a-1")
    assert (response.span_start, response.span_end) == (start, end)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_invented_is_marked(platform: Platform, tmp_path: Path) -> None:
    _bring_in(platform, _file(tmp_path, LINE), invented=True)
    _bring_in(platform, _file(tmp_path, {**LINE, "id": "a-2", "invented": True}))
    assert _response(platform, "a-1").invented
    assert _response(platform, "a-2").invented


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_csv_with_a_header_is_brought_in(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "in.CSV"
    file.write_text(
        "\ufeffid,questionnaire,period,service,carer,q3.1,q3.2,q3a,q4,q4_own,may_quote,invented\r\n"
        'p-1,support-worker-parent,2015-16,Family support,female,good,very_good,"Kind,\nprompt",1; 3 ;7,Bed;Shop,'
        "yes,\r\n"
        "p-2,support-worker-parent,2015-16,,,,,,,,no,yes\r\n"
        "p-3,support-worker-parent,2015-16,,,,,,,,no,,too,many\r\n"
        "p-4,support-worker-parent,2015-16,,,awful,,,,,,\r\n"
        "p-5,support-worker-parent\r\n",
        encoding="utf-8",
    )
    outcomes = _bring_in(platform, file)
    assert [line.outcome for line in outcomes] == ["kept", "kept", "refused", "refused", "refused"]
    first = _response(platform, "p-1")
    assert first.answers == {
        "carer": "female",
        "q3": {"1": "good", "2": "very_good"},
        "q4": ["1", "3", "7"],
        "may_quote": "yes",
    }
    assert (first.service, first.invented) == ("Family support", False)
    with platform.database.reading() as connection:
        comments = comments_of(connection, platform.keys, [first.id])
    assert [(c.question, c.text) for c in comments] == [
        ("q3a", "Kind,\nprompt"),
        ("q4_own", "Bed"),
        ("q4_own", "Shop"),
    ]
    assert _response(platform, "p-2").invented
    assert outcomes[2].reason == "the line has more cells than the header"
    assert "awful" in outcomes[3].reason
    # The file's own line, although a cell above holds a line break.
    assert outcomes[4].number == 7


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
def test_a_file_that_is_no_text_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xff\xfe\x00\x01id")
    with pytest.raises(ImportRefusedError, match="cannot be read"):
        list(read_records(file))


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="cannot be read"):
        list(read_records(tmp_path / "nothing.jsonl"))


def test_the_same_line_has_the_same_id_on_every_installation() -> None:
    assert response_id_of("report-2015-16-001") == response_id_of("report-2015-16-001")
    assert response_id_of("report-2015-16-001") != response_id_of("report-2015-16-002")
    assert len(response_id_of("x")) == 36


def test_it_refuses_a_csv_line_that_answers_a_question_both_whole_and_row_by_row(
    platform: Platform, tmp_path: Path
) -> None:
    file = _file(
        tmp_path,
        "id,questionnaire,q3,q3.1",
        "a-1,support-worker-child,1,2",
        "a-2,support-worker-child,,",
        name="in.csv",
    )
    lines = _bring_in(platform, file)
    assert [(line.number, line.outcome) for line in lines] == [(2, "refused"), (3, "refused")]
    assert "q3 is answered both whole and row by row" in lines[0].reason


def test_no_refusal_repeats_what_somebody_wrote(platform: Platform, tmp_path: Path) -> None:
    """A column that slipped puts a child's words where a choice belongs; they must not land in a terminal's log."""
    (line,) = _bring_in(platform, _file(tmp_path, {**LINE, "answers": {"q2": ["I am scared of the dark"]}}))
    assert line.outcome == "refused"
    assert line.reason.startswith("q2: ")
    assert "scared" not in line.reason
