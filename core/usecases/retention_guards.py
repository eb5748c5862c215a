"""What may not be erased yet, and why: whatever somebody still asks about, decides on or may correct."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from core.base import RunKind, RunState
from core.publication.payment import PaymentState
from core.usecases.flag_states import ACCEPTED, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from core.store import BatchRecord, RunRecord, UnitOfWork

UNDECIDED = frozenset({RunState.DRAFT.value, RunState.CHECKED.value})
DECIDED = (RunState.DECIDED.value, RunState.PUBLISHED.value)


class Guards:
    """The reasons that hold deliveries of a kommun, gathered once."""

    def __init__(self, work: UnitOfWork, kommun: str, today: date) -> None:
        self._work, self._kommun, self._today = work, kommun, today
        self.runs = work.runs.list(kommun)
        self.batches_of = {
            run.number: [number for number, _ in work.runs.batches(kommun, run.number)] for run in self.runs
        }
        self.rests_on: Mapping[int, list[int]] = self._by_batch()
        self._held = dict(self._asked_or_undecided())
        self._waiting = {year: self._corrections_wait(year) for year in {run.year for run in self.runs}}

    def of_period(self, batch: BatchRecord) -> str | None:
        """Return why a delivery's rows are kept whatever their age: the current year and the one before."""
        if batch.period_to.year >= self._today.year or (
            batch.period_to.year == self._today.year - 1 and (batch.period_to.month, batch.period_to.day) != (1, 1)
        ):
            return "gäller innevarande eller föregående år"
        return None

    def of_rows(self, batch: BatchRecord) -> str | None:
        """Return why rows that counts are made from are kept: a question, a decision or a correction waits for them."""
        held = self.of_period(batch) or self._held.get(batch.number)
        if held is not None:
            return held
        for year in range(batch.period_from.year, batch.period_to.year + 1):
            if self._waiting.get(year) and batch.number in self._waiting[year]:
                return f"rättelser av {year} väntar på slutavräkningen"
        return None

    def of_cases(self, batch: BatchRecord, due: Iterable[int], kinds: Mapping[int, str]) -> str | None:
        """Return why the elever of decided amounts are kept: also that a run rests on a later delivery beside this."""
        held = self.of_rows(batch)
        if held is not None:
            return held
        together = {
            other
            for run in self.rests_on.get(batch.number, ())
            for other in self.batches_of[run]
            if kinds.get(other) == batch.kind
        }
        later = sorted(together - set(due))
        return f"hör ihop med inläsning {later[0]}, som ska sparas längre" if later else None

    def _by_batch(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for run, batches in self.batches_of.items():
            for batch in batches:
                found[batch].append(run)
        return found

    def _asked_or_undecided(self) -> Iterator[tuple[int, str]]:
        """Yield deliveries that something unfinished rests on, with the reason."""
        for payment in self._work.payments.list(self._kommun):
            alive = payment.state is not PaymentState.CANCELLED
            if alive and payment.object_until is not None and payment.object_until >= self._today:
                yield from self._of_run(payment.run, f"utbetalning {payment.number} kan ännu ifrågasättas")
        for run in self.runs:
            if run.kind != RunKind.SCENARIO.value and run.state in UNDECIDED:
                yield from self._of_run(run.number, f"körning {run.number} är inte beslutad")
        for flag in self._work.flags.list(self._kommun, (OPEN, ACCEPTED)):
            yield from self._of_run(flag.run, f"fråga {flag.number} är inte avslutad")

    def _of_run(self, run: int, why: str) -> Iterator[tuple[int, str]]:
        return ((batch, why) for batch in self.batches_of.get(run, ()))

    def _corrections_wait(self, year: int) -> set[int]:
        """Return the deliveries that a year's settlement will be computed from while corrections wait for it."""
        mine: list[RunRecord] = [run for run in self.runs if run.year == year and run.state in DECIDED]
        if any(run.kind == RunKind.SLUTAVRAKNING.value for run in mine):
            return set()
        newest = next((run for run in mine if run.kind == RunKind.UTFALL.value), None)
        if newest is None or not self._work.payments.waiting(self._kommun, year, newest.number):
            return set()
        return set(self.batches_of[newest.number])
