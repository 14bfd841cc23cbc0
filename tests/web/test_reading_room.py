"""The reading room's pages: no word without a reason, every act can be taken back, and a person's code wins."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import ToBeRead
from hscb_voice.responses.service import Setting
from hscb_voice.staff.roles import Role
from hscb_voice.themes.queries import coding_of, quote_standing
from hscb_voice.themes.service import PERSON
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.people import SignedIn, enter, sign_in
from tests.support.reading_room import begin, heard, opened, press

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXT = "Zofia always listened to me and I feel safe"
Say = Callable[..., str]


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    return sign_in(app, Role.ANALYST)


@pytest.fixture
def said(here: Platform) -> Say:
    """Keep an answer, read it by machine, and return the id of its comment."""

    def say(text: str = TEXT, **answers: object) -> str:
        return heard(here, text, **answers)  # type: ignore[arg-type]  # an answer is whatever its question takes

    return say


def waiting(here: Platform) -> int:
    with here.database.reading() as connection:
        return connection.execute(select(func.count()).where(ToBeRead.read_at.is_(None))).scalar_one()


def noted(here: Platform) -> list[tuple[str, str]]:
    with here.database.reading() as connection:
        query = select(AuditEntry.act, AuditEntry.reason).order_by(AuditEntry.number)
        return [(row.act, row.reason) for row in connection.execute(query)]


def test_no_word_is_shown_before_a_reason_is_given(analyst: SignedIn, said: Say) -> None:
    item_id = said()
    answer = analyst.pages.get(f"/staff/reading/{item_id}", expect=303)
    assert answer.location.endswith("/staff/reading/")
    room = analyst.pages.get("/staff/reading/")
    assert "Zofia" not in room.words()
    refused = analyst.pages.submit(room, {}, form="#begin", expect=400)
    assert "Say why you are reading" in refused.words()


def test_each_comment_that_is_opened_is_noted_with_the_reason(analyst: SignedIn, said: Say, here: Platform) -> None:
    said()
    page = analyst.pages.follow(begin(analyst))
    assert "Zofia" in page.words()
    assert ("opened a comment to read", "read") in noted(here)


def test_next_marks_as_read_and_undo_takes_it_back(analyst: SignedIn, said: Say, here: Platform) -> None:
    item_id = said()
    page = analyst.pages.follow(begin(analyst))
    assert "0 of 1 read; 1 left." in page.words()
    room = analyst.pages.follow(press(analyst, page, "n"))
    assert "Everything has been read" in room.words()
    assert waiting(here) == 0
    assert "Everything is read: 1 of 1." in room.words()
    back = press(analyst, opened(analyst, item_id), "u")
    assert "Undone: marking as read." in analyst.pages.follow(back).words()
    assert waiting(here) == 1


def test_every_act_of_coding_is_a_persons_and_undo_brings_back_what_was(
    analyst: SignedIn, said: Say, here: Platform
) -> None:
    item_id = said()
    begin(analyst)

    def in_force() -> tuple[str, str, frozenset[tuple[str, str]]]:
        with here.database.reading() as connection:
            found = coding_of(connection, item_id)
        assert found is not None
        return found.source, found.polarity, frozenset((t.theme, t.polarity) for t in found.themes)

    machine = in_force()
    for key in ("r", "f"):
        press(analyst, opened(analyst, item_id), key)
        assert in_force()[0] == PERSON
        press(analyst, opened(analyst, item_id), "u")
        assert in_force() == machine
        assert waiting(here) == 1
    page = opened(analyst, item_id)
    analyst.pages.submit(page, {"theme": "school", "how": "wish"}, form="#one-theme", expect=303)
    assert ("school", "wish") in in_force()[2]
    analyst.pages.submit(opened(analyst, item_id), {"polarity": "mixed", "theme_school": ""}, form="#codes", expect=303)
    assert in_force()[1] == "mixed"
    press(analyst, opened(analyst, item_id), "u")
    press(analyst, opened(analyst, item_id), "u")
    assert in_force() == machine
    assert waiting(here) == 1
    assert "Undo" not in opened(analyst, item_id).words(".reading__acts")


def test_a_form_that_says_too_little_comes_back_with_the_reason(analyst: SignedIn, said: Say) -> None:
    item_id = said()
    begin(analyst)
    page = opened(analyst, item_id)
    refused = analyst.pages.submit(page, {"theme": ""}, form="#one-theme", expect=400)
    assert "Choose a theme" in refused.words()
    refused = analyst.pages.submit(page, {"text": " "}, form="#concern", expect=400)
    assert "Write what worries you" in refused.words()
    token = page.dom.all("#acts input[name=csrf_token]")[0].attrs["value"]
    answer = analyst.pages.post(f"/staff/reading/{item_id}/codes", {"csrf_token": token}, expect=400)
    assert "Choose how the comment reads" in answer.words()


def test_words_are_hidden_by_ticking_and_shown_only_for_a_reason(analyst: SignedIn, said: Say, here: Platform) -> None:
    item_id = said()
    begin(analyst)
    address = f"/staff/quotes/{item_id}/words"
    page = analyst.pages.get(address)
    assert page.words("#masked") == "[name] always listened to me and I feel safe"
    preview = analyst.pages.submit(page, {"word": ["0", "1"], "act": "preview"}, form="#hide", expect=200)
    assert preview.words("#masked") == "[name] […] listened to me and I feel safe"
    analyst.pages.submit(page, {"word": ["0", "1"], "act": "save"}, form="#hide", expect=303)
    assert "[name] […] listened to me" in opened(analyst, item_id).words()
    refused = analyst.pages.submit(analyst.pages.get(address), {"word": ["1"], "act": "save"}, form="#hide", expect=400)
    assert "Say why a hidden word may be shown" in refused.words()
    analyst.pages.submit(refused, {"word": ["1"], "why": "role", "act": "save"}, form="#hide", expect=303)
    assert "Zofia […] listened to me" in opened(analyst, item_id).words("blockquote:last-of-type")
    assert ("changed what is hidden in a comment", "It says what somebody is, not who") in noted(here)
    press(analyst, opened(analyst, item_id), "u")
    press(analyst, opened(analyst, item_id), "u")
    assert "[name] always listened to me" in opened(analyst, item_id).words()


def test_a_quote_is_approved_withdrawn_and_undone_by_one_key_each(analyst: SignedIn, said: Say, here: Platform) -> None:
    item_id = said()
    begin(analyst)

    def is_shown() -> bool:
        with here.database.reading() as connection:
            standing = quote_standing(connection, item_id)
        return standing is not None and standing.is_shown

    press(analyst, opened(analyst, item_id), "q")
    assert is_shown()
    press(analyst, opened(analyst, item_id), "x")
    assert not is_shown()
    press(analyst, opened(analyst, item_id), "u")
    assert is_shown()
    press(analyst, opened(analyst, item_id), "u")
    assert not is_shown()


def test_hiding_more_takes_the_approval_away_and_undo_gives_it_back(
    analyst: SignedIn, said: Say, here: Platform
) -> None:
    item_id = said()
    begin(analyst)
    press(analyst, opened(analyst, item_id), "q")
    page = analyst.pages.get(f"/staff/quotes/{item_id}/words")
    analyst.pages.submit(page, {"word": ["0", "1"], "act": "save"}, form="#hide", expect=303)
    with here.database.reading() as connection:
        assert quote_standing(connection, item_id) is None
    press(analyst, opened(analyst, item_id), "u")
    with here.database.reading() as connection:
        assert quote_standing(connection, item_id) is not None


@pytest.mark.parametrize(
    ("answers", "why"),
    [({"talk": "yes"}, "A concern about this response is still open"), ({"may_quote": "no"}, "did not say")],
)
def test_it_refuses_a_quote_and_says_why(analyst: SignedIn, said: Say, answers: dict[str, object], why: str) -> None:
    item_id = said(**answers)
    begin(analyst)
    assert why in press(analyst, opened(analyst, item_id), "q", expect=409).words()


def test_a_concern_is_raised_by_a_reader_and_never_undone(analyst: SignedIn, said: Say, app: Flask) -> None:
    item_id = said()
    begin(analyst)
    analyst.pages.submit(opened(analyst, item_id), {"text": "It sounds rehearsed."}, form="#concern", expect=303)
    page = opened(analyst, item_id)
    assert "Open concern" in page.words()
    refused = press(analyst, page, "u")
    assert "never taken back from here" in analyst.pages.follow(refused).words()
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    assert "Raised by a person who read it" in lead.pages.get("/staff/concerns/").words()


def test_a_second_answer_is_on_the_list_and_can_only_be_read(analyst: SignedIn, here: Platform) -> None:
    kept = keep_answer(here, {"q2": ["happy"]}, setting=Setting(team="North team"))
    keep_second_answer(here, {"q2a": "I changed my mind."}, sitting_id=kept.response_id)
    page = analyst.pages.follow(begin(analyst))
    assert "I changed my mind." in page.words()
    assert page.dom.all('button[data-key="q"]') == []
    assert page.dom.all('button[data-key="r"]') == []
    press(analyst, page, "n")
    assert waiting(here) == 0


def test_another_teams_comment_is_not_found(app: Flask, said: Say) -> None:
    person = sign_in(app, Role.ANALYST, Role.WORKER, email="both@example.org", team="South team")
    item_id = said()
    begin_answer = person.pages.get("/staff/reading/")
    assert "A person has read everything" in begin_answer.words()
    person.pages.get(f"/staff/reading/{item_id}", expect=404)


def test_the_next_meeting_is_set_and_removed(analyst: SignedIn, said: Say) -> None:
    said()
    page = analyst.pages.get("/staff/reading/meeting")
    refused = analyst.pages.submit(page, {"day": "31", "month": "2", "year": "2027"}, form="#set", expect=400)
    assert "Enter a real date" in refused.words()
    refused = analyst.pages.submit(page, {"day": "1", "month": "2", "year": "2020"}, form="#set", expect=400)
    assert "must be today or later" in refused.words()
    room = analyst.pages.follow(
        analyst.pages.submit(page, {"day": "3", "month": "12", "year": "2026"}, form="#set", expect=303)
    )
    assert "0 of 1 read; 1 left before the meeting on 3 December 2026." in room.words()
    page = analyst.pages.get("/staff/reading/meeting")
    (form,) = page.dom.all("form.remove")
    assert form is not None
    token = page.dom.all("form.remove input[name=csrf_token]")[0].attrs["value"]
    day = {"day": "3", "month": "12", "year": "2026", "act": "remove", "csrf_token": token}
    analyst.pages.post("/staff/reading/meeting", day, expect=303)
    assert "0 of 1 read; 1 left." in analyst.pages.get("/staff/reading/").words()


def test_lists_show_how_long_each_waits_and_no_word(analyst: SignedIn, said: Say) -> None:
    said(talk="yes")
    said()
    words = analyst.pages.get("/staff/reading/waiting/concern").words()
    assert "With an open concern (1)" in words
    assert "From children and young people (1)" in words
    assert "Zofia" not in words
    assert "today" in words
    assert "Nothing waits here" in analyst.pages.get("/staff/reading/waiting/other").words()
    assert "nothing on this page" in analyst.pages.get("/staff/reading/waiting/child?page=9").words()
    analyst.pages.get("/staff/reading/waiting/nowhere", expect=404)


def test_two_people_approve_where_the_service_asks_for_it(app: Flask, analyst: SignedIn, said: Say) -> None:
    item_id = said()
    administrator = sign_in(app, Role.ADMINISTRATOR)
    page = administrator.pages.get("/staff/quotes/two")
    saved = administrator.pages.submit(page, {"service": ["Family support"]}, form="#two", expect=303)
    assert administrator.pages.follow(saved).dom.all("input[name=service][checked]")
    begin(analyst)
    told = analyst.pages.follow(press(analyst, opened(analyst, item_id), "q"))
    assert "the Board sees it once a second person has approved it too" in told.words()
    assert "You have approved this quote already" in press(analyst, told, "q", expect=409).words()
    second = sign_in(app, Role.ANALYST, email="second@example.org")
    begin(second)
    told = second.pages.follow(press(second, opened(second, item_id), "q"))
    assert "The Board may see this quote." in told.words()


def test_a_second_person_codes_blind_and_differences_are_settled(
    app: Flask, analyst: SignedIn, said: Say, here: Platform
) -> None:
    item_id = said()
    begin(analyst)
    press(analyst, opened(analyst, item_id), "r")
    page = analyst.pages.get("/staff/blind-coding/")
    answers = {"period": "2026-27", "size": "10", "seed": "a seed"}
    analyst.pages.submit(page, answers, form="#draw", expect=303)
    link = analyst.pages.get("/staff/blind-coding/").link("Code blind the sample a seed")
    nothing = analyst.pages.follow(analyst.pages.get(link, expect=303))
    assert "Nothing is left in this sample for you" in nothing.words()
    second = sign_in(app, Role.ANALYST, email="second@example.org")
    begin(second)
    blind = second.pages.follow(second.pages.get(link, expect=303))
    assert "Zofia" in blind.words()
    assert blind.dom.all("mark") == []
    assert blind.dom.all(".govuk-tag") == []
    assert blind.dom.all("option[selected]:not([value=''])") == []
    assert blind.dom.all("input[type=radio][checked]") == []
    second.pages.submit(blind, {"polarity": "negative", "theme_school": "negative"}, form="#codes", expect=303)
    with here.database.reading() as connection:
        in_force = coding_of(connection, item_id)
    assert in_force is not None
    assert in_force.polarity != "negative"
    settle = second.pages.get(link.replace("/next", "/differences"))
    assert "(differs)" in settle.words()
    second.pages.submit(settle, {"take": "second"}, form="#take", expect=303)
    with here.database.reading() as connection:
        in_force = coding_of(connection, item_id)
    assert in_force is not None
    assert (in_force.polarity, [one.theme for one in in_force.themes]) == ("negative", ["school"])
    assert "Finished" in second.pages.get("/staff/blind-coding/").words()


def test_a_sample_that_cannot_be_drawn_says_why(analyst: SignedIn, said: Say) -> None:
    said()
    page = analyst.pages.get("/staff/blind-coding/")
    answers = {"period": "2026-27", "size": "10", "seed": "a seed"}
    refused = analyst.pages.submit(page, answers, form="#draw", expect=400)
    assert "No comment of these days has been coded by a person yet" in refused.words()
    refused = analyst.pages.submit(page, answers | {"period": "", "size": "0"}, form="#draw", expect=400)
    assert "Between 1 and 1,000" in refused.words()


def test_the_reason_is_asked_again_after_reading_is_finished(analyst: SignedIn, said: Say) -> None:
    item_id = said()
    begin(analyst)
    opened(analyst, item_id)
    analyst.pages.submit(analyst.pages.get("/staff/reading/"), {}, form="#finish", expect=303)
    analyst.pages.get(f"/staff/reading/{item_id}", expect=303)


def test_a_concern_that_the_lead_has_read_need_not_be_read_again(app: Flask, said: Say, here: Platform) -> None:
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    said(talk="yes")
    assert waiting(here) == 1
    page = lead.pages.get("/staff/concerns/")
    link = next(str(a.attrs["href"]) for a in page.dom.all(".voice-queue__concern a"))
    assert "Zofia" in lead.pages.get(link).words()
    assert waiting(here) == 0


def test_signing_in_again_starts_without_a_reason(app: Flask, analyst: SignedIn, said: Say) -> None:
    item_id = said()
    begin(analyst)
    analyst.pages.client.delete_cookie("voice-staff", path="/staff")
    enter(analyst.pages, analyst.email)
    del app
    analyst.pages.get(f"/staff/reading/{item_id}", expect=303)


def test_words_in_another_language_come_with_what_faces_and_ticks_say_and_are_in_no_figure(
    here: Platform, analyst: SignedIn, said: Say
) -> None:
    polish = said("Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu", q2=["happy", "sad"], q4=["5"])
    english = said()
    begin(analyst)
    page = opened(analyst, polish).words()
    assert "The machine cannot read these words, so their meaning is in no figure" in page
    assert "Only a person can code this." in page
    assert "Coded by the machine." not in page
    assert "Turn good and bad" not in page
    assert "Both All in all" in page
    assert "Good School and learning" in page
    assert "Decided by: Sad · Happy · I get on better at school/college/work" in page
    with here.database.reading() as connection:
        coding = coding_of(connection, polish)
    assert coding is not None
    assert (coding.polarity, len(coding.themes)) == ("unread", 0)
    assert "The machine cannot read" not in opened(analyst, english).words()
