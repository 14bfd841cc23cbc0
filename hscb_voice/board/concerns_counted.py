"""Concerns as the Board sees them: how many of each kind, and how many a person has taken up. Never whose, nor why.

A tick can raise a concern (“Scared”, “talk to someone”), so a total of concerns less the ticks shown elsewhere must
not give a small number back: a kind's total is shown only beside parts that stay unsure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hscb_voice.board.disclosure import BOARD, guard_base, guard_total
from hscb_voice.board.queries import Raw
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


def concerns_counted(raw: Mapping[str, Raw]) -> tuple[ConcernsCounted, ...]:
    """Guard the counts of concerns.

    Args:
        raw: slug -> counts of the period.

    Returns:
        One entry a kind, in the order in which the safeguarding room names them.
    """
    return tuple(_kind(kind, label, raw.values()) for kind, label in KIND_LABELS.items())


def _kind(kind: str, label: str, raw: Collection[Raw]) -> ConcernsCounted:
    def counted(choice: str) -> list[int]:
        return [one.counts.get((f"concern:{kind}", "", choice), 0) for one in raw]

    parts = counted(RAISED)
    # Only ticks are shown elsewhere, questionnaire by questionnaire; what words gave rise to is not.
    total = sum(parts) if kind in _SAID_BY_PEOPLE else guard_total(sum(parts), parts)
    raised = None if total is None or BOARD.is_small(total) else total
    taken_up = _part_of(raised, sum(counted(TAKEN_UP)))
    # Each is guarded within the whole of which it is a part, because what is left of the whole is a count too: the late.
    ended = _part_of(taken_up, sum(counted(ENDED)))
    in_time = _part_of(taken_up, sum(counted(TAKEN_UP_IN_TIME)))
    ended_in_time = _part_of(ended, sum(counted(ENDED_IN_TIME)))
    return ConcernsCounted(kind, label, raised, taken_up, in_time, ended, ended_in_time)


def _part_of(whole: int | None, part: int) -> int | None:
    return None if whole is None else guard_base(part, whole)
