"""Inserts by hand, for the few tables that get rows with every answer: each is given to the driver as it stands.

Why: SQLAlchemy's own handling of some forty rows would cost more than everything else about keeping an answer. Whatever
does not go with every answer is SQLAlchemy's. It knows no table. What is run here belongs to the connection's own
transaction, and its faults have the names that every other statement's have.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

# What a driver keeps as it is given: text, numbers, bytes, days as text, moments as `as_kept` makes them.
Values = tuple[Any, ...]
# SQLite takes rows faster when they come in one statement, up to some length.
_MOST_AT_ONCE = 64


@dataclass(frozen=True)
class ByHand:
    """An insert into one table."""

    table: str
    columns: tuple[str, ...]
    ending: str = ""  # what stands after the values
    postgresql: str = ""  # what PostgreSQL gets in its place, when it takes such rows better in another way

    def run(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Insert rows.

        Args:
            connection: a writing connection.
            rows: values in the order of the columns; none, and nothing happens.
        """
        if connection.dialect.name == "sqlite":
            for first in range(0, len(rows), _MOST_AT_ONCE):
                some = rows[first : first + _MOST_AT_ONCE]
                self._run_on_sqlite(connection, len(some), tuple(chain.from_iterable(some)))
        elif rows:
            connection.exec_driver_sql(self._for_postgresql(), rows[0] if len(rows) == 1 else list(rows))

    def first(self, connection: Connection, row: Values) -> Values | None:
        """Insert a row by a statement that gives something back.

        Args:
            connection: a writing connection.
            row: values in the order of the columns.

        Returns:
            The first row that it gives back, if any.
        """
        if connection.dialect.name == "sqlite":
            return self._run_on_sqlite(connection, 1, row)
        given = connection.exec_driver_sql(self._for_postgresql(), row).first()
        return None if given is None else tuple(given)

    def _run_on_sqlite(self, connection: Connection, rows: int, values: Values) -> Values | None:
        statement = _insert(self.table, self.columns, self.ending, "?", rows)
        driver: Any = connection.connection.driver_connection
        try:
            cursor = driver.execute(statement, values)
            found: Values | None = cursor.fetchone()
            cursor.close()  # or it would still be at it when the transaction is to end
        except sqlite3.Error as fault:
            # The name that SQLAlchemy gives such a fault, and nothing of what was to be kept.
            named = DBAPIError.instance(statement, None, fault, sqlite3.Error, hide_parameters=True)
            raise named from fault
        return found

    def _for_postgresql(self) -> str:
        return self.postgresql or _insert(self.table, self.columns, self.ending, "%s", 1)


@lru_cache(maxsize=500)
def _insert(table: str, columns: tuple[str, ...], ending: str, mark: str, rows: int) -> str:
    row = f"({', '.join([mark] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} {ending}"  # noqa: S608 - our own names
