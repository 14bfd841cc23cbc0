"""The invented responses: always the same, plausible in number, all accepted, and telling the stories they should."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from hscb_voice.demonstration.inventing import invented_invitations, invented_records
from hscb_voice.demonstration.inventing_people import (
    EVENTS,
    LOCALITIES,
    QUARTERS,
    SELDOM_HEARD,
    UNSETTLED,
    USUAL,
    quarter_span,
)
from hscb_voice.demonstration.inventing_words import Strand, all_comments
from hscb_voice.foundation.clock import SetClock
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.kinds import check_answers
from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.questionnaires.reading import all_definitions
from hscb_voice.responses.importing import submission_from

Record = dict[str, Any]
BAD_FACES = {"really_sad", "sad"}
GOOD_FACES = {"really_happy", "happy"}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(invented_records())


@pytest.fixture(scope="module")
def definitions() -> dict[str, Definition]:
    return {definition.slug: definition for definition in all_definitions()}


def quarter_of(record: Record) -> int:
    day = date.fromisoformat(record["date"])
    return next(q for q in range(QUARTERS) if quarter_span(q).start <= day <= quarter_span(q).end)


def words_of(record: Record, definitions: Mapping[str, Definition]) -> list[str]:
    words: list[str] = []
    for question in definitions[record["questionnaire"]].questions:
        answer = record["answers"].get(question.key)
        if question.takes_words and answer:
            words += answer if isinstance(answer, list) else [answer]
    return words


def share(records: list[Record], key: str, option: str) -> float:
    return [record["answers"].get(key) for record in records].count(option) / len(records)


def of(records: list[Record], start: str) -> list[Record]:
    return [record for record in records if record["questionnaire"].startswith(start)]


def test_it_invents_the_same_records_byte_for_byte(records: list[Record]) -> None:
    assert json.dumps(records) == json.dumps(list(invented_records()))


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_invents_the_same_records(records: list[Record], hash_seed: str) -> None:
    program = (
        "import json, hashlib; from hscb_voice.demonstration.inventing import invented_records as made;"
        "print(hashlib.sha256(json.dumps(list(made())).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and words
    assert done.stdout.strip() == hashlib.sha256(json.dumps(records).encode()).hexdigest()


def test_every_record_is_accepted_by_the_import_whole(
    records: list[Record], definitions: Mapping[str, Definition]
) -> None:
    clock = SetClock()
    for record in records:
        definition = definitions[record["questionnaire"]]
        version = PublishedVersion(1, definition.slug, 1, "", definition)
        submission = submission_from(record, version, clock)
        assert submission.answers == record["answers"]  # nothing was dropped or changed on the way
        assert submission.answers == check_answers(definition, record["answers"])
        assert submission.invented


def test_everybody_answers_only_what_their_own_form_asks(
    records: list[Record], definitions: Mapping[str, Definition]
) -> None:
    for record in records:
        definition, variant = definitions[record["questionnaire"]], record.get("variant")
        asked = {question.key: question for question in definition.asked_of(variant)}
        assert set(record["answers"]) <= set(asked)
        assert record["respondent"] == definition.respondent_of(variant)
        faces = next((asked[key] for key in ("q2", "feelings") if key in asked), None)
        if faces is not None and isinstance(record["answers"].get(faces.key), list):
            assert set(record["answers"][faces.key]) <= {option.key for option in faces.options}


def test_both_kinds_of_people_answer_about_events(records: list[Record]) -> None:
    assert {record["respondent"] for record in of(records, "event")} == {"child", "professional"}


def test_the_ids_run_on_and_every_record_says_that_it_is_invented(records: list[Record]) -> None:
    assert [record["id"] for record in records] == [f"invented-{n:04}" for n in range(1, len(records) + 1)]
    assert all(record["invented"] is True for record in records)
    assert [record["date"] for record in records] == sorted(record["date"] for record in records)


def test_there_are_about_five_hundred_in_the_eight_quarters(records: list[Record]) -> None:
    assert 450 <= len(records) <= 550
    assert quarter_span(0).start == date(2016, 4, 1)
    assert quarter_span(QUARTERS - 1).end == date(2018, 3, 31)
    assert all("2016-04-01" <= record["date"] <= "2018-03-31" for record in records)


def test_the_counts_a_quarter_are_plausible_and_no_questionnaire_is_missing(records: list[Record]) -> None:
    counts = Counter((record["questionnaire"], quarter_of(record)) for record in records)
    for slug, (usual, off) in USUAL.items():
        assert all(usual - off <= counts[slug, quarter] <= usual + off for quarter in range(QUARTERS))
    assert [counts["event", quarter] for quarter in range(QUARTERS)] == list(EVENTS)
    totals = Counter(record["questionnaire"] for record in records)
    assert set(totals) == {definition.slug for definition in all_definitions()}
    assert totals["support-worker-child"] > totals["cidva-child-9-18"] > totals["my-story"]


def test_about_half_answer_alone_and_everybody_says_who_did(records: list[Record]) -> None:
    assert 0.45 <= share(records, "answered", "by_myself") <= 0.6
    assert all("answered" in record["answers"] for record in records)


def test_consent_and_the_wish_to_talk_are_about_as_common_as_they_would_be(records: list[Record]) -> None:
    assert 0.63 <= share(records, "may_quote", "yes") <= 0.77
    assert 0.015 <= share(records, "talk", "yes") <= 0.045
    faces = [
        answer
        for record in records
        for key in ("q2", "feelings")
        if isinstance(answer := record["answers"].get(key), list)
    ]
    assert 0.02 <= sum("scared" in answer for answer in faces) / len(faces) <= 0.06


def test_some_questions_are_skipped(records: list[Record]) -> None:
    reviews = of(records, "cp-conference-parent-review")
    for key in ("q1", "q9", "q14"):
        assert 0 < sum(key not in record["answers"] for record in reviews) < len(reviews) / 5


def test_reports_come_earlier_in_the_second_year(records: list[Record]) -> None:
    parents = of(records, "cp-conference-parent")
    before = [record for record in parents if quarter_of(record) < 3]
    after = [record for record in parents if quarter_of(record) > 5]
    days_before = Counter(record["answers"].get("q2a") for record in before)
    days_after = Counter(record["answers"].get("q2a") for record in after)
    assert days_before.most_common(1)[0][0] == "1_day"
    assert days_after.most_common(1)[0][0] == "3_to_4_days"
    assert share(after, "q2", "yes_fully") > share(before, "q2", "yes_fully") + 0.1


def test_changes_of_worker_rise_in_one_locality_only(
    records: list[Record], definitions: Mapping[str, Definition]
) -> None:
    said = strand_counts(records, definitions, Strand.CHANGES_OF_WORKER)
    assert said[UNSETTLED, 1] >= said[UNSETTLED, 0] + 6
    assert all(said[UNSETTLED, 1] >= 2 * said[locality, 1] for locality in LOCALITIES if locality != UNSETTLED)


def test_more_and_more_wish_for_more_sessions(records: list[Record], definitions: Mapping[str, Definition]) -> None:
    said = strand_counts(records, definitions, Strand.MORE_SESSIONS)
    years = [sum(count for (_, year), count in said.items() if year == wanted) for wanted in (0, 1)]
    assert years[1] > years[0]


def strand_counts(
    records: list[Record], definitions: Mapping[str, Definition], strand: Strand
) -> Counter[tuple[str, int]]:
    texts = {comment.text for comment in all_comments() if comment.strand is strand}
    return Counter(
        (record["setting"]["locality"], quarter_of(record) // 4)
        for record in records
        for words in words_of(record, definitions)
        if words in texts
    )


def test_fathers_answer_less(records: list[Record]) -> None:
    carers = Counter(record["answers"].get("carer") for record in of(records, "support-worker-parent"))
    assert 0 < carers["male"] < carers["female"] / 3


def test_a_sad_child_ticks_few_differences(records: list[Record]) -> None:
    children = [r["answers"] for r in of(records, "support-worker-child") if r.get("variant") == "9-and-over"]

    def helped(answers: Mapping[str, Any]) -> int:
        return len(set(answers.get("q4", ())) - {"7"})

    sad = [helped(a) for a in children if BAD_FACES & set(a.get("q2", ())) and not GOOD_FACES & set(a.get("q2", ()))]
    glad = [helped(a) for a in children if GOOD_FACES & set(a.get("q2", ())) and not BAD_FACES & set(a.get("q2", ()))]
    assert len(sad) >= 5
    assert sum(sad) / len(sad) + 1 < sum(glad) / len(glad)


def test_more_are_always_invited_than_answer(records: list[Record]) -> None:
    answered = Counter((r["questionnaire"], r["setting"]["service"], quarter_span(quarter_of(r))) for r in records)
    notes = {(note.slug, note.service, note.span): note for note in invented_invitations()}
    assert set(answered) <= set(notes)
    assert len(notes) == len(invented_invitations())
    assert all(note.invited > answered[key] and note.invented for key, note in notes.items())
    assert invented_invitations() == invented_invitations()


def test_one_service_is_hardly_heard(records: list[Record]) -> None:
    invited, answered = Counter[str](), Counter(record["setting"]["service"] for record in records)
    for note in invented_invitations():
        invited[note.service] += note.invited
    rates = {service: answered[service] / invited[service] for service in invited}
    assert rates[SELDOM_HEARD] < 0.1
    assert all(rate > 0.25 for service, rate in rates.items() if service != SELDOM_HEARD)
