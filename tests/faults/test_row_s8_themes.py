"""Row S8 for what people wrote about: themes, and how they were spoken of, solved over a year and its quarters."""

import random
from collections import Counter

from hscb_voice.board.counts import Place
from hscb_voice.board.disclosure_side_by_side import REST, ROWS
from hscb_voice.board.themes_heard import GroupHeard, ThemeYear, themes_heard
from tests.support.attacking import Knowledge

NAMES = {"worker": "The worker", "home": "Home", "school": "School"}
SIDES = ("positive", "negative")
Slice = Counter[Place]


def _slice(chance: random.Random, responses: int) -> Slice:
    counts: Slice = Counter()
    for _ in range(responses):
        if chance.random() < 0.2:
            continue
        heard = [theme for theme in NAMES if chance.random() < 0.3]
        counts["themes", "", ""] += 1
        counts.update([("themes", "", "none")] if not heard else [])
        for theme in heard:
            counts.update([(f"theme:{theme}", "", ""), (f"theme:{theme}", "", chance.choice(("positive", *SIDES)))])
    return counts


def _know(slices: list[Slice], responses: tuple[int, ...]) -> Knowledge:
    """Write down all that the overviews of a year tell of one group's themes."""
    known = Knowledge()
    table = [_know_slice(known, slices, responses, at) for at in range(ROWS)]
    for column in zip(*table, strict=True):
        known.add_up(column[-1], column[:-1])
    return known


def _know_slice(known: Knowledge, slices: list[Slice], responses: tuple[int, ...], at: int) -> list[int]:
    own, everybody = slices[at], {"child": responses}
    groups = themes_heard(ThemeYear([{"child": one} for one in slices], everybody, everybody, {"child"}, at), NAMES)
    group = groups[0] if groups and at != REST else None
    is_empty = not own and (at != REST or not responses[REST])
    written, total = own["themes", "", ""], known.count(responses[at], shown=True, is_target=False)
    wrote = known.count(written, shown=is_empty or (group is not None and group.written is not None))
    known.add_up(total, [wrote, known.count(responses[at] - written, shown=False)])
    places = [total, wrote]
    for theme in NAMES:
        n = own[f"theme:{theme}", "", ""]
        counts, least = _shown(group, theme)
        times = known.count(n, shown=is_empty or theme in counts, least=least.get(theme, 0))
        known.add_up(wrote, [times, known.count(written - n, shown=False)])
        sides = [
            known.count(own[f"theme:{theme}", "", side], shown=is_empty or side in counts, least=least.get(side, 0))
            for side in SIDES
        ]
        known.add_up(times, sides)
        places += [times, *sides]
    return places


def _shown(group: GroupHeard | None, theme: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counts and the lower bounds that stand on the page for a theme and how it was spoken of."""
    heard = [one for one in group.themes if one.id == theme] if group else []
    counts = [count for one in heard for count in (one.count, *(one.polarity.counts if one.polarity else ()))]
    shown = {count.key: count.n for count in counts if count.n is not None}
    return shown, {count.key: count.at_least for count in counts if count.at_least}


def test_row_s8_no_small_number_of_themes_is_had_from_all_overviews_of_a_year_together() -> None:
    chance = random.Random(3)  # noqa: S311 - repeatable years, no secrets
    attacked = 0
    for _ in range(120):
        size = chance.choice([6, 15, 40])
        # A group's number of responses is known where each questionnaire's is shown: none, or five and more.
        sizes = [chance.choice([0, chance.randint(5, size)]) for _ in range(4)] + [chance.choice([0, 0, 5])]
        slices = [_slice(chance, n) for n in sizes]
        slices.append(sum(slices, Counter()))
        known = _know(slices, (*sizes, sum(sizes)))
        attacked += len(known.targets)
        assert known.recovered() == []
    assert attacked > 2000
