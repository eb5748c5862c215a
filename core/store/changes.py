"""Why units' amounts changed between two runs: computed once, kept beside the runs, read by everybody."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.store.bulk import write_rows
from core.store.numbers import take_turn
from core.store.reach import KommunBound
from core.store.tables import RunChangeRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement

NOBODY = ""
"""The enhet, part and step of the row that says that a change is stored; it holds the whole difference."""
COLUMNS = ("kommun", "run_from", "run_to", "enhet", "part", "step", "num", "den")


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A step's part of a change, of one unit or of many: exact öre."""

    part: str
    step: str
    ore: Fraction


class ChangeRepository(KommunBound):
    """Stored changes between runs, within one unit of work; never commits. Runs are named as (from, to)."""

    def is_stored(self, kommun: str, runs: tuple[int, int]) -> bool:
        """Say whether the change between two runs has been computed."""
        mark = select(RunChangeRow.num).where(*_between(kommun, runs), RunChangeRow.enhet == NOBODY)
        return self._connection.scalar(mark) is not None

    def write(
        self, kommun: str, runs: tuple[int, int], difference_ore: int, rows: Iterable[tuple[str, str, str, int, int]]
    ) -> None:
        """Keep a change: (enhet, part, step, numerator, denominator) of öre; nothing if another has kept it already."""
        take_turn(self._connection, kommun)
        if self.is_stored(kommun, runs):
            return
        at = (kommun, *runs)
        whole = [(NOBODY, NOBODY, NOBODY, difference_ore, 1)]
        ordered = sorted([*whole, *rows], key=lambda row: row[:3])
        write_rows(self._connection, RunChangeRow.__tablename__, COLUMNS, map(at.__add__, ordered))

    def of_unit(self, kommun: str, runs: tuple[int, int], enhet: str) -> list[ChangeRecord]:
        """Return a unit's parts by step."""
        table = RunChangeRow
        rows = self._connection.execute(
            select(table.part, table.step, table.num, table.den)
            .where(*_between(kommun, runs), table.enhet == enhet)
            .order_by(table.part, table.step)
        )
        return [ChangeRecord(part, step, Fraction(num, den)) for part, step, num, den in rows]

    def of_kommun(self, kommun: str, runs: tuple[int, int]) -> list[ChangeRecord]:
        """Return the parts by step over all units."""
        table = RunChangeRow
        rows = self._connection.execute(
            select(table.part, table.step, table.den, func.sum(table.num))
            .where(*_between(kommun, runs), table.enhet != NOBODY)
            .group_by(table.part, table.step, table.den)
        )
        sums: dict[tuple[str, str], Fraction] = {}
        for part, step, den, num in rows:
            sums[part, step] = sums.get((part, step), Fraction(0)) + Fraction(int(num), den)
        return [ChangeRecord(part, step, ore) for (part, step), ore in sorted(sums.items())]


def _between(kommun: str, runs: tuple[int, int]) -> tuple[ColumnElement[bool], ...]:
    table = RunChangeRow
    return table.kommun == kommun, table.run_from == runs[0], table.run_to == runs[1]
