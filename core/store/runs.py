"""Runs: written whole, read back by unit; never changed but in state."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from core.allocation import LINE_COLUMNS, BookLine, Line, PriceRow
from core.base import RunState
from core.register import Uncounted
from core.store.bulk import write_rows
from core.store.errors import RunStateError, RunUnknownError
from core.store.records import RunCountRecord, RunPoolRecord, RunRecord, RunUnitRecord
from core.store.tables import (
    AllocationLineRow,
    BookLineRow,
    PaymentLineRow,
    RunBatchRow,
    RunCountRow,
    RunPoolRow,
    RunPriceRow,
    RunRow,
    RunUncountedRow,
    RunUnitRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

NEXT: Mapping[RunState, tuple[RunState, ...]] = {
    RunState.CHECKED: (RunState.DRAFT,),
    RunState.DECIDED: (RunState.CHECKED,),
    RunState.PUBLISHED: (RunState.DECIDED,),
    RunState.SUPERSEDED: (RunState.DRAFT, RunState.CHECKED, RunState.DECIDED, RunState.PUBLISHED),
}
COUNT_COLUMNS = ("rule", "enhet", "category", "month", "n", "den", "rows_hash")
SIGNED, HUNDRED = 2**63, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run before its columns are written."""

    kommun: str
    kind: str
    year: int
    model_version: int
    model_text: str
    model_sha256: str
    budget_run: int | None
    through_month: int
    code_version: str
    created_at: datetime
    created_by: str


@dataclass(slots=True)
class RunColumns:
    """Everything a run freezes, as plain rows without kommun and run.

    ``counts`` as ``COUNT_COLUMNS`` (months 1–12, rows_hash unsigned); ``prices`` with the list's
    first day; ``lines`` as ``LINE_COLUMNS``; ``payments`` as (enhet, month 1–12, kind, öre).
    """

    batches: Sequence[tuple[int, str]] = ()
    units: Sequence[RunUnitRecord] = ()
    counts: Iterable[tuple[Any, ...]] = ()
    prices: Iterable[tuple[PriceRow, date]] = ()
    pools: Sequence[RunPoolRecord] = ()
    lines: Iterable[tuple[object, ...]] = ()
    payments: Iterable[tuple[str, int, str, int]] = ()
    books: Sequence[BookLine] = ()
    uncounted: Sequence[Uncounted] = field(default_factory=list)


class RunRepository:
    """Runs of one unit of work; never commits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, new: NewRun) -> int:
        """Write a draft without columns and return its number; numbers run by kommun."""
        highest = self._connection.scalar(select(func.max(RunRow.number)).where(RunRow.kommun == new.kommun))
        number = (highest or 0) + 1
        values = {name: getattr(new, name) for name in NewRun.__slots__}
        self._connection.execute(RunRow.__table__.insert().values(**values, number=number, state=RunState.DRAFT.value))
        return number

    def freeze(self, kommun: str, run: int, columns: RunColumns, fingerprint: str, root_hash: str) -> None:
        """Write a run's columns and, last, its fingerprint."""
        at, year = (kommun, run), self.get(kommun, run).year * HUNDRED
        self._write(RunBatchRow, ("batch", "kind"), (at + row for row in columns.batches))
        self._write(
            RunUnitRow,
            ("enhet", "name", "recipient", "huvudman", "huvudman_name", "verksamheter", "landsbygd", "omrade",
             "position", "lines_hash", "total_ore", "by_arskurs"),
            (at + _unit_row(unit) for unit in columns.units),
        )  # fmt: skip
        self._write(
            RunCountRow,
            COUNT_COLUMNS,
            (at + (*row[:3], year + row[3], row[4], row[5], _fold(row[6])) for row in columns.counts),
        )
        self._write(
            RunPriceRow,
            ("step", "category", "recipient", "price_list", "valid_from", "num", "den", "shown_ore", "unit", "detail"),
            (at + (*row[:4], day.isoformat(), *row[4:], "{}") for row, day in columns.prices),
        )
        self._write(
            RunPoolRow,
            ("step", "period", "pool_ore", "weight_num", "weight_den", "remainder_ore", "detail"),
            (
                at + (one.step, one.period, one.pool_ore, *one.weight.as_integer_ratio(), one.remainder_ore, "{}")
                for one in columns.pools
            ),
        )
        self._write(AllocationLineRow, LINE_COLUMNS, (at + row for row in columns.lines))
        payments = (at + (enhet, year + month, kind, ore) for enhet, month, kind, ore in columns.payments)
        self._write(PaymentLineRow, ("enhet", "month", "kind", "amount_ore"), payments)
        books = (at + (place, one.side, one.term, one.label, one.amount_ore) for place, one in enumerate(columns.books))
        self._write(BookLineRow, ("position", "side", "term", "label", "amount_ore"), books)
        missed = (at + (one.reason, one.enhet, one.verksamhet, one.n) for one in columns.uncounted)
        self._write(RunUncountedRow, ("reason", "enhet", "verksamhet", "n"), missed)
        self._set(kommun, run, fingerprint=fingerprint, root_hash=root_hash)

    def _write(self, table: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        write_rows(self._connection, table.__tablename__, ("kommun", "run", *columns), rows)

    def _set(self, kommun: str, run: int, **values: Any) -> None:
        self._connection.execute(update(RunRow).where(RunRow.kommun == kommun, RunRow.number == run).values(**values))

    def move(self, kommun: str, run: int, state: RunState, at: datetime, by: str, decision: str | None = None) -> None:
        """Take a run to its next state; raises ``RunStateError`` when that is not allowed."""
        now = self.get(kommun, run)
        if RunState(now.state) not in NEXT[state]:
            raise RunStateError(run, now.state, state.value)
        values: dict[str, Any] = {"state": state.value}
        if state is RunState.DECIDED:
            values |= {"decided_at": at, "decided_by": by, "decision": decision}
        self._set(kommun, run, **values)

    def get(self, kommun: str, run: int) -> RunRecord:
        """Return a run; raises ``RunUnknownError``."""
        found = self._select(RunRow.kommun == kommun, RunRow.number == run)
        if not found:
            raise RunUnknownError(kommun, run)
        return found[0]

    def list(self, kommun: str) -> Sequence[RunRecord]:
        """Return every run, newest first."""
        return self._select(RunRow.kommun == kommun)[::-1]

    def latest(self, kommun: str, year: int, kind: str, states: Sequence[str]) -> RunRecord | None:
        """Return the newest run of a kind and year in one of ``states``."""
        found = self._select(
            RunRow.kommun == kommun, RunRow.year == year, RunRow.kind == kind, RunRow.state.in_(list(states))
        )
        return found[-1] if found else None

    def _select(self, *conditions: Any) -> list[RunRecord]:
        rows = self._connection.execute(select(RunRow.__table__).where(*conditions).order_by(RunRow.number))
        return [RunRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def batches(self, kommun: str, run: int) -> list[tuple[int, str]]:
        """Return (number, kind) of the batches in force for the run."""
        table = RunBatchRow
        rows = self._of(select(table.batch, table.kind), table, kommun, run).order_by(table.batch)
        return [(row[0], row[1]) for row in self._connection.execute(rows)]

    def units(self, kommun: str, run: int) -> list[RunUnitRecord]:
        """Return the run's units in order of position."""
        table = RunUnitRow
        columns = [getattr(table, name) for name in RunUnitRecord.__slots__]
        rows = self._connection.execute(self._of(select(*columns), table, kommun, run).order_by(table.position))
        place = RunUnitRecord.__slots__.index("verksamheter")
        return [RunUnitRecord(*row[:place], tuple(row[place].split(",")), *row[place + 1 :]) for row in rows]

    def unit(self, kommun: str, run: int, enhet: str) -> RunUnitRecord | None:
        """Return one unit of the run."""
        return next((one for one in self.units(kommun, run) if one.enhet == enhet), None)

    def lines(self, kommun: str, run: int, enhet: str | None = None) -> list[Line]:
        """Return the lines of a unit, or of all, in order of unit and position."""
        table = AllocationLineRow
        statement = self._of(select(*[getattr(table, name) for name in LINE_COLUMNS]), table, kommun, run)
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.position))
        return [Line(*row) for row in rows]

    def counts(self, kommun: str, run: int, enhet: str | None = None) -> list[RunCountRecord]:
        """Return the stored counts of a unit, or of all."""
        table = RunCountRow
        statement = self._of(select(*[getattr(table, name) for name in COUNT_COLUMNS]), table, kommun, run)
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.category, table.month))
        return [RunCountRecord(*row[:3], row[3] % HUNDRED, row[4], row[5], row[6] % (2 * SIGNED)) for row in rows]

    def prices(self, kommun: str, run: int) -> list[PriceRow]:
        """Return the stored prices."""
        table = RunPriceRow
        names = ("step", "category", "recipient", "price_list", "num", "den", "shown_ore", "unit")
        rows = self._connection.execute(self._of(select(*[getattr(table, n) for n in names]), table, kommun, run))
        return [PriceRow(*row) for row in rows]

    def pools(self, kommun: str, run: int) -> list[RunPoolRecord]:
        """Return the pools that were shared."""
        table = RunPoolRow
        columns = (table.step, table.period, table.pool_ore, table.weight_num, table.weight_den, table.remainder_ore)
        rows = self._connection.execute(
            self._of(select(*columns), table, kommun, run).order_by(table.step, table.period)
        )
        return [RunPoolRecord(row[0], row[1], row[2], Fraction(row[3], row[4]), row[5]) for row in rows]

    def payments(self, kommun: str, run: int, enhet: str | None = None) -> list[tuple[str, int, str, int]]:
        """Return (enhet, month, kind, öre) of a unit, or of all."""
        table = PaymentLineRow
        statement = self._of(select(table.enhet, table.month, table.kind, table.amount_ore), table, kommun, run)
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.month, table.kind))
        return [(row[0], row[1] % HUNDRED, row[2], row[3]) for row in rows]

    def books(self, kommun: str, run: int) -> list[BookLine]:
        """Return the terms of the run's books in their order."""
        table = BookLineRow
        columns = (table.side, table.term, table.label, table.amount_ore)
        rows = self._connection.execute(self._of(select(*columns), table, kommun, run).order_by(table.position))
        return [BookLine(*row) for row in rows]

    def uncounted(self, kommun: str, run: int) -> list[Uncounted]:
        """Return the rows that no category took."""
        table = RunUncountedRow
        columns = (table.reason, table.enhet, table.verksamhet, table.n)
        rows = self._connection.execute(self._of(select(*columns), table, kommun, run).order_by(*columns[:3]))
        return [Uncounted(*row) for row in rows]

    def sums(self, kommun: str, run: int, *by: str) -> list[tuple[Any, ...]]:
        """Return (values of ``by``…, öre) summed over the run's lines; ``by`` are columns of the line."""
        table = AllocationLineRow
        keys = [getattr(table, name) for name in by]
        statement = self._of(select(*keys, func.sum(table.amount_ore)), table, kommun, run)
        rows = self._connection.execute(statement.group_by(*keys).order_by(*keys))
        return [(*row[:-1], int(row[-1])) for row in rows]

    @staticmethod
    def _of(statement: Any, table: Any, kommun: str, run: int) -> Any:
        return statement.where(table.kommun == kommun, table.run == run)


def _unit_row(unit: RunUnitRecord) -> tuple[Any, ...]:
    return (
        unit.enhet, unit.name, unit.recipient, unit.huvudman, unit.huvudman_name, ",".join(unit.verksamheter),
        unit.landsbygd, unit.omrade, unit.position, unit.lines_hash, unit.total_ore, unit.by_arskurs,
    )  # fmt: skip


def _fold(unsigned: int) -> int:
    return unsigned - 2 * SIGNED if unsigned >= SIGNED else unsigned
