"""How much of what was written a person has read, and how much nobody has coded, in guarded words.

Whoever reads themes and quotes should know what they rest on. Shares are given only where they mean something, and
where only a few are left it is said so, never how few.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from hscb_voice.board.disclosure import BOARD
from hscb_voice.board.disclosure_side_by_side import WHOLE, guard_line
from hscb_voice.board.disclosure_year import as_slices, slice_periods
from hscb_voice.board.periods import Period, year_around
from hscb_voice.board.sentences import WHO, percent
from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.responses.reading_list import Spanned, written_within
from hscb_voice.themes.queries import uncoded_within


def reading_sentences(
    connection: Connection, period: Period, told: Collection[str], *, is_over: bool = True
) -> tuple[str, ...]:
    """Say of each group how many of its comments a person has not read, and how many have no code.

    Args:
        connection: a reading connection.
        period: a reporting year or one of its quarters.
        told: the respondents of whom it may be said how many there are; of others only shares are given.
        is_over: whether the year is over.

    Returns:
        Sentences, children first; none of a group that wrote too little for a share.
    """
    periods = slice_periods(year_around(period))
    at = next(row for row, one in periods.items() if one == period)
    # Numbers of every team, as all of the Board's figures are; no comment is looked at.
    with beyond_the_fence(connection):
        year = periods[WHOLE]
        written = written_within(connection, year.start, year.end)
        uncoded = uncoded_within(connection, year.start, year.end)
    sentences = []
    for who in WHO:
        totals = _by_row({place: n for place, (n, _) in written.items()}, who, periods)
        unread = _by_row({place: waits for place, (_, waits) in written.items()}, who, periods)
        codeless = _by_row(uncoded, who, periods)
        shown = guard_line(totals, None, tuple(n == 0 or n >= BOARD.percent_base for n in totals), is_over=is_over)
        opens = tuple(n is not None for n in shown)
        total = shown[at]
        if not total:
            continue
        is_told = who in told
        lacking = guard_line(unread, totals, opens, is_over=is_over)[at]
        sentences.append(
            _said(who, lacking, total, "not been read by a person yet", "been read by a person", is_told=is_told)
        )
        if codeless[WHOLE]:
            what = "no code: no machine could read them, and no person has coded them yet"
            lacking = guard_line(codeless, totals, opens, is_over=is_over)[at]
            sentences.append(_said(who, lacking, total, what, "a code", is_told=is_told))
    return tuple(sentences)


def _by_row(counted: Mapping[Spanned, int], who: str, periods: Mapping[int, Period]) -> tuple[int, ...]:
    """Add up what was counted of some respondents in each row of the year."""
    own = {(first, last): n for (first, last, one), n in counted.items() if one == who}
    return as_slices({row: sum(n for span, n in own.items() if period.holds(*span)) for row, period in periods.items()})


def _said(who: str, lacking: int | None, total: int, what: str, done: str, *, is_told: bool) -> str:
    of_whom = f"comments of {WHO[who]}"
    if lacking is None:
        # One wording for whatever is hidden, or it would be told by the words.
        return f"How many {of_whom} have {done} is not shown: it would tell of a few."
    if lacking == 0:
        return f"All {of_whom} have {done}."
    if lacking == total:
        return f"None of the {of_whom} has {done} yet."
    share = percent(lacking / total)
    return f"{share} of the {of_whom} have {what}{f' ({lacking:,} of {total:,})' if is_told else ''}."
