"""Attack the Board's figures of made-up years and of answers like the demonstration's, with and without the guard.

Every page of a year is taken together and solved by linear programming (tests/support/attacking.py). What the guard
costs is measured too: which counts of 5 and more would be shown if each page were guarded by itself, and are not.

Usage: python -m bench.attacker [--years 3000] [--seed 8]
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from hscb_voice.board.disclosure import BOARD, guard_one_each
from hscb_voice.board.disclosure_network import Network
from hscb_voice.board.disclosure_side_by_side import ROWS
from hscb_voice.board.disclosure_witness import SplitQuestion
from hscb_voice.board.disclosure_year import read_year
from hscb_voice.board.figures import Figures, figures_from
from hscb_voice.board.periods import quarters_of, reporting_year
from hscb_voice.questionnaires.queries import published_slugs
from tests.support.attacking import a_year, forget_decisions, know, publish, views_lost
from tests.support.board_data import filled_file, looked_after
from tests.support.splitting import know_split, people, split, splits_lost

_SAID = (0.4, 0.3, 0.15, 0.1, 0.05)  # how often each answer is given
_QUARTERS = 400
_TABLES = 4  # a year: numbers of responses, one answer each, ticks, words
_VIEWS = ROWS - 1
_YEAR = reporting_year(2016)


def attack(years: int, seed: int) -> tuple[int, int, int, float]:
    """Make up years, publish them and solve what was published.

    Args:
        years: how many.
        seed: the same seed makes the same years.

    Returns:
        Small counts attacked, small counts recovered, years with one recovered, and the share of useful counts lost.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable years, no secrets
    small = recovered = broken = useful = lost = 0
    for _ in range(years):
        year = a_year(chance)
        shown = publish(year)
        known = know(year, shown)
        found = known.recovered()
        small, recovered, broken = small + len(known.targets), recovered + len(found), broken + bool(found)
        views = views_lost(year, shown)
        useful, lost = useful + views[0], lost + views[1]
    return small, recovered, broken, lost / useful


def attack_splits(many: int, seed: int, size: int) -> tuple[int, int, int, int, int]:
    """Make up questions split three ways, publish them and solve year, quarters and splits together.

    Args:
        many: how many.
        seed: the same seed makes the same people.
        size: how many people each.

    Returns:
        Small counts attacked and recovered; useful counts that each line by itself would show, those of them lost, and
        splits that are hidden whole.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable people, no secrets
    small = recovered = useful = lost = dropped = 0
    for turn in range(many):
        is_ticks = not turn % 3
        said = people(chance, size, is_ticks=is_ticks)
        question = split(said, is_ticks=is_ticks)
        known = know_split(said, question, is_ticks=is_ticks)
        views = splits_lost(question)
        small, recovered = small + len(known.targets), recovered + len(known.recovered())
        useful, lost, dropped = useful + views[0], lost + views[1], dropped + sum(question.dropped)
    return small, recovered, useful, lost, dropped


def lost_like_the_demonstration() -> Iterator[tuple[str, int, int]]:
    """Count what is shown of a year of answers, each page by itself and all together.

    Yields:
        Which pages, useful counts that they show by themselves, and of these how many are lost.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = looked_after(filled_file(Path(folder)))
        with database.reading() as connection:
            slugs = published_slugs(connection)
            for name, periods in (("year", [_YEAR]), ("quarters", list(quarters_of(_YEAR)))):
                together = alone = 0
                for period in periods:
                    forget_decisions()
                    read = read_year(connection, period, slugs)
                    together += sum(map(_useful, figures_from(connection, read).values()))
                    with patch.object(Network, "protect", lambda *_: True):
                        forget_decisions()
                        by_itself = figures_from(connection, read_year(connection, period, slugs))
                        alone += sum(map(_useful, by_itself.values()))
                    forget_decisions()
                yield name, alone, alone - together
        database.dispose()


def waiting(size: int, looks: int, seed: int, *, cell_by_cell: bool) -> float:
    """Tell which share of a quarter's answers is in no figure at its end, because too few came since the last state.

    Args:
        size: how many answer.
        looks: how often somebody looks, the last time when it is over.
        seed: the same seed makes the same quarters.
        cell_by_cell: whether each shown count, and not only the number of answers, must change by none or by five.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable answers, no secrets
    left = 0
    for _ in range(_QUARTERS):
        said = [(chance.random(), chance.choices(range(len(_SAID)), _SAID)[0]) for _ in range(size)]
        states: list[tuple[int | None, ...]] = []
        shown = 0
        for look in range(1, looks + 1):
            heard = [choice for at, choice in said if at <= look / looks]
            counts = tuple(heard.count(choice) for choice in range(len(_SAID)))
            numbers = (*guard_one_each(counts, 0).counts, len(heard)) if cell_by_cell else (len(heard),)
            if not any(_tells(was, now) for state in states for was, now in zip(state, numbers, strict=True)):
                states.append(numbers)
                shown = len(heard)
        left += size - shown
    return left / (size * _QUARTERS)


def _tells(was: int | None, now: int | None) -> bool:
    return was is not None and now is not None and BOARD.is_small(abs(now - was))


def _useful(figures: Figures) -> int:
    rows = [row for question in figures.questions for row in question.rows]
    return sum(1 for row in rows for count in row.counts if count.n)


def main() -> None:
    """Attack with the guard, then without its complementary step, and print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=8)
    wanted = parser.parse_args()
    began = time.process_time()
    small, found, broken, lost = attack(wanted.years, wanted.seed)
    with patch.object(Network, "protect", lambda *_: True):
        forget_decisions()
        bare_small, bare_found, bare_broken, _ = attack(wanted.years // 10, wanted.seed)
    forget_decisions()
    tables = wanted.years * _TABLES
    print(f"attacked: {wanted.years} years, {tables} tables in {tables * _VIEWS} views, {small} counts of 1 to 4")
    print(f"recovered with the guard: {found} counts, in {broken} years")
    print(f"recovered without: {bare_found} of {bare_small} counts, in {bare_broken} of {wanted.years // 10} years")
    print(f"useful counts (5 and more) lost, random years made to be hard: {lost:.1%}")
    for size in (60, 160, 480):
        small, found, useful, gone, whole = attack_splits(wanted.years // 40, wanted.seed, size)
        print(
            f"splits of {size} people: {small} small counts, {found} recovered; useful counts lost {gone} of {useful}"
        )
        print(f"  ({gone / max(useful, 1):.1%}), {whole} of {wanted.years // 100 * 3} splits hidden whole")
    with patch.object(SplitQuestion, "_find", lambda *_: True):
        small, found, *_ = attack_splits(wanted.years // 100, wanted.seed, 60)
    print(f"splits of 60 people without witnesses: {found} of {small} small counts recovered")
    for size in (20, 60, 200):
        for often, looks in (("monthly", 3), ("weekly", 13), ("daily", 91)):
            five, cells = (waiting(size, looks, wanted.seed, cell_by_cell=each) for each in (False, True))
            print(
                f"{size} answers a quarter, looked at {often}: {five:.1%} wait for five more, {cells:.1%} would by cell"
            )
    for name, alone, gone in lost_like_the_demonstration():
        print(f"useful counts lost, answers like the demonstration's, {name}: {gone} of {alone} ({gone / alone:.1%})")
    print(f"CPU seconds: {time.process_time() - began:.0f}")


if __name__ == "__main__":
    main()
