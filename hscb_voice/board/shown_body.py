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
    seen: tuple[str, ...] = ()  # of which states of the counts, part by part, this was decided
    spans: tuple[tuple[date, date], ...] = ()  # between which days the answers were said that may belong to the year

    @property
    def is_of_nothing(self) -> bool:
        """Tell whether nothing was ever shown of it."""
        return all(one.at is None for one in self.slices)

    def has_seen(self, parts: Sequence[str]) -> tuple[bool, ...]:
        """Tell of each part of a year whether this was decided of just these states, as `seen_in` names them."""
        seen = self.seen if len(self.seen) == len(parts) else ("",) * len(parts)
        return tuple(was == now for was, now in zip(seen, parts, strict=True))


NOTHING = Kept((ShownSlice(),) * SLICES, (True,) * ROWS)


def seen_in(parts: Sequence[Sequence[State]]) -> tuple[str, ...]:
    """Return a short name for the states of each part of a year's blocks; an empty one where there is no block."""
    return tuple(hashlib.sha256(repr(own).encode()).hexdigest() if own else "" for own in parts)


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
        "seen": list(kept.seen),
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
    seen = body["seen"]
    parts = (seen,) if isinstance(seen, str) else tuple(seen)  # once there was one name for all parts together
    return Kept(tuple(map(_slice_in, body["slices"])), tuple(body["opens"]), parts, spans)


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
