"""A2, A7: invitations, resets and changes of password on their pages, by letter and without."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.letters import SEND_JOB
from hscb_voice.foundation.mail import Letter
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.pages import PageChecker
from tests.support.people import PASSWORD, SignedIn, add, code_of, enter, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW_PASSWORD = "seven lanterns by the river"
NEWCOMER = "newcomer@example.org"
INVITED = {"name": "Example Newcomer", "email": NEWCOMER, "roles": ["analyst"]}


class Mailbox:
    """Takes letters in, as a mail server would."""

    is_set_up = True

    def __init__(self) -> None:
        """Start empty."""
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """Take a letter."""
        self.letters.append(letter)


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A mailbox behind the application."""
    box = Mailbox()
    here: Platform = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(here, mailer=box)
    monkeypatch.setattr("hscb_voice.staff.notices.letters_go", lambda _office: True)
    return box


@pytest.fixture
def boss(app: Flask) -> SignedIn:
    """An administrator, signed in."""
    return sign_in(app, Role.ADMINISTRATOR)


def _invite(boss: SignedIn) -> str:
    page = boss.pages.submit(boss.pages.get("/staff/people/invite"), INVITED, expect=200)
    return page.words(".voice-secret").removeprefix("http://127.0.0.1:8000")


def _accept(app: Flask, link: str) -> PageChecker:
    pages = PageChecker(app)
    pages.submit(pages.get(link), {"name": "New Comer", "password": NEW_PASSWORD})
    return pages


def test_a7_without_mail_the_link_is_shown_once_and_leads_to_the_second_step(app: Flask, boss: SignedIn) -> None:
    pages = _accept(app, _invite(boss))
    assert pages.get("/staff/", expect=302).location.startswith("/staff/second-step")
    assert "Set up your second step" in pages.follow(pages.get("/staff/second-step", expect=302)).words("h1")
    assert "New Comer" in boss.pages.get("/staff/people").words()


def test_a7_a_used_link_says_so(app: Flask, boss: SignedIn) -> None:
    link = _invite(boss)
    _accept(app, link)
    assert "opens nothing any more" in PageChecker(app).get(link, expect=410).words("h1")
    assert "opens nothing any more" in PageChecker(app).get("/staff/reset/abc", expect=410).words("h1")


def test_a7_looking_at_a_link_does_not_use_it_up(app: Flask, boss: SignedIn) -> None:
    link = _invite(boss)
    for _ in range(3):
        PageChecker(app).get(link)
    _accept(app, link)


def test_a7_an_invitation_is_made_anew_and_withdrawn(app: Flask, boss: SignedIn) -> None:
    first = _invite(boss)
    person = boss.pages.get(boss.pages.get("/staff/people").link("Example Newcomer"))
    second = boss.pages.submit(person, form="form[action$=invite-again]", expect=200)
    PageChecker(app).get(first, expect=410)
    link = second.words(".voice-secret").removeprefix("http://127.0.0.1:8000")
    PageChecker(app).get(link)
    boss.pages.submit(person, form="form[action$=withdraw]")
    PageChecker(app).get(link, expect=410)
    assert "Newcomer" not in boss.pages.get("/staff/people").words("table")


def test_a7_the_same_address_is_not_invited_twice(boss: SignedIn) -> None:
    _invite(boss)
    refused = boss.pages.submit(boss.pages.get("/staff/people/invite"), INVITED, expect=400)
    assert "already an account" in refused.words(".govuk-error-summary")


def test_a7_a_reset_needs_the_second_step_afterwards_and_ends_every_session(app: Flask, boss: SignedIn) -> None:
    worker = sign_in(app, Role.WORKER)
    page = boss.pages.get(f"/staff/people/{worker.account_id}")
    shown = boss.pages.submit(page, form="form[action$=reset-password]", expect=200)
    link = shown.words(".voice-secret").removeprefix("http://127.0.0.1:8000")
    pages = PageChecker(app)
    answer = pages.submit(pages.get(link), {"password": NEW_PASSWORD})
    assert answer.location == "/staff/sign-in"
    worker.pages.get("/staff/", expect=302)
    pages.submit(pages.get("/staff/sign-in"), {"email": worker.email, "password": NEW_PASSWORD})
    assert pages.get("/staff/", expect=302).location.startswith("/staff/second-step")
    pages.submit(pages.get("/staff/second-step"), {"code": code_of(worker.email)})
    pages.get("/staff/")


def test_a7_the_answer_about_a_forgotten_password_is_the_same_for_everybody(app: Flask, mailbox: Mailbox) -> None:
    _, email = add(app, Role.ANALYST)
    said = []
    for name in (email, "nobody@example.org"):
        pages = PageChecker(app)
        said.append(pages.submit(pages.get("/staff/forgotten"), {"email": name}, expect=200).words())
    assert said[0] == said[1]
    assert mailbox.letters == []


def test_a7_without_mail_whoever_forgot_is_sent_to_the_administrator(app: Flask) -> None:
    assert "Ask your administrator" in PageChecker(app).get("/staff/forgotten").words()


def test_a7_asking_for_many_resets_is_slowed_down(app: Flask, mailbox: Mailbox) -> None:
    del mailbox
    pages = PageChecker(app)
    for _ in range(5):
        pages.submit(pages.get("/staff/forgotten"), {"email": "nobody@example.org"}, expect=200)
    refused = pages.submit(pages.get("/staff/forgotten"), {"email": "nobody@example.org"}, expect=400)
    assert "too many tries" in refused.words(".govuk-error-summary")


def test_a7_by_letter_the_link_comes_to_the_person_and_to_nobody_else(
    settings: Settings, clock: SetClock, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    del platform
    app = create_app(replace(settings, mail_url="smtp://127.0.0.1:2525"), clock)
    app.testing = True
    here: Platform = app.extensions[EXTENSION]
    taken: list[Letter] = []
    monkeypatch.setattr(type(here.mailer), "send", lambda _self, letter: taken.append(letter))
    boss = sign_in(app, Role.ADMINISTRATOR)
    answer = boss.pages.submit(boss.pages.get("/staff/people/invite"), INVITED)
    assert "A letter with a link goes to newcomer@example.org" in boss.pages.follow(answer).words()
    pages = PageChecker(app)
    pages.submit(pages.get("/staff/forgotten"), {"email": boss.email}, expect=200)
    here.jobs.run_due()
    here.letters.run_due()
    links = {letter.to: re.findall(r"http://127\.0\.0\.1:8000(/staff/\S+)", letter.text) for letter in taken}
    assert set(links) == {NEWCOMER, boss.email}
    _accept(app, links[NEWCOMER][0])
    pages.submit(pages.get(links[boss.email][0]), {"password": NEW_PASSWORD})
    here.letters.run_due()
    assert "has been changed" in taken[-1].text
    assert SEND_JOB
    app.extensions[EXTENSION].database.dispose()


def test_a2_ones_own_password_is_changed_and_other_sessions_end(app: Flask) -> None:
    me = sign_in(app, Role.ANALYST)
    other = PageChecker(app)
    enter(other, me.email)
    page = me.pages.get("/staff/account/password")
    wrong = me.pages.submit(page, {"present": "not mine", "password": NEW_PASSWORD}, expect=400)
    assert "The password is not right" in wrong.words(".govuk-error-summary")
    weak = me.pages.submit(page, {"present": PASSWORD, "password": "password1234"}, expect=400)
    assert "too easily guessed" in weak.words(".govuk-error-summary")
    answer = me.pages.submit(page, {"present": PASSWORD, "password": NEW_PASSWORD})
    assert "has been changed" in me.pages.follow(answer).words()
    other.get("/staff/", expect=302)
    enter(PageChecker(app), me.email, NEW_PASSWORD)


def test_a2_a_changed_password_makes_no_session_longer(app: Flask, clock: SetClock) -> None:
    me = sign_in(app, Role.BOARD_MEMBER)
    for _ in range(23):
        clock.pass_time(timedelta(minutes=20))
        me.pages.get("/staff/")
    page = me.pages.get("/staff/account/password")
    me.pages.submit(page, {"present": PASSWORD, "password": NEW_PASSWORD})
    clock.pass_time(timedelta(minutes=20))
    me.pages.get("/staff/", expect=302)


@pytest.mark.parametrize(
    "password", ["x" * 3 + " dünne Wörter, 64 und mehr Zeichen, " + "abcdefgh " * 6, "今日は天気がいいですね散歩"]
)
def test_a2_a_long_password_with_spaces_and_any_letters_is_taken(app: Flask, password: str) -> None:
    me = sign_in(app, Role.ANALYST)
    me.pages.submit(me.pages.get("/staff/account/password"), {"present": PASSWORD, "password": password})
    enter(PageChecker(app), me.email, password)
