"""Splits by service, age and helper: whole years that are over, groups of ten, one at a time, and nobody found out."""

import random
from datetime import date
from unittest.mock import patch

import pytest

from hscb_voice.board import splits
from hscb_voice.board.errors import NoSplitError
from hscb_voice.board.periods import Period, quarter, reporting_year
from hscb_voice.board.queries import answered_in
from hscb_voice.board.splits import NOT_TOLD, OTHERS, Cut, Line, Split, only, split_of, together
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses import tallies
from hscb_voice.responses.service import Setting, Span
from tests.support.answering import CHILD, keep_answer

YEAR = reporting_year(2016)
LATER = date(2026, 11, 30)


def answered(platform: Platform, **services: int) -> None:
    """Keep answers: most are happy, a few are sad; a helper for each third."""
    chance = random.Random(4)  # noqa: S311 - repeatable answers, no secrets
    for service, many in services.items():
        for i in range(many):
            span = Span.month_of(date(2016, chance.choice([5, 8, 11]), 3))
            answers = {
                "q2": chance.choices([["happy"], ["happy", "okay"], ["sad"]], [5, 5, 5])[0],
                "talk": chance.choices(["yes", "no"], [1, 14])[0],
                "age_band": ["5_to_9", "10_to_14"][i % 2],
                "answered": ["by_myself", "together"][i % 3 == 0],
            }
            keep_answer(platform, answers, setting=Setting(service=service.capitalize()), span=span)


def split(platform: Platform, cut: Cut = Cut.SERVICE, period: Period = YEAR, today: date = LATER) -> Split:
    with platform.database.reading() as connection:
        return split_of(connection, CHILD, period, cut, today)


def test_each_service_stands_by_itself_and_small_ones_together(platform: Platform) -> None:
    answered(platform, north=60, south=50, west=3, east=9)
    found = split(platform)
    told = {line.name: line.n for line in found.lines}
    assert told == {"North": 60, "South": 50, "All others together": 12}
    (feelings,) = (question for question in found.questions if question.key == "q2")
    assert [row.text for row in feelings.rows] == list(told)
    shown = [count for row in feelings.rows for count in row.counts if count.n]
    assert len(shown) > 3
    assert all(count.share is not None for count in shown)


def test_no_small_count_stands_in_any_split_nor_beside_it(platform: Platform) -> None:
    answered(platform, north=60, south=50, west=14)
    is_seen = is_hidden = False
    for cut in Cut:
        found = split(platform, cut)
        counts = [count for q in found.questions for row in q.rows for count in row.counts]
        assert all(count.n is None or count.n == 0 or count.n >= 5 for count in counts)
        is_seen = is_seen or any(count.n for count in counts)
        is_hidden = is_hidden or any(count.hidden for count in counts)
    assert is_seen
    assert is_hidden


def test_nothing_is_split_while_a_few_answers_wait_to_be_shown(platform: Platform) -> None:
    answered(platform, north=60, south=50)
    first = split(platform)
    late = {"span": Span.month_of(date(2016, 5, 3)), "setting": Setting(service="North")}
    for _ in range(2):
        keep_answer(platform, {"q2": ["sad"]}, **late)
    with pytest.raises(NoSplitError, match="split again when at least five lie between"):
        split(platform)
    for _ in range(3):
        keep_answer(platform, {"q2": ["sad"]}, **late)
    assert sum(line.n for line in split(platform).lines) == 115 > sum(line.n for line in first.lines)


def test_a_second_look_reads_no_answers_until_one_is_put_right(platform: Platform) -> None:
    answered(platform, north=60, south=50)
    with patch.object(splits, "answered_in", wraps=answered_in) as reads:
        first = split(platform)
        assert split(platform, Cut.HELPER).figures == first.figures
        assert reads.call_count == 1
        with platform.database.writing() as connection:
            tallies.note_change(connection)
        assert split(platform) == first
        assert reads.call_count == 2


def test_one_line_alone_is_what_it_is_beside_the_others(platform: Platform) -> None:
    answered(platform, north=60, south=50)
    whole = split(platform)
    alone = only(whole, "North")
    assert [row for q in alone.questions for row in q.rows] == [q.rows[0] for q in whole.questions]
    with pytest.raises(NoSplitError, match="no such group"):
        only(whole, "West")


@pytest.mark.parametrize(
    ("period", "today", "why"),
    [
        (quarter(2016, 2), LATER, "whole reporting year only"),
        (YEAR, date(2017, 3, 31), "not over until 31 March 2017"),
        (reporting_year(2011), LATER, "Too few answered"),
    ],
)
def test_it_refuses_in_plain_words_what_cannot_be_split_safely(
    platform: Platform, period: Period, today: date, why: str
) -> None:
    answered(platform, north=30, south=30)
    with pytest.raises(NoSplitError, match=why):
        split(platform, period=period, today=today)


def test_it_refuses_a_split_into_one_group(platform: Platform) -> None:
    answered(platform, north=30, south=4)
    with pytest.raises(NoSplitError, match="not two groups of ten"):
        split(platform)


def test_lines_that_are_hidden_or_small_are_put_together_until_they_are_ten() -> None:
    numbers = [("n", "North", 40), ("s", "South", 12), ("w", "West", None), ("e", "East", None), (NOT_TOLD, "None", 0)]
    assert together(numbers, 40 + 12 + 7) == (
        Line("n", "North", 40),
        Line(OTHERS, "All others together", 19, ("West", "East", "South")),
    )
    assert together(numbers, 40 + 12 + 15)[-1] == Line(OTHERS, "All others together", 15, ("West", "East"))
