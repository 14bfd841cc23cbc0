"""How much of what was written a person has read, and how much nobody has coded, in guarded words.

Whoever reads themes and quotes should know what they rest on. Shares are given only where they mean something, and
where only a few are left it is said so, never how few.
"""

from collections.abc import Collection

from sqlalchemy import Connection

from hscb_voice.board.disclosure import BOARD, guard_one_each
from hscb_voice.board.periods import Period
from hscb_voice.board.sentences import WHO, percent
from hscb_voice.foundation.fence import beyond_the_fence
from hscb_voice.responses.reading_list import written_within
from hscb_voice.themes.queries import uncoded_within


def reading_sentences(connection: Connection, period: Period, told: Collection[str]) -> tuple[str, ...]:
    """Say of each group how many of its comments a person has not read, and how many have no code.

    Args:
        connection: a reading connection.
        period: whole months.
        told: the respondents of whom it may be said how many there are; of others only shares are given.

    Returns:
        Sentences, children first; none of a group that wrote too little for a share.
    """
    # Numbers of every team, as all of the Board's figures are; no comment is looked at.
    with beyond_the_fence(connection):
        written = written_within(connection, period.start, period.end)
        uncoded = uncoded_within(connection, period.start, period.end)
    sentences = []
    for who in WHO:
        total, unread = written.get(who, (0, 0))
        if total < BOARD.percent_base:
            continue
        is_told = who in told
        sentences.append(_said(who, unread, total, "not been read by a person yet", "been read", is_told=is_told))
        if uncoded.get(who):
            what = "no code: no machine could read them, and no person has coded them yet"
            sentences.append(_said(who, uncoded[who], total, what, "a code", is_told=is_told))
    return tuple(sentences)


def _said(who: str, lacking: int, total: int, what: str, done: str, *, is_told: bool) -> str:
    of_whom = f"comments of {WHO[who]}"
    if lacking == 0:
        return f"All {of_whom} have {done} by a person." if done == "been read" else f"All {of_whom} have {done}."
    if lacking == total:
        return f"None of the {of_whom} has {done}{' by a person' if done == 'been read' else ''} yet."
    shown = guard_one_each((lacking, total - lacking), 0).counts[0]
    if shown is None:
        nearly = "Nearly all" if BOARD.is_small(lacking) else "Hardly any"
        return f"{nearly} {of_whom} have {done}{' by a person' if done == 'been read' else ''}."
    share = percent(lacking / total)
    return f"{share} of the {of_whom} have {what}{f' ({lacking:,} of {total:,})' if is_told else ''}."
