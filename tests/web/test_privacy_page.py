"""The page that tells a child what happens to their words, and what they meet when an answer was taken back."""

from dataclasses import replace

import pytest
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.governance.erasing import Erasing, erase
from hscb_voice.language.reading_level import reading_level
from hscb_voice.responses.queries import EVERY_TEAM, ResponseFilter, responses_list
from hscb_voice.web.current import EXTENSION
from tests.support.markup import words_of
from tests.support.pages import PageChecker
from tests.support.sittings import CHILD, envelope, message_answers, open_codes, page_sending, version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_it_is_linked_from_the_first_screen_and_the_front_door(app: Flask) -> None:
    open_codes(app)
    pages = PageChecker(app)
    assert pages.get(f"/f/{CHILD}").link("What happens to my words?") == "/privacy?lang=en"
    assert pages.get("/").link("What happens to my words?") == "/privacy?lang=en"
    assert pages.get("/f/support-worker-parent").link("What happens to what I write?") == "/privacy?lang=en"


def test_a_child_of_eight_can_read_it(app: Flask) -> None:
    page = PageChecker(app).get("/privacy")
    texts = [words_of(e).strip() for e in page.dom.all("#for-children p, #for-children li")]
    level = reading_level([text.replace("the Herefordshire Safeguarding Children Board", "us") for text in texts])
    assert level.grade <= 3.5, level
    assert level.longest_sentence <= 15, level
    assert "ico.org.uk" in page.words("#for-grown-ups")


def test_b3_it_promises_that_words_leave_a_report_and_says_that_paper_may_keep_them(app: Flask) -> None:
    said = PageChecker(app).get("/privacy").words("#for-children")
    assert "We take your words out. Paper that we printed before may still have them" in said


def test_it_says_whom_to_ask_where_the_installation_says_it(settings: Settings, clock: SetClock) -> None:
    app = create_app(replace(settings, privacy_contact="privacy@board.example"), clock)
    assert "privacy@board.example" in PageChecker(app).get("/privacy").words()
    app.extensions[EXTENSION].database.dispose()


def test_e2_an_answer_that_was_taken_back_is_not_kept_again_and_no_word_is_lost(app: Flask) -> None:
    platform: Platform = open_codes(app)
    version, pages = version_of(platform, CHILD), PageChecker(app)
    sent = page_sending(version)
    sent["q2a"] = "We played a game."
    sent.poplist("talk")
    pages.post(f"/f/{CHILD}", sent, expect=200)
    erase(platform, Erasing(sent["sitting"], "asked", "somebody"))
    again = pages.post(f"/f/{CHILD}", sent, expect=410)
    assert "You took this answer back before." in again.words()
    assert "We played a game." in again.text
    assert _number(platform) == 0
    renewed = pages.submit(again, expect=422)
    assert "We played a game." in renewed.text
    pages.submit(renewed, expect=200)
    assert _number(platform) == 1


def test_e2_a_tablet_is_told_that_it_was_taken_back(app: Flask) -> None:
    platform = open_codes(app)
    version = version_of(platform, CHILD)
    around = envelope(version)
    answers = message_answers(version)
    answers.pop("talk")
    message = {**around, "answers": answers}
    address = f"/f/{CHILD}/answers/{around['sitting']}"
    client = app.test_client()
    assert client.put(address, json=message).status_code == 201
    erase(platform, Erasing(around["sitting"], "asked", "somebody"))
    answer = client.put(address, json=message)
    assert answer.status_code == 410
    assert answer.get_json()["error"].startswith("This answer has been taken back.")
    assert _number(platform) == 0


def _number(platform: Platform) -> int:
    with platform.database.reading() as connection:
        return responses_list(connection, EVERY_TEAM, ResponseFilter())[1]
