"""What the accepted batches say: units, indexes, planned and decided figures, staff, premises, register rows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.store.records import EnrolmentRecord, GivenRecord, PlannedRecord, PremisesRecord, StaffRecord, UnitRecord
from core.store.tables import (
    EnrolmentRow,
    GivenAmountRow,
    IndexValueRow,
    PlannedCountRow,
    PremisesRow,
    StaffRow,
    UnitRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection, Select


class FactRepository:
    """Reads of imported rows within one unit of work.

    ``batches`` are the numbers in force, snapshot first, then deltas in order: a delta's rows
    replace everything earlier about the enhet it names.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def units(self, kommun: str, batches: Sequence[int]) -> list[UnitRecord]:
        """Return the unit rows in force, by enhet in byte order and then by day."""
        rows = self._latest(UnitRow, kommun, batches)
        units = [
            UnitRecord(**{**row, "verksamheter": tuple(sorted(row["verksamheter"].split(",")))})
            for row in rows
        ]
        return sorted(units, key=lambda unit: (unit.enhet.encode(), unit.valid_from))

    def index_values(self, kommun: str, batches: Sequence[int]) -> dict[str, dict[str, Fraction]]:
        """Return the values by index name and enhet."""
        values: dict[str, dict[str, Fraction]] = {}
        for row in self._latest(IndexValueRow, kommun, batches, key=("index_name", "enhet")):
            values.setdefault(row["index_name"], {})[row["enhet"]] = Fraction(row["value_num"], row["value_den"])
        return values

    def planned(self, kommun: str, batches: Sequence[int], first: int, last: int) -> list[PlannedRecord]:
        """Return planned rows of the months ``first``–``last`` (yyyymm)."""
        rows = self._latest(PlannedCountRow, kommun, batches)
        names = PlannedRecord.__slots__
        return [PlannedRecord(**{name: row[name] for name in names}) for row in rows if first <= row["month"] <= last]

    def given(self, kommun: str, batches: Sequence[int], first: int, last: int) -> list[GivenRecord]:
        """Return decided sums of the months ``first``–``last`` (yyyymm), in order of batch and row."""
        rows = self._latest(GivenAmountRow, kommun, batches)
        names = GivenRecord.__slots__
        return [GivenRecord(**{name: row[name] for name in names}) for row in rows if first <= row["month"] <= last]

    def staff(self, kommun: str, batches: Sequence[int], enhet: str | None = None) -> list[StaffRecord]:
        """Return staff rows, of one enhet when it is named."""
        rows = self._latest(StaffRow, kommun, batches, enhet=enhet)
        return [StaffRecord(**{name: row[name] for name in StaffRecord.__slots__}) for row in rows]

    def premises(self, kommun: str, batches: Sequence[int], enhet: str | None = None) -> list[PremisesRecord]:
        """Return premises rows, of one enhet when it is named."""
        rows = self._latest(PremisesRow, kommun, batches, enhet=enhet)
        return [PremisesRecord(**{name: row[name] for name in PremisesRecord.__slots__}) for row in rows]

    def enrolments(
        self, kommun: str, batches: Sequence[int], enhet: str, verksamhet: str, day: date
    ) -> list[EnrolmentRecord]:
        """Return a unit's register rows of a verksamhet that hold ``day``, for a drill-down."""
        table = EnrolmentRow
        columns = [getattr(table, name) for name in EnrolmentRecord.__slots__]
        found: dict[int, list[EnrolmentRecord]] = {}
        for place, batch in enumerate(batches):
            later = list(batches[place + 1 :])
            statement = select(*columns).where(
                table.kommun == kommun, table.batch == batch, table.enhet == enhet, table.verksamhet == verksamhet,
            )  # fmt: skip
            if later:
                named = select(table.elev).where(table.kommun == kommun, table.batch.in_(later))
                statement = statement.where(table.elev.not_in(named))
            rows = self._connection.execute(_holding(statement, day).order_by(table.row))
            found[batch] = [EnrolmentRecord(*row) for row in rows]
        return [one for batch in batches for one in found[batch]]

    def rows_kept(self, kommun: str, batches: Iterable[int]) -> bool:
        """Say whether the register rows of all ``batches`` are still there."""
        table = EnrolmentRow
        wanted = set(batches)
        statement = select(table.batch, func.count()).where(table.kommun == kommun, table.batch.in_(wanted))
        return {row[0] for row in self._connection.execute(statement.group_by(table.batch))} == wanted

    def _latest(
        self,
        table: Any,
        kommun: str,
        batches: Sequence[int],
        *,
        key: tuple[str, ...] = ("enhet",),
        enhet: str | None = None,
    ) -> list[Any]:
        """Return rows as mappings; those of a later batch replace earlier ones with the same ``key``."""
        if not batches:
            return []
        statement = select(table.__table__).where(table.kommun == kommun, table.batch.in_(list(batches)))
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = [_plain(row._mapping) for row in self._connection.execute(statement)]  # noqa: SLF001 - public name
        place = {batch: number for number, batch in enumerate(batches)}
        newest: dict[tuple[Any, ...], int] = {}
        for row in rows:
            named = tuple(row[name] for name in key)
            newest[named] = max(newest.get(named, 0), place[row["batch"]])
        kept = [row for row in rows if place[row["batch"]] == newest[tuple(row[name] for name in key)]]
        return sorted(kept, key=lambda row: (place[row["batch"]], row["row"]))


def _plain(row: Any) -> dict[str, Any]:
    values = dict(row)
    values.pop("kommun")
    return values


def _holding(statement: Select[Any], day: date) -> Select[Any]:
    table = EnrolmentRow
    return statement.where(table.valid_from <= day, (table.valid_to.is_(None)) | (table.valid_to > day))
