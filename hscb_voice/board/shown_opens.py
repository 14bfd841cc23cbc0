"""Brings a year of all questionnaires up to date, and decides of which numbers of responses any may be shown.

What was shown stays shown for as long as it has not changed, for whoever kept the page has it: nothing can be hidden
behind it later. Pure arithmetic: it knows no table, no page and no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from hscb_voice.board.counts import Place, Raw, YearCounts, add_up, sum_of
from hscb_voice.board.disclosure_side_by_side import REST, ROWS, WHOLE, guard_heads
from hscb_voice.board.moving import ShownSlice, brought_up_to_date
from hscb_voice.board.shown_body import Kept

ALL = ""  # in place of a questionnaire: all of them together
_OVER, _OPEN = "over", "open"


def is_of(kept: Kept) -> bool:
    """Tell whether what is kept of all questionnaires together was decided of a year that was over."""
    return kept.seen == (_OVER,)


def brought_up(was: Kept, live: Mapping[int, Raw], today: date) -> Kept:
    """Return a questionnaire's year as it may be shown now; the same object where nothing moves.

    Args:
        was: as it was shown last.
        live: row -> its counts as they are, of those slices that may have changed since.
        today: the present day.
    """
    if was.is_of_nothing:
        if not any(raw.counts for raw in live.values()):
            return was
        live = {row: live.get(row, Raw()) for row in range(WHOLE)}  # that the others are empty is shown as well
    slices = [brought_up_to_date(one, live[row], today) if row in live else one for row, one in enumerate(was.slices)]
    if all(new is old for new, old in zip(slices, was.slices, strict=True)):
        return was
    return replace(was, slices=tuple(slices))


def with_arrival(was: Kept, moved: Kept, live: YearCounts, came: Sequence[Mapping[Place, int]]) -> Kept:
    """Return a year that has moved with what is known of its answers beside what they say.

    Args:
        was: the year as it was shown last.
        moved: the same, brought up to date.
        live: its counts as they are.
        came: by which ways and in which languages answers came, slice by slice; kept of those slices that have moved.
    """
    each = zip(was.slices, moved.slices, came[:WHOLE], strict=True)
    slices = tuple(new if new is old else replace(new, came=own) for old, new, own in each)
    return replace(moved, slices=slices, spans=live.spans)


def as_counts(kept: Kept, *, is_over: bool) -> YearCounts:
    """Return a year's counts as they are shown; of a year that is not over, what only the year is known of waits.

    Args:
        kept: the year.
        is_over: whether it is over.
    """
    slices = list(kept.slices)
    if not is_over:
        slices[REST] = ShownSlice()
    parts, days, came = [one.raw for one in slices], [one.at for one in slices], [one.came for one in slices]
    newest = max((day for day in days if day), default=None)
    return YearCounts((*parts, sum_of(parts)), kept.spans, (*came, add_up(came)), (*days, newest))


def decided(was: Mapping[str, Kept], moved: Mapping[str, Kept], total: Kept, *, is_over: bool) -> dict[str, Kept]:
    """Decide of which numbers of responses any may be shown.

    Args:
        was: every questionnaire's year, as it was shown last.
        moved: the same, brought up to date.
        total: what was decided last of all together.
        is_over: whether the year is over.

    Returns:
        The years with what was decided of each, and of all together.
    """
    every = sorted(moved)
    counts = {slug: as_counts(moved[slug], is_over=is_over) for slug in every}
    table = tuple(tuple(counts[slug].slices[row].responses for slug in every) for row in range(ROWS))
    stays = {slug: _what_stays(was[slug], moved[slug], is_same_kind=is_of(total) == is_over) for slug in every}
    kept = tuple(
        (
            *(was[slug].opens[row] if stays[slug][row] else None for slug in every),
            total.opens[row] if total.seen and all(stays[slug][row] for slug in every) else None,
        )
        for row in range(ROWS)
    )
    shown = guard_heads(table, kept, is_over=is_over)
    new = {slug: replace(moved[slug], opens=tuple(row[at] for row in shown)) for at, slug in enumerate(every)}
    sums = tuple(row[-1] for row in shown)
    return new | {ALL: Kept((), sums, (_OVER if is_over else _OPEN,))}


def _what_stays(was: Kept, moved: Kept, *, is_same_kind: bool) -> tuple[bool, ...]:
    """Tell of each row whether its number has been shown just so, or hidden just so, before."""
    if was.is_of_nothing:
        return (moved.is_of_nothing,) * ROWS
    own = [new is old for new, old in zip(moved.slices, was.slices, strict=True)]
    own[REST] = own[REST] and is_same_kind
    # When a year ends, what only the year is known of comes to it; where there is none, its number stays.
    is_whole = all(own[:REST]) and (own[REST] or not moved.slices[REST].raw.counts)
    return (*own, is_whole)
