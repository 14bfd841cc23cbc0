"""The queue of concerns: most urgent first, and never silent about a screening that stands still."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of
from hscb_voice.safeguarding.service import acknowledge, close
from hscb_voice.staff.roles import PERMISSIONS, Permission, Role
from tests.support.answering import keep_answer
from tests.support.pages import Page
from tests.support.people import TEAM, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUEUE = "/staff/concerns/"
Raise = Callable[..., ConcernSummary]


@pytest.fixture
def raised(platform: Platform) -> Raise:
    """Keep and screen an answer that asks for somebody to talk to; return its concern."""

    def make(team: str = TEAM, **more: object) -> ConcernSummary:
        answers = more.pop("answers", {"talk": "yes"})
        assert isinstance(answers, dict)
        kept = keep_answer(platform, answers, setting=Setting(team=team, service="Family support"), **more)
        platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
        with platform.database.reading() as connection:
            return concerns_of(connection, EVERY_TEAM, kept.response_id)[0]

    return make


def _order(page: Page) -> list[str]:
    links = page.dom.all(".voice-queue h2 a")
    return [str(link.attrs["href"]).rsplit("/", 1)[1] for link in links]


def test_an_empty_queue_says_so_and_that_no_flag_never_means_safe(app: Flask) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    page = lead.pages.get(QUEUE)
    assert "No concern waits here now." in page.words()
    assert "is not therefore safe" in page.words()
    assert "a person reads every child’s comment" in page.words()
    assert "No concern has been closed yet." in lead.pages.get(QUEUE + "?state=closed").words()


def test_the_most_urgent_comes_first_with_its_deadline_in_words(
    app: Flask, platform: Platform, clock: SetClock, raised: Raise
) -> None:
    older = raised()
    clock.pass_time(timedelta(days=1))
    newer = raised()
    seen = raised()
    with platform.database.writing() as connection:
        acknowledge(connection, seen, "somebody", clock)
    clock.pass_time(timedelta(minutes=5))
    page = sign_in(app, Role.SAFEGUARDING_LEAD).pages.get(QUEUE)
    words = page.words()
    assert _order(page)[:2] == [older.id, newer.id]
    assert "To read: late by 17 hours" in words
    assert "To read: due today by 17:00" in words
    assert "To speak with them: due on Wednesday 25 November by 17:00" in words
    assert "1 concern is late." in words
    assert "Child or young person · Support worker: children · Family support · North team" in words


def test_words_come_before_ticks_that_are_due_at_the_same_time(app: Flask, raised: Raise) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    talk = raised()
    worry = raised(answers={"q2a": "I am scared of my step dad."})
    assert _order(lead.pages.get(QUEUE)) == [worry.id, talk.id]


def test_the_filter_is_in_the_address_and_says_how_many_there_are(
    app: Flask, platform: Platform, clock: SetClock, raised: Raise
) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    waiting, seen, over = raised(), raised(), raised()
    with platform.database.writing() as connection:
        for concern in (seen, over):
            acknowledge(connection, concern, lead.account_id, clock)
        close(connection, over, lead.account_id, "referred_to_mash", clock)
    tabs = lead.pages.get(QUEUE)
    assert "Needs somebody (2) Not yet read (1) Acknowledged (1) Closed (1)" in tabs.words("main nav")
    assert set(_order(tabs)) == {waiting.id, seen.id}
    for label, concern in (("Not yet read (1)", waiting), ("Acknowledged (1)", seen), ("Closed (1)", over)):
        page = lead.pages.get(tabs.link(label))
        assert _order(page) == [concern.id]
        assert page.words('[aria-current="page"]')
    assert "Referred to MASH" in lead.pages.get(QUEUE + "?state=closed").words(".voice-queue")


def test_a_filter_that_is_none_is_not_found(app: Flask) -> None:
    sign_in(app, Role.SAFEGUARDING_LEAD).pages.get(QUEUE + "?state=forgotten", expect=404)


def test_a_long_queue_comes_in_pages(app: Flask, raised: Raise) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    ids = {raised().id for _ in range(26)}
    first = lead.pages.get(QUEUE)
    second = lead.pages.get(QUEUE + "?page=2")
    assert (len(_order(first)), len(_order(second))) == (25, 1)
    assert set(_order(first) + _order(second)) == ids
    assert "1 of 2" in second.words("main")
    assert "There is nothing on this page" in lead.pages.get(QUEUE + "?page=7").words()
    assert _order(lead.pages.get(QUEUE + "?page=banana")) == _order(first)


def test_what_is_invented_is_marked(app: Flask, raised: Raise) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    raised(invented=True)
    assert "Invented" in lead.pages.get(QUEUE).words(".voice-queue")


def test_it_says_that_answers_are_being_screened(app: Flask, platform: Platform) -> None:
    platform.jobs.beat("a worker")
    page = sign_in(app, Role.SAFEGUARDING_LEAD).pages.get(QUEUE)
    assert "Answers are being screened: last sign of life 10:00." in page.words()
    assert "No answer is waiting to be screened." in page.words()
    assert not page.dom.all(".govuk-warning-text")


def test_it_warns_when_the_worker_has_been_silent_for_more_than_two_minutes(
    app: Flask, platform: Platform, clock: SetClock
) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    platform.jobs.beat("a worker")
    clock.pass_time(timedelta(minutes=2))
    assert not lead.pages.get(QUEUE).dom.all(".govuk-warning-text")
    clock.pass_time(timedelta(seconds=1))
    keep_answer(platform, {"talk": "yes"})
    warning = lead.pages.get(QUEUE).words(".govuk-warning-text")
    assert "has given no sign of life since 22 November 2026 at 10:00" in warning
    assert "1 answer is waiting to be screened." in warning


def test_it_warns_when_no_worker_has_ever_been_seen(app: Flask, platform: Platform) -> None:
    keep_answer(platform, {"talk": "yes"})
    keep_answer(platform, {"talk": "yes"})
    warning = sign_in(app, Role.SAFEGUARDING_LEAD).pages.get(QUEUE).words(".govuk-warning-text")
    assert "has never been seen. 2 answers are waiting to be screened." in warning


@pytest.mark.parametrize("role", [role for role in Role if Permission.READ_CONCERNS not in PERMISSIONS[role]])
def test_other_roles_see_no_queue_and_no_concern(app: Flask, raised: Raise, role: Role) -> None:
    concern = raised()
    somebody = sign_in(app, role)
    somebody.pages.get(QUEUE, expect=403)
    somebody.pages.get(f"{QUEUE}{concern.id}", expect=403)
    assert "Concerns" not in somebody.pages.get("/staff/").words("body")


def test_the_home_page_says_what_waits(app: Flask, clock: SetClock, raised: Raise) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    raised()
    assert "1 to read" in lead.pages.get("/staff/").words()
    clock.pass_time(timedelta(minutes=10))
    assert "late" not in lead.pages.get("/staff/").words()
    clock.pass_time(timedelta(days=1))
    again = sign_in(app, Role.SAFEGUARDING_LEAD, email="second-lead@example.org")
    assert "1 to read, 1 late" in again.pages.get("/staff/").words()
