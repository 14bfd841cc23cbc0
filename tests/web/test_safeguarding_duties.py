"""Who is called: setting it up, seeing who would be called now, testing the way, and what is said when it fails."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import WORKER_IS_STALE, jobs_waiting
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.safeguarding.duties import Turn, duties_of
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.staff.roles import Role
from tests.support.answering import keep_answer
from tests.support.letters import Pillar, lane_to
from tests.support.pages import Page
from tests.support.people import TEAM, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DUTIES = "/staff/duties/"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FILLED = {
    "out_of_hours": "desk@example.org",
    "weekdays": ["0", "1", "2", "3"],
    "opens": "08:30",
    "closes": "16:00",
    "closing_days": "24 December 2026\n31/12/2026",
}


def _raised(platform: Platform, answers: dict[str, object] | None = None) -> str:
    given = answers or {"talk": "yes"}
    kept = keep_answer(platform, given, setting=Setting(team=TEAM, service="Family support"))
    platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
    return kept.response_id


def _first_in(queue: Page) -> str:
    return str(queue.dom.all(".voice-queue h2 a")[0].attrs["href"])


def test_an_administrator_sets_up_who_is_called_and_sees_who_would_be_now(
    app: Flask, platform: Platform, clock: SetClock
) -> None:
    clock.moment = MONDAY
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    administrator = sign_in(app, Role.ADMINISTRATOR)
    page = administrator.pages.get(DUTIES)
    assert "No duty is set up for services without their own" in page.words()
    page = administrator.pages.get(page.link("Set up who is called for: Every other service"))
    administrator.pages.submit(page, {**FILLED, "first": lead.account_id}, expect=302)
    page = administrator.pages.get(DUTIES)
    assert "Monday to Thursday, 08:30 to 16:00, and 2 closing days to come." in page.words()
    assert "At once: Example Safeguarding lead (safeguarding-lead@example.org)" in page.words()
    with platform.database.reading() as connection:
        duties = duties_of(connection, "Family support")
    assert duties.people[Turn.FIRST] == lead.account_id
    clock.moment = MONDAY.replace(hour=18)
    sign_in(app, Role.ADMINISTRATOR, email="other@example.org")
    again = sign_in(app, Role.ADMINISTRATOR, email="third@example.org").pages.get(DUTIES)
    assert "At once: desk@example.org (out-of-hours duty)" in again.words()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"opens": "9"}, "Enter an hour such as 09:00"),
        ({"closes": "08:00"}, "The office must close later than it opens"),
        ({"out_of_hours": "nobody"}, "Enter an email address such as duty@example.gov.uk"),
        ({"closing_days": "some day"}, "“some day” is not a date such as 24 December 2026"),
    ],
)
def test_it_refuses_what_cannot_be_kept_and_keeps_what_was_typed(app: Flask, wrong: dict[str, str], told: str) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    page = lead.pages.get(DUTIES + "edit?service=Family+support")
    page = lead.pages.submit(page, {**FILLED, **wrong}, expect=400)
    assert told in page.words(".govuk-error-summary")
    assert page.words("h1") == "Who is called: Family support"


def test_a_service_with_its_own_duty_can_go_without_it_again(app: Flask) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    lead.pages.submit(lead.pages.get(DUTIES + "edit?service=Family+support"), FILLED, expect=302)
    page = lead.pages.get(DUTIES + "edit?service=Family+support")
    lead.pages.submit(page, {}, form="form[action*=remove]", expect=302)
    assert "Family support has no duty of its own any more." in lead.pages.get(DUTIES).words()


def test_a_test_letter_goes_to_everybody_who_could_be_called(app: Flask, platform: Platform, clock: SetClock) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    lead.pages.submit(lead.pages.get(DUTIES + "edit"), {**FILLED, "first": lead.account_id}, expect=302)
    page = lead.pages.get(DUTIES)
    lead.pages.submit(page, {}, form="form[action*=test]", expect=302)
    assert "letter waits to be sent" in lead.pages.get(DUTIES).words()
    pillar = Pillar(platform)
    lane_to(pillar, clock).run_all_due(1)
    assert sorted(pillar.addresses) == ["desk@example.org", lead.email]
    assert all(letter.subject.startswith("Test") for letter in pillar.taken)
    assert "letter sent on 22 November 2026" in lead.pages.get(DUTIES).words()


def test_c2_a_banner_stands_on_every_page_of_those_who_handle_concerns_after_an_hour(
    app: Flask, platform: Platform, clock: SetClock
) -> None:
    _raised(platform)
    clock.pass_time(timedelta(minutes=59))
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    told = "1 concern has waited for more than an hour and nobody has acknowledged it."
    assert told not in lead.pages.get("/staff/").words()
    clock.pass_time(timedelta(minutes=1))
    for address in ("/staff/", "/staff/account", "/staff/responses/", "/staff/concerns/"):
        assert told in lead.pages.get(address).words("main")
    assert told not in sign_in(app, Role.ANALYST).pages.get("/staff/").words()
    page = lead.pages.get(lead.pages.get("/staff/").link("Read what waits"))
    page = lead.pages.get(_first_in(page))
    lead.pages.submit(page, {}, form="form[action*=acknowledge]", expect=302)
    assert told not in lead.pages.get("/staff/").words()


def test_letters_that_do_not_get_out_are_told_where_they_can_be_mended(
    app: Flask, platform: Platform, clock: SetClock
) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    _raised(platform)
    platform.jobs.run_all_due()
    platform.letters.run_all_due(1)
    clock.pass_time(timedelta(minutes=6))
    assert "1 letter has not been sent" in lead.pages.get("/staff/").words("main")
    assert "no mail server is set up" in lead.pages.get(DUTIES).words("main")


def test_an_administrator_is_told_on_every_page_when_nobody_can_be_called(app: Flask) -> None:
    administrator = sign_in(app, Role.ADMINISTRATOR)
    assert "Nobody can be called about a concern" in administrator.pages.get("/staff/").words("main")
    sign_in(app, Role.SAFEGUARDING_LEAD)
    assert "Nobody can be called" not in administrator.pages.get("/staff/").words("main")


def test_c1_whoever_reads_a_response_can_raise_a_concern_by_hand(app: Flask, platform: Platform) -> None:
    response_id = _raised(platform, {"q2a": "It was fine."})
    worker = sign_in(app, Role.WORKER)
    page = worker.pages.get(f"/staff/responses/{response_id}")
    page = worker.pages.get(page.link("Raise a concern about this response"))
    refused = worker.pages.submit(page, {"text": " "}, expect=400)
    assert "Write what worries you" in refused.words(".govuk-error-summary")
    worker.pages.submit(page, {"text": "The drawing beside it worries me."}, expect=302)
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    queue = lead.pages.get("/staff/concerns/")
    concern = lead.pages.get(_first_in(queue))
    assert "The drawing beside it worries me." in concern.words(".voice-history")
    assert "Example Worker" in concern.words(".voice-history")


def test_c1_it_refuses_to_raise_a_concern_about_another_teams_response(app: Flask, platform: Platform) -> None:
    response_id = _raised(platform, {"q2a": "It was fine."})
    stranger = sign_in(app, Role.WORKER, email="south@example.org", team="South team")
    stranger.pages.get(f"/staff/responses/{response_id}/concern", expect=404)
    sign_in(app, Role.BOARD_MEMBER).pages.get(f"/staff/responses/{response_id}/concern", expect=403)


def test_c3_a_concern_is_handed_over_on_its_page_and_the_queue_says_who_has_it(app: Flask, platform: Platform) -> None:
    response_id = _raised(platform)
    other = sign_in(app, Role.SAFEGUARDING_LEAD, email="other@example.org")
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    with platform.database.reading() as connection:
        (concern,) = concerns_of(connection, None, response_id)
    address = f"/staff/concerns/{concern.id}"
    page = lead.pages.get(address)
    refused = lead.pages.submit(page, {}, form="form[action*=hand-over]", expect=400)
    assert "Choose a person" in refused.words(".govuk-error-summary")
    sent = {"hand-receiver": other.account_id, "hand-text": "Please ring the school."}
    lead.pages.submit(page, sent, form="form[action*=hand-over]", expect=302)
    assert "With Example Safeguarding lead" in other.pages.get("/staff/concerns/").words()
    history = other.pages.get(address).words(".voice-history")
    assert "To Example Safeguarding lead (other@example.org): letter waits to be sent" in history
    assert "Please ring the school." in history


def test_c4_a_stale_worker_shows_on_readyz_and_on_the_queue_page(
    app: Flask, platform: Platform, clock: SetClock
) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    platform.jobs.beat("worker-1")
    clock.pass_time(WORKER_IS_STALE)
    assert lead.pages.client.get("/readyz").get_json()["worker"] == "seen"
    assert "Answers are being screened" in lead.pages.get("/staff/concerns/").words()
    clock.pass_time(timedelta(seconds=1))
    ready = lead.pages.client.get("/readyz")
    assert (ready.status_code, ready.get_json()["worker"]) == (200, "stale")
    assert "has given no sign of life since" in lead.pages.get("/staff/concerns/").words(".govuk-warning-text")


def test_c4_a_worker_that_has_been_gone_for_a_day_is_forgotten(platform: Platform, clock: SetClock) -> None:
    platform.jobs.beat("worker-1")
    clock.pass_time(timedelta(days=1, seconds=1))
    platform.jobs.beat("worker-2")
    clock.moment -= timedelta(days=1)
    with platform.database.writing() as connection:
        assert jobs_waiting(connection).last_beat == clock.now() + timedelta(days=1)
        connection.exec_driver_sql("DELETE FROM worker_beats WHERE name = 'worker-2'")
        assert jobs_waiting(connection).last_beat is None
