"""Removing runs with all their parts, as retention asks of drafts that nobody decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from core.store.tables import Base, RunRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def remove_runs(connection: Connection, kommun: str, numbers: Sequence[int]) -> None:
    """Remove runs that nothing but their own parts refers to, with these parts."""
    if not numbers:
        return
    for table in reversed(Base.metadata.sorted_tables):
        if "run" in table.primary_key.columns:
            connection.execute(delete(table).where(table.c.kommun == kommun, table.c.run.in_(numbers)))
    connection.execute(delete(RunRow).where(RunRow.kommun == kommun, RunRow.number.in_(numbers)))
