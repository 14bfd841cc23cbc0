"""The Board's pages: well made, guarded, plain, and honest when there is little or nothing to show."""

import re
from pathlib import Path

import pytest
from flask import Flask, get_template_attribute

from hscb_voice.board.charts import Bar, Chart, diverging_bar, simple_bars
from hscb_voice.board.figures import Count, Distribution, QuestionFigures
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.staff.roles import Role
from tests.support.board_data import SIZES, filled_file
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year's answers, in place of the empty database that other tests begin with."""
    return filled_file(tmp_path_factory.mktemp("board"))


@pytest.fixture
def member(app: Flask) -> SignedIn:
    return sign_in(app, Role.BOARD_MEMBER)


def test_the_newest_year_is_shown_when_none_is_asked_for(member: SignedIn) -> None:
    page = member.pages.get("/staff/board/")
    assert "April 2016 to March 2017" in page.words("h1")
    assert page.dom.all('.board-periods-nav a[aria-current="page"]')


def test_it_leads_with_what_they_say_and_how_sure_we_are(member: SignedIn) -> None:
    words = member.pages.get("/staff/board/?period=2016-17").words(".board-lead")
    assert "What they say" in words
    assert re.search(r"Of \d+ children and young people, \d+ chose “", words)
    assert re.search(r"likely between \d+\s% and \d+\s%", words)
    assert "How sure we are" in words
    assert "All are invented, for demonstration." in words


def test_every_chart_has_a_title_a_description_and_a_table(member: SignedIn) -> None:
    page = member.pages.get("/staff/board/?period=2016-17")
    drawings = page.dom.all('main svg[role="img"]')
    assert len(drawings) > 20
    assert len(page.dom.all('main svg[role="img"] > title')) == len(drawings)
    assert len(page.dom.all('main svg[role="img"] > desc')) == len(drawings)
    charts = len(page.dom.all(".chart svg.chart__bar"))
    assert charts
    assert len(page.dom.all(".chart details table")) >= len(page.dom.all(".chart")) / 2
    assert " style=" not in page.text


def test_first_conferences_stand_beside_reviews(member: SignedIn) -> None:
    words = member.pages.get("/staff/board/?period=2016-17").words()
    assert "First conferences: 30 responses. Reviews: 41." in words
    assert "I got the social worker's report in enough time to read it" in words
    assert "How long before" in words


@pytest.mark.parametrize("period", ["2016-17", "2016-17-q2"])
def test_each_questionnaire_has_its_page(member: SignedIn, period: str) -> None:
    for slug in SIZES:
        page = member.pages.get(f"/staff/board/{slug}?period={period}")
        assert "How these figures are made" in page.words()


def test_few_responses_are_too_few_to_show_and_never_a_number(member: SignedIn) -> None:
    words = member.pages.get("/staff/board/cp-conference-child?period=2016-17").words()
    assert "Too few to show: 1 to 4 responses, or more" in words
    assert "Every question" not in words
    overview = member.pages.get("/staff/board/?period=2016-17").words(".board-lead")
    assert f"At least {sum(SIZES.values()) - 2}" in overview


def test_a_period_in_which_nobody_answered_says_so(member: SignedIn) -> None:
    assert "Nobody answered in this period" in member.pages.get("/staff/board/?period=2010-11").words()
    assert "Nobody answered in this period" in member.pages.get("/staff/board/event?period=2010-11").words()


def test_what_is_not_there_is_not_found(member: SignedIn) -> None:
    for address in ("?period=never", "no-such", "event?period=2016-18"):
        member.pages.get(f"/staff/board/{address}", expect=404)


def test_a_worker_does_not_see_the_boards_figures(app: Flask) -> None:
    sign_in(app, Role.WORKER).pages.get("/staff/board/", expect=403)


def test_no_words_that_a_person_has_not_cleared_reach_the_board(member: SignedIn) -> None:
    text = member.pages.get("/staff/board/?period=2016-17").text
    assert "She listened to me and I feel happier now" not in text
    assert "No quotes have been cleared for this period yet." in text


def test_a_period_that_is_not_over_says_as_of_when_its_figures_are(member: SignedIn) -> None:
    told = member.pages.get("/staff/board/?period=2026-27").words()
    assert "Not over yet. The period ends on 31 March 2027." in told
    assert "Not over yet" not in member.pages.get("/staff/board/?period=2016-17").words()


def chart_of(question: QuestionFigures) -> Chart:
    """Return the chart of a question that is answered by ticking."""
    row = question.rows[0]
    bars = (Bar(row, simple_bars(row, is_set=True)),)
    return Chart(question.key, question.text, False, True, bars, row.counts, True, question.base)


def test_answers_that_are_too_few_stand_together_and_no_bar_is_drawn_where_there_is_no_share(app: Flask) -> None:
    few, bound, shown = Count("a", "Sad", None), Count("b", "Okay", None, at_least=6), Count("c", "Happy", 12)
    row = Distribution("", "How was it?", None, None, (few, bound, shown, Count("d", "Scared", None)))
    question = QuestionFigures("q", "How was it?", Kind.FACES_SET, None, (row,))
    with app.test_request_context():
        draw = get_template_attribute("components/charts/bars.html", "bars")
        drawn = str(draw(chart_of(question), "one", str))
    lines = drawn.split("<details", maxsplit=1)[0]
    assert "Too few to show: Sad; Scared" in lines
    assert lines.count("oo few to show") == 2  # and how many answered
    assert "<svg" not in lines


def test_a_line_of_which_no_part_can_be_drawn_has_no_empty_bar(app: Flask) -> None:
    best, worst = Count("y", "Good", None, at_least=10, tone=2), Count("n", "Bad", None, tone=-2)
    with app.test_request_context():
        draw = get_template_attribute("components/charts/diverging.html", "diverging_bar")
        drawn = str(draw(diverging_bar(Distribution("", "Advice", None, None, (best, worst))), "one", str))
    assert "Good: at least 10; too few to show: Bad (" in drawn
    assert "<svg" not in drawn
