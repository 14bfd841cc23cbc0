"""Responses as files: columns from the wording that was answered, words only when asked for, and gone after a day."""

import contextlib
import csv
import io
import json
import tempfile
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pyreadstat
import pytest
from sqlalchemy import func, select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.exports.errors import ExportRefusedError, UnknownExportError
from hscb_voice.exports.models import ResponseExport
from hscb_voice.exports.queries import exports_of
from hscb_voice.exports.reading import NOT_CHECKED
from hscb_voice.exports.service import KEPT_FOR, MAKE_JOB, Asked, ask, take
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.erasing import MISTAKE, Erasing, erase
from hscb_voice.questionnaires.definition import Option
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.service import READ_JOB, Setting
from hscb_voice.staff.queries import Person, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person, change_roles
from tests.support.answering import keep_answer

SLUG = "support-worker-child"
ASKED = Asked(SLUG, "2026-27", "csv", "", "To look for patterns")
WORDS = "=Miss Braithwaite listened to me."
ANSWERS = {"q2": ["really_happy", "okay"], "q2a": WORDS, "q3": "yes_a_lot"}


@pytest.fixture
def analyst(platform: Platform) -> Person:
    return _person(platform, Role.ANALYST)


def _person(platform: Platform, role: Role, team: str = "") -> Person:
    new = NewPerson(f"{role.value}@example.org", "Example", frozenset({role}), frozenset({team} if team else ()))
    with platform.database.writing() as connection:
        account_id = add_person(connection, new, "copper lantern meadow 47", now=platform.clock.now())
        return person_by_id(connection, account_id)


def _answer(platform: Platform, team: str = "North team") -> str:
    setting = Setting(channel="web", service="Family support", team=team, locality="Ross")
    return keep_answer(platform, ANSWERS, setting=setting).response_id


def _ask(platform: Platform, person: Person, asked: Asked = ASKED) -> str:
    with platform.database.writing() as connection:
        export_id = ask(connection, asked, person, platform.keys, platform.clock)
    platform.jobs.run_for(export_id, (MAKE_JOB,))
    return export_id


def _take(platform: Platform, person: Person, export_id: str) -> bytes:
    with platform.database.writing() as connection:
        return take(connection, export_id, person, platform.keys, platform.clock)


def _made(platform: Platform, person: Person, **changes: str) -> bytes:
    return _take(platform, person, _ask(platform, person, replace(ASKED, **changes)))


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_gives_a_row_a_response_and_a_column_an_option_without_words_unless_asked(
    platform: Platform, analyst: Person
) -> None:
    response_id = _answer(platform)
    (row,) = _rows(_made(platform, analyst))
    assert (row["response"], row["version"], row["service"]) == (response_id, "1", "Family support")
    assert (row["from_day"], row["to_day"]) == ("2026-11-01", "2026-11-30")
    assert (row["q2__really_happy"], row["q2__scared"], row["q3"]) == ("1", "0", "yes_a_lot")
    assert row["q1"] == row["q4__1"] == ""
    assert "q2a" not in row
    assert "Ross" not in row.values()


def test_words_are_whole_or_masked_as_chosen_and_never_a_formula(platform: Platform, analyst: Person) -> None:
    response_id = _answer(platform)
    assert _rows(_made(platform, analyst, words="whole"))[0]["q2a"] == "'" + WORDS
    assert _rows(_made(platform, analyst, words="masked"))[0]["q2a"] == NOT_CHECKED
    platform.jobs.run_for(response_id, (READ_JOB,))
    masked = _rows(_made(platform, analyst, words="masked"))[0]["q2a"]
    assert "Braithwaite" not in masked
    assert "listened to me" in masked


def test_an_export_of_answered_wordings_is_the_same_byte_for_byte_after_an_edit(
    platform: Platform, analyst: Person, clock: SetClock
) -> None:
    _answer(platform)
    before = {kind: _made(platform, analyst, kind=kind) for kind in ("csv", "jsonl")}
    with platform.database.writing() as connection:
        definition = current_version(connection, SLUG).definition
        asked = definition.questions[0]
        grown = asked.model_copy(update={"text": "Quite another question?", "options": asked.options[:2]})
        added = definition.questions[-1].model_copy(update={"key": "q99"})
        edited = definition.model_copy(update={"questions": (grown, *definition.questions[1:], added)})
        publish(connection, edited, clock)
    assert {kind: _made(platform, analyst, kind=kind) for kind in before} == before
    _answer(platform)
    old, new = _rows(_made(platform, analyst))
    assert {old["version"], new["version"]} == {"1", "2"}
    assert "q99" in " ".join(old)


def test_an_option_of_an_earlier_wording_keeps_its_column(platform: Platform, analyst: Person, clock: SetClock) -> None:
    _answer(platform)
    with platform.database.writing() as connection:
        definition = current_version(connection, SLUG).definition
        questions = list(definition.questions)
        place = next(place for place, one in enumerate(questions) if one.key == "q4")
        other = Option(key="99", text="Something else")
        questions[place] = questions[place].model_copy(update={"options": (*questions[place].options[1:], other)})
        publish(connection, definition.model_copy(update={"questions": tuple(questions)}), clock)
    _answer(platform)
    assert {"q4__1", "q4__99"} <= set(_rows(_made(platform, analyst))[0])


def test_every_kind_of_file_opens_and_says_the_same(platform: Platform, analyst: Person) -> None:
    response_id = _answer(platform)
    line = json.loads(_made(platform, analyst, kind="jsonl", words="whole"))
    assert (line["response"], line["q2__okay"], line["q3"], line["q2a"]) == (response_id, 1, "yes_a_lot", WORDS)
    book = openpyxl.load_workbook(io.BytesIO(_made(platform, analyst, kind="xlsx", words="whole")))
    names, values = (list(row) for row in book["Responses"].iter_rows(values_only=True))
    row = dict(zip(names, values, strict=True))
    assert (row["q2__okay"], row["q3"], row["q2a"]) == (1, "yes_a_lot", "'" + WORDS)
    meanings = {(one[0], one[2]): one[3] for one in book["Columns"].iter_rows(min_row=2, values_only=True)}
    assert meanings["q2__okay", "1"] == "Ticked"
    with tempfile.NamedTemporaryFile(suffix=".sav") as file:
        file.write(_made(platform, analyst, kind="sav", words="whole"))
        file.flush()
        columns, about = pyreadstat.read_sav(file.name, output_format="dict")
    assert about.column_names_to_labels["q3"] == "Did your worker listen to you?"
    label = about.variable_value_labels["q3"][columns["q3"][0]]
    assert label == next(text for (name, value), text in meanings.items() if (name, value) == ("q3", "yes_a_lot"))
    assert (columns["q2__okay"][0], columns["q2a"][0]) == (1, WORDS)
    assert str(columns["from_day"][0]) == "2026-11-01"


def test_a_team_manager_takes_their_own_teams_responses_only(platform: Platform) -> None:
    own = _answer(platform)
    _answer(platform, "South team")
    manager = _person(platform, Role.TEAM_MANAGER, "North team")
    assert [row["response"] for row in _rows(_made(platform, manager))] == [own]


def test_only_whoever_asked_may_take_it_several_times_and_each_time_is_noted(
    platform: Platform, analyst: Person
) -> None:
    _answer(platform)
    export_id = _ask(platform, analyst)
    assert _take(platform, analyst, export_id) == _take(platform, analyst, export_id)
    other = _person(platform, Role.TEAM_MANAGER, "North team")
    with pytest.raises(UnknownExportError):
        _take(platform, other, export_id)
    with platform.database.reading() as connection:
        (line,) = exports_of(connection, analyst.id)
        noted = connection.execute(select(AuditEntry.act, AuditEntry.reason).where(AuditEntry.who == analyst.id)).all()
    assert line.taken == 2
    assert [act for act, _ in noted] == ["asked for an export of responses"] + ["took an export of responses"] * 2
    assert "1 responses" in noted[0].reason
    assert all("To look for patterns" in reason for _, reason in noted)


def test_it_is_sealed_and_gone_after_a_day(platform: Platform, analyst: Person, clock: SetClock) -> None:
    _answer(platform)
    export_id = _ask(platform, analyst)
    with platform.database.reading() as connection:
        assert b"Family support" not in connection.execute(select(ResponseExport.sealed)).scalar_one()
    clock.pass_time(KEPT_FOR)
    with pytest.raises(ExportRefusedError):
        _take(platform, analyst, export_id)
    platform.jobs.run_due()
    with platform.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(ResponseExport)).scalar_one() == 0


def test_nothing_that_has_been_erased_leaves_in_a_file_made_before(
    platform: Platform, analyst: Person, clock: SetClock
) -> None:
    response_id = _answer(platform)
    _answer(platform)
    export_id = _ask(platform, analyst)
    clock.pass_time(timedelta(minutes=1))
    erase(platform, Erasing(response_id, MISTAKE, analyst.id))
    with pytest.raises(ExportRefusedError, match="erased"):
        _take(platform, analyst, export_id)
    clock.pass_time(timedelta(minutes=1))
    assert len(_rows(_made(platform, analyst))) == 1


def test_e3_what_was_erased_goes_out_of_files_too_and_the_page_says_why(
    platform: Platform, analyst: Person, clock: SetClock
) -> None:
    response_id = _answer(platform)
    export_id = _ask(platform, analyst, replace(ASKED, words="whole"))
    sealed = select(ResponseExport.wrapped_key, ResponseExport.sealed)
    with platform.database.reading() as connection:
        before = connection.execute(sealed).one()
    clock.pass_time(timedelta(minutes=1))
    erase(platform, Erasing(response_id, MISTAKE, analyst.id))
    platform.jobs.run_due()
    with platform.database.reading() as connection:
        after = connection.execute(sealed).one()
        (line,) = exports_of(connection, analyst.id)
    assert after.wrapped_key != before.wrapped_key
    assert len(after.sealed) < len(before.sealed)
    assert (line.made_at, "erased" in line.trouble) == (None, True)
    with pytest.raises(ExportRefusedError, match="erased"):
        _take(platform, analyst, export_id)


def test_whoever_lost_the_right_meanwhile_gets_no_file(platform: Platform, analyst: Person) -> None:
    _answer(platform)
    with platform.database.writing() as connection:
        export_id = ask(connection, ASKED, analyst, platform.keys, platform.clock)
        roles = frozenset({Role.BOARD_MEMBER})
        change_roles(connection, analyst.id, roles, frozenset(), now=platform.clock.now(), by="operator")
    platform.jobs.run_for(export_id, (MAKE_JOB,))
    with platform.database.reading() as connection:
        (line,) = exports_of(connection, analyst.id)
    assert (line.made_at, line.trouble) == (None, "You may not take responses any more.")


def test_r3_whoever_belongs_to_another_team_by_now_gets_no_file_of_the_old_one(platform: Platform) -> None:
    _answer(platform)
    manager = _person(platform, Role.TEAM_MANAGER, "North team")
    export_id = _ask(platform, manager)
    assert _take(platform, manager, export_id)
    for teams, may in (({"South team"}, False), ({"North team", "South team"}, True)):
        with platform.database.writing() as connection:
            roles = frozenset({Role.TEAM_MANAGER})
            change_roles(connection, manager.id, roles, frozenset(teams), now=platform.clock.now(), by="operator")
            moved = person_by_id(connection, manager.id)
        with contextlib.nullcontext() if may else pytest.raises(ExportRefusedError, match="other teams"):
            assert _take(platform, moved, export_id)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"period": "2015-16"}, "Nobody"),
        ({"slug": "no-such"}, "Choose"),
        ({"kind": "exe"}, "Choose"),
        ({"period": "sometime"}, "Choose"),
        ({"reason": " "}, "Say what"),
    ],
)
def test_what_cannot_be_made_is_refused_in_plain_words(
    platform: Platform, analyst: Person, changes: dict[str, str], said: str
) -> None:
    _answer(platform)
    with pytest.raises(ExportRefusedError, match=said):
        _ask(platform, analyst, replace(ASKED, **changes))
