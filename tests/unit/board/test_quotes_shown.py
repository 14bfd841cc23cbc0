"""What the Board sees of words: never from a cell too small to show, and how much a person has read is said."""

from datetime import date

import pytest

from hscb_voice.board import quotes
from hscb_voice.board.overview import overview_of
from hscb_voice.board.periods import quarter, reporting_year
from hscb_voice.board.quotes import Quotes, ShownQuote, quotes_of, words_cleared
from hscb_voice.board.read_by_people import reading_sentences
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.reading_list import mark_response_read
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Span
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.history import Written
from hscb_voice.safeguarding.service import raise_by_hand
from hscb_voice.themes.quoting import approve_quote
from tests.support.answering import keep_answer

YEAR = reporting_year(2026)
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30))
CHILDREN = frozenset({"child"})
TEXT = "She always listened to me and played games."
POLISH = "Nie lubię kiedy pani przychodzi bo jest mi bardzo smutno w domu"


def say(platform: Platform, text: str = TEXT, span: Span = NOVEMBER) -> str:
    response_id = keep_answer(platform, {"q2a": text, "may_quote": "yes"}, span=span).response_id
    platform.jobs.run_for(response_id, [SCREEN_JOB, READ_JOB])
    return response_id


def cleared(platform: Platform, span: Span = NOVEMBER, text: str = TEXT) -> str:
    response_id = say(platform, text, span=span)
    with platform.database.writing() as connection:
        (comment,) = comments_of(connection, platform.keys, [response_id])
        approve_quote(connection, comment.id, [], "an analyst", platform.clock.now())
    return response_id


def test_no_quote_comes_from_a_cell_too_small_to_show(platform: Platform) -> None:
    cleared(platform)
    for _ in range(3):
        say(platform)
    with platform.database.reading() as connection:
        assert quotes_of(connection, platform.keys, YEAR).total == 0
    for _ in range(5):
        say(platform)
    with platform.database.reading() as connection:
        assert quotes_of(connection, platform.keys, YEAR).total == 1
        assert overview_of(connection, platform.keys, YEAR).quotes.total == 1


def test_row_s8_no_quote_comes_from_a_quarter_that_is_hidden_beside_a_smaller_one(platform: Platform) -> None:
    a_year_ago = Span(date(2025, 11, 1), date(2025, 11, 30))
    cleared(platform, a_year_ago)
    for _ in range(5):
        say(platform, span=a_year_ago)
    for _ in range(3):
        keep_answer(platform, {"q2": ["happy"]}, span=Span(date(2025, 4, 1), date(2025, 4, 30)))
    with platform.database.reading() as connection:
        assert quotes_of(connection, platform.keys, quarter(2025, 3)).total == 0
        assert quotes_of(connection, platform.keys, reporting_year(2025)).total == 1


def test_a_theme_too_seldom_to_show_is_not_named_beside_a_quote(platform: Platform) -> None:
    cleared(platform)
    for _ in range(4):
        say(platform, "It was good.")
    with platform.database.reading() as connection:
        (quote,) = quotes_of(connection, platform.keys, YEAR).lead
    assert quote.themes == ()


def test_older_quotes_of_a_rare_theme_are_found_behind_many_newer_ones(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotes, "_MOST", 3)
    monkeypatch.setattr(quotes, "_AT_ONCE", 2)
    for _ in range(10):
        cleared(platform, Span(date(2026, 10, 1), date(2026, 10, 31)))
    for _ in range(10):
        cleared(platform, text="We made puppets.")
    with platform.database.reading() as connection:
        assert quotes_of(connection, platform.keys, YEAR).total == 3
        of_theme = quotes_of(connection, platform.keys, YEAR, theme="listened_to")
        assert of_theme.total == 3
        assert {one.words for one in every(of_theme)} == {TEXT}
        assert set(words_cleared(connection, platform.keys, YEAR)) == {TEXT, "We made puppets."}


def test_quotes_that_may_not_be_shown_leave_their_place_to_older_ones(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotes, "_MOST", 3)
    monkeypatch.setattr(quotes, "_AT_ONCE", 2)
    for _ in range(6):
        cleared(platform, Span(date(2026, 5, 1), date(2026, 5, 31)))
    for _ in range(6):
        response_id = cleared(platform, text="I like school.")
        with platform.database.writing() as connection:
            response = response_by_id(connection, EVERY_TEAM, response_id)
            raise_by_hand(connection, response, "a lead", Written("A worry.", platform.keys), platform.clock)
    with platform.database.reading() as connection:
        assert {one.words for one in every(quotes_of(connection, platform.keys, YEAR))} == {TEXT}
        assert quotes_of(connection, platform.keys, YEAR).total == 3


def every(found: Quotes) -> list[ShownQuote]:
    return [*found.lead, *found.first, *found.rest]


def test_the_board_is_told_how_much_a_person_has_read(platform: Platform) -> None:
    read = [say(platform) for _ in range(12)]
    with platform.database.reading() as connection:
        (said,) = reading_sentences(connection, YEAR, CHILDREN)
    assert said == "None of the comments of children and young people has been read by a person yet."
    with platform.database.writing() as connection:
        for response_id in read[:7]:
            mark_response_read(connection, response_id, "a person", platform.clock.now())
        (said,) = reading_sentences(connection, YEAR, CHILDREN)
        assert "have not been read by a person yet (5 of 12)" in said
        (said,) = reading_sentences(connection, YEAR, frozenset())
        assert "12" not in said.replace("42", "")
        mark_response_read(connection, read[7], "a person", platform.clock.now())
        (said,) = reading_sentences(connection, YEAR, CHILDREN)
        assert "is not shown: it would tell of a few" in said
        for response_id in read[8:]:
            mark_response_read(connection, response_id, "a person", platform.clock.now())
        (said,) = reading_sentences(connection, YEAR, CHILDREN)
        assert said == "All comments of children and young people have been read by a person."


def test_the_board_is_told_how_much_nobody_has_coded(platform: Platform) -> None:
    for _ in range(5):
        say(platform, POLISH)
    for _ in range(7):
        say(platform)
    with platform.database.reading() as connection:
        _, uncoded = reading_sentences(connection, YEAR, CHILDREN)
    assert "no machine could read them, and no person has coded them yet (5 of 12)" in uncoded


def test_of_a_group_that_wrote_little_nothing_is_said(platform: Platform) -> None:
    for _ in range(9):
        say(platform)
    with platform.database.reading() as connection:
        assert reading_sentences(connection, YEAR, CHILDREN) == ()
