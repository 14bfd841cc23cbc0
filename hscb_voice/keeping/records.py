"""What a backup says, and in which words: the same for both engines, so that a backup of one comes back on the other.

First what was backed up; then each table, its rows and how many they were; last the manifest. Every table that stands
in the database is written, whether the program knows it or not.
"""

import base64
import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Inspector, MetaData, Table, event, func, select
from sqlalchemy.exc import SAWarning

from hscb_voice.foundation.database import Moment

REVISION_TABLE = "alembic_version"
_MODULUS = 1 << 256
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class TableSum:
    """How many rows a table has, and a hash of them all that does not depend on their order."""

    rows: int = 0
    total: int = 0

    def with_row(self, line: bytes) -> "TableSum":
        """Return the sum with one row more.

        Args:
            line: the row, as it is written.
        """
        return TableSum(self.rows + 1, (self.total + int.from_bytes(hashlib.sha256(line).digest(), "big")) % _MODULUS)

    @property
    def written(self) -> dict[str, Any]:
        """Return the sum as the manifest has it."""
        return {"rows": self.rows, "hash": f"{self.total:064x}"}


def tables_of(connection: Connection) -> list[Table]:
    """Read from a database which tables it has.

    Args:
        connection: any connection.

    Returns:
        The tables, those first to which others refer.
    """
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _as_ours)
    with warnings.catch_warnings():
        # Of indexes on expressions it says that it passes them over; a backup holds no index at all.
        warnings.simplefilter("ignore", SAWarning)
        metadata.reflect(bind=connection)
    return [table for table in metadata.sorted_tables if table.name != REVISION_TABLE]


def rows_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Read a table's rows as a backup writes them.

    Args:
        connection: a reading connection; rows are fetched some hundreds at a time.
        table: from `tables_of`.

    Yields:
        A line for each row, without its end.
    """
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        yield _line([_written(value) for value in row])


def sum_of(connection: Connection, table: Table) -> TableSum:
    """Count and hash a table's rows.

    Args:
        connection: a reading connection.
        table: from `tables_of`.
    """
    total = TableSum()
    for line in rows_of(connection, table):
        total = total.with_row(line)
    return total


def count_rows(connection: Connection, tables: list[Table]) -> int:
    """Count the rows of all tables, to tell how far one has come."""
    return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def said(record: dict[str, Any]) -> bytes:
    """Return a record that is no row, as a backup writes it, with its line's end.

    Args:
        record: names and plain values.
    """
    return _line(record) + b"\n"


def row_from(line: bytes) -> list[Any]:
    """Read a row back.

    Args:
        line: from `rows_of`.

    Returns:
        Its values.
    """
    return [_read(value) for value in json.loads(line)]


def _line(record: Any) -> bytes:  # noqa: ANN401 - anything that JSON can hold
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _written(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Mark what plain JSON cannot tell apart."""
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"moment": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (dict, list)):
        return {"json": value}
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "json": lambda value: value,
}


def _read(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    return _READERS[kind](held)


def _as_ours(_inspector: Inspector, _table: Table, column: dict[str, Any]) -> None:
    """Let both engines give and take the same values."""
    if isinstance(column["type"], DateTime):
        column["type"] = Moment()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=bool(column["nullable"]))
