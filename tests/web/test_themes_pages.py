"""The theme pages: words only for those who may read them, corrections that win, quotes with every guard."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.responses.words import comments_of
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXT = "Zofia always listened to me"


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    return sign_in(app, Role.ANALYST)


@pytest.fixture
def said(here: Platform) -> Callable[..., str]:
    """Keep an answer, read it, and return the id of its comment."""

    def say(text: str = TEXT, team: str = "North team", **answers: object) -> str:
        given = {"q2a": text, "may_quote": "yes", **answers}
        response_id = keep_answer(here, given, setting=Setting(team=team)).response_id
        here.jobs.run_for(response_id, [SCREEN_JOB, READ_JOB])
        with here.database.reading() as connection:
            return comments_of(connection, here.keys, [response_id])[0].id

    return say


def test_the_codebook_shows_every_theme_and_its_counts(analyst: SignedIn, said: Callable[..., str]) -> None:
    said()
    words = analyst.pages.get("/staff/themes/").words()
    assert "19 themes" in words
    assert "Comments that the machine could not read" in words


def test_while_imported_answers_are_being_read_the_page_says_how_many_are_left(
    analyst: SignedIn, here: Platform
) -> None:
    for _ in range(3):
        keep_answer(here, {"q2a": TEXT})
    assert "3 for the machine to read" in analyst.pages.get("/staff/").words()
    words = analyst.pages.get("/staff/themes/").words()
    assert "3 answers are still to be read by the machine" in words
    assert "No worker is running" in words
    here.jobs.run_due(2, [READ_JOB])
    assert "1 answer is still to be read by the machine" in analyst.pages.get("/staff/themes/").words()
    here.jobs.run_due(2, [READ_JOB])
    assert "still to be read" not in analyst.pages.get("/staff/themes/").words()
    assert "for the machine to read" not in analyst.pages.get("/staff/").words()


def test_a_theme_shows_its_comments_with_the_words_that_decided_marked(
    analyst: SignedIn, said: Callable[..., str], here: Platform
) -> None:
    said()
    page = analyst.pages.get("/staff/themes/listened_to")
    assert "Zofia" in page.words()
    mark = page.dom.all("mark")[0]
    (told,) = page.dom.all(f"#{mark.attrs['aria-describedby']}")
    assert told.attrs["role"] == "tooltip"
    assert "title" not in mark.attrs
    assert "Being listened to" in page.words(".reading__words")
    with here.database.reading() as connection:
        acts = connection.execute(select(AuditEntry.act, AuditEntry.reason)).all()
    assert ("read comments", "themes") in [tuple(act) for act in acts]


WORRY = "Zofia always listened to me. I am scared of my dad, he hits me."


def test_r1_the_words_behind_an_open_concern_are_marked_for_those_who_read_for_worries(
    app: Flask, analyst: SignedIn, said: Callable[..., str]
) -> None:
    comment_id = said(WORRY)
    lead, manager = sign_in(app, Role.SAFEGUARDING_LEAD), sign_in(app, Role.TEAM_MANAGER, team="North team")
    for person in (analyst, lead):
        for address in ("/staff/themes/listened_to", f"/staff/themes/comments/{comment_id}"):
            assert "Concern (rule" in person.pages.get(address).words(".reading__words")
    assert "Concern (rule" not in manager.pages.get("/staff/themes/listened_to").words()


def test_an_unknown_theme_is_not_found(analyst: SignedIn) -> None:
    analyst.pages.get("/staff/themes/weather", expect=404)


def test_an_empty_theme_says_so(analyst: SignedIn) -> None:
    assert "There is no comment here yet" in analyst.pages.get("/staff/themes/online_safety").words()


def test_a_manager_sees_only_the_own_teams_comments(app: Flask, said: Callable[..., str]) -> None:
    said("Zofia always listened to me", team="North team")
    said("Halina always listened to me", team="South team")
    manager = sign_in(app, Role.TEAM_MANAGER, team="North team")
    words = manager.pages.get("/staff/themes/listened_to").words()
    assert "Zofia" in words
    assert "Halina" not in words


def test_a_persons_codes_win_and_can_be_undone(analyst: SignedIn, said: Callable[..., str]) -> None:
    address = f"/staff/themes/comments/{said()}"
    page = analyst.pages.get(address)
    saved = analyst.pages.submit(
        page, {"polarity": "mixed", "theme_listened_to": "", "theme_respect": "negative"}, form="#codes", expect=303
    )
    assert "Your codes are in force now" in analyst.pages.follow(saved).words()
    assert "Zofia" in analyst.pages.get("/staff/themes/respect").words()
    assert "Zofia" not in analyst.pages.get("/staff/themes/listened_to").words()
    undone = analyst.pages.submit(analyst.pages.get(address), {}, form="#undo", expect=303)
    assert "Undone" in analyst.pages.follow(undone).words()
    assert "Zofia" in analyst.pages.get("/staff/themes/listened_to").words()


def test_codes_without_a_direction_are_refused_with_the_reason(analyst: SignedIn, said: Callable[..., str]) -> None:
    address = f"/staff/themes/comments/{said()}"
    page = analyst.pages.submit(analyst.pages.get(address), {"polarity": "sideways"}, form="#codes", expect=422)
    assert "There is a problem" in page.words()


def test_a_quote_is_shown_masked_first_and_then_approved(analyst: SignedIn, said: Callable[..., str]) -> None:
    address = f"/staff/themes/comments/{said()}"
    page = analyst.pages.get(address)
    assert "[name] always listened to me" in page.words()
    preview = analyst.pages.submit(page, {"hide": "always", "act": "preview"}, form="#as-quote", expect=200)
    assert "[name] […] listened to me" in preview.words()
    approved = analyst.pages.submit(preview, {"hide": "always", "act": "approve"}, form="#as-quote", expect=303)
    assert "The Board may see this quote" in analyst.pages.follow(approved).words()
    withdrawn = analyst.pages.submit(analyst.pages.get(address), {}, form="#withdraw", expect=303)
    assert "does not see this quote any more" in analyst.pages.follow(withdrawn).words()


def test_it_refuses_a_quote_while_a_concern_is_open(analyst: SignedIn, said: Callable[..., str]) -> None:
    address = f"/staff/themes/comments/{said(talk='yes')}"
    page = analyst.pages.get(address)
    refused = analyst.pages.submit(page, {"act": "approve"}, form="#as-quote", expect=409)
    assert "A concern about this response is still open" in refused.words()


def test_words_whose_writer_said_no_offer_no_quote(analyst: SignedIn, said: Callable[..., str]) -> None:
    page = analyst.pages.get(f"/staff/themes/comments/{said(may_quote='no')}")
    assert "said no to being quoted" in page.words()
    assert "Approve as a quote" not in page.words()


def test_a_comment_that_is_not_there_is_not_found(analyst: SignedIn) -> None:
    analyst.pages.get("/staff/themes/comments/00000000-0000-0000-0000-000000000000", expect=404)


def test_a_page_that_cannot_be_is_an_empty_page(analyst: SignedIn, said: Callable[..., str]) -> None:
    said()
    assert "Zofia" not in analyst.pages.get(f"/staff/themes/listened_to?page={10**30}").words()
