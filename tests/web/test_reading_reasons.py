"""R4: no act on words without the reason for reading; what is done stands in the record with it."""

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.platform import Platform
from hscb_voice.reading_room.acts import NOTED
from hscb_voice.safeguarding.queries import has_unclosed
from hscb_voice.staff.roles import Role
from hscb_voice.themes.queries import coding_of, quote_standing
from hscb_voice.web.current import EXTENSION
from tests.support.people import SignedIn, sign_in
from tests.support.reading_room import begin, finish, heard, opened, press

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UNDID = "took back an act while reading"


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    person = sign_in(app, Role.ANALYST)
    begin(person)
    return person


def noted(here: Platform) -> list[tuple[str, str]]:
    """Return the acts on words that stand in the record, with their reasons."""
    with here.database.reading() as connection:
        query = select(AuditEntry.act, AuditEntry.reason).order_by(AuditEntry.number)
        return [(row.act, row.reason) for row in connection.execute(query) if row.act in {*NOTED.values(), UNDID}]


@pytest.mark.parametrize("key", ["r", "f", "q", "u"])
def test_r4_without_a_reason_no_key_does_anything(here: Platform, analyst: SignedIn, key: str) -> None:
    item_id = heard(here, "Zofia always listened to me")
    press(analyst, opened(analyst, item_id), "f")
    page, before = opened(analyst, item_id), noted(here)
    finish(analyst)
    sent = press(analyst, page, key)
    assert sent.location.endswith("/staff/reading/")
    assert "Say why you are reading before you do anything with a comment." in analyst.pages.follow(sent).words()
    assert noted(here) == before == [("turned how a comment reads", "read")]
    with here.database.reading() as connection:
        assert quote_standing(connection, item_id) is None


def test_r4_without_a_reason_no_form_changes_or_shows_a_comment(here: Platform, analyst: SignedIn) -> None:
    item_id = heard(here, "Zofia always listened to me")
    page = opened(analyst, item_id)
    words = analyst.pages.get(f"/staff/quotes/{item_id}/words")
    finish(analyst)
    for shown, answers, form in (
        (page, {"polarity": "mixed"}, "#codes"),
        (page, {"polarity": "sideways"}, "#codes"),
        (page, {"theme": "school", "how": "wish"}, "#one-theme"),
        (page, {"theme": ""}, "#one-theme"),
        (page, {"text": ""}, "#concern"),
        (words, {"word": ["1"], "act": "save"}, "#hide"),
    ):
        sent = analyst.pages.submit(shown, answers, form=form, expect=303)
        assert sent.location.endswith("/staff/reading/")
    assert press(analyst, page, "n").location.endswith("/staff/reading/")
    assert noted(here) == []
    with here.database.reading() as connection:
        found = coding_of(connection, item_id)
    assert found is not None
    assert found.source == "machine"


def test_a_worry_is_never_turned_away_for_want_of_a_reason(here: Platform, analyst: SignedIn) -> None:
    item_id = heard(here, "Zofia always listened to me")
    page = opened(analyst, item_id)
    finish(analyst)
    analyst.pages.submit(page, {"text": "It sounds rehearsed."}, form="#concern", expect=303)
    with here.database.reading() as connection:
        found = coding_of(connection, item_id)
        assert found is not None
        assert has_unclosed(connection, found.response_id)
    assert noted(here) == [("raised a concern while reading", "concern")]


def test_r4_blind_codes_and_settling_need_the_reason_too(app: Flask, here: Platform, analyst: SignedIn) -> None:
    item_id = heard(here, "Zofia always listened to me")
    press(analyst, opened(analyst, item_id), "r")
    answers = {"period": "2026-27", "size": "10", "seed": "a seed"}
    analyst.pages.submit(analyst.pages.get("/staff/blind-coding/"), answers, form="#draw", expect=303)
    lead = sign_in(app, Role.SAFEGUARDING_LEAD)
    begin(lead)
    link = lead.pages.get("/staff/blind-coding/").link("Code blind the sample a seed")
    blind = lead.pages.follow(lead.pages.get(link, expect=303))
    finish(lead)
    sent = lead.pages.submit(blind, {"polarity": "negative"}, form="#codes", expect=303)
    assert sent.location.endswith("/staff/reading/")
    begin(lead)
    lead.pages.submit(blind, {"polarity": "negative"}, form="#codes", expect=303)
    settle = lead.pages.get(link.replace("/next", "/differences"))
    finish(lead)
    for taken in ({"take": "second"}, {"take": "other"}):
        sent = lead.pages.submit(settle, taken, form="#take", expect=303)
        assert sent.location.endswith("/staff/reading/")
        assert "Zofia" not in sent.text
    with here.database.reading() as connection:
        found = coding_of(connection, item_id)
    assert found is not None
    assert found.polarity == "positive"


def test_r4_each_act_and_its_undoing_stand_in_the_record_with_the_reason(here: Platform, analyst: SignedIn) -> None:
    item_id = heard(here, "Zofia always listened to me")
    for key in ("r", "u", "q", "u"):
        press(analyst, opened(analyst, item_id), key)
    acts = ["confirmed the machine's codes", UNDID, "approved a quote", UNDID]
    assert noted(here) == [(act, "read") for act in acts]


def test_undo_takes_back_only_what_the_page_offered(here: Platform, analyst: SignedIn) -> None:
    first, second = heard(here, "Zofia always listened to me"), heard(here, "Amira was kind to me")
    press(analyst, opened(analyst, first), "f")
    page = opened(analyst, first)
    press(analyst, opened(analyst, second), "f")
    refused = analyst.pages.follow(press(analyst, page, "u"))
    assert "Your last act is another one by now than this page said" in refused.words()
    assert [act for act, _ in noted(here)] == ["turned how a comment reads"] * 2
    press(analyst, refused, "u")
    press(analyst, opened(analyst, first), "u")
    assert [act for act, _ in noted(here)][2:] == [UNDID] * 2
