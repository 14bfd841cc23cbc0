"""Nobody is found out: a reader who can add, subtract and knows the rules learns no count of 1 to 4."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hscb_voice.board import disclosure
from hscb_voice.board.disclosure import BOARD, Guarded, guard_base, guard_one_each, guard_ticks, guard_total
from hscb_voice.board.disclosure_side_by_side import ROWS, WHOLE, guard_rows, with_whole

Table = tuple[int, ...]  # the answers' counts, then those who skipped
MANY_TABLES = settings(max_examples=1500, deadline=None)
counts = st.one_of(st.integers(0, 7), st.integers(0, 40))


def compositions(total: int, places: int, most: int | None = None) -> Iterator[Table]:
    """Yield every way in which a total can be made of that many counts."""
    most = total if most is None else most
    if places == 1:
        if total <= most:
            yield (total,)
        return
    for first in range(min(total, most) + 1):
        for rest in compositions(total - first, places - 1, most):
            yield (first, *rest)


def values_left(shown: Guarded, responses: int) -> list[set[int]]:
    """Solve what is shown, as an attacker would: the values that each place (skipped last) may still have.

    He knows how many sent the form, that parts add up to it, every count that is shown, and every lower bound.
    """
    places = (*shown.counts, None if shown.base is None else responses - shown.base)
    bounds = [n or 0 for n in (*shown.at_least, None)]
    hidden = [place for place, n in enumerate(places) if n is None]
    rest = responses - sum(n for n in places if n is not None)
    left: list[set[int]] = [set() if n is None else {n} for n in places]
    for place in hidden:
        # The others can take up any sum between their bounds and the rest, so each is an interval: the linear answer.
        others = sum(bounds[other] for other in hidden if other != place)
        top = rest - others if len(hidden) > 1 else rest
        bottom = bounds[place] if len(hidden) > 1 else rest
        left[place] = set(range(bottom, top + 1))
    return left


def told(shown: Guarded, options: Iterable[int], skipped: int) -> list[int]:
    """Return the small counts that the attacker has worked out."""
    table = (*options, skipped)
    left = values_left(shown, sum(table))
    return [n for n, values in zip(table, left, strict=True) if BOARD.is_small(n) and len(values) == 1]


@MANY_TABLES
@given(options=st.lists(counts, min_size=2, max_size=7), skipped=counts)
def test_no_small_count_can_be_solved_from_the_totals(options: list[int], skipped: int) -> None:
    if sum(options) + skipped >= BOARD.fewest:
        assert told(guard_one_each(options, skipped), options, skipped) == []


def test_without_the_complementary_step_the_attacker_finds_small_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def small_ones_only(parts: Table, level: disclosure.Level, _apart: int | None) -> disclosure._Plan:
        return disclosure._Plan(frozenset(place for place, n in enumerate(parts) if level.is_small(n)))

    tables = [((20, 8, 3), 0), ((20, 8), 2), ((12, 9, 0, 1), 7)]
    assert [told(guard_one_each(*table), *table) for table in tables] == [[], [], []]
    monkeypatch.setattr(disclosure, "_plan", small_ones_only)
    assert [told(guard_one_each(*table), *table) for table in tables] == [[3], [2], [1]]


def views_of(places: int, most: int, apart: int | None = None) -> dict[tuple[int, Guarded], list[Table]]:
    """Show every table up to a size, and gather those that look the same."""
    seen: dict[tuple[int, Guarded], list[Table]] = defaultdict(list)
    for total in range(BOARD.fewest, most + 1):
        for table in compositions(total, places):
            seen[total, guard_one_each(table[:-1], table[-1], apart=apart)].append(table)
    return seen


@pytest.mark.parametrize(("places", "most"), [(3, 44), (4, 28), (5, 20)])
def test_a_reader_who_knows_the_rules_by_heart_cannot_tell_a_small_count(places: int, most: int) -> None:
    for tables in views_of(places, most).values():
        for place in range(places):
            values = {table[place] for table in tables}
            assert len(values) > 1 or not BOARD.is_small(values.pop()), (tables, place)


@pytest.mark.parametrize(("places", "most"), [(3, 44), (4, 28), (5, 20)])
def test_nor_can_he_tell_it_where_one_answer_stands_against_all_others(places: int, most: int) -> None:
    for (_, shown), tables in views_of(places, most, apart=0).items():
        for place in range(places):
            values = {table[place] for table in tables}
            assert len(values) > 1 or not BOARD.is_small(values.pop()), (tables, place)
        if any(table[0] == 0 and BOARD.percent_base <= sum(table[:-1]) < BOARD.small_base for table in tables):
            assert shown.counts[0] is None, tables
            assert any(table[0] for table in tables), tables


def test_that_reader_would_find_some_if_the_second_look_were_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_is_unsure", lambda *_: True)
    disclosure._plan.cache_clear()
    found = [
        tables
        for tables in views_of(3, 30).values()
        for place in range(3)
        if len(values := {table[place] for table in tables}) == 1 and BOARD.is_small(values.pop())
    ]
    disclosure._plan.cache_clear()
    assert found


@MANY_TABLES
@given(st.data())
def test_no_small_tick_or_its_opposite_can_be_told(data: st.DataObject) -> None:
    base = data.draw(st.integers(10, 45))
    skipped = data.draw(st.integers(0, 8))
    options = data.draw(st.lists(st.integers(0, base), min_size=1, max_size=5).filter(lambda ns: sum(ns) >= base))
    shown = guard_ticks(options, base, skipped)
    bases = {base} if shown.base is not None else set(range(base + skipped - 4, base + skipped))
    lows = [
        {n} if n is not None else set(range(bound or 0, max(bases) + 1))
        for n, bound in zip(shown.counts, shown.at_least, strict=True)
    ]
    for place, n in enumerate(options):
        others = sum(max(values) for i, values in enumerate(lows) if i != place)
        # Those who answered ticked something: the ticks together reach the base.
        left = {v for v in lows[place] for b in bases if v <= b and v + others >= b}
        assert n in left
        if BOARD.is_small(n):
            assert len(left) > 1
        assert not (len(bases) == 1 and len(left) == 1 and BOARD.is_small(base - n))


def test_ticks_that_must_fill_up_the_base_take_another_count_with_them() -> None:
    shown = guard_ticks([12, 14, 4], base=30, skipped=0)
    assert shown.counts == (None, 14, None)
    assert shown.at_least == (None, None, None)


def test_a_face_that_nearly_everybody_chose_is_given_as_at_least() -> None:
    shown = guard_ticks([28, 12, 0], base=30, skipped=0)
    assert shown.counts == (None, 12, 0)
    assert shown.at_least == (26, None, None)


def test_an_answer_that_nearly_everybody_gave_is_given_as_at_least_and_the_few_stay_unsure() -> None:
    for few in (1, 2, 3, 4):
        assert guard_one_each([30 - few, few], 0) == Guarded((None, None), (26, None), 30)


def test_a_small_base_in_which_all_said_the_same_looks_like_one_in_which_nearly_all_did() -> None:
    assert guard_one_each([12, 0, 0], 0) == guard_one_each([11, 1, 0], 0)
    assert guard_ticks([12, 6], 12, 0).counts == (None, 6)


def test_nobody_alone_in_a_small_base_is_everybody_with_help_and_looks_like_a_few_alone() -> None:
    assert guard_one_each([0, 6, 5], 0).counts == (0, 6, 5)
    assert (
        guard_one_each([0, 6, 5], 0, apart=0)
        == guard_one_each([3, 6, 2], 0)
        == Guarded((None, 6, None), (None,) * 3, 11)
    )
    assert guard_one_each([0, 11, 0], 0, apart=0) == guard_one_each([2, 9, 0], 0)
    assert guard_one_each([0, 16, 14], 0, apart=0).counts == (0, 16, 14)


@pytest.mark.parametrize("second", [(6, 7, 0, 0, 0), (0, 7, 6, 0, 0), (0, 70, 60, 0, 0)])
def test_nobody_alone_in_a_small_quarter_is_not_had_by_subtracting_the_others_from_the_year(
    second: tuple[int, ...],
) -> None:
    rows = with_whole(((0, 6, 5, 0, 0), second, *((0,) * 5,) * 3))
    shown = guard_rows(rows, (True,) * ROWS, apart=0)
    assert shown[0].counts[0] is None
    assert shown[WHOLE].counts[0] is None
    assert guard_rows(rows, (True,) * ROWS)[WHOLE].counts[0] == second[0]


def test_a_large_base_in_which_all_said_the_same_is_shown() -> None:
    assert guard_one_each([40, 0, 0], 0).counts == (40, 0, 0)


def test_nothing_of_a_base_below_ten_is_shown_but_the_base() -> None:
    assert guard_one_each([5, 4, 0], 0) == Guarded((None,) * 3, (None,) * 3, 9)
    assert guard_ticks([9, 5], 9, 6) == Guarded((None, None), (None, None), 9)


def test_few_who_skipped_are_hidden_with_the_base() -> None:
    assert guard_base(38, 40) is None
    assert guard_base(40, 40) == 40
    assert guard_base(35, 40) == 35
    assert guard_base(3, 40) is None
    assert guard_one_each([20, 10, 8], 2).base is None


def test_a_nought_is_shown_and_a_hidden_count_is_never_a_nought_in_disguise() -> None:
    assert guard_one_each([20, 0, 7], 5).counts == (20, 0, 7)
    assert guard_one_each([20, 3, 2], 0).counts == (20, None, None)


def test_a_total_is_shown_beside_hidden_parts_only_when_they_stay_unsure() -> None:
    assert guard_total(33, [6, 1, 5, 2, 2, 5, 12]) == 33
    assert guard_total(30, [13, 14, 3]) is None
    assert guard_total(15, [13, 1, 1]) is None
    assert guard_total(21, [13, 4, 4]) is None
    assert guard_total(27, [13, 14]) == 27


def test_most_useful_counts_of_large_tables_are_still_shown() -> None:
    tables = list(itertools.product((0, 3, 8, 15, 30), repeat=4))
    large = [t for t in tables if sum(t) >= 30]
    useful = sum(n >= BOARD.fewest for t in large for n in t)
    shown = sum((n or 0) >= BOARD.fewest for t in large for n in guard_one_each(t, 0).counts)
    assert shown / useful > 0.8
