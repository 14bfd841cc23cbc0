"""The Board's pages while there is nothing to show yet, or only a little."""

import pytest
from flask import Flask

from hscb_voice.foundation.platform import Platform
from hscb_voice.staff.roles import Role
from hscb_voice.web.current import EXTENSION
from tests.support.answering import keep_answer
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def here(app: Flask) -> Platform:
    platform: Platform = app.extensions[EXTENSION]
    return platform


@pytest.fixture
def member(app: Flask) -> SignedIn:
    return sign_in(app, Role.BOARD_MEMBER)


def test_without_answers_it_says_so(member: SignedIn) -> None:
    assert "There are no answers yet." in member.pages.get("/staff/board/").words()


def test_figures_that_nobody_invented_say_so(member: SignedIn, here: Platform) -> None:
    for _ in range(12):
        keep_answer(here, {"q2": ["happy"], "answered": "by_myself"})
    words = member.pages.get("/staff/board/").words(".board-lead")
    assert "12 responses were sent: 12 by children and young people." in words
    assert "None of these answers are invented." in words
