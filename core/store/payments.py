"""Payments with their rows, and recoveries; a payment's rows are written once, with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from core.base import CoreError, Sentence
from core.publication.payment import PartKind, PaymentPart, PaymentState
from core.publication.recovery import RecoveryState
from core.store.numbers import next_number, take_on, take_turn
from core.store.reach import KommunBound
from core.store.tables import PaymentPartRow, PaymentRow, RecoveryRow, RunCorrectionRow, RunCountRow

if TYPE_CHECKING:
    import builtins
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

HUNDRED = 100
PART_COLUMNS = ("enhet", "month", "kind", "huvudman", "amount_ore", "reason", "old_ore", "new_ore")


class PaymentUnknownError(CoreError):
    """A payment is not there."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Utbetalning {number} finns inte för kommun {kommun}. Se listan på sidan Utbetalningar.",
                number=number,
                kommun=kommun,
            )
        )


class RecoveryUnknownError(CoreError):
    """A recovery is not there."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Återkrav {number} finns inte för kommun {kommun}. Se listan på sidan Utbetalningar.",
                number=number,
                kommun=kommun,
            )
        )


class MovedMeanwhileError(CoreError):
    """Somebody else moved the payment, decision or recovery between our look and our write."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            Sentence(
                "{what} ändrades av någon annan samtidigt. Ingenting har sparats. Läs om sidan och se läget.", what=what
            )
        )


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment without its rows; ``month`` as yyyymm, who prepared and approved by subject."""

    kommun: str
    number: int
    run: int
    month: int
    state: PaymentState
    pay_on: date | None
    object_until: date | None
    sha256: str
    total_ore: int
    prepared_at: datetime
    prepared_by: str
    approved_at: datetime | None
    approved_by: str | None
    paid_at: datetime | None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment as it is prepared."""

    kommun: str
    run: int
    month: int
    pay_on: date
    object_until: date
    sha256: str
    total_ore: int
    prepared_at: datetime
    prepared_by: str


@dataclass(frozen=True, slots=True)
class RecoveryRecord:
    """An overpayment to be recovered."""

    kommun: str
    number: int
    enhet: str
    huvudman: str
    amount_ore: int
    months: int
    first_month: int
    reason: str
    state: RecoveryState
    created_at: datetime
    created_by: str
    decided_on: date | None
    decided_by: str | None
    paragraph: str | None


class PaymentRepository(KommunBound):
    """Payments and recoveries of one unit of work; never commits."""

    def create(self, new: NewPayment, parts: Sequence[PaymentPart]) -> int:
        """Write a prepared payment with its rows and return its number."""
        number = next_number(self._connection, PaymentRow.number, PaymentRow.kommun == new.kommun, kommun=new.kommun)
        values = {name: getattr(new, name) for name in NewPayment.__slots__}
        self._connection.execute(insert(PaymentRow).values(**values, number=number, state=PaymentState.PREPARED.value))
        rows = [
            {"kommun": new.kommun, "payment": number, **{name: getattr(one, name) for name in PART_COLUMNS},
             "kind": one.kind.value}
            for one in parts
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(PaymentPartRow), rows)
        return number

    def take_turn(self, kommun: str) -> None:
        """Wait until nobody else prepares or moves a payment of the kommun."""
        take_turn(self._connection, kommun)

    def get(self, kommun: str, number: int) -> PaymentRecord:
        """Return a payment; raises ``PaymentUnknownError``."""
        found = self._select(PaymentRow.kommun == kommun, PaymentRow.number == number)
        if not found:
            raise PaymentUnknownError(kommun, number)
        return found[0]

    def list(self, kommun: str) -> builtins.list[PaymentRecord]:
        """Return every payment, by month and number."""
        return self._select(PaymentRow.kommun == kommun)

    def alive(self, kommun: str) -> builtins.list[PaymentRecord]:
        """Return the payments that are not cancelled, by month: one a month at most."""
        return self._select(PaymentRow.kommun == kommun, PaymentRow.state != PaymentState.CANCELLED.value)

    def _select(self, *conditions: ColumnElement[bool]) -> builtins.list[PaymentRecord]:
        columns = [getattr(PaymentRow, name) for name in PaymentRecord.__slots__]
        rows = self._connection.execute(
            select(*columns).where(*conditions).order_by(PaymentRow.month, PaymentRow.number)
        )
        return [PaymentRecord(**{**row, "state": PaymentState(row["state"])}) for row in rows.mappings()]

    def reason(self, kommun: str, number: int) -> str | None:
        """Return why a payment was cancelled: asked for apart, so that only who reads it needs its key."""
        found = select(PaymentRow.reason).where(PaymentRow.kommun == kommun, PaymentRow.number == number)
        return self._connection.scalar(found)

    def parts(self, kommun: str, numbers: Collection[int]) -> builtins.list[PaymentPart]:
        """Return the rows of some payments, by payment, unit, month and kind."""
        table = PaymentPartRow
        rows = self._connection.execute(
            select(*[getattr(table, name) for name in PART_COLUMNS])
            .where(table.kommun == kommun, table.payment.in_(list(numbers)))
            .order_by(table.payment, table.enhet, table.month, table.kind)
        )
        return [PaymentPart(row[0], row[1], PartKind(row[2]), *row[3:]) for row in rows]

    def sums(self, kommun: str) -> dict[int, dict[str, int]]:
        """Return öre by payment and unit."""
        table = PaymentPartRow
        rows = self._connection.execute(
            select(table.payment, table.enhet, func.sum(table.amount_ore))
            .where(table.kommun == kommun)
            .group_by(table.payment, table.enhet)
        )
        found: dict[int, dict[str, int]] = {}
        for payment, enhet, ore in rows:
            found.setdefault(payment, {})[enhet] = int(ore)
        return found

    def move(self, kommun: str, number: int, before: PaymentState, after: PaymentState, **values: Any) -> None:  # noqa: ANN401 - column values
        """Take a payment from one state to another; raises ``MovedMeanwhileError`` when it has left the first."""
        if not take_on(self._connection, PaymentRow, kommun, number, before.value, after.value, **values):
            raise MovedMeanwhileError(Sentence("Utbetalning {number}", number=number))

    def elever(
        self, kommun: str, run: int, month: int, categories: Collection[str]
    ) -> builtins.list[tuple[str, str, int, int]]:
        """Return (enhet, category, n, den) of a run's counts in a month (yyyymm)."""
        table = RunCountRow
        rows = self._connection.execute(
            select(table.enhet, table.category, func.sum(table.n), table.den)
            .where(table.kommun == kommun, table.run == run, table.month == month, table.category.in_(list(categories)))
            .group_by(table.enhet, table.category, table.den)
        )
        return [(row[0], row[1], int(row[2]), row[3]) for row in rows]

    def waiting(self, kommun: str, year: int, run: int) -> set[tuple[str, int]]:
        """Return the units and months (yyyymm) whose correction waits, by the newest run up to ``run`` that speaks."""
        table = RunCorrectionRow
        last = year * HUNDRED + HUNDRED
        rows = self._connection.execute(
            select(table.enhet, table.month, table.waits)
            .where(table.kommun == kommun, table.run <= run, table.month > year * HUNDRED, table.month < last)
            .order_by(table.run)
        )
        said = {(enhet, month): waits for enhet, month, waits in rows}
        return {place for place, waits in said.items() if waits}

    def propose(self, new: RecoveryRecord) -> int:
        """Write a proposed recovery and return its number."""
        number = next_number(self._connection, RecoveryRow.number, RecoveryRow.kommun == new.kommun, kommun=new.kommun)
        values = {name: getattr(new, name) for name in RecoveryRecord.__slots__}
        self._connection.execute(insert(RecoveryRow).values(**{**values, "number": number, "state": new.state.value}))
        return number

    def recovery(self, kommun: str, number: int) -> RecoveryRecord:
        """Return a recovery; raises ``RecoveryUnknownError``."""
        found = [one for one in self.recoveries(kommun) if one.number == number]
        if not found:
            raise RecoveryUnknownError(kommun, number)
        return found[0]

    def recoveries(self, kommun: str) -> builtins.list[RecoveryRecord]:
        """Return every recovery, oldest first."""
        table = RecoveryRow
        rows = self._connection.execute(select(table.__table__).where(table.kommun == kommun).order_by(table.number))
        return [RecoveryRecord(**{**row, "state": RecoveryState(row["state"])}) for row in rows.mappings()]

    def move_recovery(
        self,
        kommun: str,
        number: int,
        before: RecoveryState,
        after: RecoveryState,
        **values: Any,  # noqa: ANN401 - column values
    ) -> None:
        """Take a recovery from one state to another; raises ``MovedMeanwhileError``."""
        if not take_on(self._connection, RecoveryRow, kommun, number, before.value, after.value, **values):
            raise MovedMeanwhileError(Sentence("Återkrav {number}", number=number))
