"""Changing the key: every row's data key is wrapped anew, a few rows at a time, while the site goes on running.

It may be stopped at any moment, even by a power cut, and be begun again: what is done is known from the rows
themselves. No word is opened meanwhile; only the keys that lie beside the words are wrapped anew.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from hscb_voice.audit.service import note
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.key_register import register_current, registered_ids, strike_out
from hscb_voice.foundation.keys import NOTICED_WITHIN_SECONDS, KeyRing, WrappedKey
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.sealed_tables import SealedTable, sealed_tables
from hscb_voice.keeping.errors import KeysNotTurnedError

ROWS_AT_ONCE = 200
_ROWS_IN_HAND = 1000
# A process that has just begun a transaction under the old key gets this long to end it.
_GRACE_SECONDS = NOTICED_WITHIN_SECONDS + 0.5
_MOST_PASSES = 20
_SHORTEST_PAUSE = 0.005
Told = Callable[[int, int], None]  # rows done, rows in all


@dataclass(frozen=True)
class KeyUse:
    """One key, and what it wraps."""

    key_id: str
    is_here: bool
    is_current: bool
    is_registered: bool
    rows: dict[str, int] = field(default_factory=dict)  # table -> rows that it wraps

    @property
    def can_be_retired(self) -> bool:
        """Tell whether nothing in this database needs the key any more."""
        return not (self.is_current or self.is_registered or self.rows)


def key_uses(connection: Connection, ring: KeyRing) -> list[KeyUse]:
    """Count what each key wraps.

    Args:
        connection: a reading connection.
        ring: the keys that are here.

    Returns:
        Every key that is here or is needed, oldest first.
    """
    rows: dict[str, Counter[str]] = {}
    for sealed in sealed_tables():
        query = select(sealed.key_id, func.count()).where(sealed.wrapped_key.is_not(None)).group_by(sealed.key_id)
        for key_id, count in connection.execute(query):
            rows.setdefault(key_id, Counter())[sealed.name] += count
    registered = registered_ids(connection)
    names = sorted({*ring.ids, *registered, *rows})
    return [
        KeyUse(name, name in ring.ids, name == ring.current, name in registered, dict(rows.get(name, {})))
        for name in names
    ]


def rotate(platform: Platform, told: Told, rows_at_once: int = ROWS_AT_ONCE) -> int:
    """Wrap every row's data key with the current key.

    Args:
        platform: whose rows; web processes and workers may go on.
        told: called after each batch with how many rows are done, and how many there were to do.
        rows_at_once: rows a transaction; writers of answers wait for one at most.

    Returns:
        How many rows were wrapped anew.

    Raises:
        KeyMissingError: the current key is not this installation's key of that name.
        KeysNotTurnedError: some rows cannot be opened, or another process goes on using an older key.
    """
    ring, database, now = platform.keys, platform.database, platform.clock.now()
    with database.writing() as connection:
        register_current(connection, ring, now)
    done = 0
    for turn in range(_MOST_PASSES):
        with database.reading() as connection:
            waiting = sum(
                connection.execute(_older(sealed, ring.current, func.count())).scalar_one()
                for sealed in sealed_tables()
            )
        # One look more after everybody has noticed the key: a row may have come in under the old one meanwhile.
        if not waiting and turn:
            break
        done += _one_pass(platform, told, done, done + waiting, rows_at_once)
        time.sleep(_GRACE_SECONDS)
    else:
        raise KeysNotTurnedError(_why_not(platform))
    with database.writing() as connection:
        strike_out(connection, [key_id for key_id in registered_ids(connection) if key_id != ring.current])
        note(connection, "platform", "changed the key", f"key {ring.current}", now=platform.clock.now())
    return done


def unopened(connection: Connection, ring: KeyRing) -> Counter[str]:
    """Try every row's data key with the keys that are here.

    Args:
        connection: a reading connection.
        ring: the keys that are here.

    Returns:
        Key id -> how many rows it wraps that cannot be opened; empty when all can.
    """
    closed: Counter[str] = Counter()
    for sealed in sealed_tables():
        query = select(sealed.row_id, sealed.key_id, sealed.wrapped_key).where(sealed.wrapped_key.is_not(None))
        for row_id, key_id, wrapped in connection.execute(query, execution_options={"yield_per": _ROWS_IN_HAND}):
            try:
                ring.unwrap(sealed.name, str(row_id), WrappedKey(key_id, wrapped))
            except KeyMissingError:
                closed[key_id] += 1
    return closed


def _one_pass(platform: Platform, told: Told, done: int, in_all: int, rows_at_once: int) -> int:
    changed = 0
    for sealed in sealed_tables():
        for batch in _batches(platform, sealed, rows_at_once):
            changed += batch
            told(done + changed, max(in_all, done + changed))
    return changed


def _batches(platform: Platform, sealed: SealedTable, rows_at_once: int) -> Iterator[int]:
    last: object = None
    while True:
        begun = time.monotonic()
        with platform.database.writing() as connection:
            query = _older(sealed, platform.keys.current, sealed.row_id, sealed.key_id, sealed.wrapped_key)
            if last is not None:
                query = query.where(sealed.row_id > last)
            rows = connection.execute(query.order_by(sealed.row_id).limit(rows_at_once).with_for_update()).all()
            changed = _wrap_anew(connection, platform.keys, sealed, rows)
        if not rows:
            return
        last = rows[-1][0]
        yield changed
        # As long a pause as the turn took: whoever keeps an answer comes in between.
        time.sleep(max(time.monotonic() - begun, _SHORTEST_PAUSE))


def _older(sealed: SealedTable, current: str, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns share no type
    return select(*columns).where(sealed.wrapped_key.is_not(None), sealed.key_id != current).select_from(sealed.table)


def _wrap_anew(connection: Connection, ring: KeyRing, sealed: SealedTable, rows: Sequence[Row[Any]]) -> int:
    changes = []
    for row in rows:
        row_id, key_id, wrapped = tuple(row)
        try:
            data_key = ring.unwrap(sealed.name, str(row_id), WrappedKey(key_id, wrapped))
        except KeyMissingError:
            continue  # counted and told at the end; the other rows must not wait for it
        fresh = ring.wrap(sealed.name, str(row_id), data_key)
        changes.append({"of": row_id, "id_now": fresh.key_id, "wrapped_now": fresh.wrapped})
    if changes:
        values: dict[str, Any] = {
            sealed.key_id.name: bindparam("id_now"),
            sealed.wrapped_key.name: bindparam("wrapped_now"),
        }
        connection.execute(update(sealed.table).where(sealed.row_id == bindparam("of")).values(values), changes)
    return len(changes)


def _why_not(platform: Platform) -> str:
    with platform.database.reading() as connection:
        closed = unopened(connection, platform.keys)
    if closed:
        said = ", ".join(f"“{key_id}” ({count} rows)" for key_id, count in sorted(closed.items()))
        return f"Rows are left that the keys here do not open: {said}. Bring those keys back and run this again."
    return "Another process goes on using an older key. Has every machine the new key? Then run this again."
