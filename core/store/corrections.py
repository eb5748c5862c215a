"""What a run says anew of months that an earlier run of the year has said; written with the run, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.allocation import Correction
from core.store.bulk import write_rows
from core.store.reach import KommunBound
from core.store.tables import RunCorrectionRow, RunRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


HUNDRED = 100
COLUMNS = ("enhet", "month", "earlier_run", "old_ore", "new_ore", "reason", "waits")


class CorrectionRepository(KommunBound):
    """Corrections of runs within one unit of work; never commits."""

    def earlier(self, kommun: str, year: int, through: int, states: Sequence[str] | None = None) -> int | None:
        """Return the newest utfall run of the year, in one of ``states``, that counts no month after ``through``."""
        table = RunRow
        wanted = [table.kommun == kommun, table.year == year, table.kind == "utfall", table.through_month <= through]
        if states is not None:
            wanted.append(table.state.in_(list(states)))
        whole = table.fingerprint.is_not(None)
        return self._connection.scalar(
            select(table.number).where(*wanted, whole).order_by(table.number.desc()).limit(1)
        )

    def write(self, kommun: str, run: int, earlier_run: int, corrections: Iterable[Correction]) -> None:
        """Write a run's corrections of what ``earlier_run`` said."""
        year = self._year(kommun, run)
        rows = (
            (
                kommun, run, one.enhet, year * HUNDRED + one.month, earlier_run, one.old_ore, one.new_ore,
                ",".join(one.reasons), one.waits,
            )
            for one in corrections
        )  # fmt: skip
        write_rows(self._connection, RunCorrectionRow.__tablename__, ("kommun", "run", *COLUMNS), rows)

    def _year(self, kommun: str, run: int) -> int:
        year = self._connection.scalar(select(RunRow.year).where(RunRow.kommun == kommun, RunRow.number == run))
        return int(year or 0)

    def of_run(self, kommun: str, run: int, enhet: str | None = None) -> list[Correction]:
        """Return the corrections of a run, of one unit when it is named, by unit and month (1–12)."""
        table = RunCorrectionRow
        columns = (table.enhet, table.month, table.old_ore, table.new_ore, table.reason, table.waits)
        statement = select(*columns).where(table.kommun == kommun, table.run == run)
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.month))
        return [
            Correction(unit, month % HUNDRED, old, new, tuple(reason.split(",")), bool(waits))
            for unit, month, old, new, reason, waits in rows
        ]

    def waiting(self, kommun: str, run: int, enhet: str | None = None) -> list[tuple[int, Correction]]:
        """Return (run, correction) that wait for the final settlement: this run's, and those of the runs before it.

        Each run says anew what the one before it said, so together they are what is owed beyond what was paid.
        """
        table, found = RunRow, []
        number: int | None = run
        while number is not None:
            found += [(number, one) for one in self.of_run(kommun, number, enhet) if one.waits]
            number = self._connection.scalar(
                select(table.earlier_run).where(table.kommun == kommun, table.number == number)
            )
        return found
