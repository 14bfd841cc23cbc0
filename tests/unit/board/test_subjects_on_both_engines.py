"""The pages about one subject each, and how good the data are, say the same on both engines, from one memory."""

import pytest

from hscb_voice.board.cidva import cidva_of
from hscb_voice.board.data_quality import data_quality
from hscb_voice.board.in_care import in_care
from hscb_voice.board.periods import quarter, reporting_year
from hscb_voice.board.splits import Cut, split_of
from hscb_voice.board.theme_story import theme_story
from hscb_voice.board.unheard import unheard_in
from hscb_voice.foundation.platform import Platform
from tests.support.answering import CHILD, keep_answer
from tests.support.board_data import fill_2016_17

YEAR = reporting_year(2016)
REVIEW = "cp-conference-parent-review"


def test_every_page_of_a_year_opens_and_its_numbers_agree(platform: Platform) -> None:
    fill_2016_17(platform, sizes={CHILD: 64, "cidva-child-9-18": 26, "my-story": 15, "event": 24, REVIEW: 41})
    for period in (YEAR, quarter(2016, 2)):
        with platform.database.reading() as connection:
            quality = data_quality(connection, period)
            for one in quality.shown:
                assert one.came is not None
                assert one.came.base in {one.figures.responses, None}
            cidva_of(connection, period)
            in_care(connection, platform.keys, period)
            theme_story(connection, platform.keys, period, "listened_to")
            unheard_in(connection, period)
    with platform.database.reading() as connection:
        found = split_of(connection, REVIEW, YEAR, Cut.HELPER, platform.clock.today())
    assert sum(line.n for line in found.lines) == 41


def test_how_answers_came_is_shown_as_of_the_same_day_as_what_they_say(platform: Platform) -> None:
    for _ in range(12):
        keep_answer(platform, {"q2": ["happy"]})
    period = reporting_year(2026)
    with platform.database.reading() as connection:
        first = data_quality(connection, period).shown[0]
    for _ in range(4):
        keep_answer(platform, {"q2": ["happy"]})
    with platform.database.reading() as connection:
        assert data_quality(connection, period).shown[0] == first
    keep_answer(platform, {"q2": ["happy"]})
    with platform.database.reading() as connection:
        now = data_quality(connection, period).shown[0]
    assert now.came is not None
    assert now.came.base == 17


@pytest.mark.parametrize("cut", [Cut.AGE, Cut.HELPER])
def test_a_split_says_the_same_twice(platform: Platform, cut: Cut) -> None:
    fill_2016_17(platform, sizes={CHILD: 64})
    with platform.database.reading() as connection:
        first = split_of(connection, CHILD, YEAR, cut, platform.clock.today())
        assert split_of(connection, CHILD, YEAR, cut, platform.clock.today()) == first
