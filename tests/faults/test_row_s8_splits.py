"""Row S8 for filters: splits by service, age and helper are solved together with the year and its quarters."""

import random
from collections.abc import Iterator

import pytest

from hscb_voice.board.disclosure_side_by_side import WHOLE
from hscb_voice.board.disclosure_witness import Said, SplitQuestion, Target
from tests.support.splitting import know_split, people, split, told


def _splits(seed: int, many: int) -> Iterator[tuple[list[Said], SplitQuestion, bool]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable people, no secrets
    for turn in range(many):
        is_ticks = turn % 3 == 2
        said = people(chance, chance.choice([30, 60, 120]), is_ticks=is_ticks)
        yield said, split(said, is_ticks=is_ticks), is_ticks


def test_row_s8_no_small_number_is_had_from_splits_the_year_and_its_quarters_together() -> None:
    attacked = 0
    for said, question, is_ticks in _splits(8, 40):
        known = know_split(said, question, is_ticks=is_ticks)
        attacked += len(known.targets)
        assert known.recovered() == []
    assert attacked > 800


def test_row_s8_without_witnesses_the_attacker_finds_small_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SplitQuestion, "_find", lambda *_: True)
    found = sum(len(know_split(said, question, is_ticks=t).recovered()) for said, question, t in _splits(8, 8))
    assert found > 10


def test_row_s8_every_witness_shows_the_same_and_its_small_count_is_another() -> None:
    seen = 0
    for said, question, _ in _splits(21, 60):
        shown = told(said, question)
        for target, moves in question.witnesses:
            if target.table >= 0 and question.dropped[target.table]:
                continue
            otherwise = list(said)
            for place, value in moves:
                otherwise[place] = Said(said[place].row, said[place].lines, value)
            assert told(otherwise, question) == shown
            assert _watched(target, otherwise) != _watched(target, said)
            seen += 1
    assert seen > 800


def test_row_s8_each_small_count_of_a_split_that_is_shown_has_a_witness() -> None:
    for _, question, _ in _splits(5, 40):
        if all(question.dropped):
            continue
        kept = {target for target, _ in question.witnesses}
        for table in (-1, *(cut for cut in range(question.cuts) if not question.dropped[cut])):
            wanted = question.of_the_year() if table < 0 else list(question.targets(table))
            assert set(wanted) <= kept


def _watched(target: Target, said: list[Said]) -> int:
    own = [
        one
        for one in said
        if (target.line in {one.row, WHOLE} if target.table < 0 else one.lines[target.table] == target.line)
    ]
    return sum(sign * sum(cell in one.value for one in own) for cell, sign in target.watched)
