"""Deliveries: received whole or not at all, accepted, rejected, reverted; and which are in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from core.base import BatchMode, BatchState, Issue, Severity
from core.store.errors import BatchStateError, BatchUnfinishedError, BatchUnknownError
from core.store.numbers import next_number, take_turn
from core.store.reach import KommunBound
from core.store.records import BatchRecord
from core.store.tables import BatchIssueRow, BatchRow

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

_SEVERITIES: Mapping[str, Severity] = {"error": "error", "warning": "warning"}
FROM: Mapping[BatchState, tuple[BatchState, ...]] = {
    BatchState.ACCEPTED: (BatchState.RECEIVED,),
    BatchState.REJECTED: (BatchState.RECEIVED,),
    BatchState.REVERTED: (BatchState.ACCEPTED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """What is known of a delivery before its rows are written."""

    kommun: str
    kind: str
    period_from: date
    period_to: date
    mode: str
    delivered_by: str
    file_name: str
    sha256: str
    received_at: datetime
    scope: str = ""
    file_total: str | None = None


class BatchRepository(KommunBound):
    """Batches of one unit of work; never commits."""

    def receive(self, new: NewBatch) -> int:
        """Write a delivery without its rows and return its number; numbers run by kommun."""
        number = next_number(self._connection, BatchRow.number, BatchRow.kommun == new.kommun, kommun=new.kommun)
        values = {name: getattr(new, name) for name in NewBatch.__slots__}
        self._connection.execute(
            insert(BatchRow).values(
                **values, number=number, state=BatchState.RECEIVED.value, row_count=None,
                error_count=0, warning_count=0, meta="{}",
            )
        )  # fmt: skip
        return number

    def finish(
        self, kommun: str, number: int, *, row_count: int, our_total: str | None, meta: str, scope: str | None = None
    ) -> None:
        """Say that every row of a delivery is written; ``scope`` is what a snapshot replaces within its kind."""
        scoped = {} if scope is None else {"scope": scope}
        self._set(kommun, number, row_count=row_count, our_total=our_total, meta=meta, **scoped)

    def add_issues(self, kommun: str, number: int, issues: Iterable[Issue], errors: int, warnings: int) -> None:
        """Keep the faults found; ``errors`` and ``warnings`` count those that are not kept too."""
        rows = [
            {
                "kommun": kommun, "batch": number, "seq": place, "severity": one.severity, "code": one.code,
                "row": one.row, "column_name": one.column, "found": one.found, "expected": one.expected,
                "message": one.message,
            }
            for place, one in enumerate(issues, start=1)
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(BatchIssueRow), rows)
        self._set(kommun, number, error_count=errors, warning_count=warnings)

    def move(
        self, kommun: str, number: int, state: BatchState, at: datetime, by: str, reason: str | None = None
    ) -> None:
        """Flip a delivery's state; raises when the step is not allowed or rows are missing."""
        take_turn(self._connection, kommun)
        batch = self.get(kommun, number)
        if BatchState(batch.state) not in FROM[state]:
            raise BatchStateError(number, batch.state, state.value)
        if state is BatchState.ACCEPTED and batch.row_count is None:
            raise BatchUnfinishedError(number)
        self._set(kommun, number, state=state.value, decided_at=at, decided_by=by, reason=reason)

    def _set(self, kommun: str, number: int, **values: object) -> None:
        statement = update(BatchRow).where(BatchRow.kommun == kommun, BatchRow.number == number).values(**values)
        self._connection.execute(statement)

    def get(self, kommun: str, number: int) -> BatchRecord:
        """Return a delivery; raises ``BatchUnknownError``."""
        found = self._select(BatchRow.kommun == kommun, BatchRow.number == number)
        if not found:
            raise BatchUnknownError(kommun, number)
        return found[0]

    def reason(self, kommun: str, number: int) -> str | None:
        """Return why a delivery was turned down: asked for apart, so that only who reads it needs its key."""
        found = select(BatchRow.reason).where(BatchRow.kommun == kommun, BatchRow.number == number)
        return self._connection.scalar(found)

    def list(self, kommun: str) -> Sequence[BatchRecord]:
        """Return every delivery, newest first."""
        return self._select(BatchRow.kommun == kommun)[::-1]

    def of_numbers(self, kommun: str, numbers: Iterable[int]) -> Sequence[BatchRecord]:
        """Return the deliveries of ``numbers``, in order of number."""
        return self._select(BatchRow.kommun == kommun, BatchRow.number.in_(list(numbers)))

    def same_accepted(self, new: NewBatch) -> BatchRecord | None:
        """Return the accepted delivery of the same file for the same kind, kommun and period, if there is one."""
        found = self._select(
            BatchRow.kommun == new.kommun, BatchRow.kind == new.kind, BatchRow.sha256 == new.sha256,
            BatchRow.period_from == new.period_from, BatchRow.period_to == new.period_to,
            BatchRow.state == BatchState.ACCEPTED.value,  # the scope follows from the content
            BatchRow.erased_at.is_(None),  # what retention erased may come in anew
        )  # fmt: skip
        return found[-1] if found else None

    def issues(self, kommun: str, number: int) -> Sequence[Issue]:
        """Return the kept faults of a delivery in the order of discovery."""
        table = BatchIssueRow
        file = self.get(kommun, number).file_name
        rows = self._connection.execute(
            select(table.severity, table.code, table.row, table.column_name, table.found, table.expected, table.message)
            .where(table.kommun == kommun, table.batch == number)
            .order_by(table.seq)
        )
        return [Issue(_SEVERITIES[row[0]], row[1], file, *row[2:]) for row in rows]

    def in_force(self, kommun: str, kind: str, days: Iterable[date]) -> dict[date, tuple[int, ...]]:
        """Return, by day, the snapshot in force and the deltas after it, in order; empty where nothing is.

        The latest accepted snapshot of a scope whose period holds the day, then later accepted deltas
        that hold it. With several scopes, each has its own snapshot.
        """
        accepted = self._select(
            BatchRow.kommun == kommun, BatchRow.kind == kind, BatchRow.state == BatchState.ACCEPTED.value
        )
        return {day: _in_force([one for one in accepted if one.period_from <= day < one.period_to]) for day in days}

    def _select(self, *conditions: ColumnElement[bool]) -> builtins.list[BatchRecord]:
        columns = [getattr(BatchRow, name) for name in BatchRecord.__slots__]
        rows = self._connection.execute(select(*columns).where(*conditions).order_by(BatchRow.number))
        return [BatchRecord(*row) for row in rows]


def _in_force(batches: Sequence[BatchRecord]) -> tuple[int, ...]:
    numbers: list[int] = []
    for scope in sorted({one.scope for one in batches}):
        mine = [one for one in batches if one.scope == scope]
        snapshots = [one.number for one in mine if one.mode == BatchMode.SNAPSHOT.value]
        base = max(snapshots, default=0)
        numbers += [base] * bool(base) + [one.number for one in mine if one.number > base]
    return tuple(sorted(numbers))
