"""The staff pages of responses: a list without words; one response as it was asked, its words only with a reason."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.questionnaires.service import publish
from hscb_voice.responses.adding import Added, add_words
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import SCREEN_JOB, Setting, Span
from hscb_voice.staff.roles import PERMISSIONS, Permission, Role
from tests.support.answering import CHILD, keep_answer, keep_second_answer
from tests.support.markup import words_of
from tests.support.pages import Page
from tests.support.people import TEAM, SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LIST = "/staff/responses/"
WORDS = "My worker is kind."
Keep = Callable[..., str]


@pytest.fixture
def kept(platform: Platform) -> Keep:
    """Keep an answer; return its response's id."""

    def make(answers: dict[str, Any] | None = None, team: str = TEAM, service: str = "CIDVA", **more: Any) -> str:
        setting = Setting(team=team, service=service)
        given = answers or {"q2": ["happy", "scared"], "q2a": WORDS}
        return keep_answer(platform, given, setting=setting, **more).response_id

    return make


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    """An analyst, signed in."""
    return sign_in(app, Role.ANALYST)


def _listed(page: Page) -> list[str]:
    return [str(link.attrs["href"]).rsplit("/", 1)[1] for link in page.dom.all("tbody a")]


def _readings(platform: Platform) -> Sequence[tuple[str, str, str]]:
    query = select(AuditEntry.who, AuditEntry.subject, AuditEntry.reason)
    with platform.database.reading() as connection:
        rows = connection.execute(query.where(AuditEntry.act == "read the words of a response"))
        return [(row.who, row.subject, row.reason) for row in rows]


def test_an_empty_list_says_what_will_come(analyst: SignedIn) -> None:
    assert "There are no responses yet" in analyst.pages.get(LIST).words()


def test_the_list_shows_no_words(analyst: SignedIn, platform: Platform, kept: Keep) -> None:
    kept(invented=True)
    page = analyst.pages.get(LIST)
    assert "Support worker: children" in page.words("tbody")
    assert "Child or young person November 2026 CIDVA, North team" in page.words("tbody")
    assert "Invented" in page.words("tbody")
    assert WORDS not in page.text
    assert _readings(platform) == []


def test_the_filter_is_in_the_address_and_kept_on_the_page(analyst: SignedIn, kept: Keep) -> None:
    child = kept()
    parent = kept({"q6": "No."}, service="Family support", slug="support-worker-parent")
    page = analyst.pages.submit(
        analyst.pages.get(LIST), {"who": "parent", "service": "Family support"}, form="#filters", expect=200
    )
    assert _listed(page) == [parent]
    chosen = {str(option.attrs.get("value")) for option in page.dom.all("option[selected]")}
    assert chosen == {"", "parent", "Family support"}
    assert set(_listed(analyst.pages.get(page.link("Show all")))) == {child, parent}
    assert _listed(analyst.pages.get(LIST + "?questionnaire=support-worker-child")) == [child]
    assert "No response fits this choice." in analyst.pages.get(LIST + "?service=Nowhere").words()


def test_a_period_narrows_the_list_and_only_periods_with_responses_are_offered(analyst: SignedIn, kept: Keep) -> None:
    old = kept(span=Span(date(2015, 4, 1), date(2016, 3, 31)))
    new = kept(span=Span.month_of(date(2016, 5, 1)))
    page = analyst.pages.get(LIST + "?period=2016-17 Q1")
    assert _listed(page) == [new]
    offered = [str(option.attrs["value"]) for option in page.dom.all("#period option")]
    assert offered[:3] == ["", "2016-17", "2016-17 Q1"]
    assert offered[-1] == "2015-16 Q1"
    assert _listed(analyst.pages.get(LIST + "?period=2015-16 Q3")) == [old]
    assert "April 2015 to March 2016" in analyst.pages.get(LIST + "?period=2015-16").words("tbody")
    assert set(_listed(analyst.pages.get(LIST + "?period=nonsense"))) == {old, new}


def test_a_long_list_comes_in_pages_that_keep_the_filter(analyst: SignedIn, kept: Keep) -> None:
    ids = {kept() for _ in range(27)}
    kept({"q6": "No."}, slug="support-worker-parent")
    first = analyst.pages.get(LIST + "?who=child")
    assert "27 responses, 1 to 25" in first.words()
    following = first.dom.one('a[rel="next"]').attrs["href"]
    second = analyst.pages.get(str(following))
    assert "27 responses, 26 to 27" in second.words()
    assert set(_listed(first) + _listed(second)) == ids
    assert "There is nothing on this page" in analyst.pages.get(LIST + "?page=99").words()
    assert len(_listed(analyst.pages.get(LIST + "?page=-3"))) == 25


def test_a_worker_sees_only_their_own_teams_responses(app: Flask, kept: Keep) -> None:
    own, other = kept(), kept(team="South team", service="Secret service")
    worker = sign_in(app, Role.WORKER)
    page = worker.pages.get(LIST)
    assert _listed(page) == [own]
    assert "Secret service" not in page.text
    worker.pages.get(LIST + own)
    worker.pages.get(LIST + other, expect=404)
    worker.pages.get(LIST + other + "?reason=follow_up", expect=404)


def test_a_response_that_is_not_there_is_not_found(analyst: SignedIn) -> None:
    analyst.pages.get(LIST + "nothing", expect=404)


def test_it_shows_each_question_as_asked_and_each_answer_by_its_words(analyst: SignedIn, kept: Keep) -> None:
    answers = {"carer": "female", "q3": {"1": "very_good"}, "q4": ["1"], "q4_own": ["Bedtimes", "Pets"], "talk": "no"}
    page = analyst.pages.get(LIST + kept(answers, slug="support-worker-parent") + "?reason=follow_up")
    words = page.words()
    assert "Please tick the relevant boxes below to tell us what you thought of our service." in words
    assert "Your relationship with the worker: Very Good" in words
    assert "Behaviour management" in words
    assert [words_of(written) for written in page.dom.all(".voice-words")] == ["Bedtimes", "Pets"]
    assert "Not answered" in words


def test_faces_are_named_and_a_young_childs_form_keeps_its_own_wording(analyst: SignedIn, kept: Keep) -> None:
    page = analyst.pages.get(LIST + kept({"q2": ["scared", "happy"]}, variant="under-9"))
    assert "Which faces show how you felt with your worker? Scared Happy" in page.words()
    assert "Draw a circle around the faces" not in page.words()
    assert "What difference has having a support worker made to you?" not in page.words()


def test_it_shows_the_wording_of_the_version_that_was_answered(
    analyst: SignedIn, platform: Platform, clock: SetClock, kept: Keep
) -> None:
    response_id = kept()
    with platform.database.writing() as connection:
        old = current_version(connection, CHILD).definition
        q2a = old.question("q2a")
        assert q2a is not None
        newer = q2a.model_copy(update={"text": "A newer wording"})
        changed = [newer if question.key == "q2a" else question for question in old.questions]
        publish(connection, old.model_copy(update={"questions": tuple(changed)}), clock)
    page = analyst.pages.get(LIST + response_id)
    assert q2a.text in page.words()
    assert "A newer wording" not in page.words()
    assert "version 1" in page.words()


def test_words_stay_sealed_until_a_reason_is_given_and_the_reading_is_noted(
    analyst: SignedIn, platform: Platform, kept: Keep
) -> None:
    response_id = kept()
    page = analyst.pages.get(LIST + response_id)
    assert WORDS not in page.text
    assert "Answered in words, not shown" in page.words()
    assert _readings(platform) == []
    form = 'form[action$="' + response_id + '"]'
    page = analyst.pages.submit(page, {"reason": "theme"}, form=form, expect=200)
    assert page.words(".voice-words") == WORDS
    assert "It has been noted that you read these words, and why: to check a theme or a quote." in page.words()
    assert _readings(platform) == [(analyst.account_id, f"response {response_id}", "theme")]


def test_it_tells_that_words_were_added_later_and_when(
    analyst: SignedIn, platform: Platform, kept: Keep, clock: SetClock
) -> None:
    response_id = kept()
    assert "added to this answer later" not in analyst.pages.get(LIST + response_id).words()
    for days in (2, 5):
        later = clock.now() + timedelta(days=days)
        with platform.database.writing() as connection:
            add_words(connection, Added(new_id(), response_id, f"Day {days}."), platform.keys, later)
    page = analyst.pages.get(LIST + response_id)
    assert "added to this answer later: on 24 November 2026 and on 27 November 2026." in page.words()
    assert "Day 2." not in page.text
    page = analyst.pages.submit(page, {"reason": "theme"}, form=f'form[action$="{response_id}"]', expect=200)
    assert "Added later, on 24 November 2026: Day 2. Added later, on 27 November 2026: Day 5." in page.words()
    assert page.words().count("Added later") == 2  # not the words that came with the answer


def test_a_reason_that_is_none_opens_nothing(analyst: SignedIn, platform: Platform, kept: Keep) -> None:
    page = analyst.pages.get(LIST + kept() + "?reason=curiosity")
    assert WORDS not in page.text
    assert _readings(platform) == []


def test_where_nothing_was_written_no_reason_is_asked_and_no_reading_noted(
    analyst: SignedIn, platform: Platform, kept: Keep
) -> None:
    response_id = kept({"q2": ["happy"]})
    assert "Why do you need to read the words?" not in analyst.pages.get(LIST + response_id).words()
    analyst.pages.get(LIST + response_id + "?reason=theme")
    assert _readings(platform) == []


def test_nothing_is_shown_when_the_reading_cannot_be_noted(
    analyst: SignedIn, kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "the record is out of reach"
        raise RuntimeError(message)

    response_id = kept()
    monkeypatch.setattr("hscb_voice.responses.reading.note", fail)
    monkeypatch.setitem(analyst.pages.app.config, "PROPAGATE_EXCEPTIONS", False)
    page = analyst.pages.get(LIST + response_id + "?reason=theme", expect=500)
    assert WORDS not in page.text


def test_who_may_not_read_comments_sees_the_ticks_only(
    app: Flask, platform: Platform, kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = PERMISSIONS[Role.TEAM_MANAGER] - {Permission.READ_COMMENTS}
    monkeypatch.setattr("hscb_voice.staff.roles.PERMISSIONS", {**PERMISSIONS, Role.TEAM_MANAGER: fewer})
    response_id = kept()
    page = sign_in(app, Role.TEAM_MANAGER).pages.get(LIST + response_id + "?reason=follow_up")
    assert "You may not read the words of this response." in page.words()
    assert "Happy" in page.words()
    assert WORDS not in page.text
    assert not page.dom.all("main form")
    assert _readings(platform) == []


@pytest.mark.parametrize("role", [role for role in Role if Permission.SEE_RESPONSES not in PERMISSIONS[role]])
def test_other_roles_see_no_response(app: Flask, kept: Keep, role: Role) -> None:
    somebody = sign_in(app, role)
    somebody.pages.get(LIST, expect=403)
    somebody.pages.get(LIST + kept(), expect=403)


def test_erased_words_are_said_to_be_erased(analyst: SignedIn, platform: Platform, clock: SetClock, kept: Keep) -> None:
    response_id = kept()
    with platform.database.writing() as connection:
        connection.execute(update(Response).values(wrapped_key=None, erased_at=clock.now()))
    page = analyst.pages.get(LIST + response_id)
    assert "have been kept long enough, and are gone" in page.words()
    assert "Erased, or not answered" in page.words()
    assert "Why do you need to read the words" not in page.words()


def test_an_invented_response_says_so(analyst: SignedIn, kept: Keep) -> None:
    assert "Nobody said this" in analyst.pages.get(LIST + kept(invented=True)).words()
    assert "Nobody said this" not in analyst.pages.get(LIST + kept()).words()


def test_a_second_different_answer_stands_beside_the_first(analyst: SignedIn, platform: Platform, kept: Keep) -> None:
    response_id = kept()
    keep_second_answer(platform, {"q2": ["sad"], "q2a": "It was not me."}, sitting_id=response_id)
    page = analyst.pages.get(LIST + response_id + "?reason=request")
    assert "A different answer that came later under the same form" in page.words()
    assert "It was not me." in page.words()
    assert "It was not me." not in analyst.pages.get(LIST + response_id).text


def test_its_concerns_stand_beside_it_for_those_who_may_see_them(
    app: Flask, analyst: SignedIn, platform: Platform, kept: Keep
) -> None:
    response_id = kept({"talk": "yes"})
    platform.jobs.run_for(response_id, [SCREEN_JOB])
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    page = lead.pages.get(LIST + response_id)
    concern = lead.pages.get(page.link("Asked for someone to talk to"))
    assert concern.words("h1") == "Concern: Asked for someone to talk to"
    assert "Concerns" not in analyst.pages.get(LIST + response_id).words()
