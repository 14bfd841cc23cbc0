"""Decides when figures that have been shown may be brought up to date: never for the sake of one answer to four.

Whoever kept yesterday's page can subtract it from today's. So between two states of a questionnaire's quarter that
are shown, at least five answers lie: five more, five fewer, or five that were put right. Until then the quarter stays
as it was shown, in all its figures. Pure arithmetic: it knows no table, no page and no database.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hscb_voice.board.counts import Place, Raw
from hscb_voice.board.disclosure import BOARD

_CONCERNS, _THEMES = "concern:", "*themes"
_MADE_OF_ANSWERS = frozenset({_CONCERNS, _THEMES})  # by people and machines, later


@dataclass(frozen=True)
class ShownSlice:
    """One questionnaire's quarter, or the rest of its year, as it is shown."""

    raw: Raw = field(default_factory=Raw)
    at: date | None = None  # on which day it was so; None where nothing has ever been shown
    came: Mapping[Place, int] = field(default_factory=dict)  # by which ways and in which languages
    sizes: tuple[int, ...] = ()  # how many responses there were in the states that were shown


def brought_up_to_date(was: ShownSlice, now: Raw, today: date) -> ShownSlice:
    """Return a slice as it may be shown now.

    Args:
        was: as it was shown last.
        now: its counts as they are.
        today: the present day.

    Returns:
        The same object where it must stay as it was, or is still true.
    """
    if was.at is not None and not may_move(was, now):
        return was
    return ShownSlice(now, today, sizes=tuple(dict.fromkeys((*was.sizes, now.responses))))


def may_move(was: ShownSlice, now: Raw) -> bool:
    """Tell whether at least five answers lie between what was shown and what is true now.

    Args:
        was: as it was shown last.
        now: its counts as they are.
    """
    if now.responses != was.raw.responses:
        return not waits(was, now.responses)
    # The same number of answers: some were put right, or read otherwise. Each question by itself, or the one answer
    # that changed in two of them would hide among five that changed in one.
    if now == was.raw:
        return False
    steps = [most_apart(was_counts, now_counts) for was_counts, now_counts in _by_question(was.raw, now)]
    return any(steps) and not any(BOARD.is_small(step) for step in steps)


def waits(was: ShownSlice, responses: int) -> bool:
    """Tell whether the number of responses alone says that a slice must stay as it was, whatever they answered.

    Args:
        was: as it was shown last.
        responses: how many there are now.
    """
    # Not beside any earlier state either: five may have come and six have gone.
    return responses != was.raw.responses and any(BOARD.is_small(abs(responses - size)) for size in was.sizes)


def are_of_the_same_answers(one: Raw, other: Raw) -> bool:
    """Tell whether two counts could be of the same answers, leaving aside what was read out of words, and concerns."""
    parts = [{name: own for name, own in _parted(raw).items() if name not in _MADE_OF_ANSWERS} for raw in (one, other)]
    return parts[0] == parts[1]


def most_apart(one: Mapping[Hashable, int], other: Mapping[Hashable, int]) -> int:
    """Return by how much the counts differ that differ most; at least so many people stand behind the difference."""
    return max((abs(one.get(place, 0) - other.get(place, 0)) for place in {*one, *other}), default=0)


def _by_question(was: Raw, now: Raw) -> Iterator[tuple[dict[Hashable, int], dict[Hashable, int]]]:
    """Yield the counts of each question, before and now; those of all themes, and of all concerns, as one."""
    parts = [_parted(one) for one in (was, now)]
    for name in sorted({*parts[0], *parts[1]}):
        yield parts[0].get(name, {}), parts[1].get(name, {})


def _parted(raw: Raw) -> dict[str, dict[Hashable, int]]:
    found: dict[str, dict[Hashable, int]] = {
        "*respondents": _wide(raw.by_respondent),
        "*services": _wide(raw.by_service),
        "*invented": {"": raw.invented},
    }
    for place, n in raw.counts.items():
        name = _CONCERNS if place[0].startswith(_CONCERNS) else place[0]
        found.setdefault(name, {})[place] = n
    found[_THEMES] = {(who, place): n for who, counts in raw.of_each.items() for place, n in counts.items()}
    return found


def _wide(counts: Mapping[str, int]) -> dict[Hashable, int]:
    found: dict[Hashable, int] = {}
    found.update(counts)
    return found
