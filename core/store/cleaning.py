"""What a killed writer left behind: never in force, never shown as finished, and removed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from core.base import BatchState, RunState
from core.store.rights import is_removed_from
from core.store.tables import Base, BatchRow, RunRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Table


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Numbers of what was removed."""

    batches: tuple[int, ...]
    runs: tuple[int, ...]


def clean_unfinished(connection: Connection, kommun: str, before: datetime) -> Cleaned:
    """Remove deliveries without a row count and runs without a fingerprint that were begun before a moment.

    A delivery that is received and whole stays: it waits for somebody to accept it.
    """
    batches = connection.scalars(
        select(BatchRow.number).where(
            BatchRow.kommun == kommun,
            BatchRow.state == BatchState.RECEIVED.value,
            BatchRow.row_count.is_(None),
            BatchRow.received_at < before,
        )
    ).all()
    runs = connection.scalars(
        select(RunRow.number).where(
            RunRow.kommun == kommun,
            RunRow.state == RunState.DRAFT.value,
            RunRow.fingerprint.is_(None),
            RunRow.created_at < before,
        )
    ).all()
    _remove(connection, kommun, "run", runs)
    _remove(connection, kommun, "batch", batches)
    return Cleaned(tuple(batches), tuple(runs))


def remove_runs(connection: Connection, kommun: str, numbers: Sequence[int]) -> None:
    """Remove runs that nothing but their own parts refers to, with these parts."""
    _remove(connection, kommun, "run", numbers)


def _remove(connection: Connection, kommun: str, what: str, numbers: Sequence[int]) -> None:
    """Remove the rows of batches or runs, and then these themselves."""
    if not numbers:
        return
    tables: list[Table] = list(reversed(Base.metadata.sorted_tables))
    for table in tables:
        if what in table.columns and is_removed_from(table):  # nothing else can refer to what was never finished
            connection.execute(delete(table).where(table.c.kommun == kommun, table.c[what].in_(numbers)))
    table = Base.metadata.tables[what]
    connection.execute(delete(table).where(table.c.kommun == kommun, table.c.number.in_(numbers)))
