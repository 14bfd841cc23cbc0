"""Counts tries at something that can be guessed, in the database, so that every web process shares the count.

It knows only keyed or hashed names of what is tried, and forgets them after minutes. What is guessed, and what is said
to whoever tries too often, is the business of the rooms above.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Connection, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hscb_voice.foundation.database import Base, Moment, upsert

A_MINUTE, A_WHILE = timedelta(minutes=1), timedelta(minutes=15)


class Tries(Base):
    """The recent tries at one thing; kept for minutes only."""

    __tablename__ = "tries"
    __table_args__ = (Index("ix_tries_last_at", "last_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    moments: Mapped[list[Any]] = mapped_column(JSON)  # as text, oldest first
    last_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Limit:
    """How many tries are let through."""

    a_minute: int
    a_while: int  # within a quarter of an hour


def take_try(connection: Connection, key: str, limit: Limit, *, now: datetime) -> bool:
    """Take one try, before anything is checked, so that tries at the same moment all count.

    Args:
        connection: a writing connection; commit before checking what was tried.
        key: a hash of what is tried, at most 64 characters.
        limit: how many are let through.
        now: when.

    Returns:
        False when there have been too many; then nothing may be checked.
    """
    connection.execute(delete(Tries).where(Tries.last_at < now - A_WHILE))
    fresh = upsert(connection, Tries).values(key=key, moments=[], last_at=now)
    connection.execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
    tries = [moment for moment in _moments(connection, key) if moment > now - A_WHILE]
    if not _leaves_room(tries, limit, now):
        return False
    _keep(connection, key, [*tries, now], now)
    return True


def may_still_try(connection: Connection, key: str, limit: Limit, *, now: datetime) -> bool:
    """Tell whether another try would be let through, without taking it.

    Args:
        connection: a reading connection.
        key: as it would be taken.
        limit: how many are let through.
        now: when.
    """
    kept = connection.execute(select(Tries.moments).where(Tries.key == key)).scalar()
    return _leaves_room([datetime.fromisoformat(moment) for moment in kept or []], limit, now)


def give_back_try(connection: Connection, key: str) -> None:
    """Give the newest try back: it was no guess.

    Args:
        connection: a writing connection.
        key: as it was taken.
    """
    tries = _moments(connection, key)
    if tries:
        _keep(connection, key, tries[:-1], tries[-1])


def forget_tries_at(connection: Connection, key: str) -> None:
    """Give all tries back.

    Args:
        connection: a writing connection.
        key: as they were taken.
    """
    connection.execute(delete(Tries).where(Tries.key == key))


def _leaves_room(tries: list[datetime], limit: Limit, now: datetime) -> bool:
    of_late = [moment for moment in tries if moment > now - A_WHILE]
    return len(of_late) < limit.a_while and sum(moment > now - A_MINUTE for moment in of_late) < limit.a_minute


def _moments(connection: Connection, key: str) -> list[datetime]:
    kept = connection.execute(select(Tries.moments).where(Tries.key == key).with_for_update()).scalar()
    return [datetime.fromisoformat(moment) for moment in kept or []]


def _keep(connection: Connection, key: str, moments: list[datetime], last_at: datetime) -> None:
    told = [moment.isoformat() for moment in moments]
    connection.execute(update(Tries).where(Tries.key == key).values(moments=told, last_at=last_at))
