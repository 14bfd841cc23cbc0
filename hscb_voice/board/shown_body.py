"""How the counts that were shown last are written down, and read again: as plain lists, in an order of their own."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hscb_voice.board.counts import SLICES, Place, Raw, State
from hscb_voice.board.disclosure_side_by_side import ROWS, Opens
from hscb_voice.board.moving import ShownSlice


@dataclass(frozen=True)
class Kept:
    """One questionnaire's year as it is shown."""

    slices: tuple[ShownSlice, ...]  # its quarters, and the rest
    opens: Opens  # of which rows the number of responses, and so anything, is shown
    seen: str = ""  # of which states of the counts this was decided
    spans: tuple[tuple[date, date], ...] = ()  # between which days the answers were said that may belong to the year

    @property
    def is_of_nothing(self) -> bool:
        """Tell whether nothing was ever shown of it."""
        return all(one.at is None for one in self.slices)


NOTHING = Kept((ShownSlice(),) * SLICES, (True,) * ROWS)


def seen_in(states: Sequence[State]) -> str:
    """Return a short name for the states of a year's blocks."""
    return hashlib.sha256(repr(states).encode()).hexdigest()


def as_body(kept: Kept) -> dict[str, Any]:
    """Write a year down.

    Args:
        kept: as it is shown.

    Returns:
        Plain values.
    """
    return {
        "slices": [_slice_out(one) for one in kept.slices],
        "opens": list(kept.opens),
        "seen": kept.seen,
        "spans": [[start.isoformat(), end.isoformat()] for start, end in kept.spans],
    }


def from_body(body: Mapping[str, Any]) -> Kept:
    """Read a year again.

    Args:
        body: what `as_body` wrote.

    Returns:
        The year.
    """
    spans = tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in body["spans"])
    return Kept(tuple(map(_slice_in, body["slices"])), tuple(body["opens"]), body["seen"], spans)


def _slice_out(one: ShownSlice) -> dict[str, Any]:
    raw = one.raw
    return {
        "at": one.at.isoformat() if one.at else None,
        "sizes": list(one.sizes),
        "counts": _out(raw.counts),
        "respondents": dict(raw.by_respondent),
        "services": dict(raw.by_service),
        "invented": raw.invented,
        "themes": {who: _out(counts) for who, counts in raw.of_each.items()},
        "came": _out(one.came),
    }


def _slice_in(written: Mapping[str, Any]) -> ShownSlice:
    raw = Raw(
        _in(written["counts"]),
        written["respondents"],
        written["invented"],
        {who: _in(counts) for who, counts in written["themes"].items()},
        written["services"],
    )
    at = written["at"]
    day = date.fromisoformat(at) if at else None
    return ShownSlice(raw, day, _in(written["came"]), tuple(written["sizes"]))


def _out(counts: Mapping[Place, int]) -> list[list[str | int]]:
    return [[*place, n] for place, n in sorted(counts.items())]


def _in(rows: Sequence[Sequence[Any]]) -> dict[Place, int]:
    return {(question, row, choice): n for question, row, choice, n in rows}
