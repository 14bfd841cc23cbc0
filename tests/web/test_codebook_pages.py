"""The codebook's pages: a draft that nobody overwrites unseen, real matches before saving, versions, and the switch."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.codebooks import queries
from hscb_voice.foundation.platform import Platform
from hscb_voice.language.codebook import read_codebook
from hscb_voice.responses.service import READ_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.themes.rerunning import RERUN_JOB
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.codebooks import run_pets
from tests.support.pages import Page
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DRAFT = "/staff/codebook/draft"
PETS = {"name": "Pets", "id": "pets", "definition": "Animals at home.", "patterns": "my dog\nmy hamster"}


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    return sign_in(app, Role.ANALYST)


@pytest.fixture
def say(here: Platform) -> Callable[[str], str]:
    def keep(text: str) -> str:
        response_id = keep_answer(here, {"q2a": text}, setting=Setting(team="North team")).response_id
        here.jobs.run_for(response_id, [READ_JOB])
        return response_id

    return keep


def begin(analyst: SignedIn) -> Page:
    page = analyst.pages.get("/staff/codebook/")
    return analyst.pages.follow(analyst.pages.submit(page, {}, form="#begin", expect=303))


def add_pets(analyst: SignedIn, **changes: str) -> Page:
    page = analyst.pages.get(f"{DRAFT}/new")
    return analyst.pages.follow(analyst.pages.submit(page, PETS | changes, form="#theme", expect=303))


def test_the_programs_own_codebook_is_version_1_and_in_force(analyst: SignedIn) -> None:
    words = analyst.pages.get("/staff/codebook/").words()
    assert "Version 1 is in force" in words
    assert "came with the program" in words


def test_without_a_draft_its_pages_lead_back(analyst: SignedIn) -> None:
    page = analyst.pages.get(f"{DRAFT}/merge", expect=303)
    assert "There is no draft now" in analyst.pages.follow(page).words()


def test_a_theme_is_tried_on_real_comments_before_anything_is_saved(
    analyst: SignedIn, say: Callable[[str], str], here: Platform
) -> None:
    say("I miss my hamster Zofia")
    say("the puppets were fun")
    begin(analyst)
    page = analyst.pages.get(f"{DRAFT}/themes/school")
    written = {"patterns": "my hamster", "hints": "", "unless": ""}
    element = page.dom.all("#theme")[0]
    assert element is not None
    token = page.dom.all("#theme input[name=csrf_token]")[0].attrs["value"]
    sent = {"csrf_token": token, "turn": "1", "name": "School", "definition": "School."} | written
    tried = analyst.pages.post(f"{DRAFT}/themes/school/try", sent, expect=200)
    assert "1 of the newest 2 comments" in tried.words("#matches")
    assert "Newly matched: 1" in tried.words("#matches")
    assert "<mark>my hamster</mark>" in tried.text
    only = analyst.pages.client.post(f"{DRAFT}/themes/school/matches", data=sent)
    assert "Newly matched: 1" in only.get_data(as_text=True)
    with here.database.reading() as connection:
        found = queries.draft(connection)
        noted = connection.execute(select(AuditEntry.subject).where(AuditEntry.reason == "codebook")).scalars().all()
    assert found is not None
    assert found.turn == 1
    assert noted == ["theme school of the draft"] * 2


def test_a_manager_may_not_edit(app: Flask) -> None:
    manager = sign_in(app, Role.TEAM_MANAGER)
    manager.pages.get("/staff/codebook/", expect=403)


def test_what_is_wrong_is_said_at_the_field(analyst: SignedIn) -> None:
    begin(analyst)
    page = analyst.pages.get(f"{DRAFT}/new")
    for changes, told in (
        ({"patterns": "~ dog"}, "begins and ends with a word"),
        ({"patterns": "a*"}, "too short"),
        ({"patterns": "@nobodyknows dog"}, "no set of words is called"),
        ({"patterns": "My dog"}, "capital letters"),
        ({"id": "Pets!"}, "Use small letters"),
        ({"id": "school"}, "is a theme’s already"),
        ({"name": ""}, "Give the theme a name"),
        ({"name": "Feelings"}, "Another theme has this name"),
    ):
        refused = analyst.pages.submit(page, PETS | changes, form="#theme", expect=422)
        assert told in refused.words(".govuk-error-message"), told
        assert "my hamster" in refused.text or "patterns" in changes, "what was written is still there"


def test_themes_are_added_merged_split_and_retired_and_each_change_is_undone(analyst: SignedIn) -> None:
    begin(analyst)
    assert "“Pets” is added" in add_pets(analyst).words()
    split = analyst.pages.get(f"{DRAFT}/themes/pets/split")
    answers = {"id": "dogs", "name": "Dogs", "definition": "Dogs.", "moved": "my dog"}
    page = analyst.pages.follow(analyst.pages.submit(split, answers, form="#split", expect=303))
    assert "21 themes" in page.words()
    merge = analyst.pages.get(f"{DRAFT}/merge")
    page = analyst.pages.follow(
        analyst.pages.submit(merge, {"goes": "visits", "into": "worker"}, form="#merge", expect=303)
    )
    assert "20 themes" in page.words()
    token = page.dom.all("#undo input[name=csrf_token]")[0].attrs["value"]
    turn = page.dom.all("#undo input[name=turn]")[0].attrs["value"]
    retired = analyst.pages.post(f"{DRAFT}/themes/school/retire", {"csrf_token": token, "turn": turn}, expect=303)
    page = analyst.pages.follow(retired)
    assert "retired in the draft" in page.words()
    for themes in ("20 themes", "21 themes", "20 themes", "19 themes"):
        page = analyst.pages.follow(analyst.pages.submit(page, {}, form="#undo", expect=303))
        assert themes in page.words()


def test_it_refuses_a_change_made_on_an_older_draft(analyst: SignedIn) -> None:
    begin(analyst)
    old = analyst.pages.get(f"{DRAFT}/themes/school")
    add_pets(analyst)
    page = analyst.pages.submit(old, {"name": "Schools"}, form="#theme", expect=409)
    assert "Somebody has changed the draft" in page.words()
    assert 'value="Schools"' in page.text, "what was written is still there"


def test_a_version_is_published_with_a_note_compared_and_taken_as_yaml(analyst: SignedIn) -> None:
    begin(analyst)
    page = analyst.pages.get(DRAFT)
    assert "Say in up to" in analyst.pages.submit(page, {}, form="#publish", expect=422).words()
    page = add_pets(analyst)
    page = analyst.pages.submit(page, {"note": "Children write about pets."}, form="#publish", expect=303)
    assert "Version 2 is published" in analyst.pages.follow(page).words()
    compared = analyst.pages.get("/staff/codebook/compare?old=1&new=2")
    assert "Pets" in compared.words()
    assert "<ins>my hamster</ins>" in compared.text
    analyst.pages.get("/staff/codebook/compare?old=1&new=99", expect=404)
    book = read_codebook(analyst.pages.client.get("/staff/codebook/versions/2/yaml").get_data(as_text=True))
    assert (book.version, book.themes[-1].id) == (2, "pets")


def test_it_refuses_to_publish_what_does_not_differ(analyst: SignedIn) -> None:
    begin(analyst)
    page = analyst.pages.submit(analyst.pages.get(DRAFT), {"note": "Nothing."}, form="#publish", expect=422)
    assert "Nothing differs from version 1" in page.words()


def test_a_draft_can_be_thrown_away(analyst: SignedIn) -> None:
    page = begin(analyst)
    page = analyst.pages.follow(analyst.pages.submit(page, {}, form="#discard", expect=303))
    assert "The draft is gone" in page.words()


def test_all_comments_are_read_compared_and_switched_and_the_switch_taken_back(
    analyst: SignedIn, say: Callable[[str], str], here: Platform
) -> None:
    say("I miss my hamster")
    run_pets(here)
    page = analyst.pages.get("/staff/codebook/run/")
    assert "0% done" in page.words()
    assert "No worker is running" in page.words()
    paused = analyst.pages.follow(analyst.pages.submit(page, {}, form="#pause", expect=303))
    assert "Version 2 rests" in paused.words()
    analyst.pages.submit(paused, {}, form="#go-on", expect=303)
    here.jobs.run_due(50, [RERUN_JOB])
    ready = analyst.pages.get("/staff/codebook/run/")
    assert "Version 2 has read everything" in ready.words()
    assert "Pets (in version 2)" in ready.words("table")
    switched = analyst.pages.follow(analyst.pages.submit(ready, {}, form="#switch", expect=303))
    assert "Version 2 is in force" in switched.words()
    assert "hamster" in analyst.pages.get("/staff/themes/pets").words()
    assert "20 themes" not in analyst.pages.get("/staff/themes/").words()
    undone = analyst.pages.follow(analyst.pages.submit(switched, {}, form="#undo", expect=303))
    assert "Version 1 is in force" in undone.words()
    analyst.pages.get("/staff/themes/pets", expect=404)


def test_a_run_that_is_not_possible_says_why(analyst: SignedIn, here: Platform) -> None:
    run_pets(here)
    page = analyst.pages.get("/staff/codebook/run/")
    token = page.dom.all("#pause input[name=csrf_token]")[0].attrs["value"]
    again = analyst.pages.post("/staff/codebook/run/begin", {"csrf_token": token, "number": "2"}, expect=303)
    assert "being read by a version already" in analyst.pages.follow(again).words()
    analyst.pages.submit(analyst.pages.get("/staff/codebook/run/"), {}, form="#give-up", expect=303)
    switched = analyst.pages.post("/staff/codebook/run/switch", {"csrf_token": token}, expect=303)
    assert "Not all comments have been read" in analyst.pages.follow(switched).words()
