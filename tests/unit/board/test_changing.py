"""A theme is said to rise or fall only where chance is an unlikely reason."""

import pytest

from hscb_voice.board.changing import changes, difference
from hscb_voice.board.figures import Count
from hscb_voice.board.themes_heard import GroupHeard, ThemeHeard


def group(n: int | None, written: int | None, theme: str = "visits") -> GroupHeard:
    return GroupHeard("child", written, (ThemeHeard(theme, "Visits", Count(theme, "Visits", n), None),), ())


def test_the_difference_of_two_shares_lies_within_the_published_interval() -> None:
    low, high = difference((56, 70), (48, 80))
    # Wider than the 95 % interval of 0.0524 to 0.3339 that the paper prints for these two.
    assert 0 < low < 0.0524
    assert 0.3339 < high < 0.4


def test_a_clear_rise_and_a_clear_fall_are_named_and_a_wobble_is_not() -> None:
    (rise,) = changes([group(40, 80)], [group(10, 80)])
    assert rise.is_rise
    (fall,) = changes([group(10, 80)], [group(40, 80)])
    assert fall.is_fall
    assert changes([group(22, 80)], [group(18, 80)]) == ()


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (group(None, 80), group(10, 80)),
        (group(40, None), group(10, 80)),
        (group(8, 9), group(10, 80)),
        (group(40, 80), group(10, 80, "school")),
    ],
)
def test_nothing_is_said_of_what_is_hidden_or_too_small(now: GroupHeard, before: GroupHeard) -> None:
    assert changes([now], [before]) == ()
