"""The page about learning: what the machine learned in plain words, its switches, and phrases to decide about."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection

from hscb_voice.codebooks.editing import Contents, change_theme, fields_of
from hscb_voice.codebooks.service import change_draft
from hscb_voice.staff.roles import Role
from hscb_voice.themes import learning_service
from hscb_voice.themes.comparing import last_run
from hscb_voice.themes.learning_queries import model_in_use, open_suggestions
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.people import sign_in
from tests.unit.themes.test_learning import learn, teach

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/staff/learning/"


def press(pages: PageChecker, path: str, expect: int = 303) -> None:
    token = str(pages.get(ADDRESS).dom.all("input[name=csrf_token]")[0].attrs["value"])
    pages.post(f"{ADDRESS}{path}", {"csrf_token": token}, expect=expect)


def test_before_anything_was_learned_the_page_says_how_to_begin(app: Flask) -> None:
    page = sign_in(app, Role.ANALYST).pages.get(ADDRESS)
    assert "Nothing has been learned yet" in page.words()
    assert "Learn from all codes now" in page.words()


def test_an_analyst_sees_f1_and_n_switches_a_model_off_and_decides_about_phrases(app: Flask) -> None:
    here = app.extensions[EXTENSION]
    teach(here)
    learn(here)
    pages = sign_in(app, Role.ANALYST).pages
    words = pages.get(ADDRESS).words()
    assert "50 comments of 50 responses" in words
    assert "In use; it only adds" in words or "In use" in words
    assert "Too few corrections yet" in words
    with here.database.reading() as connection:
        phrase = open_suggestions(connection)[0]
        assert model_in_use(connection) is not None
    assert phrase.phrase in words
    press(pages, "family/off")
    assert "Switched off by a person" in pages.get(ADDRESS).words()
    with here.database.reading() as connection:
        assert model_in_use(connection) is None
    press(pages, "family/on")
    press(pages, "no_theme/off", 404)
    press(pages, f"phrases/{phrase.id}/reject")
    assert "is rejected" in pages.get(ADDRESS).words()
    press(pages, f"phrases/{phrase.id}/accept")
    assert "Somebody has decided about this phrase already" in pages.get(ADDRESS).words()


def test_a_phrase_accepted_while_somebody_changes_the_draft_waits_on_and_the_page_says_why(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = app.extensions[EXTENSION]
    teach(here)
    learn(here)
    with here.database.reading() as connection:
        phrase = open_suggestions(connection)[0]

    def overtaken(connection: Connection, turn: int, *rest: Any) -> int:
        change_draft(connection, turn, lambda contents: renamed(contents, "school"), "Renamed", "another", here.clock)
        return change_draft(connection, turn, *rest)

    monkeypatch.setattr(learning_service, "change_draft", overtaken)
    pages = sign_in(app, Role.ANALYST).pages
    press(pages, f"phrases/{phrase.id}/accept")
    assert "Somebody has changed the draft" in pages.get(ADDRESS).words()
    monkeypatch.undo()
    press(pages, f"phrases/{phrase.id}/accept")
    assert "is in the draft of the codebook" in pages.get(ADDRESS).words()


def renamed(contents: Contents, theme: str) -> Contents:
    fields = fields_of(contents.theme(theme))
    return change_theme(contents, theme, replace(fields, name=f"{fields.name} and learning"))


def test_learning_and_reading_again_are_left_to_the_worker(app: Flask) -> None:
    here = app.extensions[EXTENSION]
    teach(here, 3)
    here.jobs.run_all_due()
    pages = sign_in(app, Role.ANALYST).pages
    press(pages, "learn")
    assert "has not finished yet" in pages.get(ADDRESS).words()
    here.jobs.run_all_due()
    assert "6 comments of 6 responses" in pages.get(ADDRESS).words()
    token = str(pages.get(ADDRESS).dom.all("input[name=csrf_token]")[0].attrs["value"])
    begun = pages.follow(pages.post("/staff/codebook/run/again", {"csrf_token": token}, expect=303))
    assert "The new reading goes on" in begun.words()
    assert "without a model learned from people" in begun.words()
    here.jobs.run_all_due()
    ready = pages.get("/staff/codebook/run/")
    assert "as they are read now, then as read again" in ready.words()
    switched = pages.follow(pages.submit(ready, {}, form="#switch", expect=303))
    assert "Go back to the codes from before" in switched.words()
    assert "version 1 read again" in switched.words()


def test_only_who_meets_every_team_may_have_everything_read_again(app: Flask) -> None:
    teach(app.extensions[EXTENSION], 3)
    pages = sign_in(app, Role.ANALYST, Role.TEAM_MANAGER).pages
    token = str(pages.get(ADDRESS).dom.all("input[name=csrf_token]")[0].attrs["value"])
    refused = pages.follow(pages.post("/staff/codebook/run/again", {"csrf_token": token}, expect=303))
    assert "every team" in refused.words()
    with app.extensions[EXTENSION].database.reading() as connection:
        assert last_run(connection) is None


def test_a_worker_may_not_see_it(app: Flask) -> None:
    sign_in(app, Role.WORKER).pages.get(ADDRESS, expect=403)
