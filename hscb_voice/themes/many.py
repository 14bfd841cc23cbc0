"""Writing the machine's codes of many responses at once: one statement of each kind, however many there are.

Why: twenty statements a response take ten times as long as reading its words. May not: write or change what a person
coded, or put anything in force beside it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from hscb_voice.foundation.ids import new_id
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Response
from hscb_voice.responses.service import span_of
from hscb_voice.responses.tallies import Cell, TallySpan
from hscb_voice.themes.models import CodedTheme, Coding
from hscb_voice.themes.service import MACHINE, PERSON, NewCoding, cells_of_responses, check_codings

_SPAN = [getattr(Response, name) for name in ("id", "slug", "span_start", "span_end", "respondent", "service")]


@dataclass(frozen=True)
class Standalone:
    """One coding as it is written, with the response to which it belongs."""

    response_id: str
    coding: NewCoding


def keep_machines(connection: Connection, codings: Sequence[Standalone], now: datetime) -> None:
    """Keep the machine's readings of many responses in the place of its last ones, and set the counts right.

    Args:
        connection: a writing connection that holds off a switch of the codebook.
        codings: readings by the version in force, and by the one that stands by.
        now: the present moment.

    Raises:
        CodingError: a polarity or place is not possible.
        UnknownCommentError: a comment is not one of its response's.
    """
    ids = sorted({one.response_id for one in codings})
    # Locked, so that two readers of one response cannot both count the same change; always in the same order.
    connection.execute(select(Response.id).where(Response.id.in_(ids)).order_by(Response.id).with_for_update()).all()
    check_codings(connection, [(one.response_id, one.coding) for one in codings])
    before = cells_of_responses(connection, ids)
    for source in {one.coding.source for one in codings}:
        mine = [one.coding.comment_id for one in codings if one.coding.source == source]
        old = select(Coding.id).where(Coding.comment_id.in_(mine), Coding.source == source)
        connection.execute(delete(CodedTheme).where(CodedTheme.coding_id.in_(old)))
        connection.execute(delete(Coding).where(Coding.comment_id.in_(mine), Coding.source == source))
    persons = select(Coding.comment_id).where(Coding.response_id.in_(ids), Coding.source == PERSON)
    write_codings(connection, codings, now, by_persons=set(connection.execute(persons).scalars()))
    move_counts(connection, ids, before)


def write_codings(
    connection: Connection, codings: Iterable[Standalone], now: datetime, *, by_persons: Collection[str] = ()
) -> None:
    """Write readings as rows; the machine's own take force, unless a person has coded the comment.

    Args:
        connection: a writing connection.
        codings: the readings; none of the same comment and source is there.
        now: the present moment.
        by_persons: the comments that a person has coded.
    """
    rows, themes = [], []
    for one in codings:
        coding, coding_id = one.coding, new_id()
        row = {"id": coding_id, "comment_id": coding.comment_id, "response_id": one.response_id}
        row |= {"source": coding.source, "coder": coding.coder, "codebook": coding.codebook}
        in_force = coding.source == MACHINE and coding.comment_id not in by_persons
        more = {"polarity": coding.polarity, "made_at": now, "in_force": in_force, "learned": coding.learned}
        places = {
            "redactions": [asdict(m) for m in coding.redactions],
            "evidence": [asdict(d) for d in coding.evidence],
        }
        rows.append(row | more | places)
        # A theme counts once a comment; its first place stands for it.
        first_of = {code.theme: code for code in reversed(coding.themes)}
        themes += [{"coding_id": coding_id, **asdict(code)} for code in first_of.values()]
    if rows:
        connection.execute(insert(Coding), rows)
    if themes:
        connection.execute(insert(CodedTheme), themes)


def move_counts(connection: Connection, ids: Sequence[str], before: dict[str, set[Cell]]) -> None:
    """Move the counts of many responses at once: one statement a slice, always in the same order.

    Args:
        connection: a writing connection.
        ids: of which responses.
        before: what `cells_of_responses` gave before their codes changed.
    """
    after = cells_of_responses(connection, ids)
    query = select(*_SPAN, Response.invented, Response.answers).where(Response.id.in_(ids))
    sums: dict[TallySpan, Counter[Cell]] = {}
    for row in connection.execute(query).mappings():
        counter = sums.setdefault(span_of({**row}), Counter())
        counter.update(after[row["id"]] - before[row["id"]])
        counter.subtract(before[row["id"]] - after[row["id"]])
    for span in sorted(sums, key=lambda one: tuple(map(str, vars(one).values()))):
        tallies.add(connection, span, {cell: n for cell, n in sums[span].items() if n})
