"""Receipts that are promised before there is an answer: a tablet tells a child its three words while it is offline.

A promised receipt is the one that the answer gets: it is nobody's yet when it is promised, and `keep` gives it to
nobody else afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, delete, exists, or_, select

from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.responses.models import Erasure, ReservedReceipt, Response
from hscb_voice.responses.receipts import receipt_for, receipt_hash
from hscb_voice.responses.service import ANSWER_GONE

# Answered; or, when somebody else's answer came at the very moment of the promise, no longer to be promised.
_ANSWERED = exists().where(
    or_(Response.id == ReservedReceipt.sitting_id, Response.receipt_hash == ReservedReceipt.receipt_hash)
)
_TAKEN_BACK = exists().where(Erasure.response_id == ReservedReceipt.sitting_id, Erasure.act == ANSWER_GONE)


@dataclass(frozen=True)
class Reserved:
    """A sitting that may answer one day, and its receipt."""

    sitting_id: str
    receipt: str


def reserve_receipts(connection: Connection, keys: KeyRing, holder: str, wanted: int, now: datetime) -> None:
    """Mint sittings, and promise each its receipt.

    Args:
        connection: a writing connection.
        keys: make the words.
        holder: for whom: a tablet's id.
        wanted: how many.
        now: the present moment.

    Raises:
        KeyMissingError: there is no usable key.
    """
    left = wanted
    while left > 0:
        drawn = {receipt_hash(keys, receipt_for(keys, sitting)): sitting for sitting in (new_id() for _ in range(left))}
        taken = set(connection.execute(select(Response.receipt_hash).where(Response.receipt_hash.in_(drawn))).scalars())
        rows = [
            {"receipt_hash": digest, "sitting_id": sitting, "holder": holder, "reserved_at": now}
            for digest, sitting in drawn.items()
            if digest not in taken
        ]
        left -= sum(_is_reserved(connection, row) for row in rows)


def reserved_for(connection: Connection, keys: KeyRing, holder: str) -> Sequence[Reserved]:
    """Return the sittings of a holder that have not answered yet, oldest first.

    Args:
        connection: a reading connection.
        keys: make the words.
        holder: for whom they were minted.
    """
    query: Select[Any] = select(ReservedReceipt.sitting_id).where(
        ReservedReceipt.holder == holder, ~_ANSWERED, ~_TAKEN_BACK
    )
    ordered = query.order_by(ReservedReceipt.reserved_at, ReservedReceipt.sitting_id)
    return [Reserved(sitting, receipt_for(keys, sitting)) for sitting in connection.execute(ordered).scalars()]


def forget_answered(connection: Connection, holder: str) -> None:
    """Drop the promises that have been kept: the answers hold their receipts themselves.

    Args:
        connection: a writing connection.
        holder: for whom they were minted.
    """
    done: Delete = delete(ReservedReceipt).where(ReservedReceipt.holder == holder, _ANSWERED | _TAKEN_BACK)
    connection.execute(done)


def _is_reserved(connection: Connection, row: dict[str, object]) -> bool:
    statement = upsert(connection, ReservedReceipt).on_conflict_do_nothing().returning(ReservedReceipt.sitting_id)
    return connection.execute(statement, row).first() is not None
