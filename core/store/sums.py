"""Sums over a run that pages ask for, added up in the database."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select

from core.store.reach import KommunBound
from core.store.tables import AllocationLineRow, PaymentLineRow, RunCountRow, RunRow, RunUnitRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


HUNDRED = 100


class SumRepository(KommunBound):
    """Aggregates of frozen runs within one unit of work."""

    def elever(self, kommun: str, run: int, categories: Collection[str]) -> dict[str, dict[str, Fraction]]:
        """Return yearly elever by enhet and category, of the categories named."""
        table = RunCountRow
        rows = self._connection.execute(
            select(table.enhet, table.category, table.den, func.sum(table.n))
            .where(table.kommun == kommun, table.run == run, table.category.in_(list(categories)))
            .group_by(table.enhet, table.category, table.den)
        )
        sums: dict[str, dict[str, Fraction]] = {}
        for enhet, category, den, n in rows:
            sums.setdefault(enhet, {})[category] = Fraction(int(n), den)
        return sums

    def elever_in_all(self, kommun: str, run: int) -> dict[str, Fraction]:
        """Return yearly elever by category over all units of a run."""
        table = RunCountRow
        rows = self._connection.execute(
            select(table.category, table.den, func.sum(table.n))
            .where(table.kommun == kommun, table.run == run)
            .group_by(table.category, table.den)
        )
        return {category: Fraction(int(n), den) for category, den, n in rows}

    def counted(self, kommun: str, run: int, months: Sequence[int]) -> list[tuple[str, str, int, int, int]]:
        """Return (enhet, category, den, sum of n, months) of a run's counts in ``months`` (yyyymm).

        Each month with some n is one bit of the last, January the lowest.
        """
        table = RunCountRow
        bit = literal(1).op("<<")(table.month % HUNDRED - 1)
        rows = self._connection.execute(
            select(table.enhet, table.category, table.den, func.sum(table.n), func.sum(bit))
            .where(table.kommun == kommun, table.run == run, table.month.in_(list(months)))
            .group_by(table.enhet, table.rule, table.category, table.den)
        )
        return [(enhet, category, den, int(n), int(active)) for enhet, category, den, n, active in rows]

    def by_verksamhet(self, kommun: str, run: int, enhet_ids: Sequence[str] | None = None) -> list[tuple[str, int]]:
        """Return öre by verksamhet, over all units or some."""
        table = AllocationLineRow
        statement = select(table.verksamhet, func.sum(table.amount_ore)).where(table.kommun == kommun, table.run == run)
        if enhet_ids is not None:
            statement = statement.where(table.enhet.in_(list(enhet_ids)))
        rows = self._connection.execute(statement.group_by(table.verksamhet).order_by(table.verksamhet))
        return [(row[0], int(row[1])) for row in rows]

    def paid_by_month(self, kommun: str, run: int, enhet_ids: Sequence[str] | None = None) -> dict[int, int]:
        """Return öre by month (1–12), settlements included, over all units or some."""
        table = PaymentLineRow
        statement = select(table.month, func.sum(table.amount_ore)).where(table.kommun == kommun, table.run == run)
        if enhet_ids is not None:
            statement = statement.where(table.enhet.in_(list(enhet_ids)))
        rows = self._connection.execute(statement.group_by(table.month))
        return {row[0] % HUNDRED: int(row[1]) for row in rows}

    def years_of(self, kommun: str, enhet: str | None, states: Sequence[str]) -> list[tuple[int, str]]:
        """Return (year, kind) of runs in ``states``, those that hold the enhet when it is named."""
        table = RunRow
        statement = select(table.year, table.kind).where(table.kommun == kommun, table.state.in_(list(states)))
        if enhet is not None:
            held = select(RunUnitRow.run).where(RunUnitRow.kommun == kommun, RunUnitRow.enhet == enhet)
            statement = statement.where(table.number.in_(held))
        rows = self._connection.execute(statement.distinct().order_by(table.year, table.kind))
        return [(row[0], row[1]) for row in rows]
