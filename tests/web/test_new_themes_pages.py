"""The pages of new themes: what is found, for whom, and what a person makes of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.audit.models import AuditEntry
from hscb_voice.codebooks.queries import draft
from hscb_voice.foundation.jobs import JobRunner
from hscb_voice.foundation.platform import Platform
from hscb_voice.new_themes.models import ThemeDecision, ThemeSuggestion
from hscb_voice.new_themes.service import PHRASE, Found, keep_found
from hscb_voice.responses.models import Comment
from hscb_voice.responses.service import Setting
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.pages import Page
from tests.support.people import TEAM, SignedIn, sign_in
from tests.unit.new_themes.test_suggesting import look, suggested

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/staff/new-themes/"
WORDS = "The taxi driver shouted"
Suggest = Callable[..., str]


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def suggest(here: Platform) -> Suggest:
    """Keep comments of one team and a suggestion that rests on them; return its id."""

    def make(times: int = 6, *, team: str = TEAM) -> str:
        for number in range(times):
            keep_answer(here, {"q2a": f"{WORDS} {number}."}, setting=Setting(team=team))
        search_id = look(here)
        with here.database.writing() as connection:
            comments = tuple(connection.execute(select(Comment.id)).scalars())
            keep_found(connection, here.keys, search_id, [Found(PHRASE, ("taxi driver",), times, comments, 0, 2.1)])
            return str(connection.execute(select(ThemeSuggestion.id)).scalar_one())

    return make


@pytest.fixture
def analyst(app: Flask) -> SignedIn:
    return sign_in(app, Role.ANALYST)


def decide(person: SignedIn, suggestion_id: str, form: str, answers: dict[str, str], expect: int = 303) -> Page:
    page = person.pages.get(f"{ADDRESS}{suggestion_id}")
    return person.pages.submit(page, answers, form=f"#{form}", expect=expect)


def test_before_the_first_look_the_page_says_so_and_a_button_asks_for_one(analyst: SignedIn, here: Platform) -> None:
    page = analyst.pages.get(ADDRESS)
    assert "Nobody has looked yet" in page.words()
    analyst.pages.follow(analyst.pages.submit(page, form="#look", expect=303))
    page = analyst.pages.get(ADDRESS)
    assert "has not begun" in page.words()
    assert "No worker is running" in page.words()
    again = analyst.pages.follow(analyst.pages.submit(page, form="#look", expect=303))
    assert "under way already" in again.words("body")
    assert here.jobs.run_all_due() >= 1
    assert "Looked at 0 comments" in analyst.pages.get(ADDRESS).words()


def test_a_web_process_never_looks_itself(analyst: SignedIn, here: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(JobRunner, "_prepared", lambda _self, job: ran.append(job.kind))
    analyst.pages.submit(analyst.pages.get(ADDRESS), form="#look", expect=303)
    assert ran == []
    assert suggested(here) == []


def test_an_analyst_sees_numbers_and_comments_and_the_record_says_so(
    analyst: SignedIn, here: Platform, suggest: Suggest
) -> None:
    suggestion_id = suggest(3)
    assert "taxi driver 3 0 Probably" in analyst.pages.get(ADDRESS).words()
    assert f"{WORDS} 2." in analyst.pages.get(f"{ADDRESS}{suggestion_id}").words()
    with here.database.reading() as connection:
        query = select(AuditEntry.reason).where(AuditEntry.subject == f"suggestion {suggestion_id}")
        assert connection.execute(query).scalars().all() == ["looking for new themes"]


def test_who_reads_one_team_only_sees_no_small_number_and_no_other_teams_words(app: Flask, suggest: Suggest) -> None:
    suggestion_id = suggest(6, team="South team")
    manager = sign_in(app, Role.TEAM_MANAGER)
    assert "taxi driver 6 0" in manager.pages.get(ADDRESS).words()
    page = manager.pages.get(f"{ADDRESS}{suggestion_id}")
    assert "You may read none of these comments" in page.words()
    assert "shouted" not in page.text
    assert not page.dom.all("main form")


def test_what_few_said_is_not_there_for_who_reads_one_team_only(app: Flask, suggest: Suggest) -> None:
    suggestion_id = suggest(4)
    manager = sign_in(app, Role.TEAM_MANAGER)
    assert "taxi" not in manager.pages.get(ADDRESS).words()
    manager.pages.get(f"{ADDRESS}{suggestion_id}", expect=303)


def test_a_suggestion_is_named_and_stands_in_the_codebooks_draft(
    analyst: SignedIn, here: Platform, suggest: Suggest
) -> None:
    answers = {"name-name": "Getting there", "name-definition": "Taxis, buses and lifts to sessions."}
    done = decide(analyst, suggest(), "name", answers)
    assert "codebook’s draft" in analyst.pages.follow(done).words("body")
    with here.database.reading() as connection:
        found = draft(connection)
        assert found is not None
        theme = found.contents.theme("getting_there")
        assert connection.execute(select(ThemeDecision.act, ThemeDecision.theme)).all() == [("named", "getting_there")]
    assert theme.patterns == ("taxi driver",)
    assert suggested(here) == []
    assert "Became the theme “Getting there (draft)”" in analyst.pages.get(ADDRESS).words()


def test_a_name_that_is_taken_and_a_phrase_that_cannot_be_read_are_said_at_the_field(
    analyst: SignedIn, here: Platform, suggest: Suggest
) -> None:
    suggestion_id = suggest()
    taken = {"name-name": "Being listened to", "name-definition": "The same."}
    assert "Another theme has this name" in decide(analyst, suggestion_id, "name", taken, 422).words()
    capital = {"name-name": "Travel", "name-definition": "Taxis.", "name-patterns": "The TAXI"}
    assert "has capital letters" in decide(analyst, suggestion_id, "name", capital, 422).words()
    assert "Give the theme a name" in decide(analyst, suggestion_id, "name", {}, 422).words()
    assert "Choose a theme" in decide(analyst, suggestion_id, "merge", {}, 422).words()
    assert "Say why it is rejected" in decide(analyst, suggestion_id, "reject", {}, 422).words()
    assert suggested(here) == [("taxi driver",)]
    with here.database.reading() as connection:
        assert draft(connection) is None


def test_a_suggestion_goes_into_a_theme_that_there_is(analyst: SignedIn, here: Platform, suggest: Suggest) -> None:
    decide(analyst, suggest(), "merge", {"merge-theme": "visits"})
    with here.database.reading() as connection:
        found = draft(connection)
    assert found is not None
    assert "taxi driver" in found.contents.theme("visits").patterns
    assert "Went into" in analyst.pages.get(ADDRESS).words()


def test_a_rejection_is_listed_and_can_be_taken_back(analyst: SignedIn, here: Platform, suggest: Suggest) -> None:
    suggestion_id = suggest()
    decide(analyst, suggestion_id, "reject", {"reject-reason": "no_theme"})
    page = analyst.pages.get(ADDRESS)
    assert "Rejected: It is a way of speaking, not a subject" in page.words()
    gone = analyst.pages.follow(analyst.pages.get(f"{ADDRESS}{suggestion_id}", expect=303))
    assert "is there no more" in gone.words("body")
    form = next(one for one in page.dom.all("main form") if "undo" in str(one.attrs["action"]))
    token = {"csrf_token": page.dom.all("#look input[name=csrf_token]")[0].attrs["value"]}
    assert "suggest it again" in analyst.pages.follow(
        analyst.pages.post(str(form.attrs["action"]), token, expect=303)
    ).words("body")
    analyst.pages.post(str(form.attrs["action"]), token, expect=303)
    with here.database.reading() as connection:
        assert connection.execute(select(ThemeDecision.id)).all() == []


@pytest.mark.parametrize("role", [Role.WORKER, Role.BOARD_MEMBER, Role.ADMINISTRATOR])
def test_others_see_no_suggestion(app: Flask, role: Role) -> None:
    sign_in(app, role).pages.get(ADDRESS, expect=403)
