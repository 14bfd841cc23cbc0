"""The answers that the Board printed in 2015-16 fit the questionnaires as they are asked today."""

import json
from pathlib import Path
from typing import Any

import pytest

import hscb_voice
from hscb_voice.questionnaires.kinds import Answers, check_answers
from hscb_voice.questionnaires.reading import all_definitions

FILE = Path(hscb_voice.__file__).parent / "demonstration" / "report-2015-16.jsonl"
RECORDS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
BY_SLUG = {definition.slug: definition for definition in all_definitions()}
BY_ID = {record["id"]: record for record in RECORDS}


def _checked(record: dict[str, Any]) -> Answers:
    # The carer was printed as part of the setting; today the parent says it.
    return check_answers(BY_SLUG[record["questionnaire"]], record["setting"] | record["answers"])


def test_all_thirty_three_prints_are_here() -> None:
    assert len(RECORDS) == 33
    assert len(BY_ID) == 33


@pytest.mark.parametrize("record", RECORDS, ids=BY_ID.keys())
def test_it_is_accepted_and_nothing_of_it_is_lost(record: dict[str, Any]) -> None:
    kept = _checked(record)
    assert set(kept) == {*record["answers"], *record["setting"]}
    for key, given in record["answers"].items():
        assert kept[key] == ([str(number) for number in given] if isinstance(given, list) else given)


@pytest.mark.parametrize("record", RECORDS, ids=BY_ID.keys())
def test_whoever_answered_has_a_form(record: dict[str, Any]) -> None:
    definition = BY_SLUG[record["questionnaire"]]
    forms: list[str | None] = [variant.key for variant in definition.variants] or [None]
    mine = [form for form in forms if definition.respondent_of(form) == record["respondent"]]
    assert mine
    for key in record["answers"]:
        assert any(question.key == key for form in mine for question in definition.asked_of(form))


def test_a_fathers_form_keeps_his_ticks_and_his_points() -> None:
    kept = _checked(BY_ID["report-2015-16-011"])
    assert kept["carer"] == "male"
    assert kept["q4"] == ["1", "2", "3", "4", "6", "7", "8", "9", "11", "15"]
    assert kept["q3"] == {"1": "very_good", "2": "very_good", "3": "good", "4": "very_good", "5": "very_good"}
