"""Every answer is screened: its words, its ticks, and what comes a second time under its id."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.codebook import default_codebook
from hscb_voice.language.concern import REASON_LABELS
from hscb_voice.language.reading import Comment, read_comment
from hscb_voice.responses.models import Response, Tally
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.jobs import prepare_screening
from hscb_voice.safeguarding.models import Concern
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of, history_of
from hscb_voice.safeguarding.service import acknowledge, close
from tests.support.answering import keep_answer, keep_second_answer
from tests.unit.safeguarding.conftest import WORRY


def _screened(platform: Platform, response_id: str) -> list[ConcernSummary]:
    platform.jobs.run_for(response_id, [SCREEN_JOB])
    with platform.database.reading() as connection:
        return concerns_of(connection, EVERY_TEAM, response_id)


def _counts(platform: Platform) -> dict[tuple[str, str], int]:
    query = select(Tally.question, Tally.choice, Tally.n).where(Tally.question.like("concern:%"), Tally.n != 0)
    with platform.database.reading() as connection:
        return {(row.question, row.choice): row.n for row in connection.execute(query)}


def _acts(platform: Platform) -> Sequence[str]:
    with platform.database.reading() as connection:
        return connection.execute(select(AuditEntry.act).order_by(AuditEntry.number)).scalars().all()


def test_it_raises_a_concern_from_the_words_and_remembers_where_they_stand(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": WORRY, "q5": "More games please."})
    (concern,) = _screened(platform, kept.response_id)
    assert (concern.kind, concern.state) == ("words", "open")
    assert set(concern.reasons) <= set(REASON_LABELS)
    place = concern.places[0]
    assert place.question == "q2a"
    assert place.start is not None
    assert "scared" in WORRY[place.start : place.end]


@pytest.mark.parametrize(
    ("slug", "answers", "kinds"),
    [
        ("support-worker-child", {"q2": ["scared", "happy"]}, ["scared"]),
        ("support-worker-child", {"talk": "yes"}, ["talk"]),
        ("support-worker-child", {"talk": "no", "q2": ["sad", "angry"]}, []),
        ("my-story", {"talk_advocate": "yes", "feelings": ["scared"]}, ["advocate", "scared"]),
        ("support-worker-child", {"q2a": "I liked the puppets and the games."}, []),
    ],
)
def test_a_tick_that_asks_for_somebody_raises_a_concern_of_its_kind(
    platform: Platform, slug: str, answers: dict[str, object], kinds: list[str]
) -> None:
    kept = keep_answer(platform, answers, slug=slug)
    assert [concern.kind for concern in _screened(platform, kept.response_id)] == kinds


def test_screening_again_changes_nothing(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": WORRY, "q2": ["scared"]})
    before = _screened(platform, kept.response_id)
    for _ in range(2):
        with platform.database.writing() as connection:
            prepare_screening(connection, kept.response_id, keys=platform.keys, clock=platform.clock)(connection)
    assert _screened(platform, kept.response_id) == before
    assert len(before) == 2
    assert _counts(platform) == {("concern:words", "raised"): 1, ("concern:scared", "raised"): 1}
    assert list(_acts(platform)) == ["raised a concern"] * 2


def test_the_concern_is_written_in_the_transaction_in_which_its_job_goes(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "the record is out of reach"
        raise RuntimeError(message)

    kept = keep_answer(platform, {"talk": "yes"})
    monkeypatch.setattr("hscb_voice.safeguarding.service.note_in_record", fail)
    assert _screened(platform, kept.response_id) == []
    assert _counts(platform) == {}
    with platform.database.reading() as connection:
        assert connection.execute(select(Job.trouble).where(Job.kind == SCREEN_JOB)).scalars().all() == ["RuntimeError"]


def test_a_second_different_answer_is_screened_and_marked(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": "It was fine."})
    assert _screened(platform, kept.response_id) == []
    keep_second_answer(platform, {"q2a": WORRY, "talk": "yes"}, sitting_id=kept.response_id)
    concerns = _screened(platform, kept.response_id)
    assert [concern.kind for concern in concerns] == ["talk", "words"]
    assert all(place.source != kept.response_id for concern in concerns for place in concern.places)
    assert all(concern.is_from_second for concern in concerns)


def test_a_concern_of_the_first_answer_is_not_marked_as_one_of_a_second(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": WORRY, "talk": "yes"})
    assert not any(concern.is_from_second for concern in _screened(platform, kept.response_id))


def test_a_second_answer_opens_again_what_was_closed_and_starts_its_clock(platform: Platform, clock: SetClock) -> None:
    kept = keep_answer(platform, {"talk": "yes"})
    (concern,) = _screened(platform, kept.response_id)
    with platform.database.writing() as connection:
        acknowledge(connection, concern, "somebody", clock)
        close(connection, concern, "somebody", "spoke_with_child", clock)
    clock.pass_time(timedelta(days=30))
    keep_second_answer(platform, {"talk": "yes", "q2": ["scared"]}, sitting_id=kept.response_id)
    again = {concern.kind: concern for concern in _screened(platform, kept.response_id)}
    assert set(again) == {"talk", "scared"}
    assert (again["talk"].state, again["talk"].outcome, again["talk"].acknowledged_by) == ("open", None, None)
    assert again["talk"].read_due > clock.now()
    with platform.database.reading() as connection:
        acts = [entry.act for entry in history_of(connection, None, concern.id)]
    assert acts == ["raised", "acknowledged", "closed", "raised_again"]
    assert ("concern:talk", "acknowledged") not in _counts(platform)
    assert _counts(platform)["concern:talk", "raised"] == 1


def test_the_clock_starts_when_the_answer_came_and_not_when_it_was_screened(
    platform: Platform, clock: SetClock
) -> None:
    kept = keep_answer(platform, {"talk": "yes"})
    came = clock.now()
    clock.pass_time(timedelta(days=3))
    (concern,) = _screened(platform, kept.response_id)
    assert concern.heard_at == came
    assert concern.raised_at == clock.now()
    assert concern.read_due < clock.now()


def test_the_words_themselves_are_nowhere_in_a_concern(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": WORRY})
    _screened(platform, kept.response_id)
    with platform.database.reading() as connection:
        row = connection.execute(select(*Concern.__table__.columns)).one()
    assert "step" not in repr(tuple(row))
    assert "scared of" not in repr(tuple(row))


def test_words_that_were_erased_are_passed_over_and_ticks_are_not(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": WORRY, "talk": "yes"})
    with platform.database.writing() as connection:
        connection.execute(update(Response).values(wrapped_key=None, erased_at=platform.clock.now()))
    assert [concern.kind for concern in _screened(platform, kept.response_id)] == ["talk"]


def test_without_the_key_it_fails_and_stays_to_be_done(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2a": WORRY})
    other = KeyRing({"2026-01": b"o" * 32})
    with pytest.raises(KeyMissingError), platform.database.writing() as connection:
        prepare_screening(connection, kept.response_id, keys=other, clock=platform.clock)


def test_a_response_that_is_gone_is_no_fault(platform: Platform) -> None:
    with platform.database.writing() as connection:
        prepare_screening(connection, "no such response", keys=platform.keys, clock=platform.clock)(connection)
    assert list(_acts(platform)) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["我很害怕", "Я боюсь идти домой"])
def test_what_the_machine_cannot_read_is_put_before_a_person(platform: Platform, text: str) -> None:
    kept = keep_answer(platform, {"q2a": text})
    (concern,) = _screened(platform, kept.response_id)
    assert concern.reasons == ("unreadable_language",)


def _told_by_a_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    return done.stdout.strip()


def test_screening_loads_nothing_heavy() -> None:
    code = (
        "import sys, hscb_voice.safeguarding.jobs\n"
        "from hscb_voice.language.reading import Comment, read_concern\n"
        "assert read_concern(Comment('1', 'I am scared of him', 'child')).flag\n"
        "print(sorted({'textblob', 'nltk', 'sklearn', 'numpy'} & set(sys.modules)))"
    )
    assert _told_by_a_new_process(code) == "[]"


def test_a_web_process_that_has_not_screened_holds_no_lexicon_and_no_model() -> None:
    code = (
        "import hscb_voice.factory\n"
        "from hscb_voice.language.concern_lexicon import lexicon_for\n"
        "from hscb_voice.language.learned import shipped_model\n"
        "print(shipped_model.cache_info().currsize, lexicon_for.cache_info().currsize)"
    )
    assert _told_by_a_new_process(code) == "0 0"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_queue_hears_what_reading_the_comment_hears(platform: Platform) -> None:
    texts = [
        WORRY,
        "i sleep with my shoes on incase we have to go quick again",
        "I liked the puppets",
        "he hits the ball",
    ]
    for text in texts:
        kept = keep_answer(platform, {"q2a": text})
        reading = read_comment(Comment("1", text, "child", "q2a"), default_codebook())
        assert [concern.reasons for concern in _screened(platform, kept.response_id)] == (
            [reading.concern.reasons] if reading.concern.flag else []
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["Boję się taty i nie chcę wracać do domu", "Mi-e frică de tata și nu vreau acasă"])
def test_a_worry_in_another_language_is_never_passed_over(platform: Platform, text: str) -> None:
    kept = keep_answer(platform, {"q2a": text})
    assert [concern.kind for concern in _screened(platform, kept.response_id)] == ["words"]
