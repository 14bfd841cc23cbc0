"""Row S8 for earlier publications: whoever kept all pages, packs and public numbers recovers nothing of a year.

And of a quarter that is still answered: no two states of it that were ever shown differ by one person to four.
"""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from hscb_voice.board import moving
from hscb_voice.board.counts import YearCounts
from hscb_voice.board.disclosure_side_by_side import guard_heads
from hscb_voice.board.moving import ShownSlice, brought_up_to_date
from hscb_voice.board.periods import reporting_year
from tests.support import attacking_through_time
from tests.support.attacking import Year, a_year, forget_decisions
from tests.support.attacking_through_time import (
    Person,
    counted,
    know_the_public,
    know_through_time,
    publish_through_time,
    slices_through_time,
)

TODAY = reporting_year(2026).start


def _years(seed: int, many: int) -> Iterator[Year]:
    chance = random.Random(seed)  # noqa: S311 - repeatable years, no secrets
    yield from (a_year(chance) for _ in range(many))


def test_row_s8_no_small_number_is_had_from_every_page_of_a_year_kept_as_it_went_on() -> None:
    attacked = rounded = 0
    for year in _years(18, 250):
        published = publish_through_time(year)
        known = know_through_time(year, published)
        rounded += know_the_public(known, year.one_each, published[-1][1].one_each)
        attacked += len(known.targets)
        assert known.recovered() == []
    assert attacked > 3000
    assert rounded > 100


def test_row_s8_without_the_memory_of_what_was_shown_earlier_pages_tell_small_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        attacking_through_time, "guard_heads", lambda rows, _kept, *, is_over: guard_heads(rows, is_over=is_over)
    )
    forget_decisions()
    found = 0
    for year in _years(18, 120):
        known = know_through_time(year, publish_through_time(year))
        found += len(known.recovered())
    forget_decisions()
    assert found > 10


def _shown_states(seed: int, looks: int) -> list[frozenset[Person]]:
    """Return who stood behind each state of a quarter that was shown."""
    chance = random.Random(seed)  # noqa: S311 - repeatable people, no secrets
    was, states = ShownSlice(), []
    for people in slices_through_time(chance, looks):
        new = brought_up_to_date(was, counted(people), TODAY)
        if new is not was:
            states.append(people)
        was = new
    return states


def _apart(one: frozenset[Person], other: frozenset[Person]) -> int:
    return len({person.id for person in one ^ other})


def test_row_s8_between_two_looks_at_a_quarter_never_one_person_to_four_came_went_or_changed() -> None:
    pairs = 0
    for seed in range(1500):
        states = _shown_states(seed, 12)
        for first, then in pairwise(states):
            assert _apart(first, then) == 0 or _apart(first, then) >= 5
            pairs += 1
        sizes = {len(people) for people in states}
        assert not any(0 < abs(a - b) < 5 for a in sizes for b in sizes)
    assert pairs > 4000


def test_row_s8_without_waiting_for_five_two_looks_tell_what_one_person_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "may_move", lambda was, now: was.raw != now)
    told = sum(
        0 < _apart(first, then) < 5
        for seed in range(100)
        for states in [_shown_states(seed, 12)]
        for first, then in pairwise(states)
    )
    assert told > 200


def test_row_s8_one_who_comes_does_not_hide_among_five_who_were_read_otherwise() -> None:
    one, other = (
        counted(frozenset(Person(i, "a") for i in range(12))),
        counted(frozenset([*(Person(i, "a") for i in range(12)), Person(99, "c")])),
    )
    themes = {"child": {("themes", "", ""): 9, ("theme:home", "", ""): 8}}
    was = ShownSlice(one, TODAY, sizes=(12,))
    read_otherwise = YearCounts((other,), ()).slices[0]
    moved = brought_up_to_date(was, type(other)(other.counts, other.by_respondent, 0, themes, other.by_service), TODAY)
    assert moved is was
    assert brought_up_to_date(was, read_otherwise, TODAY) is was
    alone = brought_up_to_date(was, type(one)(one.counts, one.by_respondent, 0, themes, one.by_service), TODAY)
    assert alone is not was
