"""What a run computed on the way to its lines; written with the run, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.allocation import MeasuredRow
from core.store.bulk import write_rows
from core.store.reach import KommunBound
from core.store.tables import RunMeasureRow

if TYPE_CHECKING:
    from collections.abc import Iterable


class MeasureRepository(KommunBound):
    """Measures of runs within one unit of work; never commits."""

    def write(self, kommun: str, run: int, rows: Iterable[MeasuredRow]) -> None:
        """Write a run's measures."""
        columns = ("kommun", "run", *MeasuredRow._fields)
        write_rows(self._connection, RunMeasureRow.__tablename__, columns, ((kommun, run, *row) for row in rows))

    def of_run(self, kommun: str, run: int, enhet: str | None = None) -> list[MeasuredRow]:
        """Return the measures of a run, of one unit when it is named, in the order of their key."""
        table = RunMeasureRow
        columns = [getattr(table, name) for name in MeasuredRow._fields]
        statement = select(*columns).where(table.kommun == kommun, table.run == run)
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        return sorted(MeasuredRow(*row) for row in self._connection.execute(statement))
