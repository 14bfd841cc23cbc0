"""Concerns as the Board sees them: how many of each kind, and how many a person has taken up. Never whose, nor why.

A tick can raise a concern (“Scared”, “talk to someone”), so a total of concerns less the ticks shown elsewhere must
not give a small number back: a kind's total is shown only beside parts that stay unsure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hscb_voice.board.disclosure import BOARD, guard_base, guard_total
from hscb_voice.board.queries import Raw
from hscb_voice.safeguarding.wording import KIND_LABELS, WORDS

_RAISED, _ACKNOWLEDGED = "raised", "acknowledged"


@dataclass(frozen=True)
class ConcernsCounted:
    """One kind of concern in a period."""

    kind: str
    label: str
    raised: int | None  # None when too few to show
    acknowledged: int | None

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
    parts = [one.counts.get((f"concern:{kind}", "", _RAISED), 0) for one in raw]
    taken = sum(one.counts.get((f"concern:{kind}", "", _ACKNOWLEDGED), 0) for one in raw)
    # Only ticks are shown elsewhere, questionnaire by questionnaire; what words gave rise to is not.
    total = sum(parts) if kind == WORDS else guard_total(sum(parts), parts)
    raised = None if total is None or BOARD.is_small(total) else total
    return ConcernsCounted(kind, label, raised, None if raised is None else guard_base(taken, raised))
