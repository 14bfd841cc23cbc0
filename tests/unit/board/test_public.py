"""Figures for the public: rounded, 1 to 7 hidden, and nothing to be worked out from what is left."""

from collections import defaultdict
from dataclasses import asdict
from itertools import product

from hscb_voice.board.disclosure import guard_one_each
from hscb_voice.board.figures import Count, Distribution
from hscb_voice.board.intervals import wilson
from hscb_voice.board.public import about, public_row

_MOST = 10


def _row(*numbers: int) -> Distribution:
    """Return a row of a question as the Board sees it."""
    told = guard_one_each(numbers, 0)
    base = told.base
    counts = (
        Count(str(i), str(i), n, wilson(n, base) if base and n is not None else None, bound)
        for i, (n, bound) in enumerate(zip(told.counts, told.at_least, strict=True))
    )
    return Distribution("", "", base, base, tuple(counts))


def test_one_to_seven_are_hidden_and_the_rest_is_rounded_to_five() -> None:
    assert [about(n) for n in (None, 0, 1, 4, 5, 7)] == [None, 0, None, None, None, None]
    assert [about(n) for n in (8, 12, 13, 22, 23, 1001)] == [10, 10, 15, 20, 25, 1000]


def test_no_share_range_or_bound_goes_out_because_exact_numbers_could_be_had_from_them() -> None:
    shown = public_row(_row(31, 12, 9))
    assert [(count.n, count.share, count.at_least) for count in shown.counts] == [
        (30, None, None),
        (10, None, None),
        (10, None, None),
    ]
    assert shown.base == 50
    assert "31" not in str(asdict(shown))


def test_a_count_that_is_hidden_alone_takes_another_with_it() -> None:
    assert [count.n for count in public_row(_row(31, 6, 12)).counts] == [30, None, None]


def test_row_s8_the_public_cannot_work_out_a_count_of_one_to_seven() -> None:
    views = defaultdict(set)
    for numbers in product(range(_MOST + 6), range(_MOST + 6), range(_MOST + 6)):
        shown = public_row(_row(*numbers))
        views[shown.base, tuple(count.n for count in shown.counts)].add(numbers)
    for numbers in product(range(_MOST + 1), range(_MOST + 1), range(_MOST + 1)):
        shown = public_row(_row(*numbers))
        alike = views[shown.base, tuple(count.n for count in shown.counts)]
        for place, n in enumerate(numbers):
            if 0 < n < 8:
                assert shown.counts[place].n is None
                assert len({other[place] for other in alike}) > 1
