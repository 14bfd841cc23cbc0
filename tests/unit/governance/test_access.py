"""E2: a person is told everything that is held about their answer, once a safeguarding lead has released it."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from hscb_voice.audit.queries import EntryFilter, entries
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance import access
from hscb_voice.governance.copies import NOTES, NOTHING, STEPS
from hscb_voice.governance.errors import NotReleasedError
from hscb_voice.responses.errors import UnknownResponseError
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import Setting
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.safeguarding.service import acknowledge, add_note, close
from tests.support.accessible_pdf import faults_of
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.concerns import written

ANSWERS: dict[str, Any] = {
    "q2": ["happy", "scared"],
    "q2a": "My worker #let x = 1 *listened* to me.",
    "may_quote": "no",
}


@pytest.fixture
def response_id(platform: Platform, clock: SetClock) -> str:
    """An answer with everything: a second one, a concern that was closed with a note."""
    setting = Setting(service="Family support", team="North")
    kept = keep_answer(platform, ANSWERS, setting=setting)
    keep_second_answer(platform, {"q2a": "I changed my mind."}, sitting_id=kept.response_id)
    platform.jobs.run_all_due()
    with platform.database.writing() as connection:
        (concern,) = concerns_of(connection, EVERY_TEAM, kept.response_id)
        acknowledge(connection, concern, "platform", clock)
        add_note(connection, concern, "platform", written(platform, "I rang the school."), clock)
        close(connection, concern, "platform", "spoke_with_child", clock)
    return kept.response_id


def _ask(platform: Platform, response_id: str) -> access.Request:
    with platform.database.writing() as connection:
        request = access.request_by_id(
            connection, access.ask(connection, response_id, "an officer", platform.clock.now())
        )
    assert request is not None
    return request


def _release(platform: Platform, response_id: str, concerns: str = STEPS) -> None:
    request = _ask(platform, response_id)
    with platform.database.writing() as connection:
        access.release(connection, request, concerns, "a lead", platform.clock.now())


def _json(platform: Platform, response_id: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(access.copy_released(platform, response_id, access.JSON, "a lead"))
    return made


def _acts(platform: Platform, response_id: str) -> list[str]:
    with platform.database.reading() as connection:
        found, _ = entries(connection, EntryFilter(subject=f"response {response_id}"))
    return [entry.act for entry in reversed(found)]


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_e2_nothing_is_handed_out_before_a_safeguarding_lead_has_released_it(
    platform: Platform, response_id: str
) -> None:
    with pytest.raises(NotReleasedError):
        access.copy_released(platform, response_id, access.JSON, "an officer")
    request = _ask(platform, response_id)
    with pytest.raises(NotReleasedError):
        access.copy_released(platform, response_id, access.PDF, "an officer")
    with platform.database.writing() as connection:
        access.refuse(
            connection, request, "The person who asks may be the one it speaks of.", "a lead", request.asked_at
        )
    with pytest.raises(NotReleasedError, match="may be the one it speaks of"):
        access.copy_released(platform, response_id, access.PDF, "an officer")
    assert "made a copy of what is held" not in _acts(platform, response_id)


def test_e2_each_step_is_noted(platform: Platform, response_id: str) -> None:
    _release(platform, response_id)
    access.copy_released(platform, response_id, access.JSON, "a lead")
    assert _acts(platform, response_id)[-3:] == [
        "asked for a copy of what is held",
        "released a copy of what is held",
        "made a copy of what is held",
    ]


def test_e2_it_tells_what_was_asked_what_was_answered_and_who_saw_it(platform: Platform, response_id: str) -> None:
    _release(platform, response_id)
    made = _json(platform, response_id)
    first, second = made["sendings"]
    answered = {one["question"]: one["answers"] for one in first["answers"] if one["answers"]}
    assert [ANSWERS["q2a"]] in answered.values()
    assert ["Happy", "Scared"] in [sorted(answers) for answers in answered.values()]
    assert second["is_second"]
    assert ["I changed my mind."] in [one["answers"] for one in second["answers"]]
    assert made["facts"]["Service"] == "Family support"
    assert made["facts"]["May the words be quoted"] == "No"
    assert made["words_go_on"] == "22 November 2028"
    assert made["readings"]
    assert {look["what"] for look in made["looks"]} >= {"released a copy of what is held"}
    assert "a lead" not in {look["who"] for look in made["looks"]}


@pytest.mark.parametrize(
    ("told", "there", "absent"),
    [
        (NOTHING, [], ["Spoke with the child", "I rang the school"]),
        (STEPS, ["Chose the face “Scared”", "Spoke with the child"], ["I rang the school"]),
        (NOTES, ["Spoke with the child", "I rang the school"], []),
    ],
)
def test_e2_of_concerns_it_tells_only_what_was_released(
    platform: Platform, response_id: str, told: str, there: Sequence[str], absent: Sequence[str]
) -> None:
    _release(platform, response_id, told)
    for kind in access.FORMATS:
        made = access.copy_released(platform, response_id, kind, "a lead")
        text = made.decode() if kind == access.JSON else _text(made)
        assert [words for words in absent if words in text] == []
        assert [words for words in there if words not in text and kind != access.FOR_A_CHILD] == []


def test_e2_the_pdf_is_tagged_and_what_a_child_wrote_is_never_a_command(platform: Platform, response_id: str) -> None:
    _release(platform, response_id, NOTHING)
    pdf = access.copy_released(platform, response_id, access.PDF, "a lead")
    reader = PdfReader(io.BytesIO(pdf))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in catalogue
    assert reader.metadata is not None
    assert reader.metadata.title == "What we hold about your answer"
    assert ANSWERS["q2a"] in _text(pdf)
    assert faults_of(pdf) == []


def test_e2_the_childs_version_says_it_in_few_words(platform: Platform, response_id: str) -> None:
    _release(platform, response_id, STEPS)
    text = _text(access.copy_released(platform, response_id, access.FOR_A_CHILD, "a lead"))
    assert text.startswith("What you told us")
    assert "We do not know your name." in text
    assert "0800 1111" in text
    assert "We were worried about you" in text
    assert "A grown-up talked with you." in text
    assert "Closed" not in text
    assert ANSWERS["q2a"] in text


def test_e2_a_copy_on_disk_is_for_its_owner_only(platform: Platform, response_id: str, tmp_path: Path) -> None:
    _release(platform, response_id)
    place = tmp_path / "copy.json"
    access.write_copy(platform, response_id, access.JSON, place, "operator")
    assert place.stat().st_mode & 0o777 == 0o600
    assert json.loads(place.read_text(encoding="utf-8"))["form"]


def test_e2_asking_twice_is_asking_once_and_a_refusal_can_be_asked_anew(platform: Platform, response_id: str) -> None:
    request = _ask(platform, response_id)
    assert _ask(platform, response_id).id == request.id
    with platform.database.writing() as connection:
        access.refuse(connection, request, "Not now.", "a lead", request.asked_at)
    assert _ask(platform, response_id).state == access.WAITING
    with platform.database.reading() as connection:
        assert len(access.requests(connection)) == 1


def test_e2_there_is_no_copy_of_what_is_not_there(platform: Platform) -> None:
    with pytest.raises(UnknownResponseError), platform.database.writing() as connection:
        access.ask(connection, "nothing", "an officer", platform.clock.now())
