"""D1 and D3 to D5 in the web process itself, quickly; tests/faults breaks the real site for longer."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.invitations.models import Invitation
from hscb_voice.invitations.service import open_code
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import READ_JOB, Setting
from hscb_voice.web.current import EXTENSION
from tests.support.markup import attribute
from tests.support.pages import Page, PageChecker
from tests.support.sittings import CHILD, PARENT, open_codes, page_sending, version_of
from tests.web.test_respondent_trouble import down

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = "I want to tell you </textarea><b>this</b>."


@pytest.fixture
def site(app: Flask) -> Platform:
    """The site's own platform, its codes open."""
    return open_codes(app)


@pytest.fixture
def pages(app: Flask, site: Platform) -> PageChecker:
    """A browser on that site."""
    assert site
    return PageChecker(app)


def sending(site: Platform, slug: str = CHILD) -> dict[str, str]:
    """Return what a page sends, with words of a child's own."""
    return {**page_sending(version_of(site, slug)), "q2a": WORDS}


def words_on(page: Page, name: str = "q2a") -> str:
    """Return what stands in a page's box."""
    return "".join(getattr(c, "data", "") or "" for c in page.dom.one(f"textarea[name={name}]").children).strip()


def kept(site: Platform) -> list[str]:
    """Return the sittings whose answers are kept."""
    with site.database.reading() as connection:
        return list(connection.execute(select(Response.id)).scalars())


def test_d1_the_form_is_served_and_the_words_stay_while_the_database_is_down(
    app: Flask, pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.get(f"/f/{CHILD}")
    sent = sending(site)
    with monkeypatch.context() as patch:
        down(site, patch)
        app.extensions["collect"].ways._fresh_seconds = 0
        assert pages.get(f"/f/{CHILD}").dom.all("#c-q2")
        page = pages.post(f"/f/{CHILD}", sent, expect=503)
        assert int(page.response.headers["Retry-After"]) > 0
        assert words_on(page) == WORDS
    assert pages.submit(page, expect=200).words(".receipt")
    assert kept(site) == [sent["sitting"]]


def test_d1_a_fresh_process_serves_the_form_while_the_database_is_down(
    settings: Settings, clock: SetClock, pages: PageChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.get(f"/f/{CHILD}")
    fresh = create_app(settings, clock)
    fresh.testing = True
    down(fresh.extensions[EXTENSION], monkeypatch)
    page = PageChecker(fresh).get(f"/f/{CHILD}")
    assert page.dom.all("#c-q2")
    fresh.extensions[EXTENSION].database.dispose()


def test_d3_healthz_asks_no_database_and_readyz_does(
    app: Flask, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    event.listen(site.database.engine, "before_cursor_execute", lambda _c, _r, statement, *_: asked.append(statement))
    assert app.test_client().get("/healthz").status_code == 200
    assert asked == []
    assert app.test_client().get("/readyz").status_code == 200
    assert asked
    down(site, monkeypatch)
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503


@ON_ONE
def test_d4_a_full_database_keeps_the_words_on_the_page_and_loses_nothing(pages: PageChecker, site: Platform) -> None:
    def fill_up(raw: Any, _record: object) -> None:
        raw.execute("PRAGMA max_page_count=1")  # SQLite takes this for: not one page more than there are

    site.database.dispose()
    event.listen(site.database.engine, "connect", fill_up)
    thanked: list[str] = []
    long = {"q2a": WORDS * 80}
    for _ in range(200):  # until what is free in the pages that are there has been used up
        sent = {**sending(site), **long}
        reply = pages.client.post(f"/f/{CHILD}", data=sent)
        if reply.status_code != 200:
            break
        thanked.append(sent["sitting"])
    page = pages.post(f"/f/{CHILD}", sent, expect=503)
    assert words_on(page) == long["q2a"]
    event.remove(site.database.engine, "connect", fill_up)
    site.database.dispose()
    assert sorted(kept(site)) == sorted(thanked)
    assert pages.submit(page, expect=200).words(".receipt")
    assert sorted(kept(site)) == sorted([*thanked, sent["sitting"]])


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


@ON_ONE
def test_d5_a_silent_mail_server_never_holds_up_an_answer(
    settings: Settings, clock: SetClock, platform: Platform, black_hole: int
) -> None:
    assert platform
    app = create_app(replace(settings, mail_url=f"smtp://127.0.0.1:{black_hole}"), clock)
    app.testing = True
    site = open_codes(app)
    sent = {**sending(site), "q2": "scared", "talk": "yes"}
    begun = time.monotonic()
    PageChecker(app).post(f"/f/{CHILD}", sent, expect=200)
    assert time.monotonic() - begun < 5
    assert kept(site) == [sent["sitting"]]
    site.database.dispose()


def test_d5_a_reader_that_breaks_never_holds_up_an_answer(
    pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        message = "the reader is broken"
        raise RuntimeError(message)

    for kind in site.jobs._handlers:
        monkeypatch.setitem(site.jobs._handlers, kind, break_down)
    sent = sending(site)
    assert pages.post(f"/f/{CHILD}", sent, expect=200).words(".receipt")
    with site.database.reading() as connection:
        assert READ_JOB in connection.execute(select(Job.kind)).scalars().all()


@ON_ONE
def test_d5_staff_pages_that_cannot_be_reached_never_hold_up_an_answer(
    pages: PageChecker, site: Platform, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Single sign-on is a matter of staff pages: respondents' routes never enter their session."""

    def break_down(*_: object) -> None:
        message = "the sign-in service is down"
        raise RuntimeError(message)

    monkeypatch.setattr("hscb_voice.staff.access.person_or_none", break_down)
    monkeypatch.setattr("hscb_voice.staff.sessions.sign_in_of_session", break_down)
    assert app
    pages.post(f"/f/{CHILD}", sending(site), expect=200)


@ON_ONE
def test_a_fault_of_ours_gives_every_word_back(
    app: Flask, pages: PageChecker, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError(WORDS)

    monkeypatch.setattr(app.extensions["collect"].forms, "open", break_down)
    page = pages.post(f"/f/{CHILD}", sending(site), expect=500)
    assert words_on(page) == WORDS
    assert page.response.headers["Retry-After"]
    monkeypatch.undo()
    assert pages.submit(page, expect=200).words(".receipt")


def close(site: Platform, slug: str) -> None:
    """Take a code back."""
    with site.database.writing() as connection:
        connection.execute(update(Invitation).where(Invitation.code == slug).values(revoked_at=site.clock.now()))


@ON_ONE
def test_a_link_that_was_closed_meanwhile_gives_the_words_back_and_takes_a_new_code(
    app: Flask, pages: PageChecker, site: Platform
) -> None:
    app.extensions["collect"].ways._fresh_seconds = 0
    pages.get(f"/f/{CHILD}")
    sent = sending(site)
    close(site, CHILD)
    page = pages.post(f"/f/{CHILD}", sent, expect=410)
    assert "This link has been closed." in page.words("main")
    assert "a grown-up you trust" in page.words("main")
    assert "0800 1111" in page.words("main")
    assert words_on(page) == WORDS
    again = pages.submit(page, {"-new-code": "no such code"}, expect=410)
    assert words_on(again) == WORDS
    with site.database.writing() as connection:
        open_code(connection, "red-kite", CHILD, Setting(team="South"), site.clock)
    assert pages.submit(again, {"-new-code": " Red KITE "}, expect=200).words(".receipt")
    with site.database.reading() as connection:
        assert connection.execute(select(Response.id, Response.team)).one() == (sent["sitting"], "South")


@ON_ONE
def test_a_new_code_for_other_questions_takes_no_words_that_it_would_lose(
    app: Flask, pages: PageChecker, site: Platform
) -> None:
    app.extensions["collect"].ways._fresh_seconds = 0
    sent = sending(site)
    close(site, CHILD)
    page = pages.post(f"/f/{CHILD}", {**sent, "-new-code": PARENT}, expect=410)
    assert words_on(page) == WORDS
    assert kept(site) == []


@ON_ONE
@pytest.mark.parametrize("address", ["/f/nobody-knows-it", "/f/UPPER", "/f/" + "a" * 200])
def test_a_code_that_never_was_gives_the_words_back_too(pages: PageChecker, site: Platform, address: str) -> None:
    page = pages.post(address, sending(site), expect=410)
    assert words_on(page) == WORDS
    assert {attribute(e, "name") for e in page.dom.all("form input")} >= {"sitting", "version", "-new-code"}


@ON_ONE
def test_forms_laid_by_on_disk_hold_no_answer(
    app: Flask, pages: PageChecker, site: Platform, settings: Settings
) -> None:
    assert app
    pages.get(f"/f/{CHILD}")
    pages.post(f"/f/{CHILD}", sending(site), expect=200)
    files = list(Path(settings.data_folder, "forms").iterdir())
    assert files
    assert all("I want to tell you" not in file.read_text(encoding="utf-8") for file in files)
