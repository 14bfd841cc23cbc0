"""From what people said to what was done: each step is asked for what it needs, and stays."""

from datetime import date, timedelta

import pytest

from hscb_voice.actions.errors import ActionRefusedError, UnknownActionError
from hscb_voice.actions.queries import action_by_id, action_list, steps_of, told_of, told_to
from hscb_voice.actions.service import (
    Decision,
    NewAction,
    Progress,
    Wording,
    Words,
    decide,
    note_action,
    publish,
    report,
    reword,
    tell,
)
from hscb_voice.actions.statuses import Origin, Status
from hscb_voice.audit.queries import known_acts
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from tests.support.actions import BY, decided, noted, told

DUE = date(2026, 12, 15)


def stands(platform: Platform, action_id: str) -> Status:
    with platform.database.reading() as connection:
        return action_by_id(connection, action_id).status


def test_what_people_said_waits_for_a_decision(platform: Platform) -> None:
    assert stands(platform, noted(platform)) is Status.ASKED


def test_it_refuses_to_note_nothing(platform: Platform) -> None:
    with platform.database.writing() as connection, pytest.raises(ActionRefusedError):
        note_action(connection, NewAction("  "), BY, platform.clock)


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision(can=True, owner_id="somebody", due=DUE), "doing"),
        (Decision(can=True, doing="Move them", due=DUE), "owner"),
        (Decision(can=True, doing="Move them", owner_id="somebody"), "due"),
        (Decision(can=True, doing="Move them", owner_id="somebody", due=date(2026, 11, 21)), "due"),
        (Decision(can=False), "because"),
    ],
)
def test_it_refuses_half_a_decision(platform: Platform, decision: Decision, field: str) -> None:
    action_id = noted(platform)
    with platform.database.writing() as connection, pytest.raises(ActionRefusedError) as refused:
        decide(connection, action_id, decision, BY, platform.clock)
    assert refused.value.field == field
    assert stands(platform, action_id) is Status.ASKED


def test_what_cannot_be_done_ends_with_its_reason_and_can_be_decided_anew(platform: Platform) -> None:
    action_id = noted(platform)
    with platform.database.writing() as connection:
        decide(connection, action_id, Decision(can=False, because="The law asks for it"), BY, platform.clock)
    with platform.database.reading() as connection:
        found = action_by_id(connection, action_id)
    assert (found.status, found.because, found.ended_at) == (
        Status.CANNOT,
        "The law asks for it",
        platform.clock.now(),
    )
    decided(platform, action_id)
    with platform.database.reading() as connection:
        found = action_by_id(connection, action_id)
    assert (found.status, found.because, found.ended_at) == (Status.PLANNED, "", None)


@pytest.mark.parametrize(
    ("progress", "field"),
    [(Progress(Status.DONE), "outcome"), (Progress(Status.ON_HOLD), "because"), (Progress(Status.CANNOT), "status")],
)
def test_it_refuses_a_report_that_leaves_out_what_people_will_ask(
    platform: Platform, progress: Progress, field: str
) -> None:
    action_id = decided(platform, noted(platform))
    with platform.database.writing() as connection, pytest.raises(ActionRefusedError) as refused:
        report(connection, action_id, progress, BY, platform.clock)
    assert refused.value.field == field


def test_nothing_is_reported_of_what_nobody_has_decided(platform: Platform) -> None:
    action_id = noted(platform)
    with platform.database.writing() as connection, pytest.raises(ActionRefusedError):
        report(connection, action_id, Progress(Status.UNDER_WAY), BY, platform.clock)


def test_every_act_stays_in_the_history_and_in_the_record(platform: Platform) -> None:
    action_id = decided(platform, noted(platform))
    with platform.database.writing() as connection:
        done = Progress(Status.DONE, "Rota changed", outcome="Nobody misses maths", due=date(2027, 1, 4))
        report(connection, action_id, done, "a manager", platform.clock)
        reword(connection, action_id, Wording("Visits at lesson time", "Family support"), BY, platform.clock)
    with platform.database.reading() as connection:
        steps = steps_of(connection, action_id)
        acts = known_acts(connection)
    assert [step.act for step in steps] == ["reworded", "reported", "decided", "noted"]
    assert steps[1].note == "Rota changed"
    assert steps[1].changes["status"] == ("Planned", "Done")
    assert steps[1].changes["due"] == ("15 December 2026", "4 January 2027")
    assert {"noted an action", "decided an action", "reported on an action", "changed an action"} <= set(acts)


def test_an_action_that_is_not_there_is_said_so(platform: Platform) -> None:
    with platform.database.writing() as connection, pytest.raises(UnknownActionError):
        reword(connection, "none", Wording("x"), BY, platform.clock)


def test_the_list_begins_with_what_waits_and_ends_with_what_is_done(platform: Platform, clock: SetClock) -> None:
    ended = noted(platform, said="Third")
    with platform.database.writing() as connection:
        decide(connection, ended, Decision(can=False, because="No"), BY, clock)
    later = decided(platform, noted(platform, said="Second"), due=date(2027, 1, 1))
    first = decided(platform, noted(platform, said="First"))
    asked = noted(platform, said="Asked", origin=Origin.COUNCIL, theme="")
    with platform.database.reading() as connection:
        everything = action_list(connection)
        of_council = action_list(connection, origin=Origin.COUNCIL)
        own = action_list(connection, owner_id="somebody", statuses=[Status.PLANNED])
    assert [one.id for one in everything] == [asked, first, later, ended]
    assert [one.id for one in of_council] == [asked]
    assert [one.id for one in own] == [first, later]
    assert everything[1].is_late(date(2026, 12, 16))
    assert not everything[1].is_late(DUE)
    assert not everything[3].is_late(date(2030, 1, 1))


def test_it_refuses_to_publish_before_a_decision_and_before_there_are_words(platform: Platform) -> None:
    action_id = noted(platform)
    for _ in range(2):
        with platform.database.writing() as connection, pytest.raises(ActionRefusedError):
            publish(connection, action_id, BY, platform.clock)
        decided(platform, action_id)
    with platform.database.reading() as connection:
        assert told_to(connection, "child", "en") == []


def test_what_is_published_is_told_in_the_readers_age_and_language_or_the_nearest(
    platform: Platform, clock: SetClock
) -> None:
    action_id = decided(platform, noted(platform, service="Family support"))
    told(platform, action_id, "child", we_did="We moved it.")
    told(platform, action_id, "adult", we_did="Visits have moved.")
    told(platform, action_id, "child", "pl", we_did="Zmienione.")
    with platform.database.writing() as connection:
        publish(connection, action_id, BY, clock)
    clock.pass_time(timedelta(days=1))
    other = told(platform, decided(platform, noted(platform, service="Other")))
    with platform.database.writing() as connection:
        publish(connection, other, BY, clock)

    def words(look: str, language: str) -> tuple[str, str]:
        with platform.database.reading() as connection:
            (line,) = told_to(connection, look, language, service="Family support")
        return line.we_did, line.language

    assert words("child", "en") == ("We moved it.", "en")
    assert words("young_child", "pl") == ("Zmienione.", "pl")
    assert words("young_person", "ro") == ("We moved it.", "en")
    assert words("adult", "en") == ("Visits have moved.", "en")
    with platform.database.reading() as connection:
        assert len(told_to(connection, "child", "en")) == 2
    with platform.database.writing() as connection:
        publish(connection, action_id, BY, clock, wanted=False)
    with platform.database.reading() as connection:
        assert told_to(connection, "child", "en", service="Family support") == []


def test_words_are_written_whole_and_can_be_taken_away(platform: Platform) -> None:
    action_id = told(platform, noted(platform))
    with platform.database.writing() as connection, pytest.raises(ActionRefusedError) as refused:
        tell(connection, action_id, Words("child", "en", "You said.", ""), BY, platform.clock)
    assert refused.value.field == "we_did"
    with platform.database.writing() as connection:
        tell(connection, action_id, Words("child", "en", "", ""), BY, platform.clock)
        assert told_of(connection, action_id) == {}
