"""Statements written by hand, for the few that go with every answer: each is given to the driver as it stands.

Why: SQLAlchemy's own handling of some forty rows would cost more than everything else about keeping an answer. Whatever
does not go with every answer is SQLAlchemy's. It knows no table. What is run here belongs to the connection's own
transaction, and its faults have the names that every other statement's have.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

# What the driver keeps as it is given: text, numbers, bytes; moments by `as_kept`, days by `day_as_kept`.
Values = tuple[Any, ...]


@dataclass(frozen=True)
class ByHand:
    """One statement, as each engine's driver takes it."""

    sqlite: str
    postgresql: str

    @classmethod
    def insert(cls, table: str, columns: Sequence[str], ending: str = "") -> Self:
        """Write an insert of one row, its values in the order of the columns.

        Args:
            table: our own name of it.
            columns: our own names of them.
            ending: what stands after the values.
        """
        before = f"INSERT INTO {table} ({', '.join(columns)}) VALUES"
        marks = {mark: ", ".join([mark] * len(columns)) for mark in ("?", "%s")}
        return cls(f"{before} ({marks['?']}) {ending}", f"{before} ({marks['%s']}) {ending}")

    def run(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it once for each row.

        Args:
            connection: a writing connection.
            rows: values in the order of the marks; none, and nothing happens.
        """
        if not rows:
            return
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql(self.postgresql, rows[0] if len(rows) == 1 else list(rows))
            return
        try:
            _driver_of(connection).executemany(self.sqlite, rows)
        except sqlite3.Error as fault:
            raise self._named(fault, connection) from fault

    def first(self, connection: Connection, row: Values) -> Values | None:
        """Run it for one row.

        Args:
            connection: a writing connection.
            row: values in the order of the marks.

        Returns:
            The first row that it gives back, if any.
        """
        if connection.dialect.name != "sqlite":
            given = connection.exec_driver_sql(self.postgresql, row).first()
            return None if given is None else tuple(given)
        try:
            cursor = _driver_of(connection).execute(self.sqlite, row)
            found: Values | None = cursor.fetchone()
            cursor.close()  # or it would still be at it when the transaction is to end
        except sqlite3.Error as fault:
            raise self._named(fault, connection) from fault
        return found

    def _named(self, fault: sqlite3.Error, connection: Connection) -> Exception:
        """Give a fault of the driver the name that SQLAlchemy gives it, without what was to be kept."""
        return DBAPIError.instance(
            self.sqlite, None, fault, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        )


def _driver_of(connection: Connection) -> Any:  # noqa: ANN401 - a DB-API connection has no shared type
    return connection.connection.driver_connection
