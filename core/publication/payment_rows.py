"""What a month's payment consists of, and the states it goes through; öre are whole and nothing is paid twice.

Every row is what is due now less what has been paid, so that the payments of a year always sum to what the last
run says, whatever was known when each was made (skolförordningen 14 kap. 11 §; a change in the year touches the
payments that remain, 14 kap. 2 §).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.base import Month, Sentence, format_kr
from core.publication.payment import HUNDRED, YEAR_END, PartKind, PaymentPart, part_order
from core.publication.texts import MONTHS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class DuePayment:
    """What a run says is to be paid: öre of a unit in a month (yyyymm), ``monthly`` or ``settlement``."""

    enhet: str
    month: int
    kind: str
    ore: int


@dataclass(frozen=True, slots=True)
class AppealChange:
    """What a unit's amount of a year was changed by for its huvudman alone, in öre of the whole year."""

    enhet: str
    huvudman: str
    year: int
    change_ore: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """A decided recovery: ``amount_ore`` over ``months`` from ``first_month`` (yyyymm)."""

    number: int
    enhet: str
    huvudman: str
    amount_ore: int
    months: int
    first_month: int

    def due_through(self, month: Month) -> int:
        """Return the öre that are to be recovered by the end of ``month``; the last month takes the rest."""
        begun = months_between(Month.from_code(self.first_month), month) + 1
        return self.amount_ore * max(0, min(begun, self.months)) // self.months


@dataclass(frozen=True, slots=True)
class PaymentBasis:
    """What the payment of ``month`` is worked out from.

    ``due``: what the runs in force say of the months up to and including ``month``, monthly rows and the
    settlements that have fallen due. ``settled_years``: years whose settlement has fallen due, by unit. ``paid``: the
    rows of every payment that is not cancelled. ``waiting``: units and months whose correction waits for the final
    settlement.
    """

    month: Month
    due: Sequence[DuePayment]
    huvudman: Mapping[str, str]
    paid: Sequence[PaymentPart] = ()
    settled: Collection[tuple[str, int]] = ()
    appeals: Sequence[AppealChange] = ()
    recoveries: Sequence[RecoveryPlan] = ()
    waiting: Collection[tuple[str, int]] = ()
    paid_months: Collection[int] = field(default=())
    below_zero: bool = False
    """A recovery may take more than the unit is paid in the month, when somebody has said so."""


def payment_parts(basis: PaymentBasis) -> tuple[PaymentPart, ...]:
    """Return the rows of the month's payment, by unit, month and kind; rows of nothing are left out."""
    rows = [*_monthly(basis), *_corrections(basis), *_settlements(basis), *_appeals(basis)]
    rows += _recoveries(basis, rows)
    return tuple(sorted((row for row in rows if row.amount_ore), key=part_order))


def months_between(first: Month, last: Month) -> int:
    """Return how many months after ``first`` the month ``last`` is."""
    return (last.year - first.year) * YEAR_END + last.number - first.number


def month_text(code: int) -> str:
    """Return ``mars 2026`` for 202603."""
    return f"{MONTHS[code % HUNDRED - 1]} {code // HUNDRED}"


def month_sentence(code: int) -> Sentence:
    """Return ``mars 2026`` for the text of a refusal, which is said in other languages too."""
    return Sentence("{month} {year}", month=Sentence(MONTHS[code % HUNDRED - 1]), year=code // HUNDRED)


def recovered(parts: Iterable[PaymentPart]) -> dict[str, int]:
    """Return, by unit, the öre that payments have taken back so far."""
    taken: dict[str, int] = defaultdict(int)
    for one in parts:
        if one.kind is PartKind.RECOVERY:
            taken[one.enhet] -= one.amount_ore
    return dict(taken)


def settled_recoveries(plans: Iterable[RecoveryPlan], parts: Iterable[PaymentPart]) -> tuple[int, ...]:
    """Return the numbers of the recoveries that are taken back in full, a unit's oldest first."""
    left = recovered(parts)
    done = []
    for plan in sorted(plans, key=lambda one: one.number):
        left[plan.enhet] = left.get(plan.enhet, 0) - plan.amount_ore
        if left[plan.enhet] >= 0:
            done.append(plan.number)
    return tuple(done)


def _monthly(basis: PaymentBasis) -> list[PaymentPart]:
    reason = f"Bidrag för {month_text(basis.month.code)}"
    return [
        PaymentPart(one.enhet, one.month, PartKind.MONTHLY, basis.huvudman[one.enhet], one.ore, reason)
        for one in basis.due
        if one.kind == PartKind.MONTHLY and one.month == basis.month.code
    ]


def _corrections(basis: PaymentBasis) -> list[PaymentPart]:
    """Return, for earlier months that were paid here, what the runs now say less what was paid."""
    months = {one for one in basis.paid_months if one < basis.month.code}
    was = _sums(basis.paid, (PartKind.MONTHLY, PartKind.CORRECTION), months)
    now: dict[tuple[str, int], int] = defaultdict(int)
    for one in basis.due:
        if one.kind == PartKind.MONTHLY and one.month in months:
            now[one.enhet, one.month] += one.ore
    rows = []
    for enhet, month in sorted((was.keys() | now.keys()) - set(basis.waiting)):
        old, new = was.get((enhet, month), 0), now.get((enhet, month), 0)
        reason = f"{month_text(month).capitalize()} räknas nu till {format_kr(new)}; betalt är {format_kr(old)}"
        huvudman = basis.huvudman[enhet]
        rows.append(PaymentPart(enhet, month, PartKind.CORRECTION, huvudman, new - old, reason, old, new))
    return rows


def _settlements(basis: PaymentBasis) -> list[PaymentPart]:
    """Return what is left of the rounding of months to whole kronor, once the unit's last month is reached."""
    was: dict[tuple[str, int], int] = defaultdict(int)
    now: dict[tuple[str, int], int] = defaultdict(int)
    for one in basis.paid:
        if one.kind is PartKind.SETTLEMENT:
            was[one.enhet, one.month // HUNDRED] += one.amount_ore
    for due in basis.due:
        if due.kind == PartKind.SETTLEMENT:
            now[due.enhet, due.month // HUNDRED] += due.ore
    rows = []
    for enhet, year in sorted(basis.settled):
        old, new = was.get((enhet, year), 0), now.get((enhet, year), 0)
        before = (old, new) if old else (None, None)
        reason = f"Avrundningen av månaderna {year} till hela kronor"
        month = _concerns(year, basis.month)
        rows.append(PaymentPart(enhet, month, PartKind.SETTLEMENT, basis.huvudman[enhet], new - old, reason, *before))
    return rows


def _appeals(basis: PaymentBasis) -> list[PaymentPart]:
    """Return a twelfth a month of what an appeal changed, the months that have gone at once."""
    due: dict[tuple[str, int], int] = defaultdict(int)
    said: dict[tuple[str, int], tuple[str, str]] = {}
    for one in basis.appeals:
        if one.year <= basis.month.year:
            gone = basis.month.number if one.year == basis.month.year else YEAR_END
            due[one.enhet, one.year] += one.change_ore * gone // YEAR_END
            said[one.enhet, one.year] = one.huvudman, one.reason
    paid: dict[tuple[str, int], int] = defaultdict(int)
    for part in basis.paid:
        if part.kind is PartKind.APPEAL:
            paid[part.enhet, part.month // HUNDRED] += part.amount_ore
    return [
        PaymentPart(enhet, _concerns(year, basis.month), PartKind.APPEAL, said[enhet, year][0],
                    ore - paid.get((enhet, year), 0), said[enhet, year][1])
        for (enhet, year), ore in sorted(due.items())
    ]  # fmt: skip


def _recoveries(basis: PaymentBasis, rows: Sequence[PaymentPart]) -> list[PaymentPart]:
    """Return what is taken back in the month: never more than the unit is paid, unless that is said."""
    due: dict[str, int] = defaultdict(int)
    plans: dict[str, list[RecoveryPlan]] = defaultdict(list)
    for plan in basis.recoveries:
        due[plan.enhet] += plan.due_through(basis.month)
        plans[plan.enhet].append(plan)
    paid_now: dict[str, int] = defaultdict(int)
    for row in rows:
        paid_now[row.enhet] += row.amount_ore
    taken = recovered(basis.paid)
    found = []
    for enhet in sorted(due):
        owed = due[enhet] - taken.get(enhet, 0)
        ore = owed if basis.below_zero else min(owed, max(0, paid_now[enhet]))
        numbers = ", ".join(str(one.number) for one in plans[enhet])
        reason = f"Återkrav {numbers}" + ("" if ore == owed else f"; {format_kr(owed - ore)} skjuts upp")
        huvudman = plans[enhet][0].huvudman
        found.append(PaymentPart(enhet, basis.month.code, PartKind.RECOVERY, huvudman, -ore, reason))
    return found


def _concerns(year: int, month: Month) -> int:
    """Return the month a row of a whole year stands at: this one, or the last of a year that has gone."""
    return month.code if year == month.year else year * HUNDRED + YEAR_END


def _sums(
    parts: Iterable[PaymentPart], kinds: Collection[PartKind], months: Collection[int]
) -> dict[tuple[str, int], int]:
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for one in parts:
        if one.kind in kinds and one.month in months:
            sums[one.enhet, one.month] += one.amount_ore
    return dict(sums)
