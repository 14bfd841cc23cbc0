"""How far people and machine agree, by theme and quarter, from what two people said before anything was settled."""

from dataclasses import replace

import pytest

from hscb_voice.foundation.platform import Platform
from hscb_voice.language.agreement import Lack, Measure
from hscb_voice.reading_room.agreeing import (
    POLARITY,
    by_quarter,
    coded_twice,
    line_of,
    lines_of,
    measure_words,
    quarters_of,
    verdict_of,
)
from hscb_voice.reading_room.agreement import DoubleCoded
from hscb_voice.reading_room.blind import Codes, code_blind
from tests.unit.reading_room.test_blind import NEGATIVE, drawn, first_coded
from tests.unit.reading_room.test_reading_list import say

NAMES = {"school": "School", "home": "Home"}
YES, NO = Codes("positive", {"school": "positive"}), Codes("negative", {})


def pair(first: Codes, second: Codes, machine: Codes | None = NO, quarter: str | None = "2026-27 Q3") -> DoubleCoded:
    return DoubleCoded("a comment", quarter, "child", "1", "one", first, "two", second, machine, invented=False)


TWENTY = [pair(YES, YES, YES)] * 8 + [pair(NO, NO)] * 8 + [pair(YES, NO)] * 2 + [pair(NO, YES)] * 2


def test_the_first_line_is_how_comments_read_and_each_theme_follows_by_name() -> None:
    lines = lines_of(TWENTY, NAMES)
    assert [(line.key, line.name) for line in lines] == [
        (POLARITY, "Good or bad"),
        ("school", "School"),
        ("home", "Home"),
    ]
    assert (lines[1].people.n, lines[1].people.same) == (20, 16)
    assert lines[1].people.kappa.value == pytest.approx(0.6)
    assert lines[2].people.kappa.lack is Lack.ONE_VALUE
    assert [line.is_named for line in lines] == [True, True, False]


def test_a_theme_that_was_retired_since_is_still_told() -> None:
    gone = pair(Codes("positive", {"puppets": "positive"}), NO)
    assert lines_of([*TWENTY, gone], NAMES)[-1].key == "puppets"


def test_the_machine_is_compared_with_the_person_who_saw_no_codes() -> None:
    line = line_of([pair(YES, NO, YES)] * 10 + [pair(NO, YES, NO)] * 10, "school", "School")
    assert (line.machine.n, line.machine.same) == (20, 0)


def test_what_the_machine_cannot_read_is_left_out_of_its_line_only() -> None:
    line = line_of([*TWENTY, replace(TWENTY[0], machine=None)], "school", "School")
    assert (line.people.n, line.machine.n, line.machine.missing) == (21, 20, 1)


def test_what_the_machine_was_taught_of_a_comment_is_left_out_where_it_is_compared() -> None:
    line = line_of([*TWENTY, *[replace(pair(YES, YES, YES), was_lesson=True)] * 30], "school", "School")
    assert (line.people.n, line.machine.n, line.machine.missing) == (50, 20, 0)


def test_a_theme_counts_only_where_both_had_it_in_their_codebook() -> None:
    both, without = frozenset({"school"}), frozenset({"home"})
    new = replace(pair(NO, YES), stood=without, machine_stood=both)
    line = line_of([replace(one, stood=both, machine_stood=both) for one in TWENTY] + [new] * 5, "school", "School")
    assert (line.people.n, line.machine.n) == (20, 25)
    assert line_of([new], POLARITY, "Good or bad").people.n == 1, "how a comment reads needs no theme"


def test_quarters_stand_apart_and_what_has_none_is_counted_in_all_only() -> None:
    later, none = pair(YES, NO, quarter="2026-27 Q4"), pair(YES, NO, quarter=None)
    pairs = [*TWENTY, later, none]
    assert quarters_of(pairs) == ["2026-27 Q4", "2026-27 Q3"]
    assert [(line.name, line.people.n) for line in by_quarter(pairs, "school")] == [
        ("2026-27 Q4", 1),
        ("2026-27 Q3", 20),
    ]
    assert line_of(pairs, "school", "School").people.n == 22


def test_numbers_are_written_with_their_interval_or_with_what_they_lack() -> None:
    assert measure_words(Measure(0.676, 0.51, -0.001)) == "0.68 (0.51 to 0.00)"
    assert measure_words(Measure(-0.25, -0.5, 0.1)) == "−0.25 (−0.50 to 0.10)"
    assert measure_words(Measure(lack=Lack.TOO_FEW)) == "too few to say (fewer than 10)"
    assert "cannot be worked out" in measure_words(Measure(lack=Lack.ONE_VALUE))


def test_words_say_only_what_the_whole_interval_says() -> None:
    assert verdict_of(Measure(0.9, 0.7, 1.0)) == "They agree"
    assert verdict_of(Measure(0.9, 0.4, 1.0)) == "Not sure yet: code more"
    assert verdict_of(Measure(0.6, 0.45, 0.75)) == "They agree in part"
    assert verdict_of(Measure(0.3, 0.1, 0.5)).startswith("They often differ")
    assert verdict_of(Measure(lack=Lack.TOO_FEW)) == "Nobody can say yet"
    assert verdict_of(Measure(lack=Lack.ONE_VALUE)) == "No chance to differ"


def test_what_two_people_said_in_the_reading_room_is_what_is_measured(platform: Platform) -> None:
    ids = [say(platform, f"We played game number {number}.") for number in range(10)]
    first_coded(platform, *ids)
    sample_id = drawn(platform)
    with platform.database.writing() as connection:
        for place, item_id in enumerate(ids):
            codes = NEGATIVE if place < 3 else Codes("positive", {})
            code_blind(connection, sample_id, item_id, "the second", codes, platform.clock)
    with platform.database.reading() as connection:
        pairs = coded_twice(connection)
    (polarity, *_) = lines_of(pairs, NAMES)
    assert (polarity.people.n, polarity.people.same) == (10, 7)
    assert polarity.people.kappa.value == pytest.approx(0)
    assert polarity.machine.n == 10
