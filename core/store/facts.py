"""What the accepted batches say: units, indexes, planned and decided figures, staff, premises, register rows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from core.store.reach import KommunBound
from core.store.records import (
    CaseRecord,
    EnrolmentRecord,
    GivenRecord,
    PlannedRecord,
    PremisesRecord,
    StaffRecord,
    UnitRecord,
)
from core.store.tables import (
    CaseAmountRow,
    EnrolmentRow,
    GivenAmountRow,
    IndexValueRow,
    PlannedCountRow,
    PremisesRow,
    StaffRow,
    SuccessionRow,
    UnitRow,
)
from core.store.tables.register import PROTECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    FactTable = type[
        CaseAmountRow | EnrolmentRow | GivenAmountRow | IndexValueRow | PlannedCountRow | PremisesRow | StaffRow
        | UnitRow
    ]  # fmt: skip

INDEX_COLUMNS = ("index_name", "enhet", "value_num", "value_den")
NAMING: Mapping[str, tuple[InstrumentedAttribute[Any], ...]] = {
    "case_amounts": (CaseAmountRow.enhet,),
    "enrolments": (EnrolmentRow.enhet,),
    "given_amounts": (GivenAmountRow.enhet,),
    "index": (IndexValueRow.enhet,),
    "planned_counts": (PlannedCountRow.enhet,),
    "premises": (PremisesRow.enhet,),
    "staff": (StaffRow.enhet,),
    "successions": (SuccessionRow.enhet, SuccessionRow.successor),
    "units": (UnitRow.enhet,),
}
"""Columns that say which unit a row is about, by kind of file."""


class FactRepository(KommunBound):
    """Reads of imported rows within one unit of work.

    ``batches`` are the numbers in force, snapshot first, then deltas in order: a delta's rows
    replace everything earlier about the enhet (of a register row: about the elev) it names.
    """

    def units(self, kommun: str, batches: Sequence[int]) -> list[UnitRecord]:
        """Return the unit rows in force, by enhet in byte order and then by day."""
        rows = [UnitRecord(*row) for row in self._rows(UnitRow, UnitRecord.__slots__, kommun, batches)]
        units = [replace(unit, verksamheter=tuple(sorted(str(unit.verksamheter).split(",")))) for unit in rows]
        return sorted(units, key=lambda unit: (unit.enhet.encode(), unit.valid_from))

    def enheter(self, kommun: str, kind: str, batches: Sequence[int]) -> frozenset[str]:
        """Return the units that rows of deliveries of a kind name; none of a kind that names no unit."""
        found: set[str] = set()
        for column in NAMING.get(kind, ()):
            table = column.class_
            wanted = select(column).where(table.kommun == kommun, table.batch.in_(batches), column.is_not(None))
            found.update(self._connection.scalars(wanted.distinct()))
        return frozenset(found)

    def index_values(self, kommun: str, batches: Sequence[int]) -> dict[str, dict[str, Fraction]]:
        """Return the values by index name and enhet."""
        values: dict[str, dict[str, Fraction]] = {}
        rows = self._rows(IndexValueRow, INDEX_COLUMNS, kommun, batches, key=("index_name", "enhet"))
        for index_name, enhet, num, den in rows:
            values.setdefault(index_name, {})[enhet] = Fraction(num, den)
        return values

    def planned(self, kommun: str, batches: Sequence[int], first: int, last: int) -> list[PlannedRecord]:
        """Return planned rows of the months ``first``–``last`` (yyyymm)."""
        wanted = PlannedCountRow.month.between(first, last)
        rows = self._rows(PlannedCountRow, PlannedRecord.__slots__, kommun, batches, wanted)
        return [PlannedRecord(*row) for row in rows]

    def given(self, kommun: str, batches: Sequence[int], first: int, last: int) -> list[GivenRecord]:
        """Return decided sums of the months ``first``–``last`` (yyyymm), in order of batch and row."""
        wanted = GivenAmountRow.month.between(first, last)
        return [GivenRecord(*row) for row in self._rows(GivenAmountRow, GivenRecord.__slots__, kommun, batches, wanted)]

    def cases(self, kommun: str, batches: Sequence[int]) -> list[CaseRecord]:
        """Return decided tilläggsbelopp, in order of batch and row; a delta says anew what it says of a decision."""
        rows = self._rows(CaseAmountRow, CaseRecord.__slots__, kommun, batches, key=("step", "decision"))
        return [CaseRecord(*row) for row in rows]

    def staff(self, kommun: str, batches: Sequence[int], enhet: str | None = None) -> list[StaffRecord]:
        """Return staff rows, of one enhet when it is named."""
        here = [] if enhet is None else [StaffRow.enhet == enhet]
        return [StaffRecord(*row) for row in self._rows(StaffRow, StaffRecord.__slots__, kommun, batches, *here)]

    def premises(self, kommun: str, batches: Sequence[int], enhet: str | None = None) -> list[PremisesRecord]:
        """Return premises rows, of one enhet when it is named."""
        here = [] if enhet is None else [PremisesRow.enhet == enhet]
        rows = self._rows(PremisesRow, PremisesRecord.__slots__, kommun, batches, *here)
        return [PremisesRecord(*row) for row in rows]

    def lives_at(self, kommun: str, batches: Sequence[int], enhet: str, verksamhet: str) -> list[EnrolmentRecord]:
        """Return every row, in a verksamhet, of the elever who have some row there at ``enhet``."""
        table = EnrolmentRow
        found: list[EnrolmentRecord] = []
        for place, batch in enumerate(batches):
            here = select(table.elev).where(
                table.kommun == kommun, table.batch == batch, table.verksamhet == verksamhet, table.enhet == enhet
            )
            rest = batches[place:]
            mine = (table.batch == batch, table.verksamhet == verksamhet, table.elev.in_(here))
            found += self._enrolments(kommun, rest, *mine)
        return found

    def _enrolments(
        self, kommun: str, batches: Sequence[int], *conditions: ColumnElement[bool]
    ) -> list[EnrolmentRecord]:
        rows = self._rows(EnrolmentRow, EnrolmentRecord.__slots__, kommun, batches, *conditions, key=("elev",))
        return [EnrolmentRecord(*row) for row in rows]

    def protected(self, kommun: str) -> frozenset[str]:
        """Return the elever (pseudonyms) whom some delivery of the kommun marks as having a protected identity."""
        rows = select(EnrolmentRow.elev).where(EnrolmentRow.kommun == kommun, PROTECTED).distinct()
        return frozenset(self._connection.scalars(rows))

    def rows_kept(self, kommun: str, batches: Iterable[int]) -> bool:
        """Say whether the register rows of all ``batches`` are still there."""
        table = EnrolmentRow
        some = (
            select(table.row).where(table.kommun == kommun, table.batch == batch).limit(1) for batch in set(batches)
        )
        return all(self._connection.scalar(one) is not None for one in some)

    def _rows(
        self,
        table: FactTable,
        names: Iterable[str],
        kommun: str,
        batches: Sequence[int],
        *conditions: ColumnElement[bool],
        key: tuple[str, ...] = ("enhet",),
    ) -> Iterator[Sequence[Any]]:
        """Yield columns ``names`` by batch and row, leaving out what a later batch says anew about a ``key``."""
        keys = [getattr(table, name) for name in key]
        for place, batch in enumerate(batches):
            wanted = [table.kommun == kommun, table.batch == batch, *conditions]
            later = batches[place + 1 :]
            if later:
                named = select(*keys).where(table.kommun == kommun, table.batch.in_(later))
                wanted.append((tuple_(*keys) if len(keys) > 1 else keys[0]).not_in(named))
            columns = [getattr(table, name) for name in names]
            yield from self._connection.execute(select(*columns).where(*wanted).order_by(table.row))
