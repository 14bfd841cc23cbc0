"""Taking words, or whole answers, away for good, with the figures that they had made. Each act stands in the ledger.

It decides nothing: whether something may go, and what rooms above must forget first, is the governance room's
business. What it takes away it takes away in the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Connection, delete, select, update

from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.kinds import Answer
from hscb_voice.questionnaires.queries import version_by_id
from hscb_voice.responses import tallies
from hscb_voice.responses.bodies import keyed
from hscb_voice.responses.models import Comment, Erasure, Response, SecondAnswer, ToBeRead
from hscb_voice.responses.service import ANSWER_GONE, WORDS_GONE, span_of

_EMPTY = b""
_COUNTED = ("slug", "span_start", "span_end", "respondent", "service", "invented", "answers", "channel", "language")


@dataclass(frozen=True)
class ErasureLine:
    """One line of the ledger."""

    id: str
    response_id: str
    act: str
    why: str
    at: datetime


_LINE = [getattr(Erasure, name) for name in ErasureLine.__dataclass_fields__]


def lock_response(connection: Connection, response_id: str) -> bool:
    """Keep everybody else from changing a response until the transaction ends.

    Args:
        connection: a writing connection.
        response_id: which.

    Returns:
        Whether there is an answer of that id.
    """
    query = select(Response.id).where(Response.id == response_id, Response.taken_back_at.is_(None))
    return connection.execute(query.with_for_update()).first() is not None


def drop_words(connection: Connection, response_id: str, why: str, keys: KeyRing, now: datetime) -> bool:
    """Take the words of a response away; its ticks and its figures stay.

    The row's key is destroyed, so that no copy of the sealed words can be opened, and the sealed words go too. Where
    words stood an empty comment stays, so that the figures can always be counted afresh. A different answer that came
    later under the same sitting is words as a whole, and goes as a whole.

    Args:
        connection: a writing connection.
        response_id: which.
        why: a key for the ledger, such as `age`.
        keys: key the hash by which the body is known again, if an earlier version left it plain.
        now: the present moment.

    Returns:
        False when there is no such response, or its words have gone before.
    """
    query = select(Response.body_hash, Response.erased_at).where(Response.id == response_id)
    row = connection.execute(query.with_for_update()).first()
    if row is None or row.erased_at is not None:
        return False
    emptied = {"wrapped_key": None, "erased_at": now, "body_hash": keyed(keys, response_id, row.body_hash)}
    connection.execute(update(Response).where(Response.id == response_id).values(emptied))
    connection.execute(update(Comment).where(Comment.response_id == response_id).values(sealed=_EMPTY))
    connection.execute(delete(ToBeRead).where(ToBeRead.response_id == response_id))
    connection.execute(delete(SecondAnswer).where(SecondAnswer.response_id == response_id))
    connection.execute(delete(Job).where(Job.subject_id == response_id))
    _write_line(connection, response_id, WORDS_GONE, why, now)
    return True


def take_back(connection: Connection, response_id: str, why: str, now: datetime, *, keep_place: bool = False) -> bool:
    """Take a whole answer away: words, ticks, receipt, and every count that it had made.

    Args:
        connection: a writing connection. Rooms above have forgotten what they made of the answer.
        response_id: which.
        why: a key for the ledger, such as `asked`.
        now: the present moment.
        keep_place: leave an empty row, because a kept record of a concern refers to it. It says from which service
            and month something came, and holds no answer.

    Returns:
        False when there is no such answer.
    """
    columns = [getattr(Response, name) for name in _COUNTED]
    of_id = Response.id == response_id
    query = select(*columns, Response.version_id).where(of_id, Response.taken_back_at.is_(None))
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        return False
    cells = own_cells(connection, response_id, row["version_id"], row["answers"])
    cells += tallies.cells_of_arrival(row["channel"], row["language"])
    tallies.add(connection, span_of({**row}), cells, step=-1)
    connection.execute(delete(Comment).where(Comment.response_id == response_id))
    connection.execute(delete(SecondAnswer).where(SecondAnswer.response_id == response_id))
    connection.execute(delete(Job).where(Job.subject_id == response_id))
    if keep_place:
        month = datetime.combine(row["span_start"], time(), UTC)
        connection.execute(update(Response).where(of_id).values(_only_the_place(month, now)))
    else:
        connection.execute(delete(Response).where(of_id))
    _write_line(connection, response_id, ANSWER_GONE, why, now)
    return True


def own_cells(
    connection: Connection, response_id: str, version_id: int, ticks: dict[str, Answer]
) -> list[tallies.Cell]:
    """List the cells to which a response adds one by itself, without opening its words.

    Args:
        connection: any connection.
        response_id: which.
        version_id: the version that was answered.
        ticks: its answers that are no words.

    Returns:
        The cells.
    """
    query = select(Comment.question).where(Comment.response_id == response_id).distinct()
    worded = dict.fromkeys(connection.execute(query).scalars(), "")
    return tallies.cells_of(version_by_id(connection, version_id).definition, {**ticks, **worded})


def lines_not_outside(connection: Connection, limit: int) -> list[ErasureLine]:
    """Return lines of the ledger that do not yet stand in the file outside, oldest first.

    Args:
        connection: a reading connection.
        limit: at most so many.
    """
    query = select(*_LINE).where(Erasure.outside_at.is_(None)).order_by(Erasure.at, Erasure.id).limit(limit)
    return [ErasureLine(*row) for row in connection.execute(query)]


def mark_outside(connection: Connection, line_ids: Sequence[str], now: datetime) -> None:
    """Write down that lines stand in the file outside."""
    connection.execute(update(Erasure).where(Erasure.id.in_(line_ids)).values(outside_at=now))


def last_unswept(connection: Connection) -> datetime | None:
    """Return when the newest erasure happened whose traces may still lie in the database's files; None for none."""
    query = select(Erasure.at).where(Erasure.swept_at.is_(None)).order_by(Erasure.at.desc()).limit(1)
    return connection.execute(query).scalar()


def mark_swept(connection: Connection, until: datetime, now: datetime) -> None:
    """Write down that no trace is left of what was erased up to a moment."""
    connection.execute(update(Erasure).where(Erasure.swept_at.is_(None), Erasure.at <= until).values(swept_at=now))


def keep_line(connection: Connection, line: ErasureLine) -> bool:
    """Write a line that came from the file outside into the ledger.

    Args:
        connection: a writing connection.
        line: as it was read.

    Returns:
        False when the ledger holds it already.
    """
    row = {**vars(line), "outside_at": line.at}
    statement = upsert(connection, Erasure).on_conflict_do_nothing(index_elements=["response_id", "act"])
    return connection.execute(statement.returning(Erasure.id), row).first() is not None


def _only_the_place(month: datetime, now: datetime) -> dict[str, object]:
    return {
        "answers": {},
        "body_hash": _EMPTY,
        "received_at": month,
        "invitation_id": None,
        "session_date": None,
        "may_quote": None,
        "receipt_hash": None,
        "wrapped_key": None,
        "erased_at": now,
        "taken_back_at": now,
    }


def _write_line(connection: Connection, response_id: str, act: str, why: str, now: datetime) -> None:
    row = {"id": new_id(), "response_id": response_id, "act": act, "why": why, "at": now}
    # A line may stand there already: when what a backup brought back is erased anew.
    statement = upsert(connection, Erasure).on_conflict_do_nothing(index_elements=["response_id", "act"])
    connection.execute(statement, row)
