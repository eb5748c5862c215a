"""What a payment is worked out from: the runs in force of its year and of years paid before, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import CoreError, Month, RunKind, RunState, Sentence
from core.publication.payment import PartKind
from core.publication.payment_rows import DuePayment, PaymentBasis, RecoveryPlan, month_sentence
from core.publication.recovery import RecoveryState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.publication.payment import PaymentPart
    from core.store import RunRecord, UnitOfWork
    from core.store.payments import PaymentRecord, RecoveryRecord

HUNDRED, JANUARY, DECEMBER = 100, 1, 12
IN_FORCE = (RunState.PUBLISHED.value, RunState.DECIDED.value)
COUNTED = (RunKind.SLUTAVRAKNING.value, RunKind.UTFALL.value)


class NothingToPayError(CoreError):
    """No decided run pays the month."""

    def __init__(self, month: Month) -> None:
        self.month = month
        super().__init__(
            Sentence(
                "Det finns ingen beslutad körning som betalar {code}. Besluta årets budget, eller ett utfall som "
                "räknar månaden, i Underlag först.",
                code=month_sentence(month.code),
            )
        )


@dataclass(frozen=True, slots=True)
class _YearDue:
    """What the runs in force say of a year up to a month. ``run``: the one that pays the month."""

    run: RunRecord
    due: list[DuePayment]
    settled: set[tuple[str, int]]
    huvudman: dict[str, str]
    waiting: set[tuple[str, int]]


def basis_of(
    work: UnitOfWork, kommun: str, month: Month, alive: Sequence[PaymentRecord], *, below_zero: bool = False
) -> tuple[RunRecord, PaymentBasis]:
    """Return the run that pays the month, and what the payment is worked out from."""
    now = _year_due(work, kommun, month)
    if now is None:
        raise NothingToPayError(month)
    paid = work.payments.parts(kommun, [one.number for one in alive])
    months = {one.month for one in alive}
    gone = [_year_due(work, kommun, Month(year, DECEMBER)) for year in {code // HUNDRED for code in months}
            if year < month.year]  # fmt: skip
    years = [*(one for one in gone if one is not None), now]
    huvudman = {one.enhet: one.huvudman for one in paid}
    for one in years:
        huvudman |= one.huvudman
    return now.run, PaymentBasis(
        month=month,
        due=[row for one in years for row in one.due],
        huvudman=huvudman,
        paid=paid,
        settled={place for one in years for place in one.settled | _closed(one, paid)},
        appeals=work.decisions.appeal_changes(kommun),
        recoveries=plans_of(work.payments.recoveries(kommun)),
        waiting={place for one in years for place in one.waiting},
        paid_months=months,
        below_zero=below_zero,
    )


def paying_run(work: UnitOfWork, kommun: str, month: Month) -> RunRecord | None:
    """Return the newest decided run that counts the month, else the year's budget."""
    for kind in COUNTED:
        found = work.runs.latest(kommun, month.year, kind, IN_FORCE)
        if found is not None and found.through_month >= month.number:
            return found
    return work.runs.latest(kommun, month.year, RunKind.BUDGET.value, IN_FORCE)


def _counted_run(work: UnitOfWork, kommun: str, year: int) -> RunRecord | None:
    found = (work.runs.latest(kommun, year, kind, IN_FORCE) for kind in COUNTED)
    return next((one for one in found if one is not None), None)


def _year_due(work: UnitOfWork, kommun: str, month: Month) -> _YearDue | None:
    """Return what is due up to the month; months that a newer utfall has counted, by that; None without a run."""
    run = paying_run(work, kommun, month)
    if run is None:
        return None
    huvudman = {one.enhet: one.huvudman for one in work.runs.units(kommun, run.number)}
    due, settled = _due_of_run(work, run, JANUARY, month)
    counted = run if run.kind in COUNTED else _counted_run(work, kommun, month.year)
    if counted is not None and counted is not run:
        until = Month(month.year, min(counted.through_month, month.number))
        newer, _ = _due_of_run(work, counted, JANUARY, until)
        rest = [one for one in due if one.month > until.code]
        due = [one for one in newer + rest if one.kind == PartKind.MONTHLY]
        settled = set()  # the year is settled by a run that has counted it, not by two halves of runs
        huvudman = {one.enhet: one.huvudman for one in work.runs.units(kommun, counted.number)} | huvudman
    waits = counted is not None and counted.kind == RunKind.UTFALL.value
    waiting = work.payments.waiting(kommun, month.year, counted.number) if counted is not None and waits else set()
    return _YearDue(run, due, settled, huvudman, waiting)


def _closed(year: _YearDue, paid: Sequence[PaymentPart]) -> set[tuple[str, int]]:
    """Return units whose settlement was paid and that no run of the year has any more."""
    mine = year.run.year
    return {
        (one.enhet, mine)
        for one in paid
        if one.kind is PartKind.SETTLEMENT and one.month // HUNDRED == mine and one.enhet not in year.huvudman
    }


def _due_of_run(
    work: UnitOfWork, run: RunRecord, first: int, last: Month
) -> tuple[list[DuePayment], set[tuple[str, int]]]:
    """Return a run's rows up to ``last``, and the units whose settlement has fallen due: their last month is there."""
    rows = work.runs.payments(run.kommun, run.number)
    end: dict[str, int] = {one.enhet: first for one in work.runs.units(run.kommun, run.number)}
    for enhet, number, _, _ in rows:
        end[enhet] = max(end[enhet], number)
    due = [
        DuePayment(enhet, run.year * HUNDRED + number, kind, ore)
        for enhet, number, kind, ore in rows
        if number <= last.number
    ]
    return due, {(enhet, run.year) for enhet, number in end.items() if number <= last.number}


def plans_of(recoveries: Sequence[RecoveryRecord]) -> list[RecoveryPlan]:
    """Return the recoveries that payments take back: those decided."""
    held = (RecoveryState.DECIDED, RecoveryState.SETTLED)
    return [
        RecoveryPlan(one.number, one.enhet, one.huvudman, one.amount_ore, one.months, one.first_month)
        for one in recoveries
        if one.state in held
    ]
