"""One concern: why it was raised, the deciding words in their place, and what a person does about it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB, Setting
from hscb_voice.safeguarding.queries import ConcernSummary, concern_by_id, concerns_of
from hscb_voice.safeguarding.service import acknowledge, close
from hscb_voice.staff import roles
from hscb_voice.staff.roles import Permission, Role
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.markup import words_of
from tests.support.pages import Page
from tests.support.people import TEAM, SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORRY = "It was ok. I am scared of my <step> dad."
Raise = Callable[..., ConcernSummary]


@pytest.fixture
def raised(platform: Platform) -> Raise:
    """Keep and screen an answer that raises a concern; return it."""

    def make(answers: dict[str, Any] | None = None, **more: Any) -> ConcernSummary:
        setting = Setting(team=TEAM, service="Family support")
        kept = keep_answer(platform, answers or {"q2a": WORRY, "q5": "More games"}, setting=setting, **more)
        platform.jobs.run_for(kept.response_id, [SCREEN_JOB])
        with platform.database.reading() as connection:
            return concerns_of(connection, EVERY_TEAM, kept.response_id)[0]

    return make


@pytest.fixture
def lead(app: Flask) -> SignedIn:
    """A safeguarding lead, signed in."""
    return sign_in(app, Role.SAFEGUARDING_LEAD)


def _at(concern: ConcernSummary) -> str:
    return f"/staff/concerns/{concern.id}"


def _now(platform: Platform, concern: ConcernSummary) -> ConcernSummary:
    with platform.database.reading() as connection:
        return concern_by_id(connection, EVERY_TEAM, concern.id)


def _readings(platform: Platform) -> Sequence[tuple[str, str, str]]:
    query = select(AuditEntry.who, AuditEntry.subject, AuditEntry.reason)
    with platform.database.reading() as connection:
        rows = connection.execute(query.where(AuditEntry.act == "read the words of a response"))
        return [(row.who, row.subject, row.reason) for row in rows]


def _send(page: Page, lead: SignedIn, ending: str, answers: dict[str, Any], *, expect: int = 302) -> Page:
    return lead.pages.submit(page, answers, form=f'form[action$="{ending}"]', expect=expect)


def test_it_says_why_in_plain_words_and_marks_the_deciding_words(lead: SignedIn, raised: Raise) -> None:
    page = lead.pages.get(_at(raised()))
    assert "Afraid of" in page.words()
    assert "It was ok. " in page.words(".voice-words")
    assert len(page.dom.all(".voice-words mark")) == 1
    assert "scared of my <step> dad" in page.words(".voice-words mark")
    assert "It was ok" not in page.words(".voice-words mark")
    assert "More games" in page.words()
    assert "is not therefore safe" in page.words()


def test_reading_the_words_is_noted_with_the_reason(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised()
    lead.pages.get(_at(concern))
    assert _readings(platform) == [(lead.account_id, f"response {concern.response_id}", "concern")]


def test_where_nothing_was_written_no_reading_is_noted(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    page = lead.pages.get(_at(raised({"talk": "yes"})))
    assert "Nothing was written." in page.words()
    assert "Asked for someone to talk to" in page.words()
    assert "At the question “Would you like someone to talk to you about this?”" in page.words()
    assert _readings(platform) == []


def test_without_the_permission_to_read_comments_the_words_and_notes_stay_sealed(
    lead: SignedIn, platform: Platform, raised: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = raised()
    page = lead.pages.get(_at(concern))
    _send(page, lead, "/notes", {"note-text": "Rang the nurse."})
    fewer = roles.PERMISSIONS[Role.SAFEGUARDING_LEAD] - {Permission.READ_COMMENTS}
    monkeypatch.setattr(roles, "PERMISSIONS", {**roles.PERMISSIONS, Role.SAFEGUARDING_LEAD: fewer})
    read_before = len(_readings(platform))
    page = lead.pages.get(_at(concern))
    assert "You may not read the words of this response." in page.words()
    assert "You may not read this note." in page.words()
    assert "step" not in page.text
    assert "nurse" not in page.text
    assert len(_readings(platform)) == read_before


def test_a_concern_is_acknowledged_noted_and_closed(
    lead: SignedIn, platform: Platform, clock: SetClock, raised: Raise
) -> None:
    concern = raised()
    page = lead.pages.get(_at(concern))
    page = lead.pages.follow(_send(page, lead, "/acknowledge", {}))
    assert "You have acknowledged this concern." in page.words("main")
    assert "To speak with them: due on Tuesday 24 November by 17:00" in page.words()
    clock.pass_time(timedelta(minutes=5))
    page = lead.pages.follow(_send(page, lead, "/notes", {"note-text": "  Rang the <school> nurse.\r\nShe knows. "}))
    assert "The note has been saved." in page.words("main")
    assert "Rang the <school> nurse. She knows." in page.words(".voice-history")
    page = lead.pages.follow(
        _send(page, lead, "/close", {"close-outcome": "spoke_with_child", "close-text": "She is with her aunt."})
    )
    history = page.words(".voice-history")
    assert "Closed: Spoke with the child or young person" in history
    assert "22 November 2026 at 10:05, Example Safeguarding lead" in history
    assert "She is with her aunt." in history
    assert not page.dom.all('form[action$="/close"]')
    assert _now(platform, concern).outcome == "spoke_with_child"


def test_a_mistaken_acknowledgement_is_taken_back(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised()
    page = lead.pages.follow(_send(lead.pages.get(_at(concern)), lead, "/acknowledge", {}))
    assert "Acknowledged by mistake?" in page.words()
    page = lead.pages.follow(_send(page, lead, "/reopen", {"reopen-text": "Wrong one."}))
    after = _now(platform, concern)
    assert (after.state, after.read_due) == ("open", concern.read_due)
    assert "Opened again" in page.words(".voice-history")
    assert "Wrong one." in page.words(".voice-history")


def test_a_closed_concern_can_be_opened_again(
    lead: SignedIn, platform: Platform, clock: SetClock, raised: Raise
) -> None:
    concern = raised()
    with platform.database.writing() as connection:
        acknowledge(connection, concern, "gone", clock)
        close(connection, concern, "gone", "no_further_action", clock)
    page = lead.pages.get(_at(concern))
    assert "somebody who no longer has an account" in page.words(".voice-history")
    assert "Not over after all?" in page.words()
    _send(page, lead, "/reopen", {})
    assert _now(platform, concern).state == "open"


@pytest.mark.parametrize(
    ("ending", "answers", "trouble"),
    [
        ("/notes", {"note-text": "   "}, "Write the note"),
        ("/notes", {"note-text": "x" * 5001}, "The note must be 5,000 characters or fewer"),
        ("/close", {}, "Choose an outcome"),
        ("/close", {"close-outcome": "emergency", "close-text": "x" * 5001}, "The note must be 5,000"),
        ("/reopen", {"reopen-text": "x" * 5001}, "The note must be 5,000"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_typed_is_lost(
    lead: SignedIn, platform: Platform, raised: Raise, ending: str, answers: dict[str, Any], trouble: str
) -> None:
    concern = raised()
    page = lead.pages.follow(_send(lead.pages.get(_at(concern)), lead, "/acknowledge", {}))
    page = _send(page, lead, ending, answers, expect=400)
    assert trouble in page.words(".govuk-error-summary")
    assert page.words("title").startswith("Error: ")
    for field in page.dom.all(".govuk-error-summary a"):
        assert page.dom.all(f'[id="{str(field.attrs["href"])[1:]}"]')
    for typed in (text for text in answers.values() if text.strip() and text.startswith("x")):
        assert typed in page.text
    assert _now(platform, concern).state == "acknowledged"


def test_an_outcome_that_is_none_is_refused(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised()
    page = lead.pages.follow(_send(lead.pages.get(_at(concern)), lead, "/acknowledge", {}))
    _send(page, lead, "/close", {"close-outcome": "forgotten"}, expect=400)
    assert _now(platform, concern).state == "acknowledged"


def test_it_says_when_somebody_else_was_quicker(app: Flask, lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised()
    page = lead.pages.get(_at(concern))
    other = sign_in(app, Role.SAFEGUARDING_LEAD, email="second-lead@example.org")
    _send(other.pages.get(_at(concern)), other, "/acknowledge", {})
    page = _send(page, lead, "/acknowledge", {}, expect=409)
    assert "Somebody else has already acknowledged this concern." in page.words(".govuk-error-summary")
    assert _now(platform, concern).acknowledged_by == other.account_id
    # Closing it from a page that was open before it was closed elsewhere is refused as well.
    stale = lead.pages.get(_at(concern))
    _send(other.pages.get(_at(concern)), other, "/close", {"close-outcome": "emergency"})
    _send(stale, lead, "/close", {"close-outcome": "no_further_action"}, expect=409)
    assert _now(platform, concern).outcome == "emergency"


def test_only_who_handles_concerns_may_act(
    lead: SignedIn, platform: Platform, raised: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = raised()
    page = lead.pages.get(_at(concern))
    fewer = roles.PERMISSIONS[Role.SAFEGUARDING_LEAD] - {Permission.HANDLE_CONCERNS}
    monkeypatch.setattr(roles, "PERMISSIONS", {**roles.PERMISSIONS, Role.SAFEGUARDING_LEAD: fewer})
    for ending in ("/acknowledge", "/notes"):
        _send(page, lead, ending, {}, expect=403)
    assert not lead.pages.get(_at(concern)).dom.all("main form")
    assert _now(platform, concern).state == "open"


def test_a_form_without_its_token_changes_nothing(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised()
    lead.pages.post(f"{_at(concern)}/acknowledge", {}, expect=400)
    assert _now(platform, concern).state == "open"


def test_another_teams_concern_is_not_found(
    app: Flask, platform: Platform, raised: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {Permission.READ_CONCERNS, Permission.HANDLE_CONCERNS}
    more = roles.PERMISSIONS[Role.TEAM_MANAGER] | extra
    monkeypatch.setattr(roles, "PERMISSIONS", {**roles.PERMISSIONS, Role.TEAM_MANAGER: more})
    concern = raised()
    near = sign_in(app, Role.TEAM_MANAGER, email="near@example.org", team=TEAM)
    far = sign_in(app, Role.TEAM_MANAGER, email="far@example.org", team="South team")
    page = near.pages.get(_at(concern))
    far.pages.get(_at(concern), expect=404)
    assert "No concern waits here now." in far.pages.get("/staff/concerns/").words()
    token = far.pages.get("/staff/account").dom.all('form[action$="everywhere"] input')[0].attrs["value"]
    far.pages.post(f"{_at(concern)}/acknowledge", {"csrf_token": token}, expect=404)
    _send(page, near, "/acknowledge", {})
    assert _now(platform, concern).acknowledged_by == near.account_id


def test_a_concern_that_is_not_there_is_not_found(lead: SignedIn) -> None:
    lead.pages.get("/staff/concerns/nothing", expect=404)


def test_a_later_different_answer_is_shown_and_marked(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised({"q2a": "I am scared of him."})
    keep_second_answer(platform, {"q2a": "Nobody is here. He hits me."}, sitting_id=concern.response_id)
    platform.jobs.run_for(concern.response_id, [SCREEN_JOB])
    page = lead.pages.get(_at(concern))
    assert "In a different answer that came later under the same form" in page.words()
    assert "(in the later answer)" in page.words()
    marked = [words_of(mark) for mark in page.dom.all(".voice-words mark")]
    assert any("scared of him" in words for words in marked)
    assert any("hits me" in words for words in marked)
    assert "Raised again" in page.words(".voice-history")


def test_concerns_of_one_response_name_each_other(lead: SignedIn, platform: Platform, raised: Raise) -> None:
    concern = raised({"q2": ["scared"], "talk": "yes"})
    with platform.database.reading() as connection:
        one, two = concerns_of(connection, EVERY_TEAM, concern.response_id)
    assert lead.pages.get(_at(one)).link("Asked for someone to talk to") == _at(two)


def test_a_comment_is_shown_whole_whatever_is_marked_in_it(lead: SignedIn, raised: Raise) -> None:
    text = "First line.\nI am scared of him 🙂 and of home."
    page = lead.pages.get(_at(raised({"q2a": text})))
    assert page.words(".voice-words").replace(" ", "") == "".join(text.split())


def test_an_invented_concern_is_marked(lead: SignedIn, raised: Raise) -> None:
    assert "Invented" in lead.pages.get(_at(replace(raised(invented=True)))).words()
