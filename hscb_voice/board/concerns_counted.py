"""Concerns as the Board sees them: how many of each kind, and how many a person has taken up. Never whose, nor why.

A tick can raise a concern (“Scared”, “talk to someone”), so a total of concerns less the ticks shown elsewhere must
not give a small number back: a kind's total is shown only beside parts that stay unsure. The year and its quarters are
guarded together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hscb_voice.board.counts import Raw
from hscb_voice.board.disclosure import guard_total
from hscb_voice.board.disclosure_side_by_side import ROWS, guard_line
from hscb_voice.safeguarding.service import ENDED, ENDED_IN_TIME, RAISED, TAKEN_UP, TAKEN_UP_IN_TIME
from hscb_voice.safeguarding.wording import KIND_LABELS, WORDS, WORKER

_SAID_BY_PEOPLE = frozenset({WORDS, WORKER})  # counted nowhere else, unlike ticks


@dataclass(frozen=True)
class ConcernsCounted:
    """One kind of concern in a period."""

    kind: str
    label: str
    raised: int | None  # None when too few to show
    acknowledged: int | None
    in_time: int | None  # taken up by a person before the day ended; the others late
    ended: int | None
    ended_in_time: int | None  # closed within two working days; the others late

    @property
    def is_none(self) -> bool:
        """Tell whether there was none of this kind."""
        return self.raised == 0


def concerns_counted(
    slices: Mapping[str, Sequence[Raw]], at: int, *, is_over: bool = True
) -> tuple[ConcernsCounted, ...]:
    """Guard the counts of concerns.

    Args:
        slices: slug -> counts of every slice of a year.
        at: which slice is to be shown.
        is_over: whether the year is over.

    Returns:
        One entry a kind, in the order in which the safeguarding room names them.
    """
    return tuple(_kind(kind, label, slices.values(), at, is_over=is_over) for kind, label in KIND_LABELS.items())


def _kind(kind: str, label: str, slices: Collection[Sequence[Raw]], at: int, *, is_over: bool) -> ConcernsCounted:
    def parts(row: int, choice: str) -> list[int]:
        return [one[row].counts.get((f"concern:{kind}", "", choice), 0) for one in slices]

    def counted(choice: str) -> tuple[int, ...]:
        return tuple(sum(parts(row, choice)) for row in range(ROWS))

    totals = counted(RAISED)
    # Only ticks are shown elsewhere, questionnaire by questionnaire; what words gave rise to is not.
    is_open = kind in _SAID_BY_PEOPLE
    opens = tuple(is_open or guard_total(totals[row], parts(row, RAISED)) is not None for row in range(ROWS))

    def part_of(wholes: tuple[int, ...], shown: Sequence[int | None], parts: tuple[int, ...]) -> tuple[int | None, ...]:
        """Guard parts of wholes through the year; nothing is shown of a whole that is not."""
        return guard_line(parts, wholes, tuple(n is not None for n in shown), is_over=is_over)

    raised = guard_line(totals, None, opens, is_over=is_over)
    # Each is guarded within the whole of which it is a part: what is left of the whole is a count too, the late.
    taken_up = part_of(totals, raised, counted(TAKEN_UP))
    in_time = part_of(counted(TAKEN_UP), taken_up, counted(TAKEN_UP_IN_TIME))
    ended = part_of(counted(TAKEN_UP), taken_up, counted(ENDED))
    ended_in_time = part_of(counted(ENDED), ended, counted(ENDED_IN_TIME))
    return ConcernsCounted(kind, label, raised[at], taken_up[at], in_time[at], ended[at], ended_in_time[at])
