"""Quotes on a theme's page: all who see figures read them; only whoever may open the response is led to it."""

import pytest
from flask import Flask
from sqlalchemy import select

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Comment
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.staff.roles import Role
from hscb_voice.themes.quoting import approve_quote
from tests.support.answering import keep_answer
from tests.support.people import TEAM, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER = "South team"


@pytest.fixture
def theme(platform: Platform) -> str:
    """Return the address of a theme that was heard often, from both teams, with a quote of each."""
    texts = {TEAM: "She always listened to me.", OTHER: "He listened to me and that helped."}
    for number in range(12):
        team = (TEAM, OTHER)[number % 2]
        answers = {"q2a": texts[team], "may_quote": "yes"}
        kept = keep_answer(platform, answers, setting=Setting(team=team))
        platform.jobs.run_for(kept.response_id, [SCREEN_JOB, READ_JOB])
    with platform.database.writing() as connection:
        for comment_id in list(connection.execute(select(Comment.id)).scalars()):
            approve_quote(connection, comment_id, [], "an analyst", platform.clock.now())
    return "/staff/board/themes/listened_to"


def leads(app: Flask, address: str, role: Role) -> int:
    page = sign_in(app, role).pages.get(address)
    assert "She always listened to me." in page.words()
    assert "He listened to me and that helped." in page.words()
    return len(page.dom.all('a[href^="/staff/responses/"]')) - len(page.dom.all('a[href="/staff/responses/"]'))


def test_a_board_member_reads_the_quotes_and_is_led_to_no_response(app: Flask, theme: str) -> None:
    assert leads(app, theme, Role.BOARD_MEMBER) == 0


def test_a_team_manager_is_led_to_the_responses_of_her_own_team_only(app: Flask, theme: str) -> None:
    assert leads(app, theme, Role.TEAM_MANAGER) == 6


def test_an_analyst_is_led_to_every_response(app: Flask, theme: str) -> None:
    assert leads(app, theme, Role.ANALYST) == 12
