"""Which tables keep sealed words: found from the tables themselves, so that a new one cannot be forgotten.

A table that seals has, for each seal, a column `wrapped_key` and a column `key_id` (or both with one prefix, such as
`totp_wrapped_key` and `totp_key_id`); what is wrapped is bound to the table's name and the row's id.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, delete, update

from hscb_voice.foundation.database import Base

_WRAPPED, _KEY_ID = "wrapped_key", "key_id"


@dataclass(frozen=True)
class SealedTable:
    """One table whose rows have data keys."""

    table: Table
    row_id: Column[Any]
    key_id: Column[Any]
    wrapped_key: Column[Any]

    @property
    def name(self) -> str:
        """Return the table's name."""
        return self.table.name


def sealed_tables(metadata: MetaData = Base.metadata) -> list[SealedTable]:
    """Return every table whose rows have data keys, by name.

    Args:
        metadata: the tables to look at; those of the program when left out.

    Raises:
        ValueError: a table has wrapped keys, but no id to which they are bound.
    """
    found = []
    for table in sorted(metadata.tables.values(), key=lambda each: each.name):
        for column in table.columns:
            if column.name.endswith(_WRAPPED) and (key_id := _beside(table, column)) is not None:
                primary = list(table.primary_key.columns)
                if primary == [key_id]:
                    continue  # the register of keys itself: an entry for each key, not one that moves to another
                if len(primary) != 1:
                    message = f"The table {table.name} has wrapped keys, but no single id to which they are bound."
                    raise ValueError(message)
                found.append(SealedTable(table, primary[0], key_id, column))
    return found


def destroy_row_key(connection: Connection, table_name: str, row_id: str) -> bool:
    """Destroy a row's data key: its words can never be read again, not even by somebody who has all other keys.

    Args:
        connection: a writing connection; on both engines the bytes are overwritten or vacuumed by whoever calls.
        table_name: a table that seals.
        row_id: which row. Where the table must have a key in every row, the row goes with it.

    Returns:
        True when there was a row.

    Raises:
        KeyError: the table seals nothing.
    """
    sealed = {each.name: each for each in sealed_tables()}[table_name]
    is_row = sealed.row_id == row_id
    if sealed.wrapped_key.nullable:
        statement: Any = update(sealed.table).where(is_row).values({sealed.wrapped_key.name: None})
    else:
        statement = delete(sealed.table).where(is_row)
    return connection.execute(statement.returning(sealed.row_id)).first() is not None


def _beside(table: Table, wrapped: Column[Any]) -> Column[Any] | None:
    name = wrapped.name.removesuffix(_WRAPPED) + _KEY_ID
    return table.columns.get(name)
