"""Rows in bulk, written once: plain tuples past the object mapper, COPY on PostgreSQL.

PostgreSQL refuses COPY into a table with row level security. The rows go by a table of the transaction's own, and from
there by one INSERT, which the policies see.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.store.engine import as_core_error
from core.store.reach import within_reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection


def absent_mark(connection: Connection) -> float | None:
    """Return what a writer may put for an absent value: SQLite keeps a bound NaN as NULL, and binds it faster."""
    return math.nan if connection.dialect.name == "sqlite" else None


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write tuples in the order of ``columns`` to ``table``, within the connection's transaction.

    Names are the program's own, never a user's. Days are ISO text on both engines. Raises
    ``RowRefusedError``, and ``OutOfReachError`` for a row outside the reach that the connection is bound to.
    """
    if not connection.in_transaction():
        connection.begin()  # the driver is reached past SQLAlchemy, which would otherwise have begun by itself
    names = ", ".join(f'"{name}"' for name in columns)
    rows = within_reach(connection, columns.index("kommun"), rows)
    driver: Any = connection.connection.driver_connection
    with _faults_as_core_errors(connection):
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows).close()  # noqa: S608 - our own
            return
        with driver.cursor() as cursor:
            _copy_and_insert(cursor, table, names, rows)


def _copy_and_insert(cursor: Any, table: str, names: str, rows: Iterable[Sequence[Any]]) -> None:  # noqa: ANN401 - psycopg's
    own = f"incoming_{table}"
    cursor.execute(f"CREATE TEMPORARY TABLE {own} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 - our own
    with cursor.copy(f"COPY {own} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {own}")  # noqa: S608 - the same
    cursor.execute(f"DROP TABLE {own}")


@contextmanager
def _faults_as_core_errors(connection: Connection) -> Iterator[None]:
    faults = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except faults as fault:
        told = as_core_error(connection.dialect, fault)
        if told is None:
            raise
        raise told from fault
