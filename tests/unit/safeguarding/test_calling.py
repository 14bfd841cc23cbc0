"""C2: people are called about a concern by letter, one after the other, until somebody acknowledges it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.letters import post
from hscb_voice.foundation.platform import Platform
from hscb_voice.opening import build_platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.safeguarding.calendars import OfficeHours
from hscb_voice.safeguarding.calling import CALL_JOBS
from hscb_voice.safeguarding.duties import (
    EVERY_OTHER,
    Called,
    Duties,
    Turn,
    duties_of,
    duty_problems,
    remove_duties,
    save_duties,
)
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.letter_words import trial_letter
from hscb_voice.safeguarding.queries import ConcernSummary, concern_by_id, concerns_of, history_of
from hscb_voice.safeguarding.service import Handing, acknowledge, close, hand_over, reopen
from hscb_voice.staff.queries import Person, person_by_id
from hscb_voice.staff.roles import Role
from hscb_voice.staff.service import NewPerson, add_person, disable
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.letters import Pillar, lane_to

Worry = Callable[..., ConcernSummary]
MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
QUARTER, HOUR = timedelta(minutes=15), timedelta(minutes=60)
DUTY_DESK = "duty-desk@example.org"
SENTENCE = "I am scared of my step dad, he has a purple bicycle."
NAMES = {Turn.FIRST: "ann", Turn.SECOND: "ben", Turn.LEAD: "lou"}


@pytest.fixture
def office(platform: Platform, clock: SetClock) -> dict[Turn, str]:
    """Three people on duty, on a Monday morning; return their account ids."""
    clock.moment = MONDAY_MORNING
    people = {turn: _somebody(platform, name) for turn, name in NAMES.items()}
    _set(platform, Duties(EVERY_OTHER, people, DUTY_DESK))
    return people


@pytest.fixture
def pillar(platform: Platform) -> Pillar:
    """Where letters go."""
    return Pillar(platform)


def _somebody(platform: Platform, name: str) -> str:
    new = NewPerson(f"{name}@example.org", name.title(), frozenset({Role.SAFEGUARDING_LEAD}), frozenset())
    with platform.database.writing() as connection:
        return add_person(connection, new, "copper lantern meadow 47", now=platform.clock.now())


def _set(platform: Platform, duties: Duties) -> None:
    with platform.database.writing() as connection:
        save_duties(connection, duties, by="administrator", now=platform.clock.now())


def _work(platform: Platform, pillar: Pillar) -> list[str]:
    """Do all that is due, and return to whom letters went."""
    before = len(pillar.taken)
    platform.jobs.run_all_due()
    lane_to(pillar, platform.clock).run_all_due(1)
    return pillar.addresses[before:]


def _mails(*turns: Turn) -> list[str]:
    return [f"{NAMES[turn]}@example.org" for turn in turns]


def _person(platform: Platform, account_id: str) -> Person:
    with platform.database.reading() as connection:
        return person_by_id(connection, account_id)


def _now(platform: Platform, concern: ConcernSummary) -> ConcernSummary:
    with platform.database.reading() as connection:
        return concern_by_id(connection, EVERY_TEAM, concern.id)


def test_c2_one_person_is_called_at_once_a_second_after_15_minutes_and_the_lead_after_an_hour(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    assert office
    worry()
    called = []
    for minute in range(121):
        called += [(minute, address) for address in _work(platform, pillar)]
        clock.pass_time(timedelta(minutes=1))
    assert called == [(0, "ann@example.org"), (15, "ben@example.org"), (60, "lou@example.org")]


def test_c2_nobody_else_is_called_once_somebody_has_acknowledged(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    concern = worry()
    assert _work(platform, pillar) == _mails(Turn.FIRST)
    clock.pass_time(QUARTER - timedelta(minutes=1))
    with platform.database.writing() as connection:
        acknowledge(connection, concern, office[Turn.FIRST], clock)
    clock.pass_time(HOUR)
    assert _work(platform, pillar) == []


def test_c2_the_calls_survive_a_restart(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    assert office
    worry()
    _work(platform, pillar)
    clock.pass_time(QUARTER)
    again = build_platform(platform.settings, clock)
    other = Pillar(again)
    assert _work(again, other) == _mails(Turn.SECOND)
    clock.pass_time(HOUR - QUARTER)
    assert _work(again, other) == _mails(Turn.LEAD)
    again.database.dispose()


@pytest.mark.parametrize(
    ("moment", "answers"),
    [
        (datetime(2026, 11, 23, 8, 59, tzinfo=UTC), DUTY_DESK),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "ann@example.org"),
        (datetime(2026, 11, 23, 16, 59, tzinfo=UTC), "ann@example.org"),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), DUTY_DESK),
        (datetime(2026, 11, 22, 10, 0, tzinfo=UTC), DUTY_DESK),  # a Sunday
        (datetime(2026, 12, 28, 10, 0, tzinfo=UTC), DUTY_DESK),  # a Monday, and a bank holiday in England
        (datetime(2026, 11, 30, 10, 0, tzinfo=UTC), "ann@example.org"),  # a bank holiday in Scotland only
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), DUTY_DESK),  # a closing day of its own
        (datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "ann@example.org"),  # summer time: half past nine by the clocks here
    ],
)
def test_c2_the_out_of_hours_address_is_called_when_the_office_is_closed(
    platform: Platform,
    clock: SetClock,
    pillar: Pillar,
    office: dict[Turn, str],
    worry: Worry,
    moment: datetime,
    answers: str,
) -> None:
    hours = OfficeHours(closing_days=frozenset({date(2026, 11, 24)}))
    _set(platform, Duties("Family support", office, DUTY_DESK, hours))
    clock.moment = moment
    worry()
    assert _work(platform, pillar) == [answers]


def test_c2_a_service_has_its_own_people_and_hours_until_they_are_removed(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    own = {Turn.FIRST: office[Turn.SECOND]}
    _set(platform, Duties("Family support", own, "", OfficeHours(frozenset({0}), time(9, 30), time(12))))
    worry()
    assert _work(platform, pillar) == _mails(Turn.SECOND)
    with platform.database.writing() as connection:
        assert duties_of(connection, "Family support").hours.closes == time(12)
        remove_duties(connection, "Family support", by="administrator", now=clock.now())
        assert duties_of(connection, "Family support").people == office


def test_c2_everybody_who_handles_concerns_is_called_when_no_duty_is_set_up_or_it_is_stale(
    platform: Platform, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    with platform.database.writing() as connection:
        disable(connection, office[Turn.FIRST], now=platform.clock.now(), by="administrator")
    worry()
    assert _work(platform, pillar) == _mails(Turn.SECOND, Turn.LEAD)


def test_c2_a_call_waits_until_there_is_somebody_to_call(
    platform: Platform, clock: SetClock, pillar: Pillar, worry: Worry
) -> None:
    worry()
    assert _work(platform, pillar) == []
    with platform.database.reading() as connection:
        query = select(Job.trouble).where(Job.kind == CALL_JOBS[Turn.FIRST])
        assert connection.execute(query).scalar_one() == "NobodyToCallError"
        (worst, *_) = duty_problems(connection, mail_is_set_up=True)
    assert worst.startswith("Nobody can be called")
    _somebody(platform, "ann")
    clock.pass_time(timedelta(minutes=1))
    assert _work(platform, pillar) == ["ann@example.org"]


def test_c2_a_concern_opened_again_is_called_about_anew_and_no_call_is_made_twice(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    concern = worry()
    _work(platform, pillar)
    clock.pass_time(timedelta(minutes=10))
    with platform.database.writing() as connection:
        acknowledge(connection, concern, office[Turn.FIRST], clock)
        reopen(connection, concern_by_id(connection, EVERY_TEAM, concern.id), office[Turn.FIRST], clock)
    called = []
    for minute in range(10, 121):
        called += [(minute, address) for address in _work(platform, pillar)]
        clock.pass_time(timedelta(minutes=1))
    assert called == [(10, "ann@example.org"), (25, "ben@example.org"), (70, "lou@example.org")]


def test_c2_a_second_answer_that_opens_a_closed_concern_calls_people_again(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    concern = worry()
    _work(platform, pillar)
    with platform.database.writing() as connection:
        acknowledge(connection, concern, office[Turn.FIRST], clock)
        close(connection, concern, office[Turn.FIRST], "spoke_with_child", clock)
    clock.pass_time(timedelta(days=1))
    keep_second_answer(platform, {"q2a": SENTENCE}, sitting_id=concern.response_id)
    assert _work(platform, pillar) == _mails(Turn.FIRST)


def test_c2_the_history_and_the_record_say_to_whom_each_letter_went(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    assert office
    concern = worry()
    _work(platform, pillar)
    clock.pass_time(QUARTER)
    _work(platform, pillar)
    with platform.database.reading() as connection:
        steps = [(step.act, step.told) for step in history_of(connection, None, concern.id)]
        query = select(AuditEntry.reason).where(AuditEntry.act == "called people about a concern")
        noted = connection.execute(query.order_by(AuditEntry.number)).scalars().all()
    assert steps == [
        ("raised", ""),
        ("called_first", "First person: Ann (ann@example.org)"),
        ("called_second", "Second person: Ben (ben@example.org)"),
    ]
    assert noted == ["1 letter, first call", "1 letter, second call"]


def test_c2_nobody_is_called_about_an_invented_answer(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str]
) -> None:
    assert office
    keep_answer(platform, {"talk": "yes"}, invented=True)
    _work(platform, pillar)
    clock.pass_time(HOUR)
    assert _work(platform, pillar) == []
    assert pillar.taken == []


def test_c2_no_letter_of_any_kind_holds_a_childs_words(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str]
) -> None:
    kept = keep_answer(platform, {"q2a": SENTENCE}, setting=Setting(team="north", service="Family support"))
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    for step in (timedelta(0), QUARTER, HOUR):
        clock.moment = MONDAY_MORNING + step
        _work(platform, pillar)
    clock.moment = MONDAY_MORNING + timedelta(hours=20)  # the duty desk, out of hours
    keep_second_answer(platform, {"q2a": SENTENCE, "talk": "yes"}, sitting_id=kept.response_id)
    with platform.database.writing() as connection:
        (concern, *_) = concerns_of(connection, EVERY_TEAM, kept.response_id)
        ann, ben = (_person(platform, office[turn]) for turn in (Turn.FIRST, Turn.SECOND))
        handing = Handing(ann, ben, Written(SENTENCE, platform.keys), platform.settings.public_address)
        hand_over(connection, concern, handing, clock)
        trial = trial_letter(Called("Ann", "ann@example.org", "First person"), "Family support", "Ben")
        post(connection, platform.keys, trial, clock.now())
    _work(platform, pillar)
    subjects = {letter.subject for letter in pillar.taken}
    assert len(subjects) == 5
    assert DUTY_DESK in pillar.addresses
    words = {word for word in SENTENCE.lower().replace(",", "").replace(".", "").split() if len(word) > 4}
    for letter in pillar.taken:
        whole = f"{letter.to} {letter.subject} {letter.text}".lower()
        assert not [word for word in words if word in whole], letter.subject
        assert "north" not in whole
    links = [letter for letter in pillar.taken if f"/staff/concerns/{concern.id}" in letter.text]
    assert len(links) == 4


def test_c3_a_concern_is_handed_over_with_a_note_and_a_letter(
    platform: Platform, clock: SetClock, pillar: Pillar, office: dict[Turn, str], worry: Worry
) -> None:
    concern = worry()
    _work(platform, pillar)
    ann, ben = (_person(platform, office[turn]) for turn in (Turn.FIRST, Turn.SECOND))
    handing = Handing(ann, ben, Written("Please ring the school.", platform.keys), "https://voice.example.org")
    with platform.database.writing() as connection:
        hand_over(connection, concern, handing, clock)
    assert _work(platform, pillar) == _mails(Turn.SECOND)
    after = _now(platform, concern)
    assert (after.holder, after.state, after.read_due) == (ben.id, "open", concern.read_due)
    with platform.database.reading() as connection:
        last = history_of(connection, platform.keys, concern.id)[-1]
    assert (last.act, last.made_by, last.told) == ("handed_over", ann.id, "To Ben (ben@example.org)")
    assert last.text == "Please ring the school."
    assert "ring the school" not in pillar.taken[-1].text


def test_what_is_missing_in_the_duties_is_told(platform: Platform, office: dict[Turn, str]) -> None:
    with platform.database.reading() as connection:
        assert duty_problems(connection, mail_is_set_up=True) == []
        (no_mail,) = duty_problems(connection, mail_is_set_up=False)
    assert "VOICE_MAIL_URL" in no_mail
    _set(platform, Duties("Family support", {Turn.FIRST: office[Turn.FIRST]}))
    with platform.database.reading() as connection:
        told = duty_problems(connection, mail_is_set_up=True)
    assert [line.split(",")[0] for line in told] == [
        "Family support: second person is not named",
        "Family support: lead of the service is not named",
    ]
