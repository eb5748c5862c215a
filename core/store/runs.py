"""Runs: written whole, read back by unit; never changed but in state."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, insert, select, update

from core.allocation import LINE_COLUMNS, BookLine, Line, PriceRow
from core.base import RunState
from core.register import Uncounted
from core.store.bulk import write_rows
from core.store.errors import RunStateError, RunUnknownError
from core.store.numbers import next_number, take_turn
from core.store.reach import KommunBound
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
    import builtins
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from core.store.tables import Base

    OfRun = type[
        AllocationLineRow | BookLineRow | PaymentLineRow | RunBatchRow | RunCountRow | RunPoolRow | RunPriceRow
        | RunUncountedRow | RunUnitRow
    ]  # fmt: skip

NEXT: Mapping[RunState, tuple[RunState, ...]] = {
    RunState.CHECKED: (RunState.DRAFT,),
    RunState.DECIDED: (RunState.CHECKED,),
    RunState.PUBLISHED: (RunState.DECIDED,),
    RunState.SUPERSEDED: (RunState.DRAFT, RunState.CHECKED, RunState.DECIDED, RunState.PUBLISHED),
}
COUNT_COLUMNS = ("enhet", "rule", "category", "month", "n", "den", "rows_hash")
UNIT_COLUMNS = tuple(RunUnitRecord.__slots__)
PRICE_KEY = ("step", "category", "recipient", "price_list")
PRICE_VALUES = ("num", "den", "shown_ore", "unit")
POOL_COLUMNS = ("step", "period", "pool_ore", "weight_num", "weight_den", "remainder_ore")
LINE_KEY = itemgetter(*range(5))
"""The order of the table's key: rows written in it append to the tree instead of splitting it."""
SIGNED, HUNDRED = 2**63, 100
EMPTY = "{}"


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
    earlier_run: int | None = None


@dataclass(slots=True)
class RunColumns:
    """Everything a run freezes, as plain rows without kommun and run.

    ``counts`` as ``COUNT_COLUMNS`` in the order of their key (yyyymm; rows_hash folded to signed); ``prices`` with
    the list's first day and what they were divided by; ``lines`` as ``LINE_COLUMNS``; ``payments`` as
    (enhet, month 1–12, kind, öre).
    """

    batches: Sequence[tuple[int, str]] = ()
    units: Sequence[RunUnitRecord] = ()
    counts: Iterable[tuple[Any, ...]] = ()
    prices: Iterable[tuple[PriceRow, date, str]] = ()
    pools: Sequence[RunPoolRecord] = ()
    lines: Iterable[tuple[object, ...]] = ()
    payments: Iterable[tuple[str, int, str, int]] = ()
    books: Sequence[BookLine] = ()
    uncounted: Sequence[Uncounted] = field(default_factory=list)


class RunRepository(KommunBound):
    """Runs of one unit of work; never commits."""

    def create(self, new: NewRun) -> int:
        """Write a draft without columns and return its number; numbers run by kommun."""
        number = next_number(self._connection, RunRow.number, RunRow.kommun == new.kommun, kommun=new.kommun)
        values = {name: getattr(new, name) for name in NewRun.__slots__}
        self._connection.execute(insert(RunRow).values(**values, number=number, state=RunState.DRAFT.value))
        return number

    def freeze(self, kommun: str, run: int, columns: RunColumns, fingerprint: str, root_hash: str) -> None:
        """Write a run's columns and, last, its fingerprint."""
        at = (kommun, run)
        year = self.get(kommun, run).year * HUNDRED
        self._write(at, RunBatchRow, ("batch", "kind"), columns.batches)
        self._write(at, RunUnitRow, UNIT_COLUMNS, map(_unit_row, columns.units))
        self._write(at, RunCountRow, COUNT_COLUMNS, columns.counts)
        prices = ((*row[:4], day.isoformat(), *row[4:], detail) for row, day, detail in columns.prices)
        self._write(at, RunPriceRow, (*PRICE_KEY, "valid_from", *PRICE_VALUES, "detail"), prices)
        self._write(at, RunPoolRow, (*POOL_COLUMNS, "detail"), map(_pool_row, columns.pools))
        self._write(at, AllocationLineRow, LINE_COLUMNS, sorted(columns.lines, key=LINE_KEY))
        payments = ((enhet, year + month, kind, ore) for enhet, month, kind, ore in columns.payments)
        self._write(at, PaymentLineRow, ("enhet", "month", "kind", "amount_ore"), payments)
        books = ((place, one.side, one.term, one.label, one.amount_ore) for place, one in enumerate(columns.books))
        self._write(at, BookLineRow, ("position", "side", "term", "label", "amount_ore"), books)
        missed = ((one.reason, one.enhet, one.verksamhet, one.n) for one in columns.uncounted)
        self._write(at, RunUncountedRow, ("reason", "enhet", "verksamhet", "n"), missed)
        self._set(kommun, run, fingerprint=fingerprint, root_hash=root_hash)

    def _write(
        self, at: tuple[str, int], table: type[Base], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        write_rows(self._connection, table.__tablename__, ("kommun", "run", *columns), map(at.__add__, rows))

    def _set(self, kommun: str, run: int, **values: object) -> None:
        self._connection.execute(update(RunRow).where(RunRow.kommun == kommun, RunRow.number == run).values(**values))

    def move(self, kommun: str, run: int, state: RunState, at: datetime, by: str, decision: str | None = None) -> None:
        """Take a run to its next state; raises ``RunStateError`` when that is not allowed."""
        take_turn(self._connection, kommun)
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

    def _select(self, *conditions: ColumnElement[bool]) -> builtins.list[RunRecord]:
        rows = self._connection.execute(select(RunRow.__table__).where(*conditions).order_by(RunRow.number))
        return [RunRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def batches(self, kommun: str, run: int) -> builtins.list[tuple[int, str]]:
        """Return (number, kind) of the batches in force for the run."""
        table = RunBatchRow
        rows = select(table.batch, table.kind).where(*_of(table, kommun, run)).order_by(table.batch)
        return [(row[0], row[1]) for row in self._connection.execute(rows)]

    def units(self, kommun: str, run: int) -> builtins.list[RunUnitRecord]:
        """Return the run's units in order of position."""
        return self._units(*_of(RunUnitRow, kommun, run))

    def unit(self, kommun: str, run: int, enhet: str) -> RunUnitRecord | None:
        """Return one unit of the run."""
        return next(iter(self._units(*_of(RunUnitRow, kommun, run), RunUnitRow.enhet == enhet)), None)

    def _units(self, *conditions: ColumnElement[bool]) -> builtins.list[RunUnitRecord]:
        columns = [getattr(RunUnitRow, name) for name in UNIT_COLUMNS]
        rows = self._connection.execute(select(*columns).where(*conditions).order_by(RunUnitRow.position))
        return [
            RunUnitRecord(**{**row, "verksamheter": tuple(row["verksamheter"].split(","))}) for row in rows.mappings()
        ]

    def lines(self, kommun: str, run: int, enhet: str | None = None) -> builtins.list[Line]:
        """Return the lines of a unit, or of all, in order of unit and position."""
        table = AllocationLineRow
        statement = select(*[getattr(table, name) for name in LINE_COLUMNS]).where(*_of(table, kommun, run))
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.position))
        return [Line(*row) for row in rows]

    def lines_of_steps(
        self, kommun: str, run: int, enhet_ids: Sequence[str], steps: Iterable[str]
    ) -> builtins.list[Line]:
        """Return the lines of some units and steps, in order of unit and position."""
        table = AllocationLineRow
        wanted = (*_of(table, kommun, run), table.enhet.in_(list(enhet_ids)), table.step.in_(list(steps)))
        statement = select(*[getattr(table, name) for name in LINE_COLUMNS]).where(*wanted)
        rows = self._connection.execute(statement.order_by(table.enhet, table.position))
        return [Line(*row) for row in rows]

    def counts(self, kommun: str, run: int, enhet: str | None = None) -> builtins.list[RunCountRecord]:
        """Return the stored counts of a unit, or of all."""
        table = RunCountRow
        statement = select(*[getattr(table, name) for name in COUNT_COLUMNS]).where(*_of(table, kommun, run))
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.category, table.month))
        return [
            RunCountRecord(rule, enhet_id, category, month % HUNDRED, n, den, rows_hash % (2 * SIGNED))
            for enhet_id, rule, category, month, n, den, rows_hash in rows
        ]

    def prices(self, kommun: str, run: int) -> builtins.list[PriceRow]:
        """Return the stored prices."""
        table = RunPriceRow
        names = ("step", "category", "recipient", "price_list", "num", "den", "shown_ore", "unit")
        rows = self._connection.execute(select(*[getattr(table, n) for n in names]).where(*_of(table, kommun, run)))
        return [PriceRow(*row) for row in rows]

    def planned(self, kommun: str, run: int) -> dict[str, Fraction]:
        """Return, by category, the planned elever that the run's solved prices were divided by."""
        table = RunPriceRow
        wanted = (*_of(table, kommun, run), table.detail != EMPTY)
        rows = self._connection.execute(select(table.category, table.detail).where(*wanted).distinct())
        return {row[0]: Fraction(json.loads(row[1])["planned"]) for row in rows}

    def pools(self, kommun: str, run: int) -> builtins.list[RunPoolRecord]:
        """Return the pools that were shared."""
        table = RunPoolRow
        columns = (table.step, table.period, table.pool_ore, table.weight_num, table.weight_den, table.remainder_ore)
        rows = self._connection.execute(
            select(*columns).where(*_of(table, kommun, run)).order_by(table.step, table.period)
        )
        return [RunPoolRecord(row[0], row[1], row[2], Fraction(row[3], row[4]), row[5]) for row in rows]

    def payments(self, kommun: str, run: int, enhet: str | None = None) -> builtins.list[tuple[str, int, str, int]]:
        """Return (enhet, month, kind, öre) of a unit, or of all."""
        table = PaymentLineRow
        statement = select(table.enhet, table.month, table.kind, table.amount_ore).where(*_of(table, kommun, run))
        if enhet is not None:
            statement = statement.where(table.enhet == enhet)
        rows = self._connection.execute(statement.order_by(table.enhet, table.month, table.kind))
        return [(row[0], row[1] % HUNDRED, row[2], row[3]) for row in rows]

    def books(self, kommun: str, run: int) -> builtins.list[BookLine]:
        """Return the terms of the run's books in their order."""
        table = BookLineRow
        columns = (table.side, table.term, table.label, table.amount_ore)
        rows = self._connection.execute(select(*columns).where(*_of(table, kommun, run)).order_by(table.position))
        return [BookLine(*cast("tuple[Any, ...]", row)) for row in rows]

    def uncounted(self, kommun: str, run: int) -> builtins.list[Uncounted]:
        """Return the rows that no category took."""
        table = RunUncountedRow
        columns = (table.reason, table.enhet, table.verksamhet, table.n)
        rows = self._connection.execute(select(*columns).where(*_of(table, kommun, run)).order_by(*columns[:3]))
        return [Uncounted(*row) for row in rows]

    def sums(self, kommun: str, run: int, *by: str) -> builtins.list[tuple[Any, ...]]:
        """Return (values of ``by``…, öre) summed over the run's lines; ``by`` are columns of the line."""
        table = AllocationLineRow
        keys = [getattr(table, name) for name in by]
        statement = select(*keys, func.sum(table.amount_ore)).where(*_of(table, kommun, run))
        rows = self._connection.execute(statement.group_by(*keys).order_by(*keys))
        return [(*row[:-1], int(row[-1])) for row in rows]


def _of(table: OfRun, kommun: str, run: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.kommun == kommun, table.run == run


def _unit_row(unit: RunUnitRecord) -> tuple[Any, ...]:
    values = {name: getattr(unit, name) for name in UNIT_COLUMNS}
    return tuple({**values, "verksamheter": ",".join(unit.verksamheter)}.values())


def _pool_row(pool: RunPoolRecord) -> tuple[Any, ...]:
    return (pool.step, pool.period, pool.pool_ore, *pool.weight.as_integer_ratio(), pool.remainder_ore, EMPTY)
