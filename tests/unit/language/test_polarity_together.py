"""Praise and blame weighed against each other: high for both is mixed, low for both is neither."""

import pytest

from hscb_voice.language.learned import shipped_model
from hscb_voice.language.polarity_together import SCORES, WAYS, Together, terms, together_from


def scores(**some: float) -> dict[str, float]:
    return dict.fromkeys(SCORES, 0.0) | {f"polarity:{name}": value for name, value in some.items()}


def test_every_score_and_every_product_of_two_is_weighed() -> None:
    made = terms(scores(positive=2.0, negative=-1.0), 0.5)
    assert made[:6] == (2.0, -1.0, 0.0, 0.0, 0.0, 0.5)
    assert len(made) == 27
    assert made[6:8] == (4.0, -2.0)


def test_one_score_out_of_all_bounds_does_not_drown_the_rest() -> None:
    assert terms(scores(positive=1000.0), -99.0) == terms(scores(positive=6.0), -3.0)


def test_shares_are_one_together_and_follow_the_weights() -> None:
    n = len(terms(scores(), 0.0))
    weights = [[1.0, *[0.0] * (n - 1)], [0.0, 1.0, *[0.0] * (n - 2)], [0.0] * n]
    shares = together_from({"weights": weights, "biases": [0, 0, 0]}).shares(scores(positive=3, negative=1), 0.0)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["positive"] > shares["negative"] > shares["even"]


@pytest.mark.parametrize(
    "written", [{"weights": [[1.0]], "biases": [0.0]}, {"weights": [[0.0] * 27] * 3, "biases": [0.0]}]
)
def test_weights_that_do_not_fit_are_refused(written: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a weight for each"):
        together_from(written)


def test_the_shipped_model_calls_what_is_high_for_both_even() -> None:
    together = shipped_model().together
    assert isinstance(together, Together)
    both = together.shares(scores(positive=1.5, negative=1.5, even=0.5, mixed=1.0), 0.0)
    assert max(WAYS, key=lambda way: both[way]) == "even"
    clear = together.shares(scores(positive=3.0, negative=-4.0, even=-1.5, mixed=-4.0), 1.0)
    assert max(WAYS, key=lambda way: clear[way]) == "positive"
