"""The register of keys: by which ids this installation knows its keys, and the one key that makes fingerprints.

The index key (receipts are found by it) outlives every key that wraps it, so that an old key can be retired without
orphaning a receipt. Each entry holds it wrapped by one key; opening an entry also proves that a key is the right one.
No key stands here open.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Connection, LargeBinary, String, delete, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Database, Moment, upsert
from hscb_voice.foundation.errors import KeyMissingError
from hscb_voice.foundation.keys import KeyRing, WrappedKey


class RegisteredKey(Base):
    """One key-encryption key, by its id only, and the index key as it wraps it."""

    __tablename__ = "registered_keys"

    key_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    registered_at: Mapped[datetime] = mapped_column(Moment)


def register_of(database: Database) -> Callable[[KeyRing], bytes]:
    """Return the register's way to check a ring, for `KeyRing.ask_register`.

    Args:
        database: holds the register.
    """

    def check(ring: KeyRing) -> bytes:
        # A connection of its own: whoever asks is within a transaction, and may hold the last one of the pool.
        own = Database(database.url)
        try:
            with own.reading() as connection:
                return index_key_of(connection, ring)
        finally:
            own.dispose()

    return check


def index_key_of(connection: Connection, ring: KeyRing) -> bytes:
    """Check a ring against the register.

    Args:
        connection: a reading connection.
        ring: the keys that are here.

    Returns:
        The index key; while nothing is registered, the one that follows from the oldest key.

    Raises:
        KeyMissingError: a key is not the one that the register knows by its id, or none of them is known.
    """
    entries = connection.execute(select(RegisteredKey.key_id, RegisteredKey.wrapped_key)).all()
    if not entries:
        return ring.first_index_key
    known = [entry for entry in entries if entry.key_id in ring.ids]
    if not known:
        names = ", ".join(f"“{entry.key_id}”" for entry in entries)
        message = f"The encryption key {names} is not here, and those that are here are not this installation's."
        raise KeyMissingError(message)
    opened = {_open(ring, entry.key_id, entry.wrapped_key) for entry in known}
    return opened.pop()


def register_current(connection: Connection, ring: KeyRing, now: datetime) -> bool:
    """Enter the current key, checking those that are entered already.

    Args:
        connection: a writing connection.
        ring: the keys that are here.
        now: the present moment.

    Returns:
        True when it was not entered before.

    Raises:
        KeyMissingError: a key is not the one that the register knows by its id.
    """
    index_key = index_key_of(connection, ring)
    wrapped = ring.wrap(RegisteredKey.__tablename__, ring.current, index_key)
    row = {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped, "registered_at": now}
    statement = upsert(connection, RegisteredKey).on_conflict_do_nothing(index_elements=["key_id"])
    return connection.execute(statement.returning(RegisteredKey.key_id), row).first() is not None


def registered_ids(connection: Connection) -> tuple[str, ...]:
    """Return the ids of the keys that are entered, oldest first."""
    return tuple(connection.execute(select(RegisteredKey.key_id).order_by(RegisteredKey.key_id)).scalars())


def has_register(connection: Connection) -> bool:
    """Tell whether any key is entered; an older database has no register yet."""
    is_there = inspect(connection).has_table(RegisteredKey.__tablename__)
    return is_there and bool(registered_ids(connection))


def strike_out(connection: Connection, key_ids: Collection[str]) -> None:
    """Take entries out, so that a retired key opens nothing at all.

    Args:
        connection: a writing connection.
        key_ids: keys that wrap no row any more.
    """
    connection.execute(delete(RegisteredKey).where(RegisteredKey.key_id.in_(key_ids)))


def _open(ring: KeyRing, key_id: str, wrapped: bytes) -> bytes:
    try:
        return ring.unwrap(RegisteredKey.__tablename__, key_id, WrappedKey(key_id, wrapped))
    except KeyMissingError as fault:
        message = f"The encryption key “{key_id}” that is here is not this installation's key of that name."
        raise KeyMissingError(message) from fault
