"""A share is given with how sure it is."""

import pytest

from hscb_voice.board.intervals import wilson


def test_ten_of_fourteen_is_71_percent_between_45_and_88() -> None:
    share = wilson(10, 14)
    assert (round(share.value, 2), round(share.low, 2), round(share.high, 2)) == (0.71, 0.45, 0.88)


@pytest.mark.parametrize(
    ("n", "base", "low", "high"),
    [(0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0), (81, 263, 0.2553, 0.3662), (1, 29, 0.0061, 0.1718)],
)
def test_it_agrees_with_newcombes_published_examples(n: int, base: int, low: float, high: float) -> None:
    share = wilson(n, base)
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(("n", "base"), [(0, 0), (-1, 5), (6, 5)])
def test_it_refuses_what_is_no_share(n: int, base: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(n, base)
