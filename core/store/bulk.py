"""Rows in bulk, written once: plain tuples past the object mapper, COPY on PostgreSQL."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg
    from sqlalchemy import Connection

def absent_mark(connection: Connection) -> float | None:
    """Return what a writer may put for an absent value: SQLite keeps a bound NaN as NULL, and binds it faster."""
    return math.nan if connection.dialect.name == "sqlite" else None


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write tuples in the order of ``columns`` to ``table``, within the connection's transaction.

    Names are the program's own, never a user's. Dates may be ISO text on both engines.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names
        finally:
            cursor.close()
        return
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:  # noqa: S608 - the same
        for row in rows:
            copy.write_row(row)
