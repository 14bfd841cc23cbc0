"""C5: whoever writes something worrying is met kindly on the very next page, and what it promises is kept."""

import threading
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.letters import SEND_JOB, letters_waiting
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.language import reading
from hscb_voice.language.reading import Comment
from hscb_voice.language.worry import LONGEST_AT_ONCE, worry_by_rules
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.staff.roles import Role
from tests.support.pages import Page, PageChecker
from tests.support.people import add
from tests.support.sittings import CHILD, PARENT, envelope, open_codes, version_of

PROMISE = "Someone who helps children will read this today."
LINES = ("999", "0800 1111")
WORRY = "I am scared of my step dad."


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open, and a worker beside it that screens nothing yet."""
    site = open_codes(app)
    site.jobs.beat("worker-1")
    return site


@pytest.fixture
def pages(app: Flask, site: Platform) -> PageChecker:
    """A browser on that site."""
    assert site
    return PageChecker(app)


def _send(pages: PageChecker, site: Platform, slug: str = CHILD, expect: int = 200, **answers: str) -> tuple[Page, str]:
    sent = {**envelope(version_of(site, slug)), "answered": "by_myself", "sitting": new_id(), **answers}
    return pages.post(f"/f/{slug}", sent, expect=expect), sent["sitting"]


def _kinds(site: Platform, sitting: str) -> list[str]:
    with site.database.reading() as connection:
        return [concern.kind for concern in concerns_of(connection, EVERY_TEAM, sitting)]


@pytest.mark.parametrize(
    "text", [WORRY, "My mum’s boyfriend hits me.", "i want to kill myself", "Boję się taty, bije mnie."]
)
def test_c5_a_child_who_writes_something_worrying_is_told_kindly_at_once(
    pages: PageChecker, site: Platform, text: str
) -> None:
    page, sitting = _send(pages, site, q2a=text)
    assert PROMISE in page.words(".kind")
    assert all(line in page.words(".kind .lines") for line in LINES)
    # What the page promises is true already: the concern is there, before any worker has come.
    assert _kinds(site, sitting) == ["words"]
    with site.database.reading() as connection:
        assert SCREEN_JOB in connection.execute(select(Job.kind)).scalars().all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["It was fun.", "We made a card.", "My worker came to our house and she was kind."])
def test_c5_the_help_lines_stand_on_every_thanks_page_and_the_promise_only_where_it_is_kept(
    pages: PageChecker, site: Platform, text: str
) -> None:
    page, sitting = _send(pages, site, q2a=text)
    assert "will read this today" not in page.words("main")
    assert all(line in page.words(".lines") for line in LINES)
    assert _kinds(site, sitting) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_c5_a_parent_is_told_in_a_grown_ups_words(pages: PageChecker, site: Platform) -> None:
    page, _ = _send(pages, site, PARENT, q6="My ex keeps coming to the house and threatens to kill us.")
    assert "Thank you for telling us this." in page.words(".kind")
    assert "0808 2000 247" in page.words(".kind .lines")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_c5_other_words_of_the_same_sitting_are_met_as_kindly(pages: PageChecker, site: Platform) -> None:
    _, sitting = _send(pages, site, q2a="It was fun.")
    page, _ = _send(pages, site, q2a=WORRY, sitting=sitting, expect=409)
    assert PROMISE in page.words(".kind")
    assert _kinds(site, sitting) == ["words"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_c5_what_is_said_depends_on_no_letter_and_on_no_worker(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with site.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM worker_beats")
    monkeypatch.setattr(site.jobs, "run_for", fail)
    page, _ = _send(pages, site, q2a=WORRY)
    assert PROMISE in page.words(".kind")
    with site.database.reading() as connection:
        assert SEND_JOB not in connection.execute(select(Job.kind)).scalars().all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_c5_a_childs_reply_waits_for_no_learned_model(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden() -> None:
        message = "a learned model was asked while a child waited"
        raise AssertionError(message)

    monkeypatch.setattr(reading, "shipped_model", forbidden)
    page, sitting = _send(pages, site, q2a=WORRY)
    assert PROMISE in page.words(".kind")
    assert _kinds(site, sitting) == ["words"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_c5_without_a_worker_people_are_called_all_the_same(pages: PageChecker, site: Platform, app: Flask) -> None:
    add(app, Role.SAFEGUARDING_LEAD)
    with site.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM worker_beats")
    page, _ = _send(pages, site, q2a=WORRY)
    page.response.close()  # as a server does once the reply has gone out
    with site.database.reading() as connection:
        assert connection.execute(select(Job.kind).where(Job.kind == SEND_JOB)).scalars().all() == [SEND_JOB]


@pytest.mark.parametrize("text", ["", "It was fun.", "x" * (LONGEST_AT_ONCE + 1) + " scared of dad"])
def test_little_or_nothing_is_asked_of_the_rules_for_most_answers(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        message = "the rules were asked for nothing"
        raise AssertionError(message)

    monkeypatch.setattr("hscb_voice.language.worry.screen", forbidden)
    assert not worry_by_rules(Comment("1", text, "child")).flag


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_d5_mail_that_is_down_never_blocks_an_answer(platform: Platform, settings: Settings, clock: SetClock) -> None:
    assert platform
    app = create_app(replace(settings, mail_url="smtp://127.0.0.1:1"), clock)
    site = open_codes(app)
    add(app, Role.SAFEGUARDING_LEAD)
    page, sitting = _send(PageChecker(app), site, q2a=WORRY)
    assert PROMISE in page.words(".kind")
    page.response.close()
    for thread in [thread for thread in threading.enumerate() if thread.name == "letters"]:
        thread.join()
    assert _kinds(site, sitting) == ["words"]
    with site.database.reading() as connection:
        found = letters_waiting(connection, clock.now())
    assert (found.waiting, found.failing, found.trouble) == (1, 1, "MailAwayError")
    site.database.dispose()
