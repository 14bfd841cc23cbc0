"""The history of a concern: each thing that was done, in order, never changed. What people write there is sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.safeguarding.models import ConcernNote

_LONGEST_TOLD = 400


@dataclass(frozen=True)
class Written:
    """What a person wrote beside a step, and the keys that seal it."""

    text: str
    keys: KeyRing


@dataclass(frozen=True)
class Step:
    """One line of a concern's history."""

    act: str
    made_by: str  # a person's id; empty for the program itself
    outcome: str | None = None
    written: Written | None = None
    told: str = ""  # whom a letter went to
    letter_id: str | None = None


def write_history(connection: Connection, concern_id: str, step: Step, now: datetime) -> None:
    """Write the next line of a history. The caller has locked the concern's row, so that places do not clash.

    Args:
        connection: a writing connection.
        concern_id: whose history.
        step: what was done.
        now: when.
    """
    last = select(func.coalesce(func.max(ConcernNote.place), 0)).where(ConcernNote.concern_id == concern_id)
    row: dict[str, Any] = {
        "id": new_id(),
        "concern_id": concern_id,
        "place": connection.execute(last).scalar_one() + 1,
        "act": step.act,
        "made_at": now,
        "made_by": step.made_by,
        "outcome": step.outcome,
        "told": step.told[:_LONGEST_TOLD],
        "letter_id": step.letter_id,
    }
    if step.written is not None and step.written.text:
        seal, wrapped = step.written.keys.seal_for_new_row(ConcernNote.__tablename__, row["id"])
        row |= {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped}
        row["sealed"] = seal.close(step.written.text, "sealed")
    connection.execute(insert(ConcernNote), row)
